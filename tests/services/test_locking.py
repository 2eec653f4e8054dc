"""The lock: golden data through the services, what is missing, what may be undone."""

from fractions import Fraction

import pytest
from sqlalchemy import select

from awards_app.database import db
from awards_app.domain.phases import Phase
from awards_app.domain.refusals import IsForbidden, IsNotThePhase
from awards_app.domain.scoring import MarkInput, ScoringIsLocked
from awards_app.models.candidacies import Candidacy
from awards_app.models.editions import Round
from awards_app.models.scoring import Snapshot, StandingRow
from awards_app.services.juries import declare_interest, remove_juror
from awards_app.services.locking import SheetsAreMissing, lock_scoring, unlock_scoring
from awards_app.services.scoring import record_scoresheet, waive_scoresheet
from tests.jury_world import (
    SCORING,
    a_round,
    add_file,
    add_seat,
    declare,
    declare_all,
    give,
    golden_world,
)


def standings_rows(world):
    rows = db.session.execute(
        select(Candidacy.title, StandingRow)
        .join(Candidacy, Candidacy.id == StandingRow.candidacy_id)
        .join(Snapshot, Snapshot.id == StandingRow.snapshot_id)
        .where(Snapshot.round_id == world.round_id, Snapshot.released_at.is_(None))
        .order_by(StandingRow.rank, Candidacy.title)
    )
    return [
        (
            title.removeprefix("Projet "),
            None if row.numerator is None else Fraction(row.numerator, row.denominator),
            row.shown,
            row.rank,
            row.is_tied,
            row.readers,
        )
        for title, row in rows
    ]


def phase(world):
    return db.session.scalar(select(Round.phase).where(Round.id == world.round_id))


def test_the_golden_data_is_exact(context):
    world = golden_world()

    lock_scoring(world.holder("J1"), world.round_key, SCORING)

    assert standings_rows(world) == [
        ("Béta", Fraction(59, 15), "3,93", 1, False, 3),
        ("Alpha", Fraction(15, 4), "3,75", 2, False, 4),
        ("Epsilon", Fraction(149, 40), "3,73", 3, True, 4),
        ("Gamma", Fraction(149, 40), "3,73", 3, True, 4),
        ("Delta", Fraction(18, 5), "3,60", 5, False, 4),
    ]
    assert phase(world) == "P4"


def test_a_sheet_merely_missing_stops_the_lock_and_names_juror_and_file(context):
    world = golden_world()
    add_file(world, "Zêta")
    declare_all_but = ("J1", "J3", "J4")
    for juror in world.seats:
        declare(world, juror, "Zêta")
    for juror in declare_all_but:
        give(world, juror, "Zêta", "3333")

    with pytest.raises(SheetsAreMissing) as refused:
        lock_scoring(world.holder("J1"), world.round_key, SCORING)

    assert refused.value.status == 409
    assert refused.value.lines == (("J2", "Structure Zêta"),)
    assert phase(world) == "P3"


def test_two_persons_waive_a_missing_sheet_and_the_mean_is_over_the_others(context):
    world = golden_world()
    add_file(world, "Zêta")
    for juror in world.seats:
        declare(world, juror, "Zêta")
    for juror in ("J1", "J3", "J4"):
        give(world, juror, "Zêta", "3333")
    chair, chamber = world.holder("J1"), world.coordinator
    seat, file = world.seats["J2"], world.files["Zêta"]

    assert waive_scoresheet(chair, seat, file, "absente pour maladie", SCORING) == "pending"
    assert waive_scoresheet(chair, seat, file, "absente pour maladie", SCORING) == "pending"
    assert waive_scoresheet(chamber, seat, file, "vu", SCORING) == "done"
    lock_scoring(chair, world.round_key, SCORING)

    assert ("Zêta", Fraction(3), "3,00", 6, False, 3) in standings_rows(world)


def test_a_second_lock_gives_the_same_snapshot(context):
    world = golden_world()

    first = lock_scoring(world.holder("J1"), world.round_key, SCORING)
    second = lock_scoring(world.holder("J1"), world.round_key, SCORING)

    assert first == second
    assert db.session.scalars(select(Snapshot.number)).all() == [1]


def test_only_the_chair_locks(context):
    world = golden_world()

    with pytest.raises(IsForbidden):
        lock_scoring(world.holder("J3"), world.round_key, SCORING)
    with pytest.raises(IsNotThePhase):
        lock_scoring(world.coordinator, world.round_key, SCORING)
    assert phase(world) == "P3"


