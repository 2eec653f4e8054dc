"""People come in at the door: by password, by link, through a reset; and out again."""

import re
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from awards_app.adapters.clock import now as clock_now
from awards_app.adapters.mail import mailbox
from awards_app.database import db
from awards_app.models.accounts import Account, AccountSession
from awards_app.models.messages import Message
from awards_app.services.accounts import ensure_account
from awards_app.services.deliveries import deliver_waiting
from awards_app.services.link_requests import answer_waiting

PASSWORD = "quatre mots bien choisis"
ADDRESS = "zoe@association.example"


def link_in_last_letter(app: Flask) -> str:
    """Deliver what waits and return the path of the link in the newest letter."""
    with app.app_context():
        answer_waiting(clock_now())
        deliver_waiting(clock_now())
        found = re.search(r"https?://[^/]+(/\S+)", mailbox()[0].text)
    assert found is not None
    return found.group(1)


def account(app: Flask) -> None:
    with app.app_context():
        ensure_account(ADDRESS, "Zoé", clock_now(), password=PASSWORD)


def sign_in(client: FlaskClient, password: str = PASSWORD) -> int:
    return client.post("/compte/connexion", data={"email": ADDRESS, "password": password}).status_code


def test_a_new_person_confirms_by_pressing_the_button_of_the_link(app: Flask, client: FlaskClient) -> None:
    answer = client.post(
        "/compte/inscription", data={"name": "Zoé Ortolan", "email": ADDRESS, "password": PASSWORD}
    )
    assert (answer.status_code, answer.location) == (303, "/compte/message-envoye/compte")
    link = link_in_last_letter(app)
    for _scan in range(3):
        assert client.get(link).status_code == 200
    assert client.get("/compte").status_code == 302
    assert client.post(link).status_code == 303
    assert client.get("/compte").status_code == 200
    assert client.post(link).status_code == 410


def _plain(page: str, address: str) -> str:
    """Return a page without the address that was typed and without the form's token, which holds the time."""
    return re.sub(r'name="csrf_token" value="[^"]*"', "", page).replace(address, "X")


def test_a_known_and_an_unknown_address_get_the_same_answers(app: Flask, client: FlaskClient) -> None:
    account(app)
    pairs = [
        ("/compte/inscription", {"name": "Qui ?", "password": PASSWORD}),
        ("/compte/lien", {}),
        ("/compte/mot-de-passe-oublie", {}),
        ("/compte/connexion", {"password": "un autre mot de passe"}),
    ]
    for path, data in pairs:
        known = client.post(path, data={**data, "email": ADDRESS})
        unknown = client.post(path, data={**data, "email": "bob@association.example"})
        assert known.status_code == unknown.status_code, path
        assert _plain(known.text, ADDRESS) == _plain(unknown.text, "bob@association.example"), path


def test_signing_out_ends_the_session_on_the_server(app: Flask, client: FlaskClient) -> None:
    account(app)
    assert sign_in(client) == 303
    cookie = client.get_cookie("prix")
    assert cookie is not None
    assert client.post("/compte/deconnexion").status_code == 303
    client.set_cookie("prix", cookie.value)
    assert client.get("/compte").status_code == 302


def test_a_new_password_ends_the_other_sessions(app: Flask, client: FlaskClient) -> None:
    account(app)
    other = app.test_client()
    assert sign_in(client) == 303
    assert sign_in(other) == 303
    changed = client.post(
        "/compte/mot-de-passe",
        data={"current_password": PASSWORD, "password": "une toute autre phrase"},
    )
    assert changed.status_code == 303
    assert client.get("/compte").status_code == 200
    assert other.get("/compte").status_code == 302


