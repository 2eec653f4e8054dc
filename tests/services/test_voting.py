"""Ballots of a deliberation: who votes, once, and nothing that leads from a paper to a person."""

import pytest
from sqlalchemy import select, update

from awards_app.database import atomic, db
from awards_app.domain.ballots import (
    AlreadyVoted,
    BallotIsInvalid,
    BallotIsNotOpen,
    FileHasLeft,
    NotAVoter,
    QuorumIsMissing,
    ReasonForCancelling,
    SecretNeedsMore,
    VoterStandsAside,
)
from awards_app.domain.deliberations import DecisionsAreBlocked
from awards_app.domain.refusals import DoesNotExist, IsNotThePhase, Refusal
from awards_app.domain.voting import PaperIsInvalid
from awards_app.models.candidacies import Candidacy
from awards_app.models.voting import Ballot, BallotVoter
from awards_app.queries.voting import ballots_of, ballots_room
from awards_app.services.deliberations import confirm_decisions, write_minutes
from awards_app.services.juries import declare_interest
from awards_app.services.locking import unlock_scoring
from awards_app.services.voting import (
    cancel_ballot,
    cast_ballot,
    close_ballot,
    open_ballot,
    prepare_ballot,
    record_hands,
)
from tests.decision_world import DELIBERATION, MINUTES, a_locked_round, be_present, propose
from tests.services.at_once import at_once


@pytest.fixture
def world(app):
    with app.app_context():
        world = a_locked_round()
        be_present(world)
        yield world


def prepared(world, kind="secret", files=("Béta", "Alpha"), **changes):
    said = {
        "theme_code": "us",
        "kind": kind,
        "question": "Qui reçoit le prix ?",
        "candidacy_keys": [world.files[name] for name in files],
        "now": DELIBERATION,
        **changes,
    }
    return prepare_ballot(world.holder("J1"), world.round_key, **said)


def opened(world, kind="secret", **changes):
    key = prepared(world, kind, **changes)
    open_ballot(world.holder("J1"), key, DELIBERATION)
    return key


def cast(world, name, key, *files):
    cast_ballot(world.holder(name), key, [world.files[file] for file in files], DELIBERATION)


def row_of(key):
    db.session.rollback()
    return db.session.scalars(select(Ballot).where(Ballot.key == key)).one()


def test_a_secret_ballot_counts_papers_and_keeps_none(world):
    key = opened(world)
    cast(world, "J1", key, "Béta")
    cast(world, "J3", key, "Alpha")
    cast(world, "J4", key, "Alpha")
    result = close_ballot(world.holder("J1"), key, DELIBERATION)
    alpha, beta = world.files["Alpha"], world.files["Béta"]
    assert [(line["option"], line["figure"]) for line in result["lines"]] == [(alpha, 2), (beta, 1)]
    assert (result["papers"], result["blank"], result["first"]) == (3, 0, [alpha])
    assert row_of(key).box == []
    assert close_ballot(world.holder("J1"), key, DELIBERATION) == result


def test_the_box_says_nothing_of_the_order_of_votes(world):
    boxes = []
    for order in (("J1", "J3", "J4"), ("J4", "J1", "J3")):
        key = opened(world)
        for name in order:
            cast(world, name, key, "Alpha" if name == "J4" else "Béta")
        boxes.append(row_of(key).box)
        voters = db.session.scalars(select(BallotVoter).where(BallotVoter.ballot_id == row_of(key).id))
        assert {voter.shown for voter in voters} == {None}
    assert boxes[0] == boxes[1]


def test_a_secret_paper_is_put_once(world):
    key = opened(world)
    cast(world, "J3", key, "Béta")
    with pytest.raises(AlreadyVoted):
        cast(world, "J3", key, "Alpha")
    assert len(row_of(key).box) == 1


def test_a_raised_hand_may_change_until_the_close_and_is_named(world):
    key = opened(world, "hands")
    cast(world, "J3", key, "Béta")
    cast(world, "J3", key, "Alpha")
    record_hands(
        world.holder("J1"),
        key,
        {world.seats["J4"]: world.files["Alpha"], world.seats["J1"]: ""},
        DELIBERATION,
    )
    result = close_ballot(world.holder("J1"), key, DELIBERATION)
    assert (result["papers"], result["blank"], result["first"]) == (3, 1, [world.files["Alpha"]])
    shown = {shown for _seat, shown in ballots_of(world.round_id)[0].voters}
    assert shown == {world.files["Alpha"], ""}


