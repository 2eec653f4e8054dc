"""The record of a structure at the door: registering, two people at once, what the register says, what never leaves."""

import re
import socketserver
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select

from awards_app.adapters import clock
from awards_app.database import db
from awards_app.domain.holder import Holder
from awards_app.models.journal import JournalEntry
from awards_app.models.messages import Message
from awards_app.models.structures import Structure
from awards_app.services.structures import invite_member
from tests import filing_world as world
from tests.adapter_forms import comparable
from tests.register_server import RegisterServer, register_server

NOW = world.FILING + timedelta(hours=2)


@pytest.fixture(autouse=True)
def at(app: Flask, tmp_path: Path) -> None:
    app.config["AWARDS_CLOCK_FILE"] = str(tmp_path / "clock.json")
    with app.app_context():
        clock.set_clock(NOW, frozen=True)


@pytest.fixture
def owner(app: Flask, client: FlaskClient) -> tuple[Holder, str]:
    """A responsible person, signed in, and the key of their structure."""
    with app.app_context():
        world.an_edition()
        account_id = world.a_person("Odile")
        key = world.a_structure(world.holder(account_id))
        person = world.holder(account_id)
        world.sign_in(client, person, NOW)
    return person, key


@pytest.fixture
def register(app: Flask) -> Iterator[RegisterServer]:
    with register_server() as server:
        app.config["AWARDS_REGISTER_URL"] = server.url
        yield server


def visitor(app: Flask, name: str, moment: datetime = NOW) -> FlaskClient:
    """Return the browser of somebody new, signed in."""
    other = app.test_client()
    with app.app_context():
        world.sign_in(other, world.holder(world.a_person(name)), moment)
    return other