def test_who_came_in_by_a_link_chooses_a_password(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        ensure_account(ADDRESS, "Zoé", clock_now())
    client.post("/compte/lien", data={"email": ADDRESS})
    client.post(link_in_last_letter(app))

    page = client.get("/compte/mot-de-passe")
    short = client.post("/compte/mot-de-passe", data={"password": "court"})
    chosen = client.post("/compte/mot-de-passe", data={"password": PASSWORD})

    assert (page.status_code, short.status_code, chosen.status_code) == (200, 422, 303)
    assert ('name="password"' in page.text, 'name="current_password"' in page.text) == (True, False)
    client.post("/compte/deconnexion")
    assert sign_in(client) == 303


def test_a_reset_link_works_once_and_a_newer_one_ends_it(app: Flask, client: FlaskClient) -> None:
    account(app)
    client.post("/compte/mot-de-passe-oublie", data={"email": ADDRESS})
    first = link_in_last_letter(app)
    client.post("/compte/mot-de-passe-oublie", data={"email": ADDRESS})
    second = link_in_last_letter(app)
    assert client.get(first).status_code == 410
    assert client.post(second, data={"password": "court"}).status_code == 422
    assert client.post(second, data={"password": "une toute autre phrase"}).status_code == 303
    assert client.get(second).status_code == 410
    assert sign_in(app.test_client(), "une toute autre phrase") == 303


@pytest.mark.parametrize("how", ["change", "reset"])
def test_a_new_password_ends_the_links_that_waited(app: Flask, client: FlaskClient, how: str) -> None:
    account(app)
    waiting = []
    for page in ("/compte/mot-de-passe-oublie", "/compte/lien"):
        client.post(page, data={"email": ADDRESS})
        waiting.append(link_in_last_letter(app))
    reset, entry = waiting
    if how == "change":
        assert sign_in(client) == 303
        data = {"current_password": PASSWORD, "password": "une toute autre phrase"}
        assert client.post("/compte/mot-de-passe", data=data).status_code == 303
    else:
        assert client.post(reset, data={"password": "une toute autre phrase"}).status_code == 303

    thief = app.test_client()
    assert thief.post(reset, data={"password": "la phrase de quelqu’un d’autre"}).status_code == 410
    assert thief.post(entry).status_code == 410
    assert sign_in(app.test_client(), "une toute autre phrase") == 303


@pytest.mark.parametrize("name", ["   ", "\u00a0", "\u202e\u200f"])
def test_a_name_without_a_letter_is_said_at_once(app: Flask, client: FlaskClient, name: str) -> None:
    given = {"name": name, "email": "autre@association.example", "password": PASSWORD}
    opened = client.post("/compte/inscription", data=given)
    account(app)
    sign_in(client)
    changed = client.post("/compte", data={"name": name, "locale": "fr"})

    for answer in (opened, changed):
        assert answer.status_code == 422
        assert "Cette réponse est attendue." in answer.text
    assert "autre@association.example" in opened.text
    with app.app_context():
        assert db.session.scalars(select(Account.name)).all() == ["Zoé"]


def test_the_eleventh_try_is_refused_even_with_the_right_password(app: Flask, client: FlaskClient) -> None:
    account(app)
    assert [sign_in(client, "mauvais mot de passe") for _try in range(10)] == [422] * 10
    assert sign_in(client) == 429


def test_nobody_receives_more_than_three_letters_an_hour(app: Flask, client: FlaskClient) -> None:
    account(app)
    for _ask in range(5):
        client.post("/compte/lien", data={"email": ADDRESS})
    with app.app_context():
        answer_waiting(clock_now())
        assert len(db.session.scalars(select(Message.id)).all()) == 3


def test_a_link_received_by_mail_leads_where_the_person_was_going(app: Flask, client: FlaskClient) -> None:
    account(app)
    entry = client.get("/structure?depuis=lettre")
    page = client.get(entry.location).get_data(as_text=True)
    (ask,) = re.findall(r'href="(/compte/lien[^"]*)"', page)
    client.post(ask, data={"email": ADDRESS})
    answer = client.post(link_in_last_letter(app))
    assert (answer.status_code, answer.location) == (303, "/structure?depuis=lettre")


def test_a_link_is_kept_from_the_outbox_once_sent(app: Flask, client: FlaskClient) -> None:
    account(app)
    client.post("/compte/lien", data={"email": ADDRESS})
    link_in_last_letter(app)
    with app.app_context():
        row = db.session.execute(select(Message.body, Message.secret_body, Message.state)).one()
    assert "[lien personnel]" in row.body
    assert (row.secret_body, row.state) == (None, "sent")


@pytest.mark.parametrize(
    "target",
    ["//mal.example", "/\\mal.example", "https:mal.example", "javascript:alert(1)", "/%2f%2fmal.example",
     "/%09/mal.example", "/compte@mal.example", "https://mal.example/"],
)  # fmt: skip
def test_signing_in_never_leads_off_the_site(app: Flask, client: FlaskClient, target: str) -> None:
    account(app)
    answer = client.post("/compte/connexion", data={"email": ADDRESS, "password": PASSWORD, "suite": target})
    assert (answer.status_code, answer.location) == (303, "/compte/arrivee")


def test_an_expired_session_is_a_visitors(app: Flask, client: FlaskClient) -> None:
    account(app)
    sign_in(client)
    with app.app_context():
        row = db.session.scalars(select(AccountSession)).one()
        row.expires_at = clock_now() - timedelta(seconds=1)
        db.session.commit()
    assert client.get("/compte").status_code == 302


def test_a_disabled_account_is_out_at_the_next_request(
    app: Flask, client: FlaskClient, now: datetime
) -> None:
    account(app)
    sign_in(client)
    with app.app_context():
        db.session.scalars(select(Account)).one().disabled_at = now
        db.session.commit()
    assert client.get("/compte").status_code == 302


def test_ones_own_data_is_a_file_without_anybody_elses(app: Flask, client: FlaskClient) -> None:
    account(app)
    with app.app_context():
        ensure_account("canari@autre.example", "Canari", clock_now(), password=PASSWORD)
    sign_in(client)
    client.checks_html = False  # type: ignore[attr-defined]  # the checked client's own switch
    answer = client.get("/compte/mes-donnees.json")
    assert answer.json["account"]["email"] == ADDRESS
    assert "canari" not in answer.text.lower()
