"""Who reads what: asked, given, adjusted by hand, completed after a departure; what a juror then sees."""

import pytest
from sqlalchemy import func, select, update

from awards_app.database import atomic, db
from awards_app.domain.assignment import (
    AssignmentsOnlyGrow,
    LastReaders,
    LinkWouldBreak,
    PairIsClosed,
    groups,
    loads,
)
from awards_app.domain.refusals import DoesNotExist, InputIsInvalid, IsForbidden, IsNotThePhase
from awards_app.domain.scoring import MarkInput
from awards_app.models.assignments import Assignment, AssignmentPlan
from awards_app.models.editions import Round
from awards_app.models.journal import JournalEntry
from awards_app.models.juries import Seat
from awards_app.queries.assignments import read_assignments
from awards_app.queries.ballots import ballots_of_round
from awards_app.queries.progress import progress
from awards_app.queries.reading import open_file
from awards_app.queries.scoring import candidacies_to_judge
from awards_app.services.assignment_plans import enqueue_waiting, work_out
from awards_app.services.assignments import (
    EverybodyReadsIt,
    NothingToGive,
    add_reader,
    ask_assignment,
    give_to_all,
    remove_reader,
)
from awards_app.services.juries import remove_juror
from awards_app.services.scoring import record_scoresheet
from tests.jury_world import SCORING, JuryWorld, a_round, add_file, add_seat, declare, declare_all

pytestmark = pytest.mark.usefixtures("context")


def a_jury(phase: str = "P2", files: int = 8, jurors: int = 6) -> JuryWorld:
    world = a_round(phase)
    for n in range(jurors):
        add_seat(world, f"J{n}", "chair" if n == 0 else "juror")
    for n in range(files):
        add_file(world, f"F{n}")
    return world


def ask(world: JuryWorld, readers: int = 3, **demands) -> str:
    return ask_assignment(world.coordinator, world.round_key, "us", readers=readers, now=SCORING, **demands)


def state(world: JuryWorld):
    return read_assignments(world.round_id, world.edition_id, is_national=False)


def pairs(world: JuryWorld) -> frozenset[tuple[str, str]]:
    return state(world).given_in(world.themes["us"])


def last_plan(world: JuryWorld):
    return state(world).plans[world.themes["us"]]


def set_phase(world: JuryWorld, phase: str) -> None:
    with atomic() as session:
        session.execute(update(Round).where(Round.id == world.round_id).values(phase=phase))


def acts() -> list[str]:
    return list(db.session.scalars(select(JournalEntry.act).order_by(JournalEntry.seq)))


def test_nobody_is_given_anything_until_it_is_asked():
    world = a_jury("P3")
    declare_all(world)
    assert pairs(world) == frozenset()
    _seat, lines = candidacies_to_judge(world.holder("J1"), world.seats["J1"], SCORING)
    assert {line.key for line in lines} == set(world.files.values())


def test_a_plan_gives_each_file_its_readers_evenly_and_links_the_jury():
    world = a_jury()
    declare(world, "J1", "F0", "recused")
    declare(world, "J2", "F0", "unsure")
    ask(world)
    given = pairs(world)
    seats = list(world.seats.values())
    assert sorted(loads(world.files.values(), ((seat, file) for file, seat in given)).values()) == [3] * 8
    assert set(loads(seats, given).values()) == {4}
    assert len(groups(seats, given)) == 1
    closed = {(world.files["F0"], world.seats[name]) for name in ("J1", "J2")}
    assert not closed & given
    plan = last_plan(world)
    assert (plan.state, plan.outcome["least"], plan.outcome["most"], plan.outcome["is_proven"]) == (
        "done",
        4,
        4,
        True,
    )
    assert acts()[-2:] == ["ask_assignment", "give_files"]


