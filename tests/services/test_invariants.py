"""Each invariant sees what breaks it: rows are spoilt behind the platform's back, one at a time."""

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text

from awards_app.database import atomic
from tests.invariants import CHECKS, broken
from tests.world import hooked_app, lay

SPOILT = {
    1: "UPDATE filing SET content = content || ' '",
    2: "UPDATE answer SET saved_at = '2026-12-01 00:00:00'",
    4: "UPDATE attachment SET size = size + 1",
    5: "UPDATE mark SET level = 9 WHERE level = 4",
    7: "UPDATE mark SET saved_at = '2026-12-01 00:00:00'",
    8: "UPDATE snapshot SET content = content || ' '",
    9: "UPDATE standing SET numerator = numerator + 1",
    10: "UPDATE standing SET rank = rank + 1",
    12: "UPDATE criterion_weight SET weight = weight - 1 WHERE weight = 20",
    13: "UPDATE admissibility_decision SET verdict = 'inadmissible', reason = 'x'",
    15: "UPDATE prize SET places = 0",
    16: "UPDATE decision SET annulled_at = '2026-12-01 00:00:00'",
    17: "UPDATE round SET phase = 'P5' WHERE phase = 'P6'",
    18: "UPDATE round SET embargo_at = '2026-11-20 18:00:00' WHERE region_code = '53'",
    19: "UPDATE decision SET annulled_at = '2026-12-01 00:00:00'",
    21: "UPDATE journal_entry SET object_key = 'x' WHERE seq = 5",
    22: "DELETE FROM journal_entry WHERE act = 'submit_candidacy'",
    23: "UPDATE round SET phase = 'P7' WHERE phase = 'P6'",
    24: "UPDATE role_grant SET granted_by_id = (SELECT min(id) FROM account)",
    28: "UPDATE interest SET verdict = 'recused', reason = 'x', declared_at = '2026-01-01 00:00:00'",
}


@pytest.mark.parametrize("number", SPOILT)
def test_an_invariant_sees_what_breaks_it(published: Flask, number: int) -> None:
    lay(published, "P6")
    with published.app_context():
        assert broken() == []
        with atomic() as session:
            session.execute(text(SPOILT[number]))
        assert [line.split(":")[0] for line in broken([number])][:1] == [str(number)]


def test_the_checks_are_those_of_the_list() -> None:
    assert set(SPOILT) <= set(CHECKS)
    assert set(CHECKS) >= {*range(1, 25), 28, 29, 30}


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory, new_database):  # type: ignore[no-untyped-def]  # a fixture of fixtures
    """One app for all: each test lays the same world again."""
    folder = Path(tmp_path_factory.mktemp("invariants"))
    url, remove = new_database(folder)
    with hooked_app(url, folder) as app:
        yield app
    remove()
