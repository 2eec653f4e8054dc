"""The record of a structure: what is typed becomes its columns, or a sentence for each field that cannot."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from awards_app.domain import identifiers
from awards_app.domain.numbers_fr import department_of, parse_date, parse_postcode
from awards_app.domain.refusals import InputIsInvalid, Refusal
from awards_app.domain.territory_lookup import OUTSIDE_GUADELOUPE
from awards_app.domain.text import clean_line, clean_text
from awards_app.domain.web_addresses import checked_web_address
from awards_app.domain.words import N_

FIELD_LIMITS = {"name": 300, "acronym": 40, "legal_form": 120, "city": 120, "network": 200}
WEBSITE_LIMIT = 300
ADDRESS_LIMIT = 1000
IDENTIFIERS = ("siren", "siret", "rna", "court_register")
# Which of them a page shows, the first that there is: a SIRET holds its SIREN.
SHOWN_IDENTIFIERS = (("siret", "siren"), ("rna",), ("court_register",))

NAME_MISSING = N_("Indiquez le nom de la structure.")
FAMILY_MISSING = N_("Choisissez la famille juridique de la structure.")
IDENTIFIER_MISSING = N_(
    "Indiquez un seul de ces numéros : Siren, Siret, RNA ou registre du tribunal (Alsace-Moselle)."
)
FOUNDED_MISSING = N_("Indiquez la date de création de la structure.")
FOUNDED_LATER = N_("Cette date est dans l’avenir.")
REGION_MISSING = N_("Le code postal ne suffit pas à trouver la région : choisissez-la dans la liste.")
REGION_UNKNOWN = N_("Choisissez une région de la liste.")
POSTCODE_MISSING = N_("Indiquez le code postal du siège.")
TOO_LONG = N_("Ce texte est trop long.")


class StructureIsKnown(Refusal):
    """The identifier is that of a structure already there."""

    sentence = N_("Cet identifiant est déjà celui d’une structure de la plateforme.")


class RecordHasChanged(Refusal):
    """Somebody saved the record since this page was opened; ``theirs`` is what stands in each field that differs."""

    sentence = N_(
        "Cette fiche a été modifiée entre-temps par une autre personne. Rien n’est perdu : les deux textes sont ci-dessous."
    )

    def __init__(self, theirs: Mapping[str, Any], version: int) -> None:
        super().__init__()
        self.theirs = theirs
        self.version = version


class AlreadyMember(Refusal):
    """The person is a member, or already invited."""

    sentence = N_("Cette personne est déjà membre de la structure, ou déjà invitée.")


class LastResponsible(Refusal):
    """A structure keeps one responsible person at least."""

    sentence = N_("La structure garde au moins une personne responsable. Désignez-en une autre d’abord.")


class InvitationIsOver(Refusal):
    """The invitation was used, withdrawn, or is for somebody else."""

    sentence = N_("Cette invitation n’est plus valable. Demandez-en une nouvelle à votre structure.")
    status = 410


def structure_columns(
    values: Mapping[str, Any],
    regions: frozenset[str],
    region_of_department: Mapping[str, str],
    today: date,
    *,
    incomplete: bool = False,
) -> dict[str, Any]:
    """Return the columns that typed ``values`` make; ``incomplete`` lets everything but the name lack.

    The region follows the department, the department the postcode, unless they are given. Raises `InputIsInvalid` with
    one sentence a field.
    """
    errors: dict[str, str] = {}

    def read(name: str, parse: Callable[[str], Any], empty: Any) -> Any:
        typed = str(values.get(name) or "")
        if not typed.strip():
            return empty
        try:
            return parse(typed)
        except Refusal as refusal:
            errors[name] = refusal.sentence
            return empty

    columns: dict[str, Any] = {name: read(name, clean_line, "") for name in FIELD_LIMITS}
    for name, limit in FIELD_LIMITS.items():
        if len(columns[name]) > limit:
            errors[name] = TOO_LONG
    columns["address"] = read("address", clean_text, "")
    if len(columns["address"]) > ADDRESS_LIMIT:
        errors["address"] = TOO_LONG
    columns["website"] = read("website", checked_web_address, "")
    if len(columns["website"]) > WEBSITE_LIMIT:
        errors["website"] = TOO_LONG
    family = str(values.get("legal_family") or "unknown")
    columns["legal_family"] = family if re.fullmatch(r"[a-z_]{1,20}", family) else "unknown"
    columns["postcode"] = read("postcode", parse_postcode, "")
    columns["founded_on"] = read("founded_on", parse_date, None)
    columns["is_esus"] = bool(values.get("is_esus"))
    columns |= _identifier(values, errors)
    columns |= _territory(values, columns["postcode"], regions, region_of_department, errors)
    if columns["founded_on"] and columns["founded_on"] > today:
        errors["founded_on"] = FOUNDED_LATER
    if not columns["name"]:
        errors.setdefault("name", NAME_MISSING)
    if not incomplete:
        for name, sentence in lacking(columns).items():
            errors.setdefault(name, sentence)
    if errors:
        raise InputIsInvalid(errors)
    return columns


def lacking(columns: Mapping[str, Any]) -> dict[str, str]:
    """Return what a complete record still needs, by field."""
    found = {}
    if columns["legal_family"] in ("", "unknown"):
        found["legal_family"] = FAMILY_MISSING
    if not any(columns[name] for name in IDENTIFIERS):
        found["identifier"] = IDENTIFIER_MISSING
    if not columns["founded_on"]:
        found["founded_on"] = FOUNDED_MISSING
    if not columns["postcode"]:
        found["postcode"] = POSTCODE_MISSING
    if not columns["region_code"]:
        found["region_code"] = REGION_MISSING
    return found


def with_kept_identifiers(columns: Mapping[str, Any], before: Mapping[str, Any]) -> dict[str, Any]:
    """Return the columns with the identifiers that a page shows only one of: the others stay as they were ``before``."""
    shown = next((names for names in SHOWN_IDENTIFIERS if any(before[name] for name in names)), ())
    kept = {name: before[name] for name in IDENTIFIERS if name not in shown and not columns[name]}
    return {**columns, **kept}


def _identifier(values: Mapping[str, Any], errors: dict[str, str]) -> dict[str, str | None]:
    found: dict[str, str | None] = dict.fromkeys(IDENTIFIERS)
    parsers = {
        "siren": identifiers.siren,
        "siret": identifiers.siret,
        "rna": identifiers.rna,
        "court_register": identifiers.court_register,
    }
    typed = str(values.get("identifier") or "").strip()
    try:
        if typed:
            recognised = identifiers.recognise(typed)
            found[recognised.kind.value] = recognised.value
        for name, parse in parsers.items():
            if values.get(name):
                found[name] = parse(str(values[name]))
    except Refusal as refusal:
        errors["identifier"] = refusal.sentence
    siret = found["siret"]
    if siret and not found["siren"]:
        found["siren"] = identifiers.siren_of(siret)
    return found


def _territory(
    values: Mapping[str, Any],
    postcode: str,
    regions: frozenset[str],
    region_of_department: Mapping[str, str],
    errors: dict[str, str],
) -> dict[str, str | None]:
    department = str(values.get("department") or "") or department_of_postcode(postcode)
    if department not in region_of_department:
        department = ""
    region = str(values.get("region_code") or "") or region_of_department.get(department) or None
    if region is not None and region not in regions:
        errors["region_code"] = REGION_UNKNOWN
        region = None
    return {"department": department, "region_code": region}


def department_of_postcode(postcode: str) -> str:
    """Return the department that a postcode suggests, blank when it suggests none."""
    # Saint-Barthélemy and Saint-Martin kept postcodes of Guadeloupe without being part of it.
    return "" if not postcode or postcode in OUTSIDE_GUADELOUPE else department_of(postcode)
