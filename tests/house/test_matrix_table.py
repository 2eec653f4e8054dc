"""The table of permissions in the code is the published matrix, cell for cell."""

import csv
from pathlib import Path

from awards_app.domain.permission_table import CELLS, PHASES, SUBJECTS, TWO_PERSONS
from awards_app.domain.permissions import Permission, Subject, letter
from awards_app.domain.phases import Phase

MATRIX = Path(__file__).parents[1] / "data" / "permission_matrix.csv"
WORDS = {"A": "allow", "C": "409", "F": "403", "L": "401/302", "N": "404"}


def _published() -> list[dict[str, str]]:
    with MATRIX.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def test_every_cell_of_the_matrix_is_the_cell_of_the_code() -> None:
    """61 actions, 8 phases, 15 subjects: 7,320 answers, compared one by one."""
    published = _published()
    assert len(published) == 61 * 8 * 15
    wrong = [
        (row["id"], row["phase"], row["subject"], row["expected"], found)
        for row in published
        if (found := WORDS[letter(Permission(row["id"]), Phase(row["phase"]), {Subject(row["subject"])})])
        != row["expected"]
    ]
    assert wrong == []


def test_the_code_has_no_action_that_the_matrix_lacks() -> None:
    assert (
        {permission.value for permission in Permission} == {row["id"] for row in _published()} == set(CELLS)
    )
    assert tuple(subject.value for subject in Subject) == SUBJECTS
    assert tuple(phase.value for phase in Phase) == PHASES


def test_acts_of_two_persons_are_those_of_the_matrix() -> None:
    published = {
        (row["id"], row["phase"])
        for row in _published()
        if row["two_person"] == "1" and row["expected"] == "allow"
    }
    coded = {(action, phase) for action, phases in TWO_PERSONS.items() for phase in phases}
    assert coded == published
