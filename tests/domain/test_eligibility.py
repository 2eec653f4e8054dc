"""Advice before the account: each rule of the edition, at its edges; never a refusal."""

from dataclasses import replace
from datetime import date

import pytest

from awards_app.domain.advice import Finding
from awards_app.domain.eligibility import Rule, Situation, examine, excluded_years, rules_of

SETTINGS = {
    "legal_families": [
        {"code": "association", "label": "Association", "accepted": True},
        {
            "code": "public_body",
            "label": "Organisme public",
            "accepted": False,
            "reason": "Personnes privées.",
        },
    ],
    "minimum_age_months": 24,
    "laureates_excluded_editions": 3,
    "candidacies_per_structure": 1,
}
RULES = rules_of(SETTINGS, date(2027, 6, 30), 2027)
GOOD = Situation("association", date(2015, 7, 14), "35", True, False, False, True)


def findings(situation: Situation, rules=RULES, honoured: tuple[int, ...] = ()) -> dict[Rule, Finding]:
    return {line.rule: line.finding for line in examine(situation, rules, honoured)}


def test_nothing_stands_in_the_way() -> None:
    assert findings(GOOD) == dict.fromkeys(Rule, Finding.FINE)


def test_nothing_was_answered() -> None:
    assert findings(Situation("", None, "", None, None, None, None)) == dict.fromkeys(Rule, Finding.UNKNOWN)


@pytest.mark.parametrize(
    ("founded", "finding"),
    [
        (date(2025, 6, 30), Finding.FINE), (date(2025, 7, 1), Finding.DOUBT), (date(2027, 7, 1), Finding.DOUBT),
        (date(2024, 2, 29), Finding.FINE), (None, Finding.UNKNOWN),
    ],
)  # fmt: skip
def test_the_age_is_that_of_the_closing_day(founded: date | None, finding: Finding) -> None:
    assert findings(replace(GOOD, founded_on=founded))[Rule.AGE] is finding


def test_the_age_follows_the_setting() -> None:
    young = replace(GOOD, founded_on=date(2026, 12, 1))
    assert findings(young)[Rule.AGE] is Finding.DOUBT
    assert findings(young, replace(RULES, minimum_age_months=6))[Rule.AGE] is Finding.FINE
    assert Rule.AGE not in findings(young, replace(RULES, minimum_age_months=0))


def test_a_former_laureate_waits_as_long_as_the_edition_says() -> None:
    assert excluded_years(RULES) == (2024, 2025, 2026)
    assert findings(replace(GOOD, was_laureate=True))[Rule.LAUREATE] is Finding.DOUBT
    assert findings(GOOD, honoured=(2026,))[Rule.LAUREATE] is Finding.DOUBT
    assert findings(GOOD, honoured=(2023,))[Rule.LAUREATE] is Finding.FINE
    assert Rule.LAUREATE not in findings(GOOD, replace(RULES, excluded_editions=0))


def test_each_other_doubt() -> None:
    assert findings(replace(GOOD, legal_family="public_body"))[Rule.FAMILY] is Finding.DOUBT
    assert findings(replace(GOOD, legal_family="inconnue"))[Rule.FAMILY] is Finding.UNKNOWN
    assert findings(replace(GOOD, region_takes_part=False))[Rule.REGION] is Finding.DOUBT
    assert findings(replace(GOOD, has_candidacy=True))[Rule.ONE_CANDIDACY] is Finding.DOUBT
    two = replace(RULES, candidacies=2)
    assert findings(replace(GOOD, has_candidacy=True), two)[Rule.ONE_CANDIDACY] is Finding.FINE
    assert findings(replace(GOOD, has_identifier=False))[Rule.IDENTIFIER] is Finding.DOUBT
