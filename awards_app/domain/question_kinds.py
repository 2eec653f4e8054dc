"""The kinds of question, what each is called, and which properties each has."""

from dataclasses import dataclass

from awards_app.domain.words import N_


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of question: its name for staff, one line on what it asks, and the names of its own properties."""

    label: str
    note: str
    has: frozenset[str] = frozenset()


def _kind(label: str, note: str, *has: str) -> Kind:
    return Kind(label, note, frozenset(has))


KINDS: dict[str, Kind] = {
    "short_text": _kind(N_("Texte court"), N_("Une ligne."), "limit", "example"),
    "long_text": _kind(
        N_("Texte long"), N_("Plusieurs paragraphes, avec un compteur de signes."), "limit", "example"
    ),
    "integer": _kind(N_("Nombre entier"), N_("Avec une unité si besoin."), "unit", "bounds", "example"),
    "number": _kind(
        N_("Nombre avec décimales"),
        N_("Avec une unité si besoin."),
        "unit",
        "bounds",
        "decimals",
        "example",
    ),
    "money": _kind(N_("Montant en euros"), N_("Au centime près."), "example"),
    "date": _kind(N_("Date"), N_("Un jour, jj/mm/aaaa.")),
    "single_choice": _kind(N_("Choix unique"), N_("Une réponse d’une liste."), "choices"),
    "multiple_choice": _kind(N_("Choix multiple"), N_("Plusieurs réponses d’une liste."), "choices", "count"),
    "yes_no": _kind(N_("Oui ou non"), N_("Deux réponses.")),
    "checkbox": _kind(N_("Case à cocher"), N_("Un engagement à cocher.")),
    "address": _kind(
        N_("Adresse"), N_("Voie, code postal, commune ; le département et la région s’en déduisent.")
    ),
    "identifier": _kind(N_("Numéro d’identification"), N_("Siren, Siret, RNA ou registre du tribunal, vérifié."), "registers"),
    "url": _kind(N_("Lien"), N_("Une adresse de site."), "example"),
    "links": _kind(N_("Liens"), N_("Plusieurs adresses, une par ligne."), "count"),
    "email": _kind(N_("Adresse électronique"), N_("Une adresse."), "example"),
    "phone": _kind(N_("Téléphone"), N_("Un numéro, outre-mer et étranger compris."), "example"),
    "table": _kind(
        N_("Tableau d’indicateurs"), N_("Des lignes à remplir, dont vous choisissez les colonnes."), "columns"
    ),
    "file": _kind(N_("Fichier"), N_("Une pièce jointe."), "files"),
    "files": _kind(N_("Plusieurs fichiers"), N_("Des pièces jointes."), "files", "count"),
}  # fmt: skip

FILE_KINDS = frozenset({"file", "files"})
# Kinds whose text may have several lines.
LONG_KINDS = frozenset({"long_text", "links"})
CHOICE_KINDS = frozenset({"single_choice", "multiple_choice"})
NUMBER_KINDS = frozenset({"integer", "number"})
# Kinds whose answer is kept as canonical JSON, made of several inputs.
COMPOUND_KINDS = frozenset({"table", "address"})
COLUMN_KINDS: dict[str, str] = {
    "text": N_("texte"),
    "integer": N_("nombre entier"),
    "number": N_("nombre avec décimales"),
    "money": N_("montant en euros"),
}
AUDIENCES: dict[str, str] = {
    "jury": N_("le jury et la CRESS"),
    "staff": N_("la CRESS seulement, jamais le jury"),
    "public": N_("tout le monde, si la candidature est distinguée"),
}
FILE_TYPES = ("pdf", "png", "jpg", "webp")


def may_become(one: str, other: str) -> bool:
    """Say whether a question already answered may change from a kind to another: texts among texts.

    What is kept as files, as several inputs or as codes of choices keeps its kind.
    """
    if one == other:
        return True
    apart = FILE_KINDS | COMPOUND_KINDS
    if {one, other} <= FILE_KINDS:
        return True
    return not {one, other} & apart
