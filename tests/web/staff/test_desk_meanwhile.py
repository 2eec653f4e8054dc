"""The desk when two people of the chamber are at it: nothing read is decided over, nothing ticked or written is lost."""

import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from awards_app.adapters import clock
from awards_app.database import db
from awards_app.models.admissibility import ChecklistMark, CompletionRequest
from awards_app.models.candidacies import AdmissibilityDecision
from awards_app.services.admissibility import decide_admissibility
from tests import desk_world as desk
from tests import filing_world as world

NOW = desk.NOW
YES = {"verdict": "admissible", "reason": "", "notice": "none"}


@pytest.fixture
def files(app: Flask, client: FlaskClient, tmp_path: Path) -> tuple[str, list[str]]:
    """Return the address of the desk and three filed candidacies in its order; a coordinator is signed in."""
    app.config["AWARDS_CLOCK_FILE"] = str(tmp_path / "clock.json")
    with app.app_context():
        clock.set_clock(NOW, frozen=True)
        world.an_edition()
        keys = [world.a_submitted(name, place)[1] for place, name in enumerate(("Odile", "Xavier", "Zoe"))]
        world.sign_in(client, world.a_coordinator(), NOW)
        path = f"/coordination/{desk.round_key()}/recevabilite"
    return path, keys


def mark_in(page: str) -> str:
    found = re.search(r'name="empreinte" value="(\w+)"', page)
    assert found is not None
    return found.group(1)


def a_colleague_decides(app: Flask, key: str, verdict: str, reason: str) -> None:
    with app.app_context():
        decide_admissibility(world.a_coordinator("Lise"), key, verdict, reason, NOW, notice="none")


def standing(app: Flask) -> list[tuple[str, str]]:
    with app.app_context():
        rows = db.session.execute(
            select(AdmissibilityDecision.verdict, AdmissibilityDecision.reason)
            .where(AdmissibilityDecision.replaced_at.is_(None))
            .order_by(AdmissibilityDecision.id)
        )
        return [(row.verdict, row.reason) for row in rows]


def test_a_decision_is_not_made_over_one_that_was_not_read(
    app: Flask, client: FlaskClient, files: tuple[str, list[str]]
) -> None:
    path, (key, *_others) = files
    seen = mark_in(desk.text_of(client, f"{path}/{key}"))
    a_colleague_decides(app, key, "inadmissible", "CANARI-COLLEGUE")
    mine = {"verdict": "admissible", "reason": "CANARI-MIEN", "notice": "none", "empreinte": seen}
    refused = client.post(f"{path}/{key}", data=mine)
    page = refused.get_data(as_text=True)
    assert refused.status_code == 409
    assert ("CANARI-COLLEGUE" in page, "CANARI-MIEN" in page) == (True, True)
    assert standing(app) == [("inadmissible", "CANARI-COLLEGUE")]
    # Having read it, they may replace it; twice is once.
    again = mine | {"empreinte": mark_in(page)}
    assert [client.post(f"{path}/{key}", data=again).status_code for _time in "12"] == [303, 303]
    assert standing(app) == [("admissible", "CANARI-MIEN")]


def test_a_decision_is_not_made_over_a_request_that_a_colleague_made(
    app: Flask, client: FlaskClient, files: tuple[str, list[str]]
) -> None:
    path, (key, *_others) = files
    seen = mark_in(desk.text_of(client, f"{path}/{key}"))
    with app.app_context():
        desk.a_request(world.a_coordinator("Lise"), key)
    # A refusal of another kind leaves the page as old as it was.
    page = client.post(f"{path}/{key}", data={"verdict": "", "reason": "", "empreinte": seen})
    assert (page.status_code, mark_in(page.get_data(as_text=True))) == (422, seen)
    assert client.post(f"{path}/{key}", data=YES | {"empreinte": seen}).status_code == 409
    assert standing(app) == []


