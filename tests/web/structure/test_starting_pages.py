"""A draft that begins with last year's answers; and a form sent after its session ended, without any script."""

import re
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from awards_app.adapters import clock
from awards_app.database import atomic, db
from awards_app.domain.holder import Holder
from awards_app.models.candidacies import Answer, Candidacy
from awards_app.models.editions import Edition, FormQuestion
from awards_app.models.journal import JournalEntry
from awards_app.services.candidacies import create_candidacy, save_answer
from awards_app.services.editions import create_edition
from tests import filing_world as world

NOW = world.FILING + timedelta(hours=2)
NEXT = datetime(2028, 6, 1, 9, tzinfo=NOW.tzinfo)


def move(app: Flask, instant: datetime) -> None:
    app.config["AWARDS_CLOCK_FILE"] = str(Path(app.config["AWARDS_INSTANCE"]) / "clock.json")
    with app.app_context():
        clock.set_clock(instant, frozen=True)


@pytest.fixture
def twice(app: Flask, client: FlaskClient) -> tuple[Holder, str, str]:
    """A structure with a file of 2027 and an empty draft of 2028, whose form has changed a little."""
    move(app, NEXT)
    with app.app_context():
        world.an_edition()
        person, former = world.a_filer()
        world.fill(person, former)
        edition_id = create_edition(world.the_preset(), 2028, NOW)
        with atomic() as session:
            for edition in session.scalars(select(Edition)):
                edition.is_current = edition.year == 2028
            where = FormQuestion.edition_id == edition_id
            area = session.scalars(select(FormQuestion).where(where, FormQuestion.code == "area")).one()
            area.code = "territory_covered"
            title = session.scalars(select(FormQuestion).where(where, FormQuestion.code == "employees")).one()
            title.kind = "short_text"
        person = world.holder(person.account_id)
        draft = create_candidacy(person, world.structure_key(person), NEXT, edition_year=2028)
        world.sign_in(client, person, NEXT)
    return person, former, draft


def answers_of(key: str) -> dict[str, str]:
    rows = db.session.execute(
        select(Answer.question_code, Answer.value)
        .join(Candidacy, Candidacy.id == Answer.candidacy_id)
        .where(Candidacy.key == key)
    )
    return {row.question_code: row.value for row in rows}


def test_last_years_answers_are_a_starting_point(
    app: Flask, client: FlaskClient, twice: tuple[Holder, str, str]
) -> None:
    person, former, draft = twice
    with app.app_context():
        save_answer(person, draft, "pitch", "Celle de cette année", None, NEXT)
        before = answers_of(former)
    path = f"/candidatures/{draft}/point-de-depart"
    assert path in client.get(f"/candidatures/{draft}").get_data(as_text=True)
    page = client.get(path).get_data(as_text=True)
    shown = re.sub(r"\s+", " ", page.replace("\u00a0", " "))
    assert "la question n’est plus posée" in shown
    assert "attend maintenant une autre forme de réponse" in shown
    assert "vous y avez déjà répondu cette année" in shown
    with app.app_context():
        assert answers_of(draft) == {"pitch": "Celle de cette année"}
    assert client.post(path).status_code == 303
    with app.app_context():
        after = answers_of(draft)
        assert after["pitch"] == "Celle de cette année"
        assert not {"area", "territory_covered", "employees", "theme"} & after.keys()
        kept = before.keys() - {"pitch", "area", "employees", "theme"}
        assert {code: after[code] for code in kept} == {code: before[code] for code in kept}
        assert answers_of(former) == before
        acts = select(func.count(JournalEntry.seq)).where(JournalEntry.act == "copy_earlier_answers")
        assert db.session.scalar(acts) == 1
    assert client.post(path).status_code == 303
    with app.app_context():
        assert answers_of(draft) == after


def test_without_an_earlier_file_there_is_nothing_to_start_from(app: Flask, client: FlaskClient) -> None:
    move(app, NOW)
    with app.app_context():
        world.an_edition()
        person, key = world.a_filer()
        world.sign_in(client, person, NOW)
    assert "point-de-depart" not in client.get(f"/candidatures/{key}").get_data(as_text=True)
    assert client.get(f"/candidatures/{key}/point-de-depart").status_code == 409
    assert client.post(f"/candidatures/{key}/point-de-depart").status_code == 409


def test_a_form_sent_after_its_session_ended_is_given_back_and_sent_again(
    app: Flask, client: FlaskClient
) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    move(app, NOW)
    with app.app_context():
        world.an_edition()
        person, key = world.a_filer()
        world.sign_in(client, person, NOW)
    path = f"/candidatures/{key}/rubriques/project"
    page = client.get(path).get_data(as_text=True)
    fields = dict(re.findall(r'name="((?:base-|csrf)[a-z_]+)" value="([^"]*)"', page))
    typed = {**fields, "formulaire": "1", "title": "CANARI-TITRE", "pitch": "CANARI-PHRASE", "area": ""}
    later = NOW + timedelta(days=15)
    move(app, later)
    refused = client.post(path, data=typed)
    assert refused.status_code == 401
    shown = refused.get_data(as_text=True)
    assert "CANARI-TITRE" in shown
    assert "/compte/connexion" in shown
    with app.app_context():
        world.sign_in(client, person, later)
    with client.session_transaction() as session:
        session.pop("csrf_token", None)
    stale = client.post(path, data=typed)
    assert stale.status_code == 400
    again = stale.get_data(as_text=True)
    fields = dict(re.findall(r'name="((?:base-|csrf)[a-z_]+)" value="([^"]*)"', again))
    texts = dict(re.findall(r'<textarea[^>]* name="([a-z_]+)"[^>]*>([^<]*)</textarea>', again))
    assert texts == {"title": "CANARI-TITRE", "pitch": "CANARI-PHRASE"}
    # What was emptied goes again with the rest.
    assert '<input type="hidden" name="area" value="">' in again
    assert '<input type="hidden" name="formulaire" value="1">' in again
    assert "(pitch)" not in again
    assert client.post(path, data={**fields, **texts}).status_code == 303
    with app.app_context():
        assert answers_of(key)["title"] == "CANARI-TITRE"
