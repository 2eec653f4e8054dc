"""Many at once, on both databases: saves against the lock, two chairs, two tabs of one juror."""

import threading

import pytest
from sqlalchemy import func, select

from awards_app.database import db
from awards_app.domain.refusals import Refusal
from awards_app.domain.scoring import MarkInput, ScoringIsLocked, SheetWasChanged
from awards_app.domain.snapshot import take_snapshot
from awards_app.models.scoring import Mark, Scoresheet, Snapshot
from awards_app.queries.ballots import ballots_of_round
from awards_app.services.locking import lock_scoring
from awards_app.services.scoring import record_scoresheet
from tests.jury_world import SCORING, a_round, add_file, add_seat, declare, declare_all, give


def at_once(app, *acts):
    """Run each act in a thread of its own, all started together; return what each answered or raised."""
    barrier = threading.Barrier(len(acts))
    answers = [None] * len(acts)

    def run(place, act):
        with app.app_context():
            try:
                barrier.wait()
                answers[place] = act()
            except Refusal as refusal:
                answers[place] = refusal
            finally:
                db.session.remove()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


@pytest.fixture
def world(context):
    world = a_round(golden=True)
    add_seat(world, "Chantal", "chair")
    for number in range(5):
        add_seat(world, f"Juré {number}", email=f"j{number}@jury{number}.exemple")
    add_file(world, "Alpha")
    declare_all(world)
    for juror in world.seats:
        give(world, juror, "Alpha", "3333")
    db.session.rollback()
    return world


def test_a_save_racing_the_lock_is_in_the_snapshot_or_refused(app, world):
    chair = world.holder("Chantal")
    jurors = {name: world.holder(name) for name in world.seats if name != "Chantal"}
    file = world.files["Alpha"]
    db.session.rollback()

    def save(name):
        return lambda: record_scoresheet(
            jurors[name], world.seats[name], file, {"a": MarkInput(5, reason="mieux")}, SCORING
        )

    sha256, *saves = at_once(
        app, lambda: lock_scoring(chair, world.round_key, SCORING), *(save(name) for name in jurors)
    )

    accepted = [answer for answer in saves if not isinstance(answer, Refusal)]
    assert all(type(answer) is ScoringIsLocked for answer in saves if isinstance(answer, Refusal))
    raised = db.session.scalar(select(func.count()).select_from(Mark).where(Mark.level == 5))
    assert raised == len(accepted)
    now_there = ballots_of_round(world.round_id, world.edition_id, is_national=False)
    assert take_snapshot(now_there.by_theme, now_there.numbers).sha256 == sha256


def test_two_locks_at_once_leave_one_snapshot(app, world):
    chair = world.holder("Chantal")
    db.session.rollback()

    answers = at_once(app, *[lambda: lock_scoring(chair, world.round_key, SCORING)] * 4)

    assert len(set(answers)) == 1
    assert db.session.scalars(select(Snapshot.sha256)).all() == answers[:1]


def test_two_tabs_at_once_never_overwrite_each_other_unseen(app, world):
    jury = world.holder("Juré 1")
    seat, file = world.seats["Juré 1"], world.files["Alpha"]
    db.session.rollback()

    def save(level):
        return lambda: record_scoresheet(jury, seat, file, {"a": MarkInput(level, version=1)}, SCORING)

    answers = at_once(app, *(save(level) for level in (0, 1, 2, 4, 5)))

    assert sorted(type(answer).__name__ for answer in answers) == ["SavedSheet"] + ["SheetWasChanged"] * 4
    assert all(isinstance(answer, SheetWasChanged) for answer in answers if isinstance(answer, Refusal))


def test_the_first_save_of_a_sheet_made_twice_leaves_one_sheet(app, world):
    add_file(world, "Béta")
    declare(world, "Juré 2", "Béta")
    jury = world.holder("Juré 2")
    seat, file = world.seats["Juré 2"], world.files["Béta"]
    db.session.rollback()

    def save(code):
        return lambda: record_scoresheet(jury, seat, file, {code: MarkInput(2)}, SCORING)

    at_once(app, *(save(code) for code in "abcd"))

    marks = db.session.scalar(
        select(func.count())
        .select_from(Mark)
        .join(Scoresheet, Scoresheet.id == Mark.scoresheet_id)
        .where(Scoresheet.candidacy_id == world.candidacy_id("Béta"))
    )
    assert marks == 4
