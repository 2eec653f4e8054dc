"""The chamber's desk at the door: the queue and its filters, a file beside the checklist, the decision."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select

from awards_app.adapters import clock
from awards_app.database import db
from awards_app.models.candidacies import AdmissibilityDecision, Attachment
from awards_app.models.editions import Round
from awards_app.services.candidacies import save_answer
from tests import filing_world as world

Move = Callable[[datetime], None]
NOW = world.ADMISSIBILITY


@pytest.fixture
def at(app: Flask, tmp_path: Path) -> Move:
    """Move the platform's clock."""
    app.config["AWARDS_CLOCK_FILE"] = str(tmp_path / "clock.json")

    def move(instant: datetime) -> None:
        with app.app_context():
            clock.set_clock(instant, frozen=True)

    move(NOW)
    return move


@pytest.fixture
def desk(app: Flask, client: FlaskClient, at: Move) -> tuple[str, str, str]:
    """Return the address of the desk, a submitted candidacy and a draft; the coordinator is signed in."""
    with app.app_context():
        world.an_edition()
        _person, key = world.a_submitted()
        other, draft = world.a_filer("Xavier", 1)
        save_answer(other, draft, "title", "Titre du brouillon", 0, world.FILING)
        save_answer(other, draft, "pitch", "CANARI-BROUILLON", 0, world.FILING)
        world.sign_in(client, world.a_coordinator(), NOW)
        round_key = db.session.scalar(select(Round.key).where(Round.region_code == "53"))
    return f"/coordination/{round_key}/recevabilite", key, draft


def _text(client: FlaskClient, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200
    return str(response.get_data(as_text=True))


def test_the_queue_filters_and_drafts_stand_apart(client: FlaskClient, desk: tuple[str, str, str]) -> None:
    path, key, draft = desk
    page = _text(client, path)
    assert f"{path}/{key}" in page
    assert "Titre du brouillon" not in page
    assert "1 candidature reste à examiner." in page
    apart = _text(client, path + "/brouillons")
    assert "Titre du brouillon" in apart
    assert draft not in apart
    assert "CANARI-BROUILLON" not in apart
    assert "Étoiles 0" in _text(client, path + "?recherche=etoiles 0&thematique=us&etat=waiting")
    assert "Aucune candidature ici" in _text(client, path + "?recherche=%25")
    assert "Aucune candidature ici" in _text(client, path + "?thematique=te")


def test_a_file_is_examined_and_decided(app: Flask, client: FlaskClient, desk: tuple[str, str, str]) -> None:
    path, key, _draft = desk
    page = _text(client, f"{path}/{key}")
    for words in (
        "143 mois le jour de la clôture, pour 24 demandés",
        "famille juridique acceptée",
        "rien ne manque",
    ):
        assert words in page
    assert "camille@exemple.org" in page
    start = _text(client, f"{path}/{key}?motif=too_young")
    assert "moins de 24 mois d’existence au 30 juin 2027" in start
    with app.app_context():
        attachment = db.session.scalar(select(Attachment.key).where(Attachment.question_code == "statutes"))
    assert client.get(f"{path}/{key}/pieces/{attachment}").status_code == 200
    refused = client.post(f"{path}/{key}", data={"verdict": "inadmissible", "reason": ""})
    assert refused.status_code == 422
    kept = client.post(f"{path}/{key}", data={"verdict": "", "reason": "CANARI-MOTIF"})
    assert kept.status_code == 422
    assert "CANARI-MOTIF" in kept.get_data(as_text=True)
    done = client.post(f"{path}/{key}", data={"verdict": "admissible", "reason": "", "notice": "hold"})
    assert done.status_code == 303
    assert "La structure n’a pas encore été prévenue." in _text(client, f"{path}/{key}")
    with app.app_context():
        assert db.session.scalar(select(AdmissibilityDecision.verdict)) == "admissible"


def test_a_draft_and_another_region_are_not_there(
    app: Flask, client: FlaskClient, desk: tuple[str, str, str]
) -> None:
    path, key, draft = desk
    assert client.get(f"{path}/{draft}").status_code == 404
    with app.app_context():
        elsewhere = db.session.scalar(select(Round.key).where(Round.region_code == "11"))
        world.sign_in(client, world.a_coordinator("Yvon", "11"), NOW)
    assert client.get(f"{path}/{key}").status_code == 404
    assert client.get(path).status_code == 404
    assert client.get(f"/coordination/{elsewhere}/recevabilite/{key}").status_code == 404
    crossed = client.post(f"/coordination/{elsewhere}/recevabilite/{key}", data={"verdict": "admissible"})
    assert crossed.status_code == 404


def test_the_candidate_reads_the_decision_once_told(
    app: Flask, client: FlaskClient, desk: tuple[str, str, str]
) -> None:
    path, key, _draft = desk
    client.post(f"{path}/{key}", data={"verdict": "inadmissible", "reason": "CANARI-MOTIF", "notice": "hold"})
    with app.app_context():
        person = world.holder(world.a_person("Odile"))
        world.sign_in(client, person, NOW)
    assert "CANARI-MOTIF" not in _text(client, f"/candidatures/{key}")
    with app.app_context():
        world.sign_in(client, world.holder(world.a_person("Coralie")), NOW)
    client.post(f"{path}/{key}", data={"verdict": "inadmissible", "reason": "CANARI-DIT", "notice": "send"})
    with app.app_context():
        world.sign_in(client, world.holder(person.account_id), NOW)
    assert "CANARI-DIT" in _text(client, f"/candidatures/{key}")


@pytest.mark.parametrize("count", [1, 3])
def test_the_queue_asks_as_much_of_one_file_as_of_three(
    app: Flask, client: FlaskClient, at: Move, count: int
) -> None:
    with app.app_context():
        world.an_edition()
        for number, name in enumerate(("Odile", "Xavier", "Zoé")[:count]):
            world.a_submitted(name.replace("é", "e"), number)
        world.sign_in(client, world.a_coordinator(), NOW)
        path = f"/coordination/{db.session.scalar(select(Round.key).where(Round.region_code == '53'))}/recevabilite"
        engine = db.engine
    asked: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.startswith(("SELECT", "WITH")):
            asked.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        _text(client, path)
    finally:
        event.remove(engine, "before_cursor_execute", note)
    assert len(asked) == 6


@pytest.mark.parametrize(("day", "hour"), [("0001-01-01", "00:00"), ("2027-07-20", "1800Z")])
def test_a_day_out_of_reckoning_is_told(
    client: FlaskClient, desk: tuple[str, str, str], day: str, hour: str
) -> None:
    path, key, _draft = desk
    typed = {"champ": "area", "message": "CANARI", "day": day, "hour": hour}
    refused = client.post(f"{path}/{key}/complement", data=typed)
    assert refused.status_code == 422
    assert "CANARI" in refused.get_data(as_text=True)
