"""The cases of the catalogue: each is written once, or has its reason; the list is whole."""

from tests.cases.context import CASES
from tests.cases.reasons import REASONS
from tests.cases.run import catalogue, chosen, load, unwritten


def test_every_case_of_the_catalogue_is_listed_once() -> None:
    load()
    identifiers = [one["id"] for one in catalogue()]
    assert len(identifiers) == len(set(identifiers)) == 264
    assert set(CASES) <= set(identifiers)
    assert set(REASONS) <= set(identifiers)
    assert set(CASES) & set(REASONS) == set()
    assert all(unwritten(one)["reason"] for one in catalogue() if one["id"] not in CASES)


def test_cases_are_chosen_by_identifier_or_group() -> None:
    assert [one["id"] for one in chosen(["a1"])] == ["A1"]
    assert {one["group"] for one in chosen(["A", "N"])} == {"A. Object access", "N. Audit trail"}
    assert len(chosen([])) == 264
