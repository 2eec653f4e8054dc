"""The scheduler's turn: what is due is done, and a step that fails stops no other."""

import logging
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, text

from awards_app.adapters import clock
from awards_app.database import atomic, db
from awards_app.jobs.sweep import sweep
from awards_app.models.editions import Round
from awards_app.models.messages import Message
from awards_app.services.messages import queue_message
from tests import filing_world as world


@pytest.fixture
def late(context: Flask, tmp_path: object) -> Flask:
    """An edition whose calls closed a minute ago, with a message that waits."""
    context.config["AWARDS_CLOCK_FILE"] = f"{tmp_path}/clock.json"
    world.an_edition()
    now = world.CLOSES + timedelta(minutes=1)
    clock.set_clock(now, frozen=True)
    queue_message("sign_in_link", "a@exemple.org", dedupe="one", values={"person": "A", "link": "x"}, now=now)
    return context


def test_calls_close_and_messages_leave(late: Flask) -> None:
    sweep()
    db.session.expire_all()
    assert db.session.scalar(select(Round.phase).where(Round.region_code == "53")) == "P2"
    assert db.session.scalar(select(Message.state)) == "sent"
    sweep()
    assert db.session.scalars(select(Message.attempts)).all() == [1]


def test_a_step_that_fails_stops_no_other(late: Flask, caplog: pytest.LogCaptureFixture) -> None:
    with atomic() as session:
        session.execute(text("ALTER TABLE pending_act RENAME TO away"))
    with caplog.at_level(logging.ERROR):
        sweep()
    failed = [record.getMessage().split()[2] for record in caplog.records]
    assert failed == ["catch_up_all", "expire_pending"]
    db.session.expire_all()
    assert db.session.scalar(select(Message.state)) == "sent"
