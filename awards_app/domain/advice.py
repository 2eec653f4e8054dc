"""What the machine notices of a candidacy for the chamber: advice, never a decision."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Finding(StrEnum):
    """What a check found."""

    FINE = "fine"
    DOUBT = "doubt"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Known:
    """What the checks look at. ``siblings`` counts other candidacies submitted by the structure in the edition;
    ``laureate_years`` are the years in which a structure of this name or number was honoured."""

    legal_family: str
    has_identifier: bool
    founded_on: date | None
    closing_day: date
    minimum_age_months: int
    region_matches: bool | None
    siblings: int
    laureate_years: tuple[int, ...]
    year: int
    excluded_editions: int
    missing: int
    files: Mapping[str, int]
    accepted_families: frozenset[str]


@dataclass(frozen=True, slots=True)
class Advice:
    """One line of advice: ``values`` fill the sentence that the page chooses by ``check`` and ``finding``."""

    check: str
    finding: Finding
    values: Mapping[str, object]


def age_in_months(founded_on: date, day: date) -> int:
    """Return the whole months from a day to another: 24 from 30/06/2025 to 30/06/2027, 23 the day before."""
    months = (day.year - founded_on.year) * 12 + day.month - founded_on.month
    last_day_reached = day.day >= founded_on.day or _is_month_end(day)
    return months if last_day_reached else months - 1


def _is_month_end(day: date) -> bool:
    return day.month != date.fromordinal(day.toordinal() + 1).month


def advise(known: Known) -> dict[str, Advice]:
    """Return the advice by the code of the checklist's line it stands beside."""
    lines: tuple[tuple[str, Finding, Mapping[str, object]], ...] = (
        ("ess_structure", _family(known), {"family": known.legal_family}),
        ("legal_person", _sure(known.has_identifier), {}),
        ("minimum_age", *_age(known)),
        ("region", Finding.UNKNOWN if known.region_matches is None else _sure(known.region_matches), {}),
        ("one_candidacy", _sure(known.siblings == 0), {"others": known.siblings}),
        ("former_laureate", *_laureate(known)),
        ("complete", _sure(known.missing == 0), {"missing": known.missing}),
        ("statutes", _sure(known.files.get("statutes", 0) > 0), {}),
        ("accounts", _sure(known.files.get("accounts", 0) > 0), {}),
    )
    return {check: Advice(check, finding, values) for check, finding, values in lines}


def _sure(holds: bool) -> Finding:
    return Finding.FINE if holds else Finding.DOUBT


def _family(known: Known) -> Finding:
    if known.legal_family in ("", "unknown"):
        return Finding.UNKNOWN
    return _sure(known.legal_family in known.accepted_families)


def _age(known: Known) -> tuple[Finding, dict[str, object]]:
    values: dict[str, object] = {"minimum": known.minimum_age_months}
    if known.founded_on is None:
        return Finding.UNKNOWN, values
    months = age_in_months(known.founded_on, known.closing_day)
    return _sure(months >= known.minimum_age_months), values | {"months": months}


def _laureate(known: Known) -> tuple[Finding, dict[str, object]]:
    recent = [y for y in known.laureate_years if known.year - known.excluded_editions <= y < known.year]
    return _sure(not recent), {"years": ", ".join(str(year) for year in recent)}
