"""What the demonstration shows: which region is where, how many files, who may be entered as. Data only."""

from dataclasses import dataclass
from datetime import UTC, datetime

YEAR = 2027
PAST = 2026
SEED = "2027"
# The day it is opened: a Wednesday of September, half past nine in Paris.
OPENS_AT = datetime(YEAR, 9, 15, 7, 30, tzinfo=UTC)
PASSWORD = "quatre saisons solidaires"


@dataclass(frozen=True, slots=True)
class Region:
    """A region of the current edition: the phase it shows, its candidacies filed (withdrawn ones included), its drafts.

    ``real`` says whether the real organisations of the region file too: nowhere a mark or a decision could be taken for true.
    """

    code: str
    phase: str
    files: int
    drafts: int = 0
    real: bool = False


REGIONS = (
    Region("84", "P5", 56),
    Region("27", "P5", 23),
    Region("53", "P1", 34, drafts=14, real=True),
    Region("24", "P5", 21),
    Region("94", "P5", 8),
    Region("44", "P5", 35),
    Region("01", "P3", 9),
    Region("03", "P0", 0),
    Region("32", "P5", 40, drafts=2),
    Region("11", "P2", 70, drafts=5, real=True),
    Region("04", "P7", 12),
    Region("02", "P2", 9, drafts=1),
    Region("28", "P2", 25, drafts=4, real=True),
    Region("75", "P6", 44, drafts=2),
    Region("76", "P3", 48, drafts=2, real=True),
    Region("52", "P5", 35, drafts=1),
    Region("93", "P4", 46, drafts=2),
)
NOT_TAKING_PART = "06"
PAST_FILES = {"53": 12, "28": 8, "52": 11, "76": 14, "93": 9, "04": 6}
# Regions whose calendar is their own: local instants by column.
LATE_CALL = {"opens": "2027-10-01T09:00", "closes": "2027-11-15T23:59"}
EARLY = {
    "04": {"scoring_closes": "2027-08-05T23:59", "embargo": "2027-09-01T18:00"},
    "75": {"scoring_closes": "2027-08-25T23:59", "embargo": "2027-09-10T18:30"},
}
EXTENDED_CLOSING = "2027-09-30T23:59"
EXTENSION_REASON = "Panne du réseau dans plusieurs départements de la région les derniers jours de juin."


@dataclass(frozen=True, slots=True)
class Role:
    """A person whom a visitor may enter as: ``code`` for the door, ``home`` the endpoint where they land."""

    code: str
    email: str
    name: str
    title: str
    task: str
    home: str


ROLES = (
    Role(
        "structure",
        "structure@demo.example",
        "Nolwenn Le Goff",
        "Une structure candidate",
        "Une candidature à terminer en Bretagne, où l’appel est prolongé, et l’attestation d’un prix de 2026.",
        "structure.home",
    ),
    Role(
        "jury",
        "jury@demo.example",
        "Karim Delmas",
        "Membre d’un jury régional",
        "Des dossiers à noter en Occitanie.",
        "jury.home",
    ),
    Role(
        "chair",
        "presidence@demo.example",
        "Hélène Santoni",
        "Présidence d’un jury régional",
        "Un ex æquo à départager en Provence-Alpes-Côte d’Azur, un jury à verrouiller en Occitanie.",
        "jury.home",
    ),
    Role(
        "coordinator",
        "chambre@demo.example",
        "Julie Vasseur",
        "Une chambre régionale (CRESS)",
        "La recevabilité en Normandie, le jury d’Occitanie, les décisions de deux autres régions.",
        "staff.home",
    ),
    Role(
        "national",
        "national@demo.example",
        "Malik Fontaine",
        "L’équipe nationale",
        "Toutes les régions d’un coup d’œil, le jury national, les publications.",
        "staff.home",
    ),
    Role(
        "national_juror",
        "jury-national@demo.example",
        "Odile Marchand",
        "Membre du jury national",
        "Les candidatures retenues par les régions, à noter.",
        "jury.home",
    ),
    Role(
        "national_chair",
        "presidence-nationale@demo.example",
        "Thierry Camara",
        "Présidence du jury national",
        "L’avancement du jury national, puis son verrouillage.",
        "jury.home",
    ),
    Role(
        "auditor",
        "audit@demo.example",
        "Sylvie Haddad",
        "Audit",
        "Le journal des actes et les résultats, en lecture seule.",
        "staff.home",
    ),
)
# The second person of what two persons do, of the national staff.
SECOND = ("national-2@demo.example", "Béatrice Rolland")
COORDINATED = ("28", "76", "93", "52")


def role_of(code: str) -> Role | None:
    """Return the role of that code, or None."""
    return next((role for role in ROLES if role.code == code), None)
