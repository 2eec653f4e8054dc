"""The stages of a file, and a list that is filtered by exactly what was typed."""

from datetime import UTC, datetime, timedelta

import pytest

from awards_app.domain.admissibility_queue import (
    QueueLine,
    Stage,
    Trace,
    Wanted,
    page_of,
    select_lines,
    stage_of,
)

NOW = datetime(2027, 7, 10, 9, tzinfo=UTC)
BEFORE, AFTER = NOW - timedelta(days=1), NOW + timedelta(days=1)


@pytest.mark.parametrize(
    ("trace", "stage"),
    [
        (Trace(), Stage.WAITING),
        (Trace(verdict="admissible", decided_at=BEFORE), Stage.ADMISSIBLE),
        (Trace(verdict="inadmissible", decided_at=BEFORE), Stage.INADMISSIBLE),
        (Trace(is_withdrawn=True, open_until=AFTER), Stage.WITHDRAWN),
        (Trace(open_until=AFTER), Stage.ASKED),
        (Trace(open_until=NOW), Stage.LAPSED),
        (Trace(verdict="admissible", decided_at=BEFORE, open_until=AFTER), Stage.ASKED),
        (Trace(verdict="admissible", decided_at=NOW, open_until=BEFORE), Stage.ADMISSIBLE),
        (Trace(answered_at=BEFORE), Stage.ANSWERED),
        (Trace(verdict="admissible", decided_at=BEFORE, answered_at=NOW), Stage.ANSWERED),
        (Trace(verdict="admissible", decided_at=NOW, answered_at=BEFORE), Stage.ADMISSIBLE),
    ],
)
def test_the_stage_of_a_file(trace: Trace, stage: Stage) -> None:
    assert stage_of(trace, NOW) is stage


def _line(key: str, name: str, title: str = "", identifier: str = "", **more: object) -> QueueLine:
    values = {"department": "Ille-et-Vilaine", "theme_code": "us", "stage": Stage.WAITING, **more}
    return QueueLine(
        key=key,
        title=title,
        structure_name=name,
        city="Rennes",
        identifier=identifier,
        theme_name="Utilité Sociale",
        filed_at=NOW + timedelta(minutes=len(name)),
        **values,  # type: ignore[arg-type]  # the values of a test
    )


LINES = [
    _line("b", "Œuvres & Cie", "Le 100 % local", "732829320"),
    _line("a", "Étoiles", "Un_titre", stage=Stage.ADMISSIBLE, department="Finistère"),
    _line("c", "Aurore", "Épicerie", has_files=False, looks_alike=True),
]


@pytest.mark.parametrize(
    ("wanted", "keys"),
    [
        (Wanted(), ["c", "a", "b"]),
        (Wanted(order="-structure"), ["b", "a", "c"]),
        (Wanted(order="filed"), ["c", "a", "b"]),
        (Wanted(order="-filed"), ["b", "a", "c"]),
        (Wanted(order="title"), ["c", "b", "a"]),
        (Wanted(search="etoile"), ["a"]),
        (Wanted(search="OEUVRES cie"), ["b"]),
        (Wanted(search="%"), ["b"]),
        (Wanted(search="_"), ["a"]),
        (Wanted(search="100 % local"), ["b"]),
        (Wanted(search="732 829 320"), ["b"]),
        (Wanted(search="epicerie"), ["c"]),
        (Wanted(search="absente"), []),
        (Wanted(stage="admissible"), ["a"]),
        (Wanted(department="Finistère"), ["a"]),
        (Wanted(theme="te"), []),
        (Wanted(without_files=True), ["c"]),
        (Wanted(looks_alike=True), ["c"]),
    ],
)
def test_the_list_keeps_what_was_asked(wanted: Wanted, keys: list[str]) -> None:
    assert [line.key for line in select_lines(LINES, wanted).lines] == keys


def test_counts_are_of_what_the_other_filters_keep() -> None:
    found = select_lines(LINES, Wanted(stage="admissible"))
    assert (found.counts["waiting"], found.counts["admissible"], found.total) == (2, 1, 3)
    assert select_lines(LINES, Wanted()).neighbours("a") == ("c", "b", 2)
    assert select_lines(LINES, Wanted()).neighbours("z") == (None, None, 0)


def test_a_page_that_does_not_exist_is_the_nearest_one() -> None:
    assert [page_of(51, page) for page in (-1, 1, 3, 9)] == [(1, 3), (1, 3), (3, 3), (3, 3)]
    assert page_of(0, 4) == (1, 1)
