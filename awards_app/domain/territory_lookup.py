"""Recognises a region from what people write: a code, a name, a department, a postcode, the chamber's name."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from awards_app.domain.numbers_fr import department_of
from awards_app.domain.text import sort_key

# Short names in daily use, by the code of the official geographical list; read only if the edition has the region.
SHORT_REGION_NAMES = {
    "aura": "84",
    "ara": "84",
    "bfc": "27",
    "centre": "24",
    "cvl": "24",
    "hdf": "32",
    "idf": "11",
    "paca": "93",
    "sud": "93",
    "sud paca": "93",
    "sud provence alpes cote d azur": "93",
    "region sud": "93",
    "pdl": "52",
    "na": "75",
    "reunion": "04",
    "guyane francaise": "03",
}
# Saint-Barthélemy and Saint-Martin kept postcodes of Guadeloupe without being part of it.
OUTSIDE_GUADELOUPE = frozenset({"97133", "97150"})


def plain_words(text: str) -> str:
    """Reduce a name to its words, without accents, case, hyphens or apostrophes, for comparison only."""
    return " ".join(re.findall(r"[^\W_]+", sort_key(text)))


@dataclass(frozen=True)
class Territory:
    """``regions`` gives names by code; ``departments`` gives (name, code of the region) by code. Codes are text."""

    regions: Mapping[str, str]
    departments: Mapping[str, tuple[str, str]]

    @cached_property
    def _regions_by_name(self) -> dict[str, str]:
        names = {words: code for words, code in SHORT_REGION_NAMES.items() if code in self.regions}
        names.update({plain_words(name): code for code, name in self.regions.items()})
        return names

    @cached_property
    def _departments_by_name(self) -> dict[str, str]:
        return {plain_words(name): code for code, (name, _) in self.departments.items()}

    def find_region(self, text: str) -> str | None:
        """Return the code of the region written as its code, its name or its chamber's; ``None`` if unknown."""
        value = text.strip()
        if re.fullmatch("[0-9]{1,2}", value) and value.zfill(2) in self.regions:
            return value.zfill(2)
        words = plain_words(re.sub(r"^\s*[0-9]{1,2}\s*[-–—:]\s*|\s*\(\s*[0-9]{1,2}\s*\)\s*$", "", value))
        for candidate in (
            words,
            re.sub(r"^(?:la )?(?:cress|region) (?:de la |de l |de |du |des |d |en |la )?", "", words),
        ):
            if candidate in self._regions_by_name:
                return self._regions_by_name[candidate]
        return None

    def find_department(self, text: str) -> str | None:
        """Return the code of the department written as « 44 », « Loire-Atlantique » or both; ``None`` if unknown."""
        value = text.strip()
        number = re.fullmatch(r"([0-9]{1,3}|2[ABab])", value)
        if number:
            code = number[1].upper().zfill(2)
            return code if code in self.departments else None
        both = re.fullmatch(
            r"([0-9]{1,3}|2[ABab])\s*[-–—:]?\s+(.+)|(.+?)\s*[-–—]?\s*\(\s*([0-9]{1,3}|2[ABab])\s*\)", value
        )
        if both:
            code, name = (both[1], both[2]) if both[1] else (both[4], both[3])
            code = code.upper().zfill(2)
            return code if self._departments_by_name.get(plain_words(name.lstrip("-–—: "))) == code else None
        return self._departments_by_name.get(plain_words(value))

    def department_of_postcode(self, postcode: str) -> str | None:
        """Return the department the postcode suggests, ``None`` if it is none of the table's.

        A few communes on a border have the postcode of the department next door: a written department comes first.
        """
        code = department_of(postcode)
        return code if code in self.departments and postcode not in OUTSIDE_GUADELOUPE else None

    def region_of_department(self, code: str | None) -> str | None:
        """Return the code of the region of a department."""
        return self.departments[code][1] if code is not None and code in self.departments else None