def test_who_stands_aside_in_the_theme_neither_votes_nor_sees(world):
    key = opened(world)
    with pytest.raises(Refusal) as refused:
        cast(world, "J2", key, "Alpha")
    assert refused.value.status == 404
    with pytest.raises(DoesNotExist):
        ballots_room(world.holder("J2"), world.round_id, DELIBERATION)
    assert (row_of(key).base, row_of(key).present) == (3, 3)


def test_who_is_not_noted_present_does_not_vote(world):
    be_present(world, "J4")
    key = opened(world, "hands")
    with pytest.raises(NotAVoter):
        cast(world, "J4", key, "Alpha")
    with pytest.raises(NotAVoter):
        record_hands(world.holder("J1"), key, {world.seats["J4"]: ""}, DELIBERATION)


def test_the_coordinator_has_no_vote(world):
    with pytest.raises(NotAVoter):
        cast_ballot(world.coordinator, opened(world), [], DELIBERATION)


def test_the_quorum_leaves_out_who_stands_aside(world):
    be_present(world, "J3", "J4")
    with pytest.raises(QuorumIsMissing) as refused:
        open_ballot(world.holder("J1"), prepared(world, "hands"), DELIBERATION)
    assert refused.value.values == {"present": 1, "base": 3}


def test_a_secret_ballot_of_two_would_tell_too_much(world):
    be_present(world, "J4")
    with pytest.raises(SecretNeedsMore):
        open_ballot(world.holder("J1"), prepared(world), DELIBERATION)
    be_present(world)
    key = opened(world)
    cast(world, "J1", key, "Béta")
    cast(world, "J3", key, "Béta")
    with pytest.raises(SecretNeedsMore):
        close_ballot(world.holder("J1"), key, DELIBERATION)


def test_nothing_before_it_opens_nor_after_it_closes(world):
    key = prepared(world, "hands")
    with pytest.raises(BallotIsNotOpen):
        cast(world, "J3", key, "Béta")
    open_ballot(world.holder("J1"), key, DELIBERATION)
    close_ballot(world.holder("J1"), key, DELIBERATION)
    with pytest.raises(BallotIsNotOpen):
        cast(world, "J3", key, "Béta")


def test_a_plain_question_is_answered_for_or_against(world):
    key = opened(world, "hands", files=(), question="Décerner le prix ?")
    cast_ballot(world.holder("J3"), key, ["for"], DELIBERATION)
    with pytest.raises(PaperIsInvalid):
        cast(world, "J4", key, "Béta")
    assert close_ballot(world.holder("J1"), key, DELIBERATION)["first"] == ["for"]


@pytest.mark.parametrize(
    "changes",
    [
        {"question": " "},
        {"kind": "applause"},
        {"files": ("Béta",)},
        {"theme_code": "te"},
        {"theme_code": "nowhere"},
    ],
)
def test_a_ballot_needs_a_question_a_kind_and_choices_of_one_theme(world, changes):
    with pytest.raises(BallotIsInvalid):
        prepared(world, **changes)


def test_only_the_chair_prepares_opens_and_closes(world):
    key = prepared(world)
    for act in (open_ballot, close_ballot):
        with pytest.raises(Refusal) as refused:
            act(world.holder("J3"), key, DELIBERATION)
        assert refused.value.status == 403


def test_a_cancelled_ballot_says_why_and_keeps_no_paper(world):
    key = opened(world)
    cast(world, "J3", key, "Béta")
    with pytest.raises(ReasonForCancelling):
        cancel_ballot(world.holder("J1"), key, " ", DELIBERATION)
    cancel_ballot(world.holder("J1"), key, "Question mal posée", DELIBERATION)
    row = row_of(key)
    assert (row.cancelled_reason, row.box, row.result) == ("Question mal posée", [], None)
    with pytest.raises(BallotIsNotOpen):
        cast(world, "J4", key, "Béta")


def test_no_vote_once_the_scores_are_open_again(world):
    key = opened(world)
    unlock_scoring(world.holder("J1"), world.round_key, "erreur", DELIBERATION)
    unlock_scoring(world.coordinator, world.round_key, "erreur", DELIBERATION)
    with pytest.raises((IsNotThePhase, DoesNotExist)):
        cast(world, "J3", key, "Béta")