def test_a_juror_sees_and_scores_the_files_given_to_them_only():
    world = a_jury()
    ask(world)
    set_phase(world, "P3")
    declare_all(world)
    seat = world.seats["J1"]
    mine = {file for file, one in pairs(world) if one == seat}
    _facts, lines = candidacies_to_judge(world.holder("J1"), seat, SCORING)
    assert {line.key for line in lines} == mine
    other = next(key for key in world.files.values() if key not in mine)
    with pytest.raises(DoesNotExist):
        open_file(world.holder("J1"), seat, other, SCORING)
    with pytest.raises(DoesNotExist):
        record_scoresheet(world.holder("J1"), seat, other, {"need": MarkInput(2)}, SCORING)
    file = open_file(world.holder("J1"), seat, next(iter(mine)), SCORING)
    assert file.total == len(mine)
    ballot = ballots_of_round(world.round_id, world.edition_id, is_national=False).by_theme["us"]
    assert sorted(len(readers) for readers in ballot.panel.values()) == [3] * 8
    assert progress(world.holder("J0"), world.round_id, SCORING).expected == 24


def test_who_deliberates_reads_every_file():
    world = a_jury()
    ask(world)
    declare_all(world)
    seat = world.seats["J1"]
    other = next(key for key in world.files.values() if (key, seat) not in pairs(world))
    set_phase(world, "P4")
    assert open_file(world.holder("J1"), seat, other, SCORING).total == 8


def test_a_departure_is_made_good_without_taking_work_away():
    world = a_jury()
    ask(world)
    set_phase(world, "P3")
    before = pairs(world)
    remove_juror(world.coordinator, world.seats["J5"], "Empêchement.", SCORING)
    kept = frozenset(pair for pair in before if pair[1] != world.seats["J5"])
    assert pairs(world) == kept
    ask(world)
    after = pairs(world)
    assert kept <= after
    seats = [world.seats[f"J{n}"] for n in range(5)]
    assert min(loads(world.files.values(), ((seat, file) for file, seat in after)).values()) == 3
    work = loads(seats, after).values()
    assert max(work) - min(work) <= 1


def test_a_file_whose_readers_all_left_is_given_again():
    world = a_jury(files=5, jurors=5)
    ask(world, readers=2)
    set_phase(world, "P3")
    lost = world.files["F0"]
    readers = {seat for file, seat in pairs(world) if file == lost}
    for seat in readers:
        remove_juror(world.coordinator, seat, "Empêchement.", SCORING)
    assert not any(file == lost for file, _seat in pairs(world))
    left = next(name for name, seat in world.seats.items() if seat not in readers)
    with pytest.raises(DoesNotExist):
        open_file(world.holder(left), world.seats[left], lost, SCORING)
    ask(world, readers=2, spread=3)
    assert sum(file == lost for file, _seat in pairs(world)) == 2


def test_what_cannot_hold_is_said_and_changes_nothing():
    world = a_jury()
    for name in ("J0", "J1", "J2", "J3"):
        declare(world, name, "F0", "recused")
    ask(world)
    plan = last_plan(world)
    assert plan.state == "impossible"
    assert plan.outcome == {
        "demand": "readers",
        "files": [[world.files["F0"], 2]],
        "jurors": [],
        "possible": 2,
    }
    assert pairs(world) == frozenset()
    ask(world, readers=2)
    assert last_plan(world).state == "done"
    ask(world, readers=6)
    assert (last_plan(world).state, state(world).asked) == ("impossible", {world.themes["us"]: 2})


def test_once_scoring_is_open_readings_are_only_added():
    world = a_jury("P3")
    with pytest.raises(AssignmentsOnlyGrow):
        ask(world)
    set_phase(world, "P2")
    ask(world)
    set_phase(world, "P3")
    with pytest.raises(AssignmentsOnlyGrow):
        ask(world, from_scratch=True)
    ((file, seat), *_rest) = sorted(pairs(world))
    with pytest.raises(AssignmentsOnlyGrow):
        remove_reader(world.coordinator, world.round_key, seat, file, SCORING)
    before = pairs(world)
    ask(world, readers=4)
    assert before < pairs(world)
    give_to_all(world.coordinator, world.round_key, "us", SCORING)
    assert pairs(world) == frozenset()
    set_phase(world, "P4")
    with pytest.raises(IsNotThePhase):
        ask(world)


