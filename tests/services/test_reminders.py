"""Reminders: to the people of a draft only, once whoever runs the sweep, and none once the call or the file is closed."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from awards_app.database import atomic, db
from awards_app.domain.reminders import reminders_of
from awards_app.models.deadlines import ReminderRun
from awards_app.models.editions import Round
from awards_app.models.messages import Message
from awards_app.services.candidacies import submit_candidacy
from awards_app.services.deadlines import change_deadline
from awards_app.services.deliveries import deliver_waiting
from awards_app.services.reminders import drop_stale_reminders, send_due_reminders
from tests import filing_world as world
from tests.services.at_once import at_once

CLOSES = world.CLOSES
WEEK, DAY, HOUR = (one.due_at for one in reminders_of(CLOSES, "Europe/Paris"))


@pytest.fixture
def draft(context: Flask) -> str:
    world.an_edition()
    return world.a_filer("Filou", 0)[1]


def states() -> list[str]:
    return list(
        db.session.scalars(
            select(Message.state).where(Message.kind == "filing_reminder").order_by(Message.id)
        )
    )


def test_only_drafts_are_reminded(draft: str) -> None:
    world.a_submitted("Odile", 1)
    assert send_due_reminders(WEEK) == 1
    assert send_due_reminders(WEEK + timedelta(minutes=1)) == 0
    assert send_due_reminders(DAY) == 1
    told = db.session.scalars(select(Message.recipient).where(Message.kind == "filing_reminder")).all()
    assert told == ["filou@exemple.org", "filou@exemple.org"]


def test_who_begins_after_the_hour_is_not_reminded_of_it(draft: str) -> None:
    with atomic() as session:
        session.execute(update(Round).values(phase="P1"))
    late, _key = world.a_filer("Tardive", 1)
    from awards_app.models.candidacies import Candidacy

    with atomic() as session:
        session.execute(
            update(Candidacy)
            .where(Candidacy.created_by_id == late.account_id)
            .values(created_at=WEEK + timedelta(minutes=5))
        )
    assert send_due_reminders(WEEK + timedelta(hours=1)) == 1


def test_a_closing_that_moves_has_reminders_of_its_own(draft: str) -> None:
    assert send_due_reminders(DAY) == 1
    key = str(db.session.scalar(select(Round.key).where(Round.region_code == "53")))
    change_deadline(world.a_coordinator(), key, datetime.fromisoformat("2027-07-08T23:59"), "Panne", DAY)
    assert send_due_reminders(DAY + timedelta(hours=1)) == 0
    assert send_due_reminders(datetime.fromisoformat("2027-07-01T07:00:00+00:00")) == 1
    assert db.session.scalar(select(func.sum(ReminderRun.messages))) == 2


def test_a_reminder_that_still_waits_is_dropped_when_it_says_nothing_any_more(draft: str) -> None:
    send_due_reminders(HOUR)
    assert drop_stale_reminders(HOUR + timedelta(minutes=5)) == 0
    assert drop_stale_reminders(CLOSES) == 1
    assert deliver_waiting(CLOSES) == 0 or states() == ["dropped"]
    assert states() == ["dropped"]


def test_a_file_submitted_meanwhile_is_not_reminded(context: Flask) -> None:
    world.an_edition()
    person, key = world.a_filer("Filou", 0)
    world.fill(person, key)
    send_due_reminders(HOUR)
    submit_candidacy(person, key, HOUR + timedelta(minutes=1))
    assert drop_stale_reminders(HOUR + timedelta(minutes=2)) == 1
    assert states() == ["dropped"]


def test_two_schedulers_send_one(app: Flask) -> None:
    with app.app_context():
        world.an_edition()
        world.a_filer("Filou", 0)
    assert sorted(at_once(app, 4, lambda: send_due_reminders(WEEK)), key=str) == [0, 0, 0, 1]
    with app.app_context():
        assert states() == ["waiting"]
        assert db.session.scalar(select(func.sum(ReminderRun.messages))) == 1
