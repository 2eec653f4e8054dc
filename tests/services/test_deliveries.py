"""The outbox leaves: what a cut server may have kept, what a stopped process had in hand, who is still concerned."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from awards_app.database import atomic, db
from awards_app.models.accounts import Account, RoleGrant
from awards_app.models.candidacies import Candidacy
from awards_app.models.journal import JournalEntry
from awards_app.models.juries import Seat
from awards_app.models.messages import Message
from awards_app.models.structures import Membership
from awards_app.services import deliveries
from awards_app.services.messages import queue_written
from tests.decision_world import DELIBERATION, a_locked_round, responsible
from tests.jury_world import JuryWorld, person
from tests.smtp_server import smtp_server

NOW = DELIBERATION
LATER = NOW + timedelta(minutes=10)


@pytest.fixture
def world(context: Flask) -> JuryWorld:
    found = a_locked_round()
    with atomic() as session:
        session.execute(update(Message).values(state="dropped"))
    return found


def a_message(world: JuryWorld, kind: str = "deadline_changed", *, account: int | None = None) -> int:
    """Put one message about Béta in the outbox, to its responsible person unless told."""
    account_id = account or responsible(world, "Béta")
    key = queue_written(
        kind,
        person(account_id).email,
        "Un objet",
        "Un texte",
        dedupe=f"{kind}:{account_id}",
        values={},
        now=NOW,
        account_id=account_id,
        round_id=world.round_id,
        object_key=world.files["Béta"],
    )
    return db.session.scalars(select(Message.id).where(Message.key == key)).one()


def the_message(message_id: int) -> Message:
    db.session.rollback()
    return db.session.get_one(Message, message_id, populate_existing=True)


def test_cut_after_the_text_it_leaves_once_more_with_the_same_name(world: JuryWorld, context: Flask) -> None:
    message_id = a_message(world)
    with smtp_server("cut") as server:
        context.config["AWARDS_MAIL_URL"] = server.url
        assert deliveries.deliver_waiting(NOW) == 0
        assert (the_message(message_id).state, the_message(message_id).unsure) == ("waiting", 1)
        assert deliveries.deliver_waiting(LATER) == 1
        assert deliveries.deliver_waiting(LATER + timedelta(days=1)) == 0
    assert server.message_ids() == [the_message(message_id).message_id] * 2
    assert server.recipients() == [the_message(message_id).recipient] * 2


def test_never_more_than_one_that_may_be_double(world: JuryWorld, context: Flask) -> None:
    message_id = a_message(world)
    with smtp_server("cut", "cut", "cut", "cut") as server:
        context.config["AWARDS_MAIL_URL"] = server.url
        for day in range(4):
            deliveries.deliver_waiting(NOW + timedelta(days=day))
    assert len(server.taken) == 2
    assert the_message(message_id).state == "failed"
    assert the_message(message_id).failure.startswith("peut-être déjà parti")


def test_cut_before_the_server_has_it_it_leaves_until_it_is_there(world: JuryWorld, context: Flask) -> None:
    a_message(world)
    with smtp_server("delay", "delay", "keep") as server:
        context.config["AWARDS_MAIL_URL"] = server.url
        sent = [deliveries.deliver_waiting(NOW + timedelta(hours=hour)) for hour in range(4)]
    assert (sent, len(server.taken)) == ([0, 0, 1, 0], 1)


def test_one_that_names_a_laureate_waits_for_a_person(world: JuryWorld, context: Flask) -> None:
    message_id = a_message(world, "decision_selected")
    with smtp_server("cut", "keep") as server:
        context.config["AWARDS_MAIL_URL"] = server.url
        for day in range(3):
            deliveries.deliver_waiting(NOW + timedelta(days=day))
        assert (the_message(message_id).state, len(server.taken)) == ("held", 1)
        deliveries.release_message(world.coordinator, world.round_key, the_message(message_id).key, LATER)
        deliveries.deliver_waiting(LATER)
    assert the_message(message_id).state == "sent"
    assert server.message_ids() == [the_message(message_id).message_id] * 2


@pytest.mark.parametrize(
    ("kind", "state", "times"),
    [
        ("deadline_changed", "sent", 2),
        ("decision_selected", "held", 1),
        ("decision_corrected", "held", 1),
        ("decision_withdrawn", "held", 1),
    ],
)
def test_a_process_that_is_gone_between_the_server_and_us(
    world: JuryWorld, context: Flask, kind: str, state: str, times: int
) -> None:
    message_id = a_message(world, kind)
    with smtp_server() as server:
        context.config["AWARDS_MAIL_URL"] = server.url
        letter = deliveries._claim(message_id, NOW)
        assert letter is not None
        deliveries.mail.send(letter)
        db.session.rollback()
        assert deliveries.deliver_waiting(NOW + timedelta(minutes=1)) == 0
        deliveries.deliver_waiting(LATER)
    assert (the_message(message_id).state, len(server.taken)) == (state, times)
    assert len(set(server.message_ids())) == 1


def test_a_goodbye_that_fails_changes_nothing(world: JuryWorld, context: Flask) -> None:
    message_id = a_message(world)
    with smtp_server("refuse") as server:
        context.config["AWARDS_MAIL_URL"] = server.url
        assert deliveries.deliver_waiting(NOW) == 0
        assert the_message(message_id).state == "failed"
        assert "550" in the_message(message_id).failure
        deliveries.release_message(world.coordinator, world.round_key, the_message(message_id).key, LATER)
        assert deliveries.deliver_waiting(LATER) == 1


def withdraw(world: JuryWorld, account_id: int) -> None:
    db.session.execute(
        update(Candidacy)
        .where(Candidacy.key == world.files["Béta"])
        .values(state="withdrawn", withdrawn_at=NOW)
    )


def remove(world: JuryWorld, account_id: int) -> None:
    db.session.execute(update(Membership).where(Membership.account_id == account_id).values(left_at=NOW))


def demote(world: JuryWorld, account_id: int) -> None:
    """Leave the person in the structure, without answering for it."""
    db.session.execute(
        update(Membership).where(Membership.account_id == account_id).values(standing="member")
    )


def close(world: JuryWorld, account_id: int) -> None:
    db.session.execute(update(Account).where(Account.id == account_id).values(disabled_at=NOW))


@pytest.mark.parametrize(
    ("act", "kind", "reason"),
    [
        (withdraw, "deadline_changed", "candidature retirée"),
        (withdraw, "certificate_ready", "candidature retirée"),
        (remove, "deadline_changed", "n’a plus de rôle ni de place ici"),
        (remove, "certificate_ready", "n’est plus responsable de la structure"),
        (demote, "decision_corrected", "n’est plus responsable de la structure"),
        (demote, "decision_withdrawn", "n’est plus responsable de la structure"),
        (close, "deadline_changed", "compte fermé"),
    ],
)
def test_who_is_no_longer_concerned_gets_nothing(world: JuryWorld, act, kind: str, reason: str) -> None:
    account_id = responsible(world, "Béta")
    message_id = a_message(world, kind, account=account_id)
    with atomic():
        act(world, account_id)
    assert deliveries.deliver_waiting(LATER) == 0
    assert (the_message(message_id).state, the_message(message_id).failure) == ("dropped", reason)
    logged = db.session.scalars(
        select(JournalEntry.object_key).where(JournalEntry.act == "drop_message")
    ).all()
    assert logged == [the_message(message_id).key]


def test_whose_role_ended_gets_nothing(world: JuryWorld) -> None:
    message_id = a_message(world, "correction_answered", account=world.coordinator_id)
    other = a_message(world, "correction_answered", account=world.accounts["NS1"])
    with atomic() as session:
        session.execute(
            update(RoleGrant).where(RoleGrant.account_id == world.coordinator_id).values(revoked_at=NOW)
        )
    assert deliveries.deliver_waiting(LATER) == 1
    assert (the_message(message_id).state, the_message(other).state) == ("dropped", "sent")


def test_a_juror_who_left_gets_nothing(world: JuryWorld) -> None:
    message_id = a_message(world, "scoring_opened", account=world.accounts["J2"])
    with atomic() as session:
        session.execute(update(Message).where(Message.id == message_id).values(object_key=world.seats["J2"]))
        session.execute(update(Seat).where(Seat.key == world.seats["J2"]).values(left_at=NOW))
    assert deliveries.deliver_waiting(LATER) == 0
    assert the_message(message_id).failure == "ne fait plus partie du jury"


def test_the_address_is_the_one_of_the_instant_it_leaves(world: JuryWorld, context: Flask) -> None:
    account_id = responsible(world, "Béta")
    a_message(world, account=account_id)
    with atomic() as session:
        session.execute(
            update(Account).where(Account.id == account_id).values(email="nouvelle@structure.exemple")
        )
    with smtp_server() as server:
        context.config["AWARDS_MAIL_URL"] = server.url
        assert deliveries.deliver_waiting(LATER) == 1
    assert server.recipients() == ["nouvelle@structure.exemple"]