def test_a_reading_is_added_by_hand_where_nothing_closes_it():
    world = a_jury()
    declare(world, "J1", "F0", "recused")
    file = world.files["F0"]
    with pytest.raises(EverybodyReadsIt):
        add_reader(world.coordinator, world.round_key, world.seats["J2"], file, SCORING)
    ask(world)
    with pytest.raises(PairIsClosed):
        add_reader(world.coordinator, world.round_key, world.seats["J1"], file, SCORING)
    free = next(
        seat for name, seat in world.seats.items() if name != "J1" and (file, seat) not in pairs(world)
    )
    with atomic() as session:
        session.execute(update(Seat).where(Seat.key == free).values(finished_at=SCORING))
    for _twice in range(2):
        add_reader(world.coordinator, world.round_key, free, file, SCORING)
    assert state(world).given[file, free] == "hand"
    assert db.session.scalars(select(Seat.finished_at).where(Seat.key == free)).one() is None
    assert acts().count("add_reader") == 1


def test_a_reading_is_taken_back_by_hand_unless_the_jury_falls_apart():
    world = a_jury(files=3, jurors=3)
    ask(world, readers=2)
    given = pairs(world)
    file = world.files["F0"]
    first, second = sorted(seat for one, seat in given if one == file)
    remove_reader(world.coordinator, world.round_key, first, file, SCORING)
    with pytest.raises(LastReaders):
        remove_reader(world.coordinator, world.round_key, second, file, SCORING)
    other = next(one for one, seat in given if seat == first and one != file)
    with pytest.raises(LinkWouldBreak):
        remove_reader(world.coordinator, world.round_key, first, other, SCORING)
    assert pairs(world) == given - {(file, first)}


def test_the_same_draw_gives_the_same_plan(monkeypatch):
    world = a_jury()
    monkeypatch.setattr("secrets.token_hex", lambda _size: "5eed")
    ask(world)
    first = pairs(world)
    ask(world, from_scratch=True)
    assert pairs(world) == first
    monkeypatch.setattr("secrets.token_hex", lambda _size: "0ther")
    ask(world, from_scratch=True)
    assert pairs(world) != first


def test_a_big_plan_waits_for_a_worker_and_is_worked_out_once(monkeypatch):
    monkeypatch.setattr("awards_app.services.assignments.AT_ONCE", 10)
    world = a_jury()
    ask(world)
    assert last_plan(world).state == "waiting"
    assert pairs(world) == frozenset()
    assert enqueue_waiting(SCORING) == 0
    plan_id = db.session.scalars(select(AssignmentPlan.id)).one()
    assert [work_out(plan_id, SCORING) for _twice in range(2)] == ["done", "done"]
    assert db.session.scalar(select(func.count()).select_from(Assignment)) == 24


def test_a_plan_whose_asker_may_no_longer_is_not_applied(monkeypatch):
    monkeypatch.setattr("awards_app.services.assignments.AT_ONCE", 10)
    world = a_jury()
    ask(world)
    set_phase(world, "P4")
    plan_id = db.session.scalars(select(AssignmentPlan.id)).one()
    assert work_out(plan_id, SCORING) == "stale"
    assert pairs(world) == frozenset()


def test_demands_are_checked():
    world = a_round("P2")
    with pytest.raises(NothingToGive):
        ask(world)
    world = a_jury_in(world)
    with pytest.raises(InputIsInvalid) as caught:
        ask(world, readers=0, most=0, spread=0)
    assert sorted(caught.value.errors) == ["most", "readers", "spread"]
    with pytest.raises(IsForbidden):
        ask_assignment(world.holder("J0"), world.round_key, "us", readers=2, now=SCORING)


def a_jury_in(world: JuryWorld) -> JuryWorld:
    add_seat(world, "J0", "chair")
    add_file(world, "F0")
    return world
