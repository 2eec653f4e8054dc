"""Kinds of certificates: who gets them, and the words that their texts may hold."""

from dataclasses import dataclass
from enum import StrEnum

from awards_app.domain.refusals import InputIsInvalid, Refusal
from awards_app.domain.words import N_

LABEL_LIMIT = 120
# Signs of the text as it is written, and as it is read once its words are replaced.
WRITTEN_LIMIT = 1000
READ_LIMIT = 700
DESIGNS = {"diploma": N_("Diplôme, paysage"), "attestation": N_("Attestation, portrait")}
FROM_PHASES = {
    "P5": N_("dès que les décisions sont confirmées"),
    "P6": N_("dès que les résultats sont publiés"),
}
TEXTS = ("issuer_line", "distinction", "body")


class Basis(StrEnum):
    """What gives right to a certificate."""

    CANDIDACY = "candidacy"
    ADMISSIBLE = "admissible"
    JUROR = "juror"
    TITLE = "title"
    SPECIAL = "special"
    NOMINEE = "nominee"
    LAUREATE = "laureate"


BASIS_LABELS: dict[Basis, str] = {
    Basis.CANDIDACY: N_("chaque candidature déposée et non retirée"),
    Basis.ADMISSIBLE: N_("chaque candidature recevable"),
    Basis.JUROR: N_("chaque membre du jury qui a accepté la charte et siège encore"),
    Basis.TITLE: N_("chaque structure qui reçoit un titre régional"),
    Basis.SPECIAL: N_("chaque coup de cœur d’un jury"),
    Basis.NOMINEE: N_("chaque structure nominée par le jury national"),
    Basis.LAUREATE: N_("chaque structure lauréate du jury national"),
}
# Those that a decision of the jury gives, by the outcome of its prize.
DECIDED = frozenset({Basis.TITLE, Basis.SPECIAL, Basis.NOMINEE, Basis.LAUREATE})

_EVERYWHERE = ("edition", "year", "region", "located", "chamber", "jury")
_OF_A_FILE = ("structure", "project", "theme", "filed_on", "receipt")
WORDS: dict[Basis, tuple[str, ...]] = {
    Basis.CANDIDACY: _EVERYWHERE + _OF_A_FILE,
    Basis.ADMISSIBLE: _EVERYWHERE + _OF_A_FILE,
    Basis.JUROR: (*_EVERYWHERE, "juror", "role", "theme"),
    **dict.fromkeys(sorted(DECIDED), (*_EVERYWHERE, *_OF_A_FILE, "prize")),
}
MEANINGS: dict[str, str] = {
    "edition": N_("nom de l’édition"),
    "year": N_("année de l’édition"),
    "region": N_("nom de la région ; vide pour le jury national"),
    "located": N_("région avec sa préposition ; vide pour le jury national"),
    "chamber": N_("chambre régionale ; ESS France pour le jury national"),
    "jury": N_("« jury régional » ou « jury national »"),
    "structure": N_("nom de la structure"),
    "project": N_("titre du projet"),
    "theme": N_("thématique ; vide quand il n’y en a pas"),
    "filed_on": N_("jour du dépôt"),
    "receipt": N_("numéro de l’accusé de réception"),
    "juror": N_("nom de la personne"),
    "role": N_("sa fonction dans le jury"),
    "prize": N_("nom de la distinction"),
}
# Nobody's data.
SAMPLES: dict[str, str] = {
    "edition": "Prix de l’ESS 2026",
    "year": "2026",
    "region": "Bretagne",
    "located": "en Bretagne",
    "chamber": "CRESS de Bretagne",
    "jury": "jury régional",
    "structure": "Les Ateliers du Rivage",
    "project": "Une recyclerie de bord de mer",
    "theme": "Transition écologique",
    "filed_on": "14 mai 2026",
    "receipt": "2026-BRE-0042",
    "juror": "Camille Le Goff",
    "role": "Membre du jury régional",
    "prize": "Prix régional",
}
_NATIONAL_SAMPLES = {"region": "", "located": "", "chamber": "ESS France", "jury": "jury national"}
_PRIZE_SAMPLES = {
    Basis.NOMINEE: "Nomination nationale",
    Basis.LAUREATE: "Prix national",
    Basis.SPECIAL: "Coup de cœur du jury régional",
}


def samples_of(basis: Basis) -> dict[str, str]:
    """Return what a specimen of a kind is filled with, for each word that its texts may hold."""
    values = SAMPLES | {"prize": _PRIZE_SAMPLES.get(basis, SAMPLES["prize"])}
    if basis in (Basis.NOMINEE, Basis.LAUREATE):
        values |= _NATIONAL_SAMPLES
    return {word: values[word] for word in WORDS[basis]}


@dataclass(frozen=True, slots=True)
class KindLine:
    """A kind of an edition with the last version of its texts; ``version`` 0 is what the platform came with."""

    code: str
    label: str
    basis: Basis
    design: str
    from_phase: str
    is_given: bool
    version: int
    issuer_line: str
    distinction: str
    body: str

    @property
    def words(self) -> tuple[str, ...]:
        """Return the words that its texts may hold."""
        return WORDS[self.basis]


class TemplateIsInvalid(Refusal):
    """A text holds what is not accepted; the sentence says what and where."""

    sentence = N_("Ce texte ne peut pas être lu.")

    def __init__(self, sentence: str, **values: object) -> None:
        super().__init__(**values)
        self.sentence = sentence


class KindIsInvalid(InputIsInvalid):
    """What was typed of a kind cannot be kept; a sentence by field, and the values of its places."""

    def __init__(self, errors: dict[str, str], places: dict[str, dict[str, object]]) -> None:
        super().__init__(errors)
        self.places = places


def check_kind(label: str, design: str, from_phase: str) -> dict[str, str]:
    """Return a sentence by field that cannot be kept."""
    errors = {}
    if not label:
        errors["label"] = N_("Donnez un nom à ce document.")
    elif len(label) > LABEL_LIMIT:
        errors["label"] = N_("Ce nom est trop long.")
    if design not in DESIGNS:
        errors["design"] = N_("Choisissez une présentation.")
    if from_phase not in FROM_PHASES:
        errors["from_phase"] = N_("Choisissez un moment.")
    return errors
