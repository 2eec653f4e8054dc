"""A postal address as a form asks it: kept as typed, filed with its department and region.

The region follows the department, the department the code of the commune, else the postcode, unless the person says
otherwise: a few communes have the postcode of the department next door. 20000 is Ajaccio (commune 2A004).
"""

import json
import re
from collections.abc import Mapping
from typing import Any

from awards_app.domain.departments_fr import (
    DEPARTMENTS,
    OTHER_LANDS,
    REGIONS,
    department_name,
    region_of_department,
)
from awards_app.domain.numbers_fr import department_of, parse_postcode
from awards_app.domain.refusals import Refusal
from awards_app.domain.snapshot import canonical_bytes
from awards_app.domain.text import clean_line
from awards_app.domain.words import N_

PARTS = ("street", "postcode", "city", "commune", "department", "region", "country")
COMMUNE = re.compile(r"(?:[0-9]{2}|2[AB])[0-9]{3}", re.ASCII)
LONGEST_PART = 300
FRANCE = ("", "france")
# Saint-Barthélemy and Saint-Martin kept postcodes of Guadeloupe.
KEPT_POSTCODES = {"97133": "977", "97150": "978"}


class AddressIsInvalid(Refusal):
    """A part of an address is missing or cannot be read."""

    sentence = N_("Indiquez la voie, le code postal et la commune, par exemple 3 rue du Port, 35000 Rennes.")
    status = 422


class CityIsMissing(AddressIsInvalid):
    """The commune is not named."""

    sentence = N_("Indiquez la commune, par exemple Rennes.")


class CommuneIsInvalid(AddressIsInvalid):
    """The official code of the commune has another form."""

    sentence = N_("Le code officiel d’une commune a 5 signes, par exemple 2A004 pour Ajaccio.")


class DepartmentIsUnknown(AddressIsInvalid):
    """The department is none of the list."""

    sentence = N_("Choisissez un département de la liste.")


class RegionIsUnknown(AddressIsInvalid):
    """The region is none of the list."""

    sentence = N_("Choisissez une région de la liste.")


class PartsDisagree(AddressIsInvalid):
    """The code of the commune belongs to another department."""

    sentence = N_("Le code de la commune et le département ne vont pas ensemble.")


def kept_address(typed: str) -> str:
    """Return what a draft keeps of an address sent as JSON; empty when every part is.

    Raises `AddressIsInvalid` for what is no address at all.
    """
    try:
        parts: Any = json.loads(typed) if typed.strip() else {}
    except (ValueError, RecursionError):
        raise AddressIsInvalid from None
    if not isinstance(parts, dict) or not all(isinstance(value, str) for value in parts.values()):
        raise AddressIsInvalid
    kept = {name: clean_line(parts.get(name, ""))[:LONGEST_PART] for name in PARTS}
    return _written({name: value for name, value in kept.items() if value}) if any(kept.values()) else ""


def parts_of(value: str) -> dict[str, str]:
    """Return the parts of a kept address, all of them, empty ones too; a text that is no address is its street."""
    try:
        found: Any = json.loads(value) if value else {}
    except ValueError:
        found = {"street": value}
    if not isinstance(found, dict):
        found = {"street": value}
    return {name: str(found.get(name, "")) for name in PARTS}


def filed_address(value: str) -> str:
    """Return a kept address as a submission keeps it, with department and region; raise `AddressIsInvalid`."""
    parts = parts_of(value)
    if parts["country"].casefold() not in FRANCE:
        if not parts["street"] and not parts["city"]:
            raise AddressIsInvalid
        if not parts["city"]:
            raise CityIsMissing
        return _written(
            {name: parts[name] for name in ("street", "postcode", "city", "country") if parts[name]}
        )
    if not parts["postcode"]:
        raise AddressIsInvalid
    postcode = parse_postcode(parts["postcode"])
    if not parts["city"]:
        raise CityIsMissing
    commune = parts["commune"].upper().replace(" ", "")
    if commune and not COMMUNE.fullmatch(commune):
        raise CommuneIsInvalid
    department = _department(parts, postcode, commune)
    region = parts["region"] or region_of_department(department)
    if region and region not in REGIONS:
        raise RegionIsUnknown
    filed = {"street": parts["street"], "postcode": postcode, "city": parts["city"], "commune": commune}
    filed |= {"department": department, "region": region}
    return _written({name: text for name, text in filed.items() if text})


def _department(parts: Mapping[str, str], postcode: str, commune: str) -> str:
    of_commune = (commune[:3] if commune.startswith(("97", "98")) else commune[:2]) if commune else ""
    department = (
        parts["department"] or of_commune or KEPT_POSTCODES.get(postcode) or department_of(postcode)
    ).upper()
    if department not in DEPARTMENTS and department not in OTHER_LANDS:
        raise DepartmentIsUnknown
    if of_commune and of_commune != department:
        raise PartsDisagree
    return department


def shown_address(value: str) -> str:
    """Return a filed address as people read it: the letter's line, then where it is."""
    parts = parts_of(value)
    place = " ".join(text for text in (parts["postcode"], parts["city"]) if text)
    line = ", ".join(text for text in (parts["street"], place, parts["country"]) if text)
    names = [department_name(parts["department"]), REGIONS.get(parts["region"], "")]
    where = ", ".join(dict.fromkeys(name for name in names if name))
    return f"{line} ({where})" if where else line


def _written(parts: Mapping[str, str]) -> str:
    return canonical_bytes(dict(parts)).decode()
