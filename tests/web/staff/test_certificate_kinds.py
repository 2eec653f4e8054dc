"""The papers of an edition: national staff write them, everyone on the staff reads them, a specimen shows them."""

from base64 import b64decode

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from awards_app.database import db
from awards_app.queries.editions import edition_of_year
from awards_app.services.certificate_kinds import kinds_of, preset_kinds
from tests import filing_world as world
from tests.filing_world import BEFORE, YEAR
from tests.form_world import a_national

HOME = f"/coordination/editions/{YEAR}/certificats"
WORDS = {
    "label": "Attestation de candidature",
    "issuer_line": "La région {{ region }} remercie",
    "distinction": "Candidature {{ year }}",
    "body": "{% if theme %}Thématique\u00a0: {{ theme }}.{% endif %}",
    "design": "attestation",
    "from_phase": "P6",
    "is_given": "y",
}


@pytest.fixture
def national(app: Flask, client: FlaskClient) -> FlaskClient:
    with app.app_context():
        world.an_edition()
        world.sign_in(client, a_national(), BEFORE)
    return client


def the_kind(app: Flask) -> object:
    with app.app_context():
        db.session.rollback()
        return next(kind for kind in kinds_of(edition_of_year(YEAR).id) if kind.code == "candidacy")


def test_staff_write_a_paper_and_its_words_have_versions(app: Flask, national: FlaskClient) -> None:
    first = the_kind(app)
    assert (first.version, first.is_given) == (0, False)

    for sent in (WORDS, WORDS, WORDS | {"distinction": "Candidature"}):
        assert national.post(f"{HOME}/candidacy", data=sent).status_code == 303

    kind = the_kind(app)
    assert (kind.version, kind.is_given, kind.from_phase, kind.distinction) == (2, True, "P6", "Candidature")
    assert kind.issuer_line == WORDS["issuer_line"]
    assert "Attestation de candidature" in national.get(HOME).get_data(as_text=True)


def test_a_fault_is_shown_at_its_field_and_what_was_typed_is_kept(app: Flask, national: FlaskClient) -> None:
    typed = "Un texte à garder {{ password }}"

    answer = national.post(f"{HOME}/candidacy", data=WORDS | {"body": typed, "label": ""})

    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "Ligne 1\u00a0: «\u00a0password\u00a0» n’est pas un mot de la liste." in page
    assert "Donnez un nom à ce document." in page
    assert typed in page
    assert the_kind(app).version == 0


def test_a_try_is_printed_and_not_kept(app: Flask, national: FlaskClient) -> None:
    page = national.post(f"{HOME}/candidacy", data=WORDS | {"apercu": "1"}).get_data(as_text=True)

    picture = page.partition('src="data:image/png;base64,')[2].partition('"')[0]
    assert b64decode(picture).startswith(b"\x89PNG")
    assert WORDS["issuer_line"] in page
    assert the_kind(app).version == 0


def test_the_specimen_is_a_paper_and_a_picture(national: FlaskClient) -> None:
    paper, picture = (national.get(f"{HOME}/nominee/specimen.{kind}") for kind in ("pdf", "png"))

    assert (paper.mimetype, paper.data[:4]) == ("application/pdf", b"%PDF")
    assert (picture.mimetype, picture.data[:4]) == ("image/png", b"\x89PNG")
    assert b"/ByteRange" not in paper.data


@pytest.mark.parametrize("path", [HOME, f"{HOME}/candidacy"])
def test_the_pages_cost_few_queries(app: Flask, national: FlaskClient, path: str) -> None:
    national.get(path)
    asked: list[str] = []
    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", lambda *words: asked.append(words[2]))

    national.get(path)

    assert len([one for one in asked if one.lstrip().upper().startswith("SELECT")]) == 2


def test_a_chamber_reads_and_does_not_write(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        world.an_edition()
        world.sign_in(client, world.a_coordinator(), BEFORE)

    page = client.get(f"{HOME}/candidacy")

    assert page.status_code == 200
    assert "Enregistrer ce document" not in page.get_data(as_text=True)
    assert client.post(f"{HOME}/candidacy", data=WORDS).status_code == 403


def test_an_edition_made_before_has_the_kinds_of_the_platform(app: Flask) -> None:
    with app.app_context():
        assert kinds_of(0) == preset_kinds()
