"""Beside the form: presence, the history of an answer, the session of an open page, and the queries of each."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select, update

from awards_app.adapters import clock
from awards_app.database import atomic, db
from awards_app.domain.holder import Holder
from awards_app.models.answer_history import AnswerVersion
from awards_app.models.editions import Round, Theme
from awards_app.models.presence import Presence
from awards_app.services.answers import save_answer
from awards_app.services.memberships import accept_invitation, invite_member
from tests import filing_world as world

NOW = world.FILING + timedelta(hours=2)


def move(app: Flask, instant: datetime) -> None:
    with app.app_context():
        clock.set_clock(instant, frozen=True)


@pytest.fixture
def filer(app: Flask, client: FlaskClient, tmp_path: Path) -> tuple[Holder, str]:
    app.config["AWARDS_CLOCK_FILE"] = str(tmp_path / "clock.json")
    move(app, NOW)
    with app.app_context():
        world.an_edition()
        person, key = world.a_filer()
        world.sign_in(client, person, NOW)
    return person, key


@pytest.fixture
def manon(app: Flask, filer: tuple[Holder, str]) -> tuple[Holder, FlaskClient]:
    """A colleague with a browser of her own."""
    with app.app_context():
        account_id = world.a_person("Manon")
        person = filer[0]
        invitation = invite_member(person, world.structure_key(person), "manon@exemple.org", "member", NOW)
        accept_invitation(account_id, invitation, NOW)
        colleague, browser = world.holder(account_id), app.test_client()
        world.sign_in(browser, colleague, NOW)
    return colleague, browser


@contextmanager
def statements(app: Flask) -> Iterator[list[str]]:
    """Collect what is asked of the database, transactions apart."""
    asked: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith(("BEGIN", "SAVEPOINT", "RELEASE")):
            asked.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(engine, "before_cursor_execute", note)


def test_the_form_asks_six_things_however_much_is_written(
    app: Flask, client: FlaskClient, filer: tuple[Holder, str]
) -> None:
    person, key = filer
    for filled in (False, True):
        if filled:
            with app.app_context():
                world.fill(person, key, NOW)
        for path in (f"/candidatures/{key}", f"/candidatures/{key}/rubriques/project"):
            with statements(app) as asked:
                assert client.get(path).status_code == 200
            assert len(asked) == 6, "\n\n".join(asked)


def test_one_answer_is_saved_in_few_statements(
    app: Flask, client: FlaskClient, filer: tuple[Holder, str]
) -> None:
    _person, key = filer
    path = f"/candidatures/{key}/enregistrer"
    # The lock is a statement of its own on PostgreSQL.
    lock = 0 if app.config["SQLALCHEMY_DATABASE_URI"].startswith("sqlite") else 1
    counts = []
    for step in range(3):
        with statements(app) as asked:
            data = {"field": "area", "value": f"Lieu {step}", "version": str(step), "cle": f"k{step}"}
            assert client.post(path, data=data).status_code == 200
        counts.append(len(asked) - lock)
    # The person, the draft with the answer, the answer; the draft is touched every thirty seconds.
    assert counts == [4, 3, 3] or counts == [3, 3, 3]


def test_people_see_each_other_and_a_row_is_touched_each_half_minute(
    app: Flask, client: FlaskClient, filer: tuple[Holder, str], manon: tuple[Holder, FlaskClient]
) -> None:
    _person, key = filer
    path = f"/candidatures/{key}/presence"
    alone = client.post(path, data={"rubrique": "project"}).json
    assert (alone["here"], alone["elsewhere"]) == ([], [])
    assert manon[1].post(path, data={"rubrique": "project"}).json["here"] == ["Odile"]
    seen = client.post(path, data={"rubrique": "narrative"}).json
    assert (seen["here"], seen["elsewhere"]) == ([], ["Manon"])
    with app.app_context():
        before = dict(db.session.execute(select(Presence.account_id, Presence.seen_at)).all())
    move(app, NOW + timedelta(seconds=29))
    with statements(app) as asked:
        client.post(path, data={"rubrique": "narrative"})
    assert len(asked) == 3
    with app.app_context():
        assert dict(db.session.execute(select(Presence.account_id, Presence.seen_at)).all()) == before
    move(app, NOW + timedelta(seconds=80))
    assert client.post(path, data={"rubrique": "narrative"}).json["elsewhere"] == []
    assert (
        "Odile"
        not in client.get(f"/candidatures/{key}/rubriques/narrative").get_data(as_text=True).split("<main")[1]
    )
    assert "Odile écrit" in manon[1].get(f"/candidatures/{key}/rubriques/narrative").get_data(as_text=True)


def test_the_hour_of_a_colleagues_text_is_the_regions(
    app: Flask, client: FlaskClient, filer: tuple[Holder, str], manon: tuple[Holder, FlaskClient]
) -> None:
    _person, key = filer
    with app.app_context(), atomic() as session:
        session.execute(update(Round).values(zone="Indian/Reunion"))
    saved = manon[1].post(f"/candidatures/{key}/enregistrer", data={"field": "title", "value": "T"}).json
    told = client.post(f"/candidatures/{key}/presence", data={"rubrique": "project"}).json
    assert told["answers"]["title"]["at"] == saved["saved_at_text"] == "15\u00a0h\u00a000"


def test_who_saved_last_is_said(
    app: Flask, client: FlaskClient, filer: tuple[Holder, str], manon: tuple[Holder, FlaskClient]
) -> None:
    _person, key = filer
    with app.app_context():
        save_answer(manon[0], key, "title", "De Manon", 0, NOW)
    page = client.get(f"/candidatures/{key}").get_data(as_text=True)
    assert "par Manon" in page
    told = client.post(f"/candidatures/{key}/presence", data={"rubrique": "project"}).json["answers"]["title"]
    assert (told["version"], told["by"], told["mine"]) == (1, "Manon", False)


def test_an_answer_has_a_history_page(app: Flask, client: FlaskClient, filer: tuple[Holder, str]) -> None:
    person, key = filer
    path = f"/candidatures/{key}/historique/title"
    assert "Aucun autre texte" in client.get(path).get_data(as_text=True)
    with app.app_context():
        save_answer(person, key, "title", "CANARI-ANCIEN", 0, NOW - timedelta(hours=1))
        save_answer(person, key, "title", "CANARI-NOUVEAU", 1, NOW)
        version = db.session.scalar(select(AnswerVersion.key))
    with statements(app) as asked:
        page = client.get(path).get_data(as_text=True)
    assert len(asked) == 3
    assert page.index("CANARI-NOUVEAU") < page.index("CANARI-ANCIEN")
    back = client.post(f"/candidatures/{key}/historique/{version}/restaurer", data={"rubrique": "project"})
    assert (back.status_code, back.location) == (303, f"/candidatures/{key}/rubriques/project#title")
    assert "CANARI-ANCIEN" in client.get(back.location).get_data(as_text=True)
    assert client.get(f"/candidatures/{key}/historique/nulle").status_code == 404
    with app.app_context():
        other, _own = world.a_filer("Xavier", 1)
        world.sign_in(client, other, NOW)
    assert client.get(path).status_code == 404
    assert client.post(f"/candidatures/{key}/historique/{version}/restaurer").status_code == 404


def test_the_history_of_the_theme_names_the_themes(
    app: Flask, client: FlaskClient, filer: tuple[Holder, str]
) -> None:
    person, key = filer
    with app.app_context():
        names = dict(db.session.execute(select(Theme.code, Theme.name)).all())
        first, second = sorted(names)
        save_answer(person, key, "theme", first, None, NOW - timedelta(hours=1))
        save_answer(person, key, "theme", second, None, NOW)
    page = client.get(f"/candidatures/{key}/historique/theme").get_data(as_text=True).split("<main")[1]
    assert (names[first] in page, names[second] in page) == (True, True)
    assert not re.search(rf">\s*({first}|{second})\s*<", page)


def test_a_session_tells_its_life_and_lives_longer(
    app: Flask, client: FlaskClient, filer: tuple[Holder, str]
) -> None:
    person, _key = filer
    day = 24 * 3600
    told = client.get("/compte/session").json
    assert (told["account"], told["seconds"]) == (person.key, 14 * day)
    move(app, NOW + timedelta(days=13, hours=23, minutes=57))
    assert client.get("/compte/session").json["seconds"] == 180
    assert client.post("/compte/session/prolonger").json == {"seconds": 14 * day}
    move(app, NOW + timedelta(days=90))
    assert client.get("/compte/session").json == {"account": None}
    assert client.post("/compte/session/prolonger").status_code == 401


def test_a_session_ends_ninety_days_after_its_sign_in(
    app: Flask, client: FlaskClient, filer: tuple[Holder, str]
) -> None:
    for days in range(10, 90, 10):
        move(app, NOW + timedelta(days=days))
        client.post("/compte/session/prolonger")
    assert client.get("/compte/session").json["seconds"] == 10 * 24 * 3600


def test_two_choices_that_meet_are_read_in_words(
    app: Flask, client: FlaskClient, filer: tuple[Holder, str]
) -> None:
    person, key = filer
    with app.app_context():
        save_answer(person, key, "theme", "us", None, NOW)
        stands = save_answer(person, key, "theme", "te", 1, NOW)
    late = {"field": "theme", "value": "us", "version": "1"}
    met = client.post(f"/candidatures/{key}/enregistrer", data=late)
    assert (met.status_code, met.json["theirs"]) == (409, "te")  # type: ignore[index]  # it is an object
    assert met.json["theirs_text"] == "Transition écologique"  # type: ignore[index]  # it is an object
    assert met.json["yours_text"] == "Utilité sociale"  # type: ignore[index]  # it is an object
    page = client.post(
        f"/candidatures/{key}/rubriques/theme", data={"theme": "us", "base-theme": "1.0123456789ab"}
    )
    assert (page.status_code, stands.version) == (409, 2)
    words = page.get_data(as_text=True)
    assert re.findall(r"<textarea[^>]*readonly>([^<]*)<", words) == [
        "Utilité sociale",
        "Transition écologique",
    ]
    assert '<input type="hidden" name="theme" value="us">' in words
