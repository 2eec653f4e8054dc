"""A password that nobody proved to be theirs opens nothing, and a guess says nothing of who has an account."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from awards_app.adapters.clock import now as clock_now
from awards_app.database import db
from awards_app.models.accounts import Account
from awards_app.services.accounts import ensure_account
from tests.web.account.test_coming_in import ADDRESS, PASSWORD, link_in_last_letter, sign_in

OTHERS = "un mot de passe venu d’ailleurs"


def register(client: FlaskClient, password: str) -> None:
    data = {"name": "Zoé Ortolan", "email": ADDRESS, "password": password}
    assert client.post("/compte/inscription", data=data).status_code == 303


@pytest.mark.parametrize("first", [OTHERS, PASSWORD])
def test_two_who_register_one_address_leave_no_password(app: Flask, client: FlaskClient, first: str) -> None:
    register(client, first)
    register(client, PASSWORD if first == OTHERS else OTHERS)

    assert client.post(link_in_last_letter(app)).status_code == 303

    assert sign_in(app.test_client(), OTHERS) == 422
    assert client.get("/compte").status_code == 200


def test_registering_twice_with_the_same_password_keeps_it(app: Flask, client: FlaskClient) -> None:
    register(client, PASSWORD)
    register(client, PASSWORD)

    assert client.post(link_in_last_letter(app)).status_code == 303

    assert sign_in(app.test_client()) == 303


def test_a_link_asked_for_does_not_confirm_a_password_that_somebody_else_chose(
    app: Flask, client: FlaskClient
) -> None:
    register(client, OTHERS)
    client.post("/compte/lien", data={"email": ADDRESS})

    assert client.post(link_in_last_letter(app)).status_code == 303

    assert sign_in(app.test_client(), OTHERS) == 422
    with app.app_context():
        kept = db.session.execute(select(Account.password_hash, Account.confirmed_at)).one()
    assert kept.password_hash is None
    assert kept.confirmed_at is not None


def test_too_many_tries_are_the_same_for_an_address_that_nobody_has(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        ensure_account(ADDRESS, "Zoé", clock_now(), password=PASSWORD)
    answers = {}
    for email in (ADDRESS, "personne@association.example"):
        data = {"email": email, "password": "ce n’est pas celui-là"}
        answers[email] = [client.post("/compte/connexion", data=data).status_code for _ in range(12)]

    assert answers[ADDRESS] == [422] * 10 + [429] * 2
    assert answers["personne@association.example"] == answers[ADDRESS]
