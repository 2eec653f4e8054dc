"""Before the account: what the rules of the edition say of five answers. Advice in words, never a refusal."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from awards_app.domain.advice import Finding, age_in_months

YES, NO = "oui", "non"


class Rule(StrEnum):
    """A rule of « who may apply », in the order of the questions."""

    FAMILY = "family"
    AGE = "age"
    REGION = "region"
    LAUREATE = "laureate"
    ONE_CANDIDACY = "one_candidacy"
    IDENTIFIER = "identifier"


@dataclass(frozen=True, slots=True)
class Situation:
    """What was answered, read; None is an answer that was not given, or « je ne sais pas »."""

    legal_family: str
    founded_on: date | None
    department: str
    region_takes_part: bool | None
    was_laureate: bool | None
    has_candidacy: bool | None
    has_identifier: bool | None


@dataclass(frozen=True, slots=True)
class Rules:
    """The settings of an edition that the advice rests on; ``closing_day`` is that of the region, None when unknown."""

    families: Mapping[str, Mapping[str, Any]]
    minimum_age_months: int
    excluded_editions: int
    candidacies: int
    closing_day: date | None
    year: int


@dataclass(frozen=True, slots=True)
class Line:
    """What one rule says: ``values`` fill the sentence that the page chooses by rule and finding."""

    rule: Rule
    finding: Finding
    values: Mapping[str, Any]


def rules_of(settings: Mapping[str, Any], closing_day: date | None, year: int) -> Rules:
    """Return the rules that an edition's settings make."""
    return Rules(
        families={family["code"]: family for family in settings.get("legal_families", ())},
        minimum_age_months=int(settings.get("minimum_age_months", 0)),
        excluded_editions=int(settings.get("laureates_excluded_editions", 0)),
        candidacies=int(settings.get("candidacies_per_structure", 1)),
        closing_day=closing_day,
        year=year,
    )


def excluded_years(rules: Rules) -> tuple[int, ...]:
    """Return the years whose laureates wait, the earliest first."""
    return tuple(range(rules.year - rules.excluded_editions, rules.year))


def examine(situation: Situation, rules: Rules, honoured_in: tuple[int, ...] = ()) -> tuple[Line, ...]:
    """Return a line for each rule that the edition has; ``honoured_in`` are years in which the palmarès names the number."""
    lines = [_family(situation, rules)]
    if rules.minimum_age_months:
        lines.append(_age(situation, rules))
    lines.append(_region(situation))
    if rules.excluded_editions:
        lines.append(_laureate(situation, rules, honoured_in))
    lines.append(_one_candidacy(situation, rules))
    lines.append(_identifier(situation))
    return tuple(lines)


def _family(situation: Situation, rules: Rules) -> Line:
    family = rules.families.get(situation.legal_family)
    if family is None:
        return Line(Rule.FAMILY, Finding.UNKNOWN, {})
    finding = Finding.FINE if family.get("accepted") else Finding.DOUBT
    return Line(Rule.FAMILY, finding, {"family": family["label"], "reason": family.get("reason", "")})


def _age(situation: Situation, rules: Rules) -> Line:
    values: dict[str, Any] = {"minimum": rules.minimum_age_months, "closing_day": rules.closing_day}
    if situation.founded_on is None or rules.closing_day is None:
        return Line(Rule.AGE, Finding.UNKNOWN, values)
    months = max(age_in_months(situation.founded_on, rules.closing_day), 0)
    finding = Finding.FINE if months >= rules.minimum_age_months else Finding.DOUBT
    return Line(Rule.AGE, finding, values | {"months": months, "founded_on": situation.founded_on})


def _region(situation: Situation) -> Line:
    if situation.region_takes_part is None:
        return Line(Rule.REGION, Finding.UNKNOWN, {})
    return Line(Rule.REGION, Finding.FINE if situation.region_takes_part else Finding.DOUBT, {})


def _laureate(situation: Situation, rules: Rules, honoured_in: tuple[int, ...]) -> Line:
    years = excluded_years(rules)
    recent = tuple(year for year in honoured_in if year in years)
    values = {"editions": rules.excluded_editions, "years": years, "recent": recent}
    if recent or situation.was_laureate:
        return Line(Rule.LAUREATE, Finding.DOUBT, values)
    return Line(Rule.LAUREATE, Finding.UNKNOWN if situation.was_laureate is None else Finding.FINE, values)


def _one_candidacy(situation: Situation, rules: Rules) -> Line:
    values = {"candidacies": rules.candidacies}
    if situation.has_candidacy is None:
        return Line(Rule.ONE_CANDIDACY, Finding.UNKNOWN, values)
    again = situation.has_candidacy and rules.candidacies == 1
    return Line(Rule.ONE_CANDIDACY, Finding.DOUBT if again else Finding.FINE, values)


def _identifier(situation: Situation) -> Line:
    if situation.has_identifier is None:
        return Line(Rule.IDENTIFIER, Finding.UNKNOWN, {})
    return Line(Rule.IDENTIFIER, Finding.FINE if situation.has_identifier else Finding.DOUBT, {})
