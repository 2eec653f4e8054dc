"""From region to nation: the frozen copy, the runner-up by one act of two persons, what is told to whom."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from awards_app.database import atomic, db
from awards_app.domain.deliberations import CandidacyCannotBeDecided, DecisionsAreBlocked
from awards_app.domain.national import NotAnEntry
from awards_app.domain.refusals import DoesNotExist, InputIsInvalid, IsForbidden, IsNotThePhase, Refusal
from awards_app.models.candidacies import Filing
from awards_app.models.deliberations import Decision
from awards_app.models.editions import Prize, Round
from awards_app.models.honours import Honour, NationalEntry
from awards_app.models.journal import JournalEntry
from awards_app.models.messages import Message
from awards_app.services import confirmations
from awards_app.services.agreements import AnotherProposalWaits
from awards_app.services.candidacies import withdraw_candidacy
from awards_app.services.honours import publish_due
from awards_app.services.national_entries import replace_entry
from tests.decision_world import DELIBERATION, LIFT, a_decided_round, an_armed_round, responsible, round_of
from tests.desk_world import letters
from tests.jury_world import JuryWorld, person

WHY = "La structure s’est retirée."


def entry_key(world: JuryWorld, outcome: str = "national_entry") -> str:
    return db.session.scalars(
        select(Decision.key)
        .join(Prize, Prize.id == Decision.prize_id)
        .where(Decision.round_id == world.round_id, Prize.outcome == outcome, Decision.annulled_at.is_(None))
    ).one()


def entries(world: JuryWorld) -> list[tuple[int, bool, str]]:
    rows = db.session.execute(
        select(NationalEntry.candidacy_id, NationalEntry.ended_at, NationalEntry.ended_reason).order_by(
            NationalEntry.id
        )
    )
    return [(row.candidacy_id, row.ended_at is None, row.ended_reason) for row in rows]


def withdraw_beta(world: JuryWorld) -> None:
    withdraw_candidacy(person(responsible(world, "Béta")), world.files["Béta"], WHY, DELIBERATION)


def test_an_entry_holds_the_copy_that_was_judged(context):
    world = a_decided_round()

    found = db.session.execute(
        select(Filing.candidacy_id, Filing.replaced_at, NationalEntry.theme_id).join(
            NationalEntry, NationalEntry.filing_id == Filing.id
        )
    ).one()
    told = db.session.scalars(select(JournalEntry.act).where(JournalEntry.act == "receive_entry")).all()
    assert tuple(found) == (world.candidacy_id("Béta"), None, world.themes["us"])
    assert told == ["receive_entry"]


def test_a_withdrawal_flags_and_promotes_nobody(context):
    world = an_armed_round()
    assert round_of(world).publication_armed_at is not None

    withdraw_beta(world)

    assert (round_of(world).phase, round_of(world).publication_armed_at) == ("P5", None)
    assert entries(world) == [(world.candidacy_id("Béta"), True, "")]
    assert [recipient for _kind, _state, recipient in letters("decision_flagged")] == [
        "j1@jury-j1.exemple",
        "j3@jury-j3.exemple",
        "j4@jury-j4.exemple",
        "coralie@cress.exemple",
        "ns1@ess-france.exemple",
        "ns2@ess-france.exemple",
    ]
    bodies = db.session.scalars(select(Message.body).where(Message.kind == "decision_flagged")).all()
    assert [body for body in bodies if "Béta" in body] == []
    flags = db.session.scalars(select(JournalEntry.seq).where(JournalEntry.act == "flag_decision")).all()
    assert len(flags) == 3


def test_one_act_of_two_persons_brings_the_runner_up(context):
    world = an_armed_round()
    withdraw_beta(world)
    key = entry_key(world)

    assert replace_entry(world.coordinator, key, world.files["Alpha"], WHY, DELIBERATION) == "pending"
    assert entries(world) == [(world.candidacy_id("Béta"), True, "")]
    pending = confirmations.pending_lines(world.holder("J1"), DELIBERATION)
    assert [line.verb for line in pending] == ["replace_entry"]
    assert confirmations.confirm(world.holder("J1"), pending[0].key, DELIBERATION) == "done"

    assert round_of(world).phase == "P5"
    assert entries(world) == [
        (world.candidacy_id("Béta"), False, WHY),
        (world.candidacy_id("Alpha"), True, ""),
    ]
    decisions = db.session.execute(
        select(
            Decision.candidacy_id, Decision.annulled_reason, Decision.proposed_by_id, Decision.confirmed_by_id
        )
        .join(Prize, Prize.id == Decision.prize_id)
        .where(Prize.outcome == "national_entry")
        .order_by(Decision.id)
    ).all()
    assert [tuple(row)[:2] for row in decisions] == [
        (world.candidacy_id("Béta"), WHY),
        (world.candidacy_id("Alpha"), ""),
    ]
    assert decisions[1].proposed_by_id == world.coordinator_id
    assert decisions[1].confirmed_by_id == world.accounts["J1"]
    assert [state for _kind, state, _to in letters("entry_replaced")] == ["waiting", "waiting"]


def test_the_second_person_confirms_what_the_first_proposed(context):
    world = a_decided_round()
    key = entry_key(world)
    for _again in range(2):
        assert replace_entry(world.coordinator, key, world.files["Alpha"], WHY, DELIBERATION) == "pending"

    with pytest.raises(AnotherProposalWaits):
        replace_entry(world.holder("J1"), key, None, WHY, DELIBERATION)

    assert entries(world) == [(world.candidacy_id("Béta"), True, "")]


def test_nobody_may_be_sent_up_either(context):
    world = a_decided_round()
    key = entry_key(world)
    replace_entry(world.holder("J1"), key, None, "Aucun autre dossier ne s’est détaché.", DELIBERATION)

    assert (
        replace_entry(world.coordinator, key, None, "Aucun autre dossier ne s’est détaché.", DELIBERATION)
        == "done"
    )

    assert [live for _id, live, _why in entries(world)] == [False]
    assert db.session.scalars(
        select(Decision.candidacy_id).where(Decision.key == entry_key(world))
    ).all() == [None]


def test_what_is_refused_changes_nothing(context):
    world = a_decided_round()
    key = entry_key(world)
    for who, file, reason, refusal in (
        (world.coordinator, "Alpha", "", InputIsInvalid),
        (world.coordinator, "inconnue", WHY, CandidacyCannotBeDecided),
        (world.holder("NS1"), "Alpha", WHY, IsNotThePhase),
        (world.holder("J3"), "Alpha", WHY, IsForbidden),
    ):
        with pytest.raises(refusal):
            replace_entry(who, key, world.files.get(file, "inconnue"), reason, DELIBERATION)

    assert entries(world) == [(world.candidacy_id("Béta"), True, "")]


def test_once_published_chamber_and_national_staff_correct_with_an_erratum(context):
    world = an_armed_round()
    assert publish_due(LIFT) == [world.round_key]
    key, after = entry_key(world), LIFT + timedelta(hours=1)

    with pytest.raises(Refusal):
        replace_entry(world.holder("J1"), key, world.files["Alpha"], WHY, after)
    assert replace_entry(world.coordinator, key, world.files["Alpha"], WHY, after) == "pending"
    assert replace_entry(world.holder("NS1"), key, world.files["Alpha"], WHY, after) == "done"

    assert round_of(world).phase == "P6"
    assert [live for _id, live, _why in entries(world)] == [False, True]
    sent = db.session.execute(
        select(Honour.structure_name, Honour.retracted_at.is_not(None), Honour.erratum != "")
        .where(Honour.distinction == "selected")
        .order_by(Honour.id)
    ).all()
    assert [tuple(row) for row in sent] == [("Structure Béta", True, True), ("Structure Alpha", False, True)]


def test_only_an_entry_is_replaced_this_way(context):
    world = a_decided_round()

    with pytest.raises(NotAnEntry):
        replace_entry(world.coordinator, entry_key(world, "title"), world.files["Alpha"], WHY, DELIBERATION)
    with pytest.raises(DoesNotExist):
        replace_entry(world.coordinator, "inconnue", world.files["Alpha"], WHY, DELIBERATION)


def test_nothing_enters_a_locked_national_round(context):
    world = a_decided_round()
    key = entry_key(world)
    with atomic() as session:
        national = session.scalars(
            select(Round).where(Round.edition_id == world.edition_id, Round.region_code.is_(None))
        ).one()
        national.phase = "P4"

    with pytest.raises(DecisionsAreBlocked):
        replace_entry(world.coordinator, key, world.files["Alpha"], WHY, DELIBERATION)
