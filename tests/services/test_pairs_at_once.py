"""Twenty at once, in every pair of acts of a jury: saves, recusals and locks; proposals, votes, counts and confirmations.

Each is done or refused in words; what was done is there, once; what is there was done.
"""

from collections.abc import Callable, Iterator
from itertools import combinations_with_replacement

import pytest
from flask import Flask
from sqlalchemy import func, select

from awards_app.database import db
from awards_app.domain.refusals import Refusal
from awards_app.domain.scoring import MarkInput
from awards_app.domain.snapshot import take_snapshot
from awards_app.models.deliberations import Decision
from awards_app.models.juries import Interest
from awards_app.models.scoring import Mark, Snapshot
from awards_app.models.voting import Ballot
from awards_app.queries.ballots import ballots_of_round
from awards_app.services.decisions import confirm_decisions
from awards_app.services.deliberations import propose_decision, write_minutes
from awards_app.services.juries import declare_interest
from awards_app.services.locking import lock_scoring
from awards_app.services.scoring import record_scoresheet
from awards_app.services.voting import cast_ballot, close_ballot, open_ballot, prepare_ballot
from tests.decision_world import DELIBERATION, MINUTES, a_locked_round, be_present, places, propose
from tests.jury_world import SCORING, JuryWorld, a_round, add_file, add_seat, declare_all, give
from tests.services.at_once import each_at_once

EACH = 10
Acts = list[Callable[[], object]]


def pairs(*names: str) -> list[tuple[str, str]]:
    return list(combinations_with_replacement(names, 2))


def done(results: list[object]) -> list[object]:
    """Return what was done; whatever else is a refusal in words, never an error of the database."""
    broken = [one for one in results if isinstance(one, Exception) and not isinstance(one, Refusal)]
    assert broken == []
    return [one for one in results if not isinstance(one, Refusal)]


@pytest.fixture
def scoring(context: Flask) -> Iterator[JuryWorld]:
    world = a_round(golden=True)
    add_seat(world, "Chantal", "chair")
    for number in range(EACH):
        add_seat(world, f"Juré {number}", email=f"j{number}@jury{number}.exemple")
    add_file(world, "Alpha")
    declare_all(world)
    for juror in world.seats:
        give(world, juror, "Alpha", "3333")
    yield world
    db.session.remove()


def acts_of_scoring(world: JuryWorld, name: str) -> Acts:
    chair, file, key = world.holder("Chantal"), world.files["Alpha"], world.round_key
    jurors = [(world.holder(one), seat) for one, seat in world.seats.items() if one != "Chantal"]
    mark = {"a": MarkInput(5, reason="mieux")}
    acts: dict[str, Acts] = {
        "save": [
            lambda who=who, seat=seat: record_scoresheet(who, seat, file, mark, SCORING)
            for who, seat in jurors
        ],
        "recuse": [
            lambda who=who, seat=seat: declare_interest(who, seat, file, "recused", "un lien", SCORING)
            for who, seat in jurors
        ],
        "lock": [lambda: lock_scoring(chair, key, SCORING)] * EACH,
    }
    return acts[name]


@pytest.mark.parametrize(("one", "other"), pairs("save", "recuse", "lock"))
def test_pairs_of_scoring(context: Flask, scoring: JuryWorld, one: str, other: str) -> None:
    first, second = acts_of_scoring(scoring, one), acts_of_scoring(scoring, other)
    db.session.rollback()

    results = each_at_once(context, [*first, *second])

    answers = {one: done(results[:EACH])}
    answers[other] = [*answers.get(other, []), *done(results[EACH:])]
    db.session.rollback()
    raised = db.session.scalar(select(func.count()).select_from(Mark).where(Mark.level == 5))
    # The same juror's two saves of one mark are one mark.
    assert raised == len(answers.get("save", [])) // (2 if one == other == "save" else 1)
    recused = select(func.count()).where(Interest.verdict == "recused", Interest.replaced_at.is_(None))
    assert db.session.scalar(recused) == (EACH if answers.get("recuse") else 0)
    snapshots = db.session.scalars(select(Snapshot).where(Snapshot.released_at.is_(None))).all()
    assert len(snapshots) == (1 if answers.get("lock") else 0)
    for snapshot in snapshots:
        there = ballots_of_round(scoring.round_id, scoring.edition_id, is_national=False)
        assert take_snapshot(there.by_theme, there.numbers).sha256 == snapshot.sha256


@pytest.fixture
def deliberating(context: Flask) -> Iterator[tuple[JuryWorld, str]]:
    """A locked round with its entry and title proposed, its minutes written, and a secret ballot open."""
    world = a_locked_round()
    be_present(world)
    for prize in ("national_entry", "regional_title"):
        propose(world, prize, "Béta")
    places(world, "regional_special", 3)
    chair = world.holder("J1")
    write_minutes(chair, world.round_key, MINUTES, DELIBERATION)
    ballot = prepare_ballot(
        chair,
        world.round_key,
        theme_code="us",
        kind="secret",
        question="Qui ?",
        candidacy_keys=[world.files[name] for name in ("Alpha", "Béta")],
        now=DELIBERATION,
    )
    open_ballot(chair, ballot, DELIBERATION)
    yield world, ballot
    db.session.remove()


def acts_of_deliberation(world: JuryWorld, ballot: str, name: str) -> Acts:
    chair, chamber, key = world.holder("J1"), world.coordinator, world.round_key
    voters = [world.holder(one) for one in world.seats]
    paper = [world.files["Béta"]]
    named = {
        "candidacy_key": world.files["Alpha"],
        "citation": "Pour sa constance.",
        "reason": "Le jury y tient.",
    }
    acts: dict[str, Acts] = {
        "propose": [
            lambda: propose_decision(
                chair, key, prize_code="regional_special", theme_code="us", now=DELIBERATION, **named
            )
        ],
        "confirm": [lambda: confirm_decisions(chamber, key, DELIBERATION)],
        "vote": [lambda who=who: cast_ballot(who, ballot, paper, DELIBERATION) for who in voters],
        "count": [lambda: close_ballot(chair, ballot, DELIBERATION)],
    }
    return (acts[name] * EACH)[:EACH]


@pytest.mark.parametrize(("one", "other"), pairs("propose", "confirm", "vote", "count"))
def test_pairs_of_deliberation(
    context: Flask, deliberating: tuple[JuryWorld, str], one: str, other: str
) -> None:
    world, ballot = deliberating
    first, second = (
        acts_of_deliberation(world, ballot, one),
        acts_of_deliberation(world, ballot, other),
    )
    db.session.rollback()

    results = each_at_once(context, [*first, *second])

    answers = {one: done(results[:EACH])}
    answers[other] = [*answers.get(other, []), *done(results[EACH:])]
    db.session.rollback()
    decided = db.session.scalars(
        select(Decision).where(Decision.round_id == world.round_id, Decision.annulled_at.is_(None))
    ).all()
    special = {row.key for row in decided if row.citation == "Pour sa constance."}
    assert special == set(answers.get("propose", []))
    assert {row.confirmed_at is not None for row in decided} == {bool(answers.get("confirm"))}
    row = db.session.scalars(select(Ballot).where(Ballot.key == ballot)).one()
    papers = len(row.box) if row.result is None else row.result["papers"]
    assert papers == len(answers.get("vote", []))
    assert all(result == row.result for result in answers.get("count", []))
