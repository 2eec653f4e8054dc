"""A row that fails keeps none of the others of the sweep waiting."""

import logging

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError

from awards_app.adapters.clock import now as clock_now
from awards_app.adapters.mail import mailbox
from awards_app.database import atomic, db
from awards_app.jobs.sweep import sweep
from awards_app.models.accounts import LinkPurpose
from awards_app.models.link_requests import LinkRequest
from awards_app.services.accounts import ensure_account
from awards_app.services.link_requests import request_link
from awards_app.services.rows_apart import each_apart

KNOWN = "zoe@association.example"


def test_the_others_are_done_and_the_failure_is_said(context: Flask) -> None:
    done: list[int] = []

    def act(row: int) -> None:
        if row in (1, 3):
            raise ValueError(row)
        done.append(row)

    with pytest.raises(ValueError, match=r"^1$"):
        each_apart(act, [1, 2])
    with pytest.raises(ExceptionGroup) as several:
        each_apart(act, [1, 3, 4])
    assert done == [2, 4]
    assert [error.args for error in several.value.exceptions] == [(1,), (3,)]


def test_what_each_row_gives_is_returned_in_order(context: Flask) -> None:
    assert each_apart(lambda row: row * 2, [3, 1]) == [6, 2]


def test_a_database_that_is_down_is_not_asked_for_every_row(context: Flask) -> None:
    asked: list[int] = []

    def act(row: int) -> None:
        asked.append(row)
        raise OperationalError("SELECT", {}, OSError("gone"))

    with pytest.raises(ExceptionGroup):
        each_apart(act, range(200))
    assert asked == [0, 1, 2]


def test_a_row_that_failed_leaves_nothing_of_it(context: Flask) -> None:
    def act(row: str) -> None:
        with atomic() as session:
            session.add(LinkRequest(email=row, purpose="sign_in", asked_at=clock_now()))
            session.flush()
            if row == "a":
                raise ValueError(row)

    with pytest.raises(ValueError, match="a"):
        each_apart(act, ["a", "b"])
    assert db.session.scalars(select(LinkRequest.email)).all() == ["b"]


def test_a_request_that_cannot_be_answered_stops_nobody_else_s(
    context: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    ensure_account(KNOWN, "Zoé", clock_now(), password="quatre mots bien choisis")
    with atomic() as session:
        session.add(LinkRequest(email=KNOWN, purpose="not_a_purpose", asked_at=clock_now()))
    request_link(KNOWN, LinkPurpose.SIGN_IN, clock_now())

    with caplog.at_level(logging.ERROR):
        sweep()

    assert [letter.recipient for letter in mailbox()] == [KNOWN]
    assert db.session.scalar(select(func.count(LinkRequest.id))) == 1
    assert [record.getMessage().split()[2] for record in caplog.records] == ["answer_waiting"]
