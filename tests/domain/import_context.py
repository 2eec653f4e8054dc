"""An edition small enough to read, for the tests of imported lines."""

from dataclasses import dataclass
from datetime import date

from awards_app.domain.candidacy_lines import LineContext
from awards_app.domain.territory_lookup import Territory

TERRITORY = Territory(
    regions={
        "11": "Île-de-France", "53": "Bretagne", "52": "Pays de la Loire", "94": "Corse", "04": "La Réunion",
        "06": "Mayotte", "93": "Provence-Alpes-Côte d’Azur",
    },
    departments={
        "06": ("Alpes-Maritimes", "93"), "22": ("Côtes-d’Armor", "53"), "35": ("Ille-et-Vilaine", "53"),
        "44": ("Loire-Atlantique", "52"), "75": ("Paris", "11"), "2A": ("Corse-du-Sud", "94"), "2B": ("Haute-Corse", "94"),
        "971": ("Guadeloupe", "01"), "974": ("La Réunion", "04"), "976": ("Mayotte", "06"),
    },
)  # fmt: skip
CONTEXT = LineContext(
    territory=TERRITORY,
    themes={"us": "Utilité Sociale", "te": "Transition Écologique"},
    legal_families={
        "association": "Association", "cooperative": "Coopérative", "mutual": "Mutuelle", "foundation": "Fondation",
        "endowment_fund": "Fonds de dotation", "commercial": "Société commerciale de l’ESS", "public_body": "Organisme public",
    },
    legal_forms={
        "association_1901": ("Association déclarée (loi de 1901)", "association"),
        "scic": ("Société coopérative d’intérêt collectif (Scic)", "cooperative"),
    },
    today=date(2026, 6, 1),
    narratives=frozenset({"need", "action"}),
)  # fmt: skip


@dataclass(frozen=True)
class Line:
    """A row as an adapter gives it."""

    line: int
    cells: tuple[str, ...]
    surplus: tuple[str, ...] = ()