def test_the_file_after_is_shown_although_the_decision_leaves_the_list(
    client: FlaskClient, files: tuple[str, list[str]]
) -> None:
    path, (first, second, third) = files
    for key, after in ((first, f"{path}/{second}"), (second, f"{path}/{third}"), (third, path)):
        done = client.post(f"{path}/{key}?etat=waiting", data=YES)
        assert (done.status_code, done.location) == (303, f"{after}?etat=waiting")


def test_a_decision_keeps_what_was_ticked_and_checks_keep_what_was_written(
    app: Flask, client: FlaskClient, files: tuple[str, list[str]]
) -> None:
    path, (key, other, _third) = files
    ticked = {"version-region": "0", "finding-region": "met", "note-region": "Vu sur l’extrait."}
    begun = {"verdict": "inadmissible", "reason": "CANARI-DEBUT", "notice": "hold"}
    kept = client.post(f"{path}/{key}", data=ticked | begun | {"verifier": "1"})
    page = kept.get_data(as_text=True)
    assert (kept.status_code, "CANARI-DEBUT" in page) == (200, True)
    assert "Vos vérifications sont enregistrées." in page
    assert client.post(f"{path}/{other}", data=ticked | YES).status_code == 303
    with app.app_context():
        marks = db.session.execute(select(ChecklistMark.finding, ChecklistMark.note)).all()
        assert [tuple(row) for row in marks] == [("met", "Vu sur l’extrait.")] * 2


def test_a_wording_is_taken_up_without_losing_the_checks(
    app: Flask, client: FlaskClient, files: tuple[str, list[str]]
) -> None:
    path, (key, *_others) = files
    ticked = {"version-region": "0", "finding-region": "unmet", "note-region": "", "reason": ""}
    page = client.post(f"{path}/{key}", data=ticked | {"motif": "too_young"})
    assert page.status_code == 200
    assert "moins de 24 mois d’existence au 30 juin 2027" in page.get_data(as_text=True)
    with app.app_context():
        assert db.session.scalar(select(ChecklistMark.finding)) == "unmet"
    # What was written stays before it; one wording takes the place of another.
    both = client.post(f"{path}/{key}", data={"reason": "CANARI-TAPE", "motif": "too_young"})
    assert re.search("CANARI-TAPE\n\n.*moins de 24 mois", both.get_data(as_text=True))


def test_a_request_starts_from_a_wording_without_losing_what_is_listed(
    app: Flask, client: FlaskClient, files: tuple[str, list[str]]
) -> None:
    path, (key, *_others) = files
    begun = {"champ": ["area", "pitch"], "message": "CANARI-TAPE", "day": "2027-07-20", "hour": "17:30"}
    page = client.post(f"{path}/{key}/complement", data=begun | {"motif": "too_young"})
    text = page.get_data(as_text=True)
    assert page.status_code == 200
    assert re.search("CANARI-TAPE\n\n.*moins de 24 mois", text)
    assert re.findall('value="(\\w+)" id="champ-\\w+" checked', text) == ["pitch", "area"]
    assert ("2027-07-20" in text, "17:30" in text) == (True, True)
    with app.app_context():
        assert db.session.scalar(select(CompletionRequest.id)) is None


def test_a_note_that_is_too_long_stays_in_its_field_with_the_decision(
    app: Flask, client: FlaskClient, files: tuple[str, list[str]]
) -> None:
    path, (key, *_others) = files
    long = "CANARI-LONG " * 100
    refused = client.post(
        f"{path}/{key}",
        data={"version-region": "0", "finding-region": "met", "note-region": long}
        | YES
        | {"reason": "CANARI-M"},
    )
    page = refused.get_data(as_text=True)
    assert refused.status_code == 422
    assert ("Cette note est trop longue" in page, long.strip() in page, "CANARI-M" in page) == (
        True,
        True,
        True,
    )
    assert standing(app) == []