def text_of(client: FlaskClient, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status
    return str(answer.get_data(as_text=True))


def value_of(page: str, name: str) -> str:
    found = re.search(rf'<input[^>]*name="{name}"[^>]*value="([^"]*)"', page)
    assert found is not None
    return found[1]


def typed(page: str, **changes: Any) -> dict[str, Any]:
    """Return what the form of a record would send, with changes."""
    names = ("name", "acronym", "identifier", "founded_on", "postcode", "city", "website", "network")
    kept = {name: value_of(page, name) for name in names}
    version = re.findall(r'name="version"[^>]*value="(\d+)"', page)[-1]
    return {
        **kept,
        "legal_family": "association",
        "address": "1 rue CANARI-ADRESSE",
        "version": version,
        **changes,
    }


def counted(client: FlaskClient, app: Flask, path: str) -> int:
    asked: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        asked.append(statement)

    with app.app_context():
        engine = db.engine
    client.get(path)
    event.listen(engine, "before_cursor_execute", note)
    try:
        assert client.get(path).status_code == 200
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return len([one for one in asked if not one.startswith("BEGIN")])


def test_registering_is_answered_the_same_whether_the_structure_exists(
    app: Flask, owner: tuple[Holder, str]
) -> None:
    pages = []
    for number, name in ((0, "Xavier"), (1, "Yvonne")):
        client = visitor(app, name)
        answer = client.post("/structure/nouvelle", data=world.structure_values(number, name="Une maison"))
        page = client.get(answer.location)
        pages.append(
            (
                answer.status_code,
                answer.location,
                answer.data,
                page.status_code,
                comparable(page.text).replace(name, "").replace(name.lower(), ""),
            )
        )
    assert pages[0] == pages[1]
    with app.app_context():
        letters = db.session.execute(
            select(Message.kind, Message.recipient, Message.subject).order_by(Message.id)
        ).all()
        acts = db.session.scalars(
            select(JournalEntry.act).where(JournalEntry.object_kind == "structure").order_by(JournalEntry.seq)
        ).all()
    assert [tuple(one)[:2] for one in letters] == [
        ("membership_requested", "odile@exemple.org"), ("structure_requested", "xavier@exemple.org"),
        ("structure_requested", "yvonne@exemple.org"),
    ]  # fmt: skip
    assert letters[1].subject == letters[2].subject
    assert acts == ["create_structure", "ask_to_join", "create_structure"]


@pytest.mark.parametrize(("answer", "kind"), [("oui", "membership_accepted"), ("non", "membership_declined")])
def test_whoever_asked_is_told(
    app: Flask, client: FlaskClient, owner: tuple[Holder, str], answer: str, kind: str
) -> None:
    _person, key = owner
    stranger = visitor(app, "Xavier")
    stranger.post("/structure/nouvelle", data=world.structure_values(0, name="Autre nom"))
    assert "Votre demande est enregistrée" in text_of(stranger, "/structure")
    page = text_of(client, f"/structure/{key}/membres")
    action = re.search(r'action="([^"]+/repondre)"', page)
    assert action is not None
    assert client.post(action[1], data={"reponse": answer}).status_code == 303
    with app.app_context():
        letter = db.session.execute(select(Message.recipient, Message.body).where(Message.kind == kind)).one()
    assert letter.recipient == "xavier@exemple.org"
    assert ("Les Étoiles 0" in letter.body) is (answer == "oui")
    assert stranger.get(f"/structure/{key}").status_code == (200 if answer == "oui" else 404)


def test_a_record_keeps_what_is_typed_and_says_each_error_with_an_example(
    client: FlaskClient, owner: tuple[Holder, str]
) -> None:
    wrong = world.structure_values(
        0, identifier="732 829 321", postcode="2A004", website="gopher://x.org", founded_on="hier"
    )
    answer = client.post("/structure/nouvelle", data=wrong)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert [value_of(page, name) for name in ("identifier", "postcode", "website", "founded_on")] == [
        "732 829 321", "2A004", "gopher://x.org", "hier",
    ]  # fmt: skip
    for words in (
        "le dernier ne correspond pas",
        "C’est un code de commune",
        "adresse publique du site",
        "jj/mm/aaaa",
    ):
        assert words in page


def test_two_people_at_once_see_both_texts(client: FlaskClient, owner: tuple[Holder, str]) -> None:
    _person, key = owner
    path = f"/structure/{key}"
    first = second = text_of(client, path)
    assert client.post(path, data=typed(first, network="Le premier réseau")).status_code == 303
    stale = client.post(path, data=typed(second, network="Le second réseau"))
    page = stale.get_data(as_text=True)
    assert stale.status_code == 409
    assert "Le premier réseau" in page
    assert value_of(page, "network") == "Le second réseau"
    assert client.post(path, data=typed(page)).status_code == 303
    assert value_of(text_of(client, path), "network") == "Le second réseau"


def test_the_same_record_saved_twice_is_once(
    app: Flask, client: FlaskClient, owner: tuple[Holder, str]
) -> None:
    _person, key = owner
    page = text_of(client, f"/structure/{key}")
    for _ in range(2):
        assert client.post(f"/structure/{key}", data=typed(page, acronym="LE")).status_code == 303
    with app.app_context():
        assert db.session.scalar(select(Structure.version)) == 2


def test_a_record_keeps_the_number_it_does_not_show(
    app: Flask, client: FlaskClient, owner: tuple[Holder, str]
) -> None:
    _person, key = owner
    with app.app_context():
        row = db.session.scalars(select(Structure)).one()
        row.rna = "W351234567"
        db.session.commit()
    page = text_of(client, f"/structure/{key}")
    assert client.post(f"/structure/{key}", data=typed(page, city="Dinan")).status_code == 303
    with app.app_context():
        assert tuple(db.session.execute(select(Structure.siren, Structure.rna)).one()) == (
            "732829320",
            "W351234567",
        )


def test_an_incomplete_record_says_what_is_missing(
    app: Flask, client: FlaskClient, owner: tuple[Holder, str]
) -> None:
    _person, key = owner
    with app.app_context():
        row = db.session.scalars(select(Structure)).one()
        row.siren, row.founded_on, row.legal_family = None, None, "unknown"
        db.session.commit()
    page = text_of(client, f"/structure/{key}")
    assert "Il manque 3 informations pour déposer une candidature" in page
    assert re.findall(r'<li><a href="(#\w+)">', page) == ["#legal_family", "#identifier", "#founded_on"]


def test_without_a_register_the_page_says_nothing_of_one(
    client: FlaskClient, owner: tuple[Holder, str]
) -> None:
    _person, key = owner
    for path in (f"/structure/{key}", "/structure/nouvelle"):
        assert "registre public" not in text_of(client, path)
    sent = {"identifier": "732829320", "name": "Gardé"}
    page = client.post("/structure/nouvelle/registre", data=sent).get_data(as_text=True)
    assert (value_of(page, "name"), "registre public" in page) == ("Gardé", False)
    for path in (f"/structure/{key}/registre", f"/structure/{key}/registre/reprendre"):
        assert client.post(path).status_code == 303


def test_what_the_register_says_is_offered_never_written(
    app: Flask, register: RegisterServer, owner: tuple[Holder, str]
) -> None:
    client = visitor(app, "Yvonne")
    sent = {"identifier": "732 829 320", "name": "Ateliers", "network": "RTES"}
    page = client.post("/structure/nouvelle/registre", data=sent).get_data(as_text=True)
    assert [value_of(page, name) for name in ("name", "city", "network")] == ["Ateliers", "", "RTES"]
    assert "LES ATELIERS DU PHARE" in page
    ticked = re.findall(r'name="reprendre" value="(\w+)" checked', page)
    assert ticked == ["acronym", "legal_family", "founded_on", "address", "postcode", "city"]
    taken = client.post(
        "/structure/nouvelle/registre",
        data={**sent, "reprise": "1", "reprendre": ["city", "address", "founded_on"]},
    ).get_data(as_text=True)
    assert [value_of(taken, name) for name in ("name", "city", "founded_on", "postcode", "network")] == [
        "Ateliers", "Rennes", "15/03/2015", "", "RTES",
    ]  # fmt: skip
    assert len(register.asked) == 1
    with app.app_context():
        assert db.session.scalars(select(Structure.name)).all() == ["Les Étoiles 0"]


@pytest.mark.parametrize(
    ("mood", "words"),
    [
        ("down", "ne répond pas pour le moment"),
        ("wrong", "ne répond pas pour le moment"),
        ("busy", "ne répond pas pour le moment"),
    ],
)
def test_a_silent_register_leaves_the_manual_way(
    app: Flask, register: RegisterServer, owner: tuple[Holder, str], mood: str, words: str
) -> None:
    register.mood = mood
    client = visitor(app, "Yvonne")
    page = client.post(
        "/structure/nouvelle/registre", data={"identifier": "552 100 554", "name": "Ma maison"}
    )
    assert page.status_code == 200
    assert words in page.get_data(as_text=True)
    made = client.post("/structure/nouvelle", data=world.structure_values(1))
    assert made.status_code == 303


def test_a_record_compares_itself_with_the_register(
    client: FlaskClient, register: RegisterServer, owner: tuple[Holder, str]
) -> None:
    _person, key = owner
    path = f"/structure/{key}"
    asked = client.post(f"{path}/registre")
    assert asked.location.endswith(f"{path}#registre")
    page = text_of(client, path)
    assert "vous avez écrit :" in page
    version = value_of(page, "version")
    assert (
        client.post(
            f"{path}/registre/reprendre", data={"version": version, "reprendre": "acronym"}
        ).status_code
        == 303
    )
    after = text_of(client, path)
    assert (value_of(after, "acronym"), value_of(after, "name")) == ("LAP", "Les Étoiles 0")
    stale = {"version": version, "reprendre": "address"}
    again = client.post(f"{path}/registre/reprendre", data=stale, follow_redirects=True)
    assert "modifiée entre-temps" in again.get_data(as_text=True)
    assert "CANARI-ADRESSE" in text_of(client, path)


def test_hostile_words_of_the_register_are_shown_as_text(
    app: Flask, register: RegisterServer, owner: tuple[Holder, str]
) -> None:
    register.results[0]["nom_raison_sociale"] = "<img src=x onerror=alert(1)>\u202eetc"
    client = visitor(app, "Yvonne")
    page = client.post("/structure/nouvelle/registre", data={"identifier": "732829320"}).get_data(
        as_text=True
    )
    assert "&lt;img src=x onerror=alert(1)&gt;etc" in page
    assert "<img src=x" not in page


def test_an_address_of_a_site_is_never_opened(client: FlaskClient, owner: tuple[Holder, str]) -> None:
    hits: list[bytes] = []

    class Listener(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            hits.append(self.request.recv(100))

    _person, key = owner
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Listener) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        port = server.server_address[1]
        for host in (
            "127.0.0.1",
            "localhost",
            "2130706433",
            "0177.0.0.1",
            "[::ffff:127.0.0.1]",
            "localtest.me",
        ):
            page = text_of(client, f"/structure/{key}")
            client.post(f"/structure/{key}", data=typed(page, website=f"http://{host}:{port}/x"))
            text_of(client, f"/structure/{key}")
        server.shutdown()
    thread.join(5)
    assert hits == []


@pytest.mark.parametrize(
    "name",
    [
        "Null",
        "O’Brien",
        "d'Ornano",
        "É",
        "Maison",
        "x" * 200,
        "Test",
        "1901",
        "L’ÉCOLE DES ÉTÉS",
        "undefined",
        "<b>A & B</b>",
    ],
)
def test_a_name_is_kept_exactly(
    app: Flask, client: FlaskClient, owner: tuple[Holder, str], name: str
) -> None:
    _person, key = owner
    page = text_of(client, f"/structure/{key}")
    assert client.post(f"/structure/{key}", data=typed(page, name=name)).status_code == 303
    with app.app_context():
        assert db.session.scalar(select(Structure.name)) == name


def test_the_pages_ask_a_counted_number_of_questions(
    app: Flask, client: FlaskClient, register: RegisterServer, owner: tuple[Holder, str]
) -> None:
    person, key = owner
    client.post(f"/structure/{key}/registre")
    with app.app_context():
        for number in range(3):
            invite_member(person, key, f"membre{number}@exemple.org", "member", NOW)
    assert counted(client, app, f"/structure/{key}") == 5
    assert counted(client, app, "/structure/nouvelle") == 3
    assert counted(client, app, "/structure/demande-enregistree") == 1
