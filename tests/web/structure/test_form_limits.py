"""Honest long texts: saved whole at their exact limit, refused beyond it with the text kept, never eaten on the way."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from awards_app.adapters import clock
from awards_app.database import db
from awards_app.domain.form_answers import LONGEST_KEPT, TOO_LONG
from awards_app.domain.text import count_signs
from awards_app.models.candidacies import Answer
from tests import filing_world as world
from tests.form_world import a_national, change, question_of, the_form, typed

NOW = world.FILING + timedelta(hours=2)
# Four bytes, twelve in a form; joined emoji, accents apart, spaces of Word: signs are code points after NFC.
UNIT = "🌱🍃é\u00a0🐝\u00ad👩‍👧 "
Move = Callable[[datetime], None]


@pytest.fixture
def draft(app: Flask, client: FlaskClient, tmp_path: Path) -> str:
    """The key of a draft whose long questions take as many signs as a question may."""
    app.config["AWARDS_CLOCK_FILE"] = str(tmp_path / "clock.json")
    with app.app_context():
        clock.set_clock(NOW, frozen=True)
        world.an_edition()
        nadia = a_national()
        for question in next(s for s in the_form() if s.code == "narrative").questions:
            if question.kind == "long_text":
                change(nadia, world.BEFORE, question.code, typed(question.code, limit=str(LONGEST_KEPT)))
        person, key = world.a_filer()
        world.sign_in(client, person, NOW)
    return key


def full(signs: int) -> str:
    text = (UNIT * signs)[: signs - 1] + "!"
    assert count_signs(text) == signs
    return text


def test_every_field_full_is_saved_whole(app: Flask, client: FlaskClient, draft: str) -> None:
    path = f"/candidatures/{draft}/rubriques/narrative"
    page = client.get(path).get_data(as_text=True)
    codes = re.findall(r'<textarea[^>]* id="([a-z_]+)" name="\1"', page) or re.findall(
        r'name="base-([a-z_]+)"', page
    )
    with app.app_context():
        long = [code for code in codes if question_of(code).kind == "long_text"]
    texts = {code: full(LONGEST_KEPT) for code in long}
    assert len(long) == 10
    assert sum(len(text.encode()) for text in texts.values()) > 500_000
    sent = texts | dict(re.findall(r'name="(base-[a-z_]+|formulaire)" value="([^"]*)"', page))
    assert client.post(path, data=sent).status_code == 303
    with app.app_context():
        kept = {
            row.question_code: row.value
            for row in db.session.execute(select(Answer.question_code, Answer.value))
        }
    assert kept == texts
    checked = client.get(path + "?verifier").get_data(as_text=True)
    assert TOO_LONG not in checked


def test_one_sign_more_is_told_with_the_text_kept(app: Flask, client: FlaskClient, draft: str) -> None:
    path = f"/candidatures/{draft}/rubriques/project"
    over = "é" * 201
    assert client.post(path, data={"pitch": over, "rester": "1"}).status_code == 303
    page = client.get(path + "?verifier").get_data(as_text=True)
    assert (TOO_LONG in page, over in page) == (True, True)
    beyond = "é" * (LONGEST_KEPT + 1)
    refused = client.post(path, data={"pitch": beyond})
    assert refused.status_code == 422
    assert beyond in refused.get_data(as_text=True)
    with app.app_context():
        assert db.session.scalars(select(Answer.value)).all() == [over]


def test_a_text_that_no_draft_keeps_comes_back_in_its_field_with_the_others(
    app: Flask, client: FlaskClient, draft: str
) -> None:
    path = f"/candidatures/{draft}/rubriques/project"
    opened = dict(
        re.findall(r'name="(base-[a-z_]+)" value="([^"]*)"', client.get(path).get_data(as_text=True))
    )
    beyond = "é" * (LONGEST_KEPT + 1)
    refused = client.post(path, data={**opened, "title": "CANARI-TITRE", "pitch": beyond, "suivante": "1"})
    page = refused.get_data(as_text=True)
    assert refused.status_code == 422
    assert re.search(rf'<input[^>]* aria-invalid="true"[^>]* value="{beyond}"', page)
    assert (
        "Ce texte est trop long pour être enregistré"
        in page.split('id="error-summary"')[1].split("</div>")[0]
    )
    assert 'href="#pitch"' in page
    # Each is sent again as it was: nothing was written, and nobody else's text is taken for one's own.
    assert re.search(r'<input[^>]* value="CANARI-TITRE"', page)
    assert {
        name: value for name, value in opened.items() if f'name="{name}" value="{value}"' in page
    } == opened
    with app.app_context():
        assert db.session.scalars(select(Answer.value)).all() == []


def test_what_a_page_did_not_show_is_not_emptied_by_silence(
    app: Flask, client: FlaskClient, draft: str
) -> None:
    path = f"/candidatures/{draft}/rubriques/narrative"
    client.post(path, data={"already_replicated": "yes", "replicated_where": "Ici", "rester": "1"})
    # Another page, made before the question was asked, sends neither its answer nor its base.
    assert client.post(path, data={"need": "Besoin"}).status_code == 303
    with app.app_context():
        kept = {
            row.question_code: row.value
            for row in db.session.execute(select(Answer.question_code, Answer.value))
        }
    assert kept == {"already_replicated": "yes", "replicated_where": "Ici", "need": "Besoin"}