def test_several_at_once_never_overturn_a_refusal(
    app: Flask, client: FlaskClient, files: tuple[str, list[str]]
) -> None:
    path, keys = files
    a_colleague_decides(app, keys[0], "inadmissible", "Trop jeune.")
    page = client.post(f"{path}/lot", data={"acte": "admissible", "tout": "1"}).get_data(as_text=True)
    assert "2 candidatures concernées. Rien n’est encore fait." in desk.words_of(page)
    data = {"acte": "admissible", "cle": keys[1:], "empreinte": mark_in(page)}
    a_colleague_decides(app, keys[1], "inadmissible", "Hors du champ.")
    refused = client.post(f"{path}/lot/confirmer", data=data)
    after = refused.get_data(as_text=True)
    assert refused.status_code == 409
    assert "La liste a changé depuis l’aperçu." in after
    assert "1 candidature concernée. Rien n’est encore fait." in desk.words_of(after)
    assert standing(app) == [("inadmissible", "Trop jeune."), ("inadmissible", "Hors du champ.")]
    data = {"acte": "admissible", "cle": keys[2], "empreinte": mark_in(after)}
    assert client.post(f"{path}/lot/confirmer", data=data).status_code == 303
    assert standing(app)[2:] == [("admissible", "")]


def test_several_at_once_are_asked_only_where_they_stood(
    app: Flask, client: FlaskClient, files: tuple[str, list[str]]
) -> None:
    path, keys = files
    asked = {
        "acte": "completion",
        "cle": keys,
        "champ": "area",
        "message": "CANARI",
        "day": "2027-07-20",
        "hour": "18:00",
    }
    page = client.post(f"{path}/lot", data=asked).get_data(as_text=True)
    a_colleague_decides(app, keys[0], "admissible", "")
    refused = client.post(f"{path}/lot/confirmer", data=asked | {"empreinte": mark_in(page)})
    after = desk.words_of(refused.get_data(as_text=True))
    assert refused.status_code == 409
    assert ("Les Étoiles 0" in after, "recevable" in after, "CANARI" in after) == (True, True, True)


def test_letters_that_somebody_let_go_or_nobody_chose_are_said_on_their_page(
    app: Flask, client: FlaskClient, files: tuple[str, list[str]]
) -> None:
    path, keys = files
    for key in keys[:2]:
        client.post(f"{path}/{key}", data=YES | {"notice": "hold"})
    page = client.post(f"{path}/avis", data={})
    text = page.get_data(as_text=True)
    assert (page.status_code, "Choisissez au moins un message." in text) == (422, True)
    first, second = re.findall(r'name="cle" value="([\w-]+)"', text)
    assert client.post(f"{path}/avis", data={"cle": first}).status_code == 303
    again = client.post(f"{path}/avis", data={"cle": [first, second]})
    text = again.get_data(as_text=True)
    assert (again.status_code, "La liste a changé depuis l’aperçu." in text) == (409, True)
    assert re.findall(r'name="cle" value="([\w-]+)"', text) == [second]


def test_a_text_that_a_colleague_wrote_is_not_written_over(
    app: Flask, client: FlaskClient, files: tuple[str, list[str]]
) -> None:
    address = files[0].replace("/recevabilite", "/formulations/not_ess")
    seen = mark_in(desk.text_of(client, address))
    theirs = {"subject": "Objet", "body": "CANARI-SIEN", "empreinte": seen}
    assert [client.post(address, data=theirs).status_code for _time in "12"] == [303, 303]
    mine = theirs | {"body": "CANARI-MIEN"}
    refused = client.post(address, data=mine)
    page = refused.get_data(as_text=True)
    assert (refused.status_code, "CANARI-SIEN" in page, "CANARI-MIEN" in page) == (409, True, True)
    assert "CANARI-MIEN" not in desk.text_of(client, address)
    assert client.post(address, data=mine | {"empreinte": mark_in(page)}).status_code == 303
    assert "CANARI-MIEN" in desk.text_of(client, address)
