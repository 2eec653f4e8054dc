"""What the components show in the style guide: real regions, invented states, no person."""

from typing import Any

REGIONS = (
    ("84", "Auvergne-Rhône-Alpes"), ("27", "Bourgogne-Franche-Comté"), ("53", "Bretagne"),
    ("24", "Centre-Val de Loire"), ("94", "Corse"), ("44", "Grand Est"), ("01", "Guadeloupe"), ("03", "Guyane"),
    ("32", "Hauts-de-France"), ("11", "Île-de-France"), ("04", "La Réunion"), ("02", "Martinique"),
    ("06", "Mayotte"), ("28", "Normandie"), ("75", "Nouvelle-Aquitaine"), ("76", "Occitanie"),
    ("52", "Pays de la Loire"), ("93", "Provence-Alpes-Côte d’Azur"),
)  # fmt: skip
STATES = ("done", "active", "waiting", "gold", "none")
STATE_WORDS = {
    "done": "jury décidé",
    "active": "notation en cours",
    "waiting": "recevabilité en cours",
    "gold": "palmarès publié",
    "none": "ne participe pas",
}
TAG_KINDS = {"done": "success", "active": "info", "waiting": "waiting", "gold": "gold", "none": "neutral"}


def map_regions() -> list[dict[str, Any]]:
    """Return the 18 regions, each in a state."""
    return [
        {
            "code": code,
            "name": name,
            "href": f"#region-{code}" if state != "none" else None,
            "state": state,
            "text": STATE_WORDS[state],
        }
        for code, name, state in _with_states()
    ]


def board_cells() -> list[dict[str, Any]]:
    """Return the 18 cells of the national board."""
    cells = []
    for rank, (_code, name, state) in enumerate(_with_states()):
        total = 0 if state == "none" else 10 + rank * 7 % 23
        done = {"done": total, "gold": total, "active": total * 3 // 5, "waiting": total // 4, "none": 0}[
            state
        ]
        cells.append(
            {
                "name": name,
                "href": "#board" if total else None,
                "state": STATE_WORDS[state].capitalize(),
                "kind": TAG_KINDS[state],
                "done": done,
                "total": total,
                "text": "dossiers" if total else "",
            }
        )
    return cells


def _with_states() -> list[tuple[str, str, str]]:
    return [(code, name, STATES[rank * 7 % 5]) for rank, (code, name) in enumerate(REGIONS)]


def chart_rows() -> list[dict[str, Any]]:
    """Return the rows of a bar chart, without intervals."""
    rows = (
        ("Utilité Sociale", 287, "us"),
        ("Transition Écologique", 228, "te"),
        ("Sans thématique", 14, "muted"),
    )
    return [
        {"label": label, "value": value, "text": str(value), "low": None, "high": None, "kind": kind}
        for label, value, kind in rows
    ]


def estimate_rows() -> list[dict[str, Any]]:
    """Return the rows of a dot chart, with intervals."""
    rows = (
        ("Solidarité Femmes 13", 81, 76, 86), ("La Machinerie", 79, 71, 86), ("Clara", 70, 66, 74),
        ("Bois & Compagnie", 58, 47, 69),
    )  # fmt: skip
    return [
        {
            "label": label,
            "value": value,
            "text": f"{value} ({low} à {high})",
            "low": low,
            "high": high,
            "kind": "",
        }
        for label, value, low, high in rows
    ]


LEVELS = (
    (0, "absent du dossier"),
    (1, "évoqué sans élément concret"),
    (2, "décrit, avec des exemples"),
    (3, "démontré par des chiffres"),
    (4, "exemplaire, mesuré dans la durée"),
)


def page_address(page: int) -> str:
    """Return the address of a page of the sample list."""
    return f"#page-{page}"