def test_no_mark_changes_once_locked(context):
    world = golden_world()
    sha256 = lock_scoring(world.holder("J1"), world.round_key, SCORING)

    with pytest.raises(ScoringIsLocked, match="verrouillé"):
        record_scoresheet(
            world.holder("J3"), world.seats["J3"], world.files["Alpha"], {"a": MarkInput(0)}, SCORING
        )

    assert db.session.scalar(select(Snapshot.sha256)) == sha256


def test_chair_and_chamber_unlock_and_the_former_snapshot_is_kept(context):
    world = golden_world()
    first = lock_scoring(world.holder("J1"), world.round_key, SCORING)

    assert unlock_scoring(world.holder("J1"), world.round_key, "note inversée", SCORING) == "pending"
    assert phase(world) == "P4"
    assert unlock_scoring(world.coordinator, world.round_key, "d’accord", SCORING) == "done"
    assert phase(world) == "P3"
    give(world, "J3", "Delta", "5555")
    second = lock_scoring(world.holder("J1"), world.round_key, SCORING)

    kept = db.session.execute(
        select(Snapshot.number, Snapshot.sha256, Snapshot.released_at).order_by(Snapshot.number)
    )
    assert [(number, sha, released is None) for number, sha, released in kept] == [
        (1, first, False),
        (2, second, True),
    ]
    assert first != second


def test_a_tie_found_after_the_lock_sets_the_sheet_aside_and_renews_the_snapshot(context):
    world = golden_world()
    lock_scoring(world.holder("J1"), world.round_key, SCORING)

    declare_interest(
        world.holder("J4"), world.seats["J4"], world.files["Delta"], "recused", "ma sœur y travaille", SCORING
    )

    delta = next(row for row in standings_rows(world) if row[0] == "Delta")
    assert delta == ("Delta", Fraction(19, 5), "3,80", 2, False, 3)
    assert db.session.scalars(select(Snapshot.number).order_by(Snapshot.number)).all() == [1, 2]


def test_a_juror_who_leaves_is_counted_no_more(context):
    world = golden_world()

    remove_juror(world.coordinator, world.seats["J4"], "démission", SCORING)
    lock_scoring(world.holder("J1"), world.round_key, SCORING)

    readers = {name: count for name, *_rest, count in standings_rows(world)}
    assert readers == {"Béta": 2, "Alpha": 3, "Gamma": 3, "Epsilon": 3, "Delta": 3}


def test_withdrawn_and_inadmissible_files_are_not_ranked(context):
    world = golden_world()
    add_file(world, "Retirée", state="submitted", verdict="inadmissible")

    lock_scoring(world.holder("J1"), world.round_key, SCORING)

    assert sorted(row[0] for row in standings_rows(world)) == ["Alpha", "Béta", "Delta", "Epsilon", "Gamma"]


@pytest.mark.parametrize("case", ["no file", "all recused", "all equal"])
def test_rounds_without_a_mean_are_locked_all_the_same(context, case):
    world = a_round(golden=True)
    add_seat(world, "J1", "chair")
    add_seat(world, "J2")
    if case != "no file":
        add_file(world, "Alpha")
        add_file(world, "Béta")
    if case == "all recused":
        for juror in world.seats:
            declare(world, juror, "Alpha", "recused")
            declare(world, juror, "Béta")
            give(world, juror, "Béta", "4444")
    if case == "all equal":
        declare_all(world)
        for juror in world.seats:
            for file in world.files:
                give(world, juror, file, "4444")

    if case == "all recused":
        add_seat(world, "J3", "deputy")
        for file in world.files:
            declare(world, "J3", file)
            give(world, "J3", file, "4444")
        remove_juror(world.coordinator, world.seats["J2"], "départ", SCORING)
    lock_scoring(world.holder("J3" if case == "all recused" else "J1"), world.round_key, SCORING)

    expected = {
        "no file": [],
        "all recused": [
            ("Alpha", Fraction(4), "4,00", 1, True, 1),
            ("Béta", Fraction(4), "4,00", 1, True, 2),
        ],
        "all equal": [
            ("Alpha", Fraction(4), "4,00", 1, True, 2),
            ("Béta", Fraction(4), "4,00", 1, True, 2),
        ],
    }[case]
    assert standings_rows(world) == expected
    assert Phase(phase(world)) is Phase.DELIBERATION
