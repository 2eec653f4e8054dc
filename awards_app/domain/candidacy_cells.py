"""One reader a field of a candidacy's line; what it finds, refuses or remarks goes into a ``Found``."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from awards_app.domain import cell_values
from awards_app.domain.cell_values import WrongCell, is_nothing
from awards_app.domain.identifiers import court_register
from awards_app.domain.import_report import Remark
from awards_app.domain.refusals import Refusal
from awards_app.domain.territory_lookup import Territory, plain_words
from awards_app.domain.text import clean_line, clean_text
from awards_app.domain.words import N_

# Fields without which a file cannot go to a jury, in the order a person is told of them. ``identifier`` is any of
# SIREN, SIRET, RNA and court register number.
REQUIRED = (
    "identifier",
    "legal_family",
    "created_on",
    "region_code",
    "contact_email",
    "theme",
    "project_title",
    "summary",
)
TEXTS = ("address", "pitch", "summary")
THEME_NOISE = frozenset(
    ["prix", "theme", "thematique", "categorie", "axe", "volet", "de", "la", "le", "l", "du", "des"]
)
# Words that settle the family by law whatever else is written; a SCOP run as an SAS is a cooperative first.
FAMILY_WORDS = (
    (("fonds de dotation",), "endowment_fund"),
    (("fondation abritee", "fondation sous egide"), "sheltered_foundation"),
    (("scic", "scop", "cooperative", "cooperatif", "cae", "cuma"), "cooperative"),
    (("mutuelle", "mutualite", "mutualiste"), "mutual"),
    (("fondation",), "foundation"),
    (("association", "associatif", "loi 1901", "asso", "loi 1908"), "association"),
    (
        ("commune", "ccas", "epci", "communaute de communes", "collectivite", "etablissement public", "gip"),
        "public_body",
    ),
    (
        (
            "societe commerciale",
            "entreprise commerciale",
            "commercial",
            "sas",
            "sasu",
            "sarl",
            "eurl",
            "sa",
            "esus",
        ),
        "commercial",
    ),
)


@dataclass(frozen=True)
class LineContext:
    """What the edition knows: ``themes`` and ``legal_families`` give names by code, ``legal_forms`` (name, family).

    ``narratives`` are the codes of the questions a column may answer; ``today`` is the day of the import.
    """

    territory: Territory
    themes: Mapping[str, str]
    legal_families: Mapping[str, str]
    today: date
    legal_forms: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    narratives: frozenset[str] = frozenset()
    required: tuple[str, ...] = REQUIRED


@dataclass
class Found:
    """The values of a line while it is read."""

    values: dict[str, Any] = field(default_factory=dict)
    narratives: dict[str, str] = field(default_factory=dict)
    errors: list[tuple[str, Refusal]] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)

    def refuse(self, name: str, sentence: str, **values: object) -> None:
        """Note that the cell of the field ``name`` refuses the line."""
        self.errors.append((name, WrongCell(sentence, **values)))

    def remark(self, sentence: str, **values: object) -> None:
        """Note what could not be used without refusing the line."""
        self.remarks.append(Remark(sentence, values))


Reader = Callable[[Found, str, str, LineContext], None]


def _text(found: Found, name: str, text: str, context: LineContext) -> None:
    value = clean_text(text).strip() if name in TEXTS else clean_line(text)
    if value.strip("-–—/ "):
        found.values[name] = value


def _typed(read: Callable[[str], object]) -> Reader:
    def reader(found: Found, name: str, text: str, context: LineContext) -> None:
        if not is_nothing(text):
            found.values[name] = read(clean_line(text))

    return reader


def _identifier(found: Found, name: str, text: str, context: LineContext) -> None:
    if is_nothing(text):
        return
    read = cell_values.read_identifier(clean_line(text))
    for each in ("siren", "siret", "rna"):
        value = getattr(read, each)
        known = found.values.get(each)
        if value and known and value != known:
            found.refuse(
                name,
                N_("« %(text)s » ne va pas avec l’autre numéro de la ligne, « %(known)s »."),
                text=text.strip(),
                known=known,
            )
        elif value:
            found.values[each] = value


def _day(found: Found, name: str, text: str, context: LineContext) -> None:
    if is_nothing(text):
        return
    day = cell_values.read_day(clean_line(text), context.today)
    if day is None:
        found.remark(N_("date « %(text)s » sans jour : non reprise"), text=text.strip())
    else:
        found.values[name] = day


def _theme(found: Found, name: str, text: str, context: LineContext) -> None:
    words = plain_words(text)
    kept = " ".join(word for word in words.split() if word not in THEME_NOISE and not word.isdigit())
    for code, label in context.themes.items():
        named = " ".join(word for word in plain_words(label).split() if word not in THEME_NOISE)
        if words in (plain_words(code), plain_words(label)) or kept in (plain_words(code), named):
            found.values[name] = code
            return
    if words:
        found.remark(N_("thématique « %(theme)s » absente de cette édition"), theme=clean_line(text))


def _legal_family(found: Found, name: str, text: str, context: LineContext) -> None:
    words = plain_words(text)
    if is_nothing(text) or words in ("unknown", "inconnu", "inconnue", "autre"):
        return
    family = _family_of(words, context)
    if family:
        found.values[name] = family
    else:
        found.remark(N_("famille juridique « %(family)s » non reconnue"), family=clean_line(text))


def _legal_form(found: Found, name: str, text: str, context: LineContext) -> None:
    if is_nothing(text):
        return
    words = plain_words(text)
    for code, (label, _) in context.legal_forms.items():
        if words in (plain_words(code), plain_words(label)):
            found.values[name] = code
            return
    if FORM_WORDS.get(words) in context.legal_forms:
        found.values[name] = FORM_WORDS[words]
        return
    found.remark(N_("forme juridique « %(form)s » non reconnue"), form=clean_line(text))


FORM_WORDS = {
    "association loi 1901": "association_1901",
    "association loi de 1901": "association_1901",
    "loi 1901": "association_1901",
    "association declaree": "association_1901",
    "esus": "company_esus",
}


def _family_of(words: str, context: LineContext) -> str | None:
    for code, label in context.legal_families.items():
        if words in (plain_words(code), plain_words(label)):
            return code
    for _, (label, family) in context.legal_forms.items():
        if words == plain_words(label):
            return family
    for phrases, family in FAMILY_WORDS:
        if family in context.legal_families and any(
            re.search(rf"\b{phrase}s?\b", words) for phrase in phrases
        ):
            return family
    return None


def _later(found: Found, name: str, text: str, context: LineContext) -> None:
    """Leave the cell to ``place``, which reads the three columns of a place together."""


def place(found: Found, cells: Mapping[str, str], context: LineContext) -> None:
    """Read department and region: the written region first, then the department, then the postcode."""
    territory = context.territory
    department = region = None
    written_department, written_region = cells.get("department", ""), cells.get("region_code", "")
    if not is_nothing(written_department):
        department = territory.find_department(written_department)
        if department is None:
            found.refuse(
                "department", N_("Le département « %(text)s » est inconnu."), text=written_department.strip()
            )
    elif found.values.get("postcode"):
        department = territory.department_of_postcode(found.values["postcode"])
    if not is_nothing(written_region):
        region = territory.find_region(written_region)
        if region is None:
            found.refuse(
                "region_code", N_("La région « %(text)s » est inconnue."), text=written_region.strip()
            )
    implied = territory.region_of_department(department)
    if region and implied and region != implied:
        found.remark(
            N_("région « %(region)s » retenue, alors que le département est en « %(implied)s »"),
            region=territory.regions[region],
            implied=territory.regions[implied],
        )
    for name, value in (("department", department), ("region_code", region or implied)):
        if value:
            found.values[name] = value


def settle_family(found: Found, cells: Mapping[str, str], context: LineContext) -> None:
    """Take the family from the legal form when the family's own column says nothing and the form decides."""
    if found.values.get("legal_family") or is_nothing(cells.get("legal_form", "")):
        return
    family = _family_of(plain_words(cells["legal_form"]), context)
    if family:
        found.values["legal_family"] = family


READERS: dict[str, Reader] = {
    **dict.fromkeys(("acronym", "city", "contact_name", "project_title", *TEXTS), _text),
    **dict.fromkeys(("siren", "siret", "rna"), _identifier),
    **dict.fromkeys(("employees", "volunteers"), _typed(cell_values.read_count)),
    **dict.fromkeys(("department", "region_code"), _later),
    "contact_phone": _typed(cell_values.read_phone),
    "court_register": _typed(court_register),
    "legal_family": _legal_family,
    "legal_form": _legal_form,
    "created_on": _day,
    "postcode": _typed(cell_values.read_postcode),
    "website": _typed(cell_values.read_web_address),
    "contact_email": _typed(cell_values.read_email),
    "theme": _theme,
    "budget": _typed(cell_values.read_euros),
}
