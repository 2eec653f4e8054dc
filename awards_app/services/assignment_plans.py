"""Working out a plan of who reads what, then and there or in a worker: read, solve without a transaction, apply."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import or_, select, update

from awards_app.adapters.optimiser import solve
from awards_app.adapters.queue import enqueue
from awards_app.database import atomic, db
from awards_app.domain.assignment import (
    AssignmentIsImpossible,
    Impossible,
    Pair,
    Plan,
    Problem,
    faults,
    loads,
)
from awards_app.domain.permissions import Permission
from awards_app.domain.phases import Phase
from awards_app.domain.refusals import Refusal
from awards_app.models.assignments import Assignment, AssignmentPlan
from awards_app.models.editions import Round
from awards_app.models.juries import Seat
from awards_app.queries.access import RoundFacts, open_round
from awards_app.queries.accounts import holder_of_account
from awards_app.queries.assignments import Assignments, read_assignments
from awards_app.services.journal import write_entry
from awards_app.services.rounds import lock_round

JOB = "assignments.work_out"
# A plan that runs for longer lost its worker: another takes it up.
LOST_AFTER = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class _Asked:
    """A plan that was taken up, with what it was asked on."""

    plan_id: int
    round_id: int
    problem: Problem


def work_out(plan_id: int, now: datetime) -> str:
    """Work out a plan that waits, give the files, and return its state; safe to run twice.

    « impossible » says which demand cannot hold; « stale » that files, people or rights changed meanwhile.
    """
    asked = _take_up(plan_id, now)
    if asked is None:
        return _state(plan_id)
    try:
        plan = solve(asked.problem)
    except AssignmentIsImpossible as refusal:
        return _close(plan_id, "impossible", now, _in_words(refusal.why))
    if broken := faults(asked.problem, plan):
        # An answer that breaks what was asked is our own mistake: nobody is given a file by it.
        raise RuntimeError(f"the plan {plan_id} breaks {', '.join(broken)}")
    return _apply(asked, plan, now)


def enqueue_waiting(now: datetime) -> int:
    """Ask the queue again for the plans that wait, or whose worker was lost; return how many."""
    waiting = db.session.scalars(
        select(AssignmentPlan.id).where(
            or_(
                AssignmentPlan.state == "waiting",
                (AssignmentPlan.state == "running") & (AssignmentPlan.started_at < now - LOST_AFTER),
            )
        )
    ).all()
    return sum(enqueue(JOB, plan_id) for plan_id in waiting)


def _take_up(plan_id: int, now: datetime) -> _Asked | None:
    with atomic() as session:
        taken = session.execute(
            update(AssignmentPlan)
            .where(
                AssignmentPlan.id == plan_id,
                or_(
                    AssignmentPlan.state == "waiting",
                    (AssignmentPlan.state == "running") & (AssignmentPlan.started_at < now - LOST_AFTER),
                ),
            )
            .values(state="running", started_at=now)
        )
        if taken.rowcount == 0:  # type: ignore[attr-defined]  # an UPDATE has it
            return None
        plan = session.get_one(AssignmentPlan, plan_id, populate_existing=True)
        round_row = session.get_one(Round, plan.round_id, populate_existing=True)
        return _Asked(plan.id, plan.round_id, _problem(plan, round_row))


def _problem(plan: AssignmentPlan, round_row: Round) -> Problem:
    return _read(round_row).problem(
        plan.theme_id,
        readers=plan.readers,
        most=plan.most,
        spread=plan.spread,
        seed=plan.seed,
        from_scratch=plan.from_scratch,
        only_given=round_row.phase == Phase.SCORING.value,
    )


def _read(round_row: Round) -> Assignments:
    return read_assignments(round_row.id, round_row.edition_id, is_national=round_row.region_code is None)


def _apply(asked: _Asked, found: Plan, now: datetime) -> str:
    with atomic() as session:
        round_row = lock_round(asked.round_id)
        plan = session.get_one(AssignmentPlan, asked.plan_id, populate_existing=True)
        if plan.state != "running":
            return plan.state
        facts = _still_allowed(plan, round_row, now)
        state = _read(round_row)
        if facts is None or _problem(plan, round_row) != asked.problem:
            plan.state, plan.ended_at = "stale", now
            return plan.state
        changed = _give(plan, state, found.pairs, now)
        plan.state, plan.ended_at = "done", now
        work = loads(asked.problem.jurors, found.pairs)
        plan.outcome = {
            "least": min(work.values()),
            "most": max(work.values()),
            "added": len(changed),
            "is_proven": found.is_proven,
            "links": found.links_asked,
        }
        asker = holder_of_account(plan.asked_by_id)
        write_entry(
            asker,
            "give_files",
            "round",
            round_row.key,
            now,
            round_id=round_row.id,
            detail={"plan": plan.key, "seed": plan.seed, "added": len(changed)},
        )
        return plan.state


def _still_allowed(plan: AssignmentPlan, round_row: Round, now: datetime) -> RoundFacts | None:
    """Return the round for who asked, if they may still compose its jury; nothing is trusted that a job carried."""
    holder = holder_of_account(plan.asked_by_id)
    if holder is None:
        return None
    try:
        facts = open_round(holder, round_row.key, Permission.COMPOSE_JURY, now)
    except Refusal:
        return None
    return None if plan.from_scratch and facts.phase is Phase.SCORING else facts


def _give(plan: AssignmentPlan, state: Assignments, pairs: frozenset[Pair], now: datetime) -> list[Pair]:
    """Write what changes: what is new is added, what is left out of a fresh start is ended."""
    files = {file.key: file.id for file in state.files_of(plan.theme_id)}
    seats = {seat.key: seat.id for seat in state.seats_of(plan.theme_id)}
    given = state.given_in(plan.theme_id)
    if plan.from_scratch:
        for file, seat in given - pairs:
            db.session.execute(
                update(Assignment)
                .where(
                    Assignment.candidacy_id == files[file],
                    Assignment.seat_id == seats[seat],
                    Assignment.ended_at.is_(None),
                )
                .values(ended_at=now)
            )
    new = sorted(pairs - given)
    db.session.add_all(
        Assignment(
            round_id=plan.round_id,
            seat_id=seats[seat],
            candidacy_id=files[file],
            origin="computed",
            given_at=now,
            given_by_id=plan.asked_by_id,
        )
        for file, seat in new
    )
    db.session.execute(
        update(Seat).where(Seat.id.in_({seats[seat] for _file, seat in new})).values(finished_at=None)
    )
    db.session.flush()
    return new


def _close(plan_id: int, state: str, now: datetime, outcome: dict[str, Any]) -> str:
    with atomic() as session:
        session.execute(
            update(AssignmentPlan)
            .where(AssignmentPlan.id == plan_id, AssignmentPlan.state == "running")
            .values(state=state, ended_at=now, outcome=outcome)
        )
    return state


def _in_words(why: Impossible) -> dict[str, Any]:
    return {
        "demand": why.demand.value,
        "files": [list(line) for line in why.files],
        "jurors": [list(line) for line in why.jurors],
        "possible": why.possible,
    }


def _state(plan_id: int) -> str:
    return db.session.scalars(select(AssignmentPlan.state).where(AssignmentPlan.id == plan_id)).one()
