"""What the public register says of a structure, read from its answer without trusting it.

The shape is that of « API Recherche d’entreprises » (https://recherche-entreprises.api.gouv.fr/docs): `results`, each with
`siren`, names, `siege`, `complements`. The search is by likeness, so only the result that bears the number asked for counts.
"""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from awards_app.domain import identifiers
from awards_app.domain.refusals import Refusal
from awards_app.domain.text import clean_line
from awards_app.domain.words import N_

# What the register puts where a person asked not to be shown.
HIDDEN = re.compile(r"\[ ?N(?:D|ON[- ]DIFFUSIBLE) ?\]", re.IGNORECASE)
LIMITS = {"name": 300, "acronym": 40, "address": 300, "city": 120, "activity": 10}
SMALL_WORDS = frozenset({"de", "du", "des", "la", "le", "les", "et", "en", "sur", "sous", "aux", "au", "à"})


class AnswerIsMalformed(Refusal):
    """The register's answer has not the shape it documents."""

    sentence = N_("Le registre public n’a pas donné de réponse lisible.")
    status = 502


@dataclass(frozen=True, slots=True)
class RegisterFacts:
    """What the register says, cleaned; a blank is what it does not say or keeps to itself."""

    siren: str
    siret: str
    rna: str
    name: str
    acronym: str
    form_code: str
    founded_on: date | None
    address: str
    postcode: str
    city: str
    department: str
    region_code: str
    activity: str
    is_open: bool | None
    is_association: bool
    is_ess: bool


@dataclass(frozen=True, slots=True)
class Offer:
    """One field where the register has something to offer: what it says, and what the record has now."""

    field: str
    said: str
    now: str

    @property
    def differs(self) -> bool:
        """Say whether the record has something else."""
        return bool(self.now) and self.said.casefold() != self.now.casefold()


def read_answer(answer: object, number: str) -> RegisterFacts | None:
    """Return what an answer says of the SIREN or RNA ``number``, None when no result bears it.

    Raises `AnswerIsMalformed` for anything that is not the documented shape.
    """
    if not isinstance(answer, dict) or not isinstance(answer.get("results"), list):
        raise AnswerIsMalformed
    for result in answer["results"]:
        if not isinstance(result, dict) or not isinstance(result.get("siren"), str):
            raise AnswerIsMalformed
        complements = _inner(result, "complements")
        if number in (result["siren"], complements.get("identifiant_association")):
            return _facts(result, _inner(result, "siege"), complements)
    return None


def as_json(facts: RegisterFacts) -> dict[str, Any]:
    """Return facts as they are kept."""
    return {
        **asdict(facts),
        "founded_on": facts.founded_on.isoformat() if facts.founded_on else None,
    }


def from_json(kept: Mapping[str, Any]) -> RegisterFacts:
    """Return facts that were kept by `as_json`."""
    founded = kept["founded_on"]
    return RegisterFacts(**{**kept, "founded_on": date.fromisoformat(founded) if founded else None})


def offers(facts: RegisterFacts, record: Mapping[str, str]) -> tuple[Offer, ...]:
    """Return the fields of a record that the facts could fill, in the order of the form, those already equal left out."""
    said = {
        "name": facts.name,
        "acronym": facts.acronym,
        "legal_family": "association" if facts.is_association else "",
        "founded_on": f"{facts.founded_on:%d/%m/%Y}" if facts.founded_on else "",
        "address": facts.address,
        "postcode": facts.postcode,
        "city": facts.city,
    }
    found = (Offer(field, value, record.get(field, "").strip()) for field, value in said.items() if value)
    return tuple(offer for offer in found if offer.said != offer.now)


def _facts(
    result: Mapping[str, Any], seat: Mapping[str, Any], complements: Mapping[str, Any]
) -> RegisterFacts:
    postcode = _matching(seat, "code_postal", r"[0-9]{5}")
    city = _readable(_line(seat, "libelle_commune", LIMITS["city"]))
    form_code = _matching(result, "nature_juridique", r"[0-9]{4}")
    state = _line(result, "etat_administratif", 1)
    return RegisterFacts(
        siren=_number(result.get("siren"), identifiers.siren),
        siret=_number(seat.get("siret"), identifiers.siret),
        rna=_number(complements.get("identifiant_association"), identifiers.rna),
        name=_line(result, "nom_raison_sociale", LIMITS["name"])
        or _line(result, "nom_complet", LIMITS["name"]),
        acronym=_line(result, "sigle", LIMITS["acronym"]),
        form_code=form_code,
        founded_on=_day(result.get("date_creation")),
        address=_street(_line(seat, "adresse", LIMITS["address"]), postcode),
        postcode=postcode,
        city=city,
        department=_matching(seat, "departement", r"[0-9]{2,3}|2[AB]"),
        region_code=_matching(seat, "region", r"[0-9]{2}"),
        activity=_line(result, "activite_principale", LIMITS["activity"]),
        is_open={"A": True, "C": False, "F": False}.get(state),
        is_association=complements.get("est_association") is True or form_code.startswith("92"),
        is_ess=complements.get("est_ess") is True,
    )


def _inner(result: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    inner = result.get(name)
    if inner is None:
        return {}
    if not isinstance(inner, dict):
        raise AnswerIsMalformed
    return inner


def _line(holder: Mapping[str, Any], name: str, limit: int) -> str:
    """Return a value as a clean line, blank when it is hidden or beyond what such a value can be."""
    value = holder.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise AnswerIsMalformed
    if HIDDEN.search(value) or len(value) > 10 * limit:
        return ""
    try:
        line = clean_line(value)
    except Refusal:
        return ""
    return line if len(line) <= limit else ""


def _matching(holder: Mapping[str, Any], name: str, pattern: str) -> str:
    value = _line(holder, name, 20)
    return value if re.fullmatch(pattern, value, re.ASCII) else ""


def _number(value: object, read: Any) -> str:
    if not isinstance(value, str) or len(value) > 20:
        return ""
    try:
        return str(read(value))
    except Refusal:
        return ""


def _day(value: object) -> date | None:
    if not isinstance(value, str) or not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value, re.ASCII):
        return None
    try:
        day = date.fromisoformat(value)
    except ValueError:
        return None
    # The register writes the first of January 1900 for « not known ».
    return day if day.year > 1900 else None


def _street(whole: str, postcode: str) -> str:
    """Return the address without the postcode and the town that end it in the register."""
    street = re.split(rf"\s{postcode}\b", whole)[0] if postcode else whole
    return _readable(street)


def _readable(text: str) -> str:
    """Return capitals as people write an address: « 9 RUE DU PORT » becomes « 9 rue du Port »."""
    if text != text.upper():
        return text
    kinds = {
        "rue",
        "avenue",
        "boulevard",
        "place",
        "chemin",
        "route",
        "impasse",
        "allee",
        "quai",
        "square",
        "cours",
    }
    words: list[str] = []
    for word in text.lower().split(" "):
        plain = word in kinds or (word in SMALL_WORDS and words)
        words.append(
            word if plain else re.sub(r"(?<![^\W\d_])[^\W\d_]", lambda found: found[0].upper(), word)
        )
    return " ".join(words)
