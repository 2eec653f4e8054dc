"""A result reaches who answers for the structure when it leaves, whoever did when it was written."""

import pytest
from sqlalchemy import select, update

from awards_app.database import atomic, db
from awards_app.models.accounts import Account
from awards_app.models.messages import Message
from awards_app.models.structures import Membership
from awards_app.services.accounts import ensure_account
from awards_app.services.deliveries import deliver_waiting, release_message
from awards_app.services.honours import publish_due
from tests.decision_world import LIFT, an_armed_round, responsible
from tests.jury_world import BEFORE

DROPPED = "n’est plus responsable de la structure"


def letters(kind="decision_selected"):
    db.session.rollback()
    rows = db.session.scalars(
        select(Message)
        .where(Message.kind == kind)
        .order_by(Message.id)
        .execution_options(populate_existing=True)
    )
    return list(rows)


def released(world):
    """Let every letter that is held leave, and say how many left."""
    for message in letters():
        if message.state == "held":
            release_message(world.coordinator, world.round_key, message.key, LIFT)
    return deliver_waiting(LIFT)


def leaves(account_id):
    with atomic() as session:
        session.execute(update(Membership).where(Membership.account_id == account_id).values(left_at=BEFORE))


def joins(world, name, like):
    account_id = ensure_account(f"{name.lower()}@structure.exemple", name, BEFORE)
    with atomic() as session:
        structure_id = session.scalars(
            select(Membership.structure_id).where(Membership.account_id == like)
        ).one()
        session.add(
            Membership(
                structure_id=structure_id,
                account_id=account_id,
                standing="responsible",
                created_at=BEFORE,
                accepted_at=BEFORE,
            )
        )
    return account_id


def said(messages):
    return [(one.account_id, one.state, one.failure) for one in messages]


@pytest.fixture
def published(context):
    world = an_armed_round()
    first = responsible(world, "Béta")
    publish_due(LIFT)
    return world, first


def test_the_letter_waits_again_for_who_took_the_place(published):
    world, first = published
    second = joins(world, "Yasmine", first)
    leaves(first)

    assert released(world) == 0
    assert said(letters()) == [(first, "dropped", DROPPED), (second, "held", "")]
    former, newer = letters()
    assert ("Resp Béta" in former.body, newer.recipient) == (True, "yasmine@structure.exemple")
    assert newer.body == former.body.replace("Resp Béta", "Yasmine")
    assert newer.message_id != former.message_id

    assert released(world) == 1
    assert said(letters())[1:] == [(second, "sent", "")]


def test_it_goes_on_from_hand_to_hand_and_to_each_once(published):
    world, first = published
    second = joins(world, "Yasmine", first)
    third = joins(world, "Omar", first)
    leaves(first)
    released(world)
    assert said(letters())[1:] == [(second, "held", ""), (third, "held", "")]
    leaves(second)

    assert released(world) == 1
    assert said(letters())[1:] == [(second, "dropped", DROPPED), (third, "sent", "")]


def test_a_closed_account_that_nobody_follows_is_dropped_alone(published):
    world, first = published
    with atomic() as session:
        session.execute(update(Account).where(Account.id == first).values(disabled_at=BEFORE))
    assert released(world) == 0
    assert said(letters()) == [(first, "dropped", "compte fermé")]