def test_twenty_papers_at_once_from_one_member_are_one(world, app):
    key = opened(world)
    holder, paper = world.holder("J3"), [world.files["Béta"]]
    db.session.rollback()
    results = at_once(app, 20, lambda: cast_ballot(holder, key, paper, DELIBERATION))
    assert sorted(type(result).__name__ for result in results) == ["AlreadyVoted"] * 19 + ["NoneType"]
    assert len(row_of(key).box) == 1


def test_a_counted_ballot_is_cancelled_by_two_persons(world):
    key = opened(world, "hands")
    cast(world, "J3", key, "Béta")
    close_ballot(world.holder("J1"), key, DELIBERATION)
    assert cancel_ballot(world.holder("J1"), key, "Mal compris", DELIBERATION) == "pending"
    assert row_of(key).cancelled_at is None
    assert cancel_ballot(world.holder("J1"), key, "Encore", DELIBERATION) == "pending"
    assert cancel_ballot(world.coordinator, key, "D’accord", DELIBERATION) == "done"
    assert (row_of(key).cancelled_reason, row_of(key).result["papers"]) == ("Mal compris", 1)


def test_the_coordination_does_not_cancel_a_running_ballot(world):
    with pytest.raises(Refusal) as refused:
        cancel_ballot(world.coordinator, opened(world, "hands"), "Non", DELIBERATION)
    assert refused.value.status == 403


def stand_aside(world, name, file):
    declare_interest(
        world.holder(name), world.seats[name], world.files[file], "recused", "Lien.", DELIBERATION
    )


def test_the_hand_of_who_stands_aside_since_is_not_counted(world):
    key = opened(world, "hands")
    for name in ("J1", "J3"):
        cast(world, name, key, "Béta")
    cast(world, "J4", key, "Alpha")
    stand_aside(world, "J4", "Alpha")

    result = close_ballot(world.holder("J1"), key, DELIBERATION)

    line = ballots_of(world.round_id)[0]
    assert (result["papers"], result["first"]) == (2, [world.files["Béta"]])
    assert (line.base, line.present, len(line.voters)) == (2, 2, 2)


@pytest.mark.parametrize("kind", ["secret", "borda"])
def test_a_secret_ballot_with_the_paper_of_who_stands_aside_since_is_not_counted(world, kind):
    key = opened(world, kind)
    for name in ("J1", "J3", "J4"):
        cast(world, name, key, *(("Béta", "Alpha") if kind == "borda" else ("Béta",)))
    stand_aside(world, "J4", "Alpha")

    with pytest.raises(VoterStandsAside):
        close_ballot(world.holder("J1"), key, DELIBERATION)

    assert row_of(key).closed_at is None
    assert cancel_ballot(world.holder("J1"), key, "Un déport.", DELIBERATION) == "done"


def test_who_came_or_went_while_it_was_open_is_in_the_number_of_those_present(world):
    be_present(world, "J4")
    key = opened(world, "hands")
    cast(world, "J3", key, "Béta")
    be_present(world, "J3")
    cast(world, "J4", key, "Béta")

    close_ballot(world.holder("J1"), key, DELIBERATION)

    line = ballots_of(world.round_id)[0]
    assert (line.base, line.present, len(line.voters)) == (3, 3, 2)


def test_a_ballot_on_a_file_that_was_withdrawn_since_does_not_open(world):
    key = prepared(world, "hands")
    with atomic() as session:
        session.execute(
            update(Candidacy)
            .where(Candidacy.key == world.files["Alpha"])
            .values(state="withdrawn", withdrawn_at=DELIBERATION)
        )

    with pytest.raises(FileHasLeft):
        open_ballot(world.holder("J1"), key, DELIBERATION)


def test_decisions_are_not_confirmed_while_a_vote_is_under_way(world):
    key = opened(world)
    cast(world, "J3", key, "Béta")
    write_minutes(world.holder("J1"), world.round_key, MINUTES, DELIBERATION)
    for prize in ("national_entry", "regional_title"):
        propose(world, prize, "Béta")

    with pytest.raises(DecisionsAreBlocked) as refused:
        confirm_decisions(world.coordinator, world.round_key, DELIBERATION)
    assert list(refused.value.points) == [
        "Le vote 1 est encore ouvert : « Qui reçoit le prix ? ». La présidence le clôt ou l’annule d’abord."
    ]
    cancel_ballot(world.holder("J1"), key, "Sans objet", DELIBERATION)
    assert confirm_decisions(world.coordinator, world.round_key, DELIBERATION) == "done"
