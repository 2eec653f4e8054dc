"""A link asked for by mail: the same work for a known address and for another, and what follows comes after."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from awards_app.adapters.clock import now as clock_now
from awards_app.adapters.mail import mailbox
from awards_app.database import db
from awards_app.domain.refusals import Refusal
from awards_app.jobs.links import answer
from awards_app.jobs.sweep import sweep
from awards_app.models.accounts import LinkPurpose
from awards_app.models.link_requests import LinkRequest
from awards_app.models.messages import Message
from awards_app.services.accounts import ensure_account
from awards_app.services.link_requests import answer_request, request_link
from tests.public_world import counted

KNOWN, UNKNOWN = "zoe@association.example", "ines@ailleurs.example"


def rows() -> tuple[int, int]:
    """Return how many requests wait, and how many letters were written."""
    return tuple(db.session.scalar(select(func.count(one.id))) for one in (LinkRequest, Message))


@pytest.fixture
def zoe(app: Flask) -> None:
    with app.app_context():
        ensure_account(KNOWN, "Zoé", clock_now(), password="quatre mots bien choisis")


@pytest.mark.parametrize("path", ["/compte/lien", "/compte/mot-de-passe-oublie"])
def test_a_known_address_and_another_ask_the_same_of_the_database(
    app: Flask, client: FlaskClient, zoe: None, path: str
) -> None:
    sent = []
    for email in (KNOWN, UNKNOWN):
        with counted(app) as statements:
            assert client.post(path, data={"email": email}).status_code == 303
        sent.append(list(statements))

    assert sent[0] == sent[1]
    with app.app_context():
        assert rows() == (2, 0)


def test_the_sweep_writes_to_who_has_an_account_and_forgets_both(
    app: Flask, client: FlaskClient, zoe: None
) -> None:
    for email in (UNKNOWN, KNOWN):
        client.post("/compte/lien", data={"email": email})

    with app.app_context():
        sweep()
        assert rows() == (0, 1)
        assert [letter.recipient for letter in mailbox()] == [KNOWN]


def test_a_request_is_answered_once(app: Flask, zoe: None) -> None:
    with app.app_context():
        request_link(KNOWN, LinkPurpose.RESET, clock_now())
        waiting = db.session.scalars(select(LinkRequest.id)).one()
        answer(waiting)
        assert answer_request(waiting, clock_now()) is False
        assert rows() == (0, 1)


def test_what_is_no_address_is_refused_at_once(app: Flask) -> None:
    with app.app_context():
        with pytest.raises(Refusal):
            request_link("pas une adresse", LinkPurpose.SIGN_IN, clock_now())
        assert rows() == (0, 0)
