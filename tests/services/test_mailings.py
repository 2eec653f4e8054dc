"""A text to many: once each however often it is sent, by however many, and whatever stops in the middle."""

import pytest
from flask import Flask
from sqlalchemy import select, update

from awards_app.adapters import faults
from awards_app.database import atomic, db
from awards_app.domain.admissibility_acts import NumberIsNotTyped, SelectionHasChanged
from awards_app.domain.mailings import MailingHasLeft
from awards_app.domain.refusals import InputIsInvalid
from awards_app.models.accounts import Account
from awards_app.models.candidacies import Candidacy
from awards_app.models.editions import Round
from awards_app.models.mailings import Mailing
from awards_app.models.messages import Message
from awards_app.models.structures import Membership
from awards_app.queries.held_messages import held_of_kind
from awards_app.queries.mailings import mailing_of
from awards_app.services import mailings
from awards_app.services.held_messages import release_kind
from awards_app.services.honours import publish_due
from tests.decision_world import DELIBERATION as NOW
from tests.decision_world import LIFT, a_locked_round, an_armed_round, responsible
from tests.jury_world import JuryWorld
from tests.services.at_once import at_once

MANY = 250


def many_people(world: JuryWorld) -> None:
    """Give the structure of Béta as many responsible people."""
    with atomic() as session:
        structure_id = session.scalars(
            select(Candidacy.structure_id).where(Candidacy.key == world.files["Béta"])
        ).one()
        people = [
            Account(
                name=f"Personne {place}",
                email=f"p{place}@structure.exemple",
                email_folded=f"p{place}@structure.exemple",
                created_at=NOW,
            )
            for place in range(MANY)
        ]
        session.add_all(people)
        session.flush()
        session.add_all(
            Membership(
                structure_id=structure_id,
                account_id=person.id,
                standing="responsible",
                created_at=NOW,
                accepted_at=NOW,
            )
            for person in people
        )


def write(world: JuryWorld, audience: str = "filed", body: str = "Bonjour {person}.") -> str:
    return mailings.write_mailing(world.coordinator, world.round_key, audience, "Un objet", body, NOW)


def told() -> list[str]:
    db.session.rollback()
    return sorted(db.session.scalars(select(Message.recipient).where(Message.kind == "mailing")))


def test_a_stop_in_the_middle_two_presses_and_two_operators(context: Flask) -> None:
    world = a_locked_round()
    many_people(world)
    key = write(world)
    context.config["AWARDS_TEST_HOOKS"] = True
    with pytest.raises(NumberIsNotTyped):
        mailings.send_mailing(world.coordinator, world.round_key, key, "", NOW)
    pressed = [
        mailings.send_mailing(holder, world.round_key, key, str(MANY), NOW)
        for holder in (world.coordinator, world.coordinator, world.holder("NS1"))
    ]
    faults.arm_fault("mailings.spread")
    with pytest.raises(OSError, match="spread"):
        mailings.spread_waiting(NOW)
    assert (pressed, len(told())) == ([True, False, False], mailings.STEP)

    assert mailings.spread_waiting(NOW) == MANY - mailings.STEP
    assert mailings.spread_waiting(NOW) == 0
    assert told() == sorted(f"p{place}@structure.exemple" for place in range(MANY))
    assert list(db.session.scalars(select(Mailing.state))) == ["sent"]


def test_spread_by_several_workers_at_once(app: Flask) -> None:
    with app.app_context():
        world = a_locked_round()
        many_people(world)
        key = write(world)
        mailings.send_mailing(world.coordinator, world.round_key, key, str(MANY), NOW)
        mailing_id = db.session.scalars(select(Mailing.id)).one()

    written = at_once(app, 3, lambda: mailings.spread(mailing_id, NOW))

    with app.app_context():
        assert sum(int(str(one)) for one in written) == MANY
        assert len(set(told())) == len(told()) == MANY


def test_the_jury_each_once_and_nobody_who_left(context: Flask) -> None:
    world = a_locked_round()
    key = write(world, "jury", "Bonjour {person}, {chamber}.")
    mailings.send_mailing(world.coordinator, world.round_key, key, "", NOW)
    mailings.spread_waiting(NOW)
    bodies = sorted(db.session.scalars(select(Message.body).where(Message.kind == "mailing")))
    assert len(bodies) == len(world.seats)
    assert not [body for body in bodies if "{" in body]


@pytest.mark.parametrize(
    ("audience", "subject", "body", "field"),
    [
        ("all", "Un objet", "Un texte", "audience"),
        ("filed", "", "Un texte", "subject"),
        ("filed", "Un objet", "Bonjour {lauréat}", "body"),
        ("filed", "Un objet", "{{ config }}", "body"),
    ],
)
def test_what_is_not_accepted(context: Flask, audience: str, subject: str, body: str, field: str) -> None:
    world = a_locked_round()
    with pytest.raises(InputIsInvalid) as refusal:
        mailings.write_mailing(world.coordinator, world.round_key, audience, subject, body, NOW)
    assert list(refusal.value.errors) == [field]


def test_a_text_that_left_is_not_changed(context: Flask) -> None:
    world = a_locked_round()
    key = write(world, "jury")
    mailings.send_mailing(world.coordinator, world.round_key, key, "", NOW)
    with pytest.raises(MailingHasLeft):
        mailings.write_mailing(
            world.coordinator, world.round_key, "jury", "Autre", "Autre", NOW, mailing_key=key
        )


def test_held_messages_leave_once_and_only_those_that_were_read(context: Flask) -> None:
    world = a_locked_round()
    key = write(world, "jury")
    mailings.send_mailing(world.coordinator, world.round_key, key, "", NOW)
    mailings.spread_waiting(NOW)
    with atomic() as session:
        session.execute(update(Message).where(Message.kind == "mailing").values(state="held"))
    found = held_of_kind(world.coordinator, world.round_key, "mailing", NOW)

    def release(digest: str) -> int:
        return release_kind(world.coordinator, world.round_key, "mailing", digest, "", NOW)

    with pytest.raises(SelectionHasChanged):
        release("another list")
    assert [release(found.digest), release(found.digest)] == [found.count, 0]


def test_a_subject_made_long_by_its_words_still_leaves(context: Flask) -> None:
    world = a_locked_round()
    many_people(world)
    with atomic() as session:
        session.execute(
            update(Account).where(Account.email.like("p%@structure.exemple")).values(name="N" * 200)
        )
    key = mailings.write_mailing(
        world.coordinator, world.round_key, "filed", "{person} {person}", "Bonjour.", NOW
    )
    mailings.send_mailing(world.coordinator, world.round_key, key, str(MANY), NOW)

    mailings.spread_waiting(NOW)

    subjects = set(db.session.scalars(select(Message.subject).where(Message.kind == mailings.KIND)))
    assert subjects == {"N" * 200 + " " + "N" * 98 + "…"}


def test_the_nation_writes_to_nobody_who_may_not_know_of_being_sent_up(context: Flask) -> None:
    world = an_armed_round()
    responsible(world, "Béta")
    with atomic() as session:
        national = session.scalars(select(Round).where(Round.region_code.is_(None))).one()
        national.phase = "P2"
    staff = world.holder("NS1")
    key = mailings.write_mailing(staff, national.key, "filed", "Un objet", "Bonjour {person}.", NOW)
    found = mailing_of(staff, national.key, key, NOW)
    assert (found.reach, found.first) == (0, None)

    publish_due(LIFT)

    found = mailing_of(staff, national.key, key, LIFT)
    assert (found.reach, found.first.object_key if found.first else "") == (1, world.files["Béta"])
