"""A request for completion at the structure's door: its page, what may be sent, the timeline."""

import io
import re
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from awards_app.adapters import clock
from awards_app.services.admissibility import decide_admissibility
from tests import desk_world as desk
from tests import filing_world as world

Move = Callable[[datetime], None]
NOW = desk.NOW


@pytest.fixture
def at(app: Flask, tmp_path: Path) -> Move:
    app.config["AWARDS_CLOCK_FILE"] = str(tmp_path / "clock.json")

    def move(instant: datetime) -> None:
        with app.app_context():
            clock.set_clock(instant, frozen=True)

    move(NOW)
    return move


@pytest.fixture
def asked(app: Flask, client: FlaskClient, at: Move) -> tuple[str, str]:
    """Return the candidacy and the address of a request for two answers; who is responsible is signed in."""
    with app.app_context():
        world.an_edition()
        person, key = world.a_submitted()
        request = desk.a_request(world.a_coordinator(), key, "area", "statutes")
        world.sign_in(client, person, NOW)
    return key, f"/candidatures/{key}/complement/{request}"


def test_the_page_has_just_what_is_asked(client: FlaskClient, asked: tuple[str, str]) -> None:
    key, path = asked
    page = desk.text_of(client, path)
    assert "Précisez, s’il vous plaît." in page
    assert 'name="area"' in page
    assert 'name="pitch"' not in page
    assert "statutes.bin" in page
    assert "Coralie" not in page
    home = desk.words_of(desk.text_of(client, f"/candidatures/{key}"))
    assert "La CRESS vous demande un complément." in home
    assert "mardi 20 juillet 2027 à 18 h 00 (heure de Paris)" in home


def test_the_home_of_a_structure_says_what_the_chamber_waits_for(
    app: Flask, client: FlaskClient, asked: tuple[str, str], at: Move
) -> None:
    _key, path = asked
    home = desk.text_of(client, "/structure")
    said = desk.words_of(home.split('class="next-step')[1].split("</section>")[0])
    assert "La CRESS vous demande un complément." in said
    assert "mardi 20 juillet 2027 à 18 h 00 (heure de Paris)" in said
    assert f'href="{path}"' in home
    assert "complément demandé" in desk.words_of(home.split("<h2>Candidatures")[1])
    client.post(path, data={"area": "Vilaine"})
    assert "next-step" not in desk.text_of(client, "/structure")
    with app.app_context():
        person = world.holder(world.a_person("Odile"))
        reopen = desk.CLOSES
        world.sign_in(client, person, reopen)
    at(reopen)
    assert "demande un complément" not in desk.text_of(client, "/structure")


def test_a_file_and_an_answer_are_sent_once(client: FlaskClient, asked: tuple[str, str]) -> None:
    key, path = asked
    wrong = {"question": "statutes", "file": (io.BytesIO(b"rien"), "statuts.pdf")}
    assert client.post(f"{path}/pieces", data=wrong).status_code == 415
    unlisted = {"question": "photos", "file": (io.BytesIO(world.a_photo()), "p.jpg")}
    assert client.post(f"{path}/pieces", data=unlisted).status_code == 422
    sent = {"question": "statutes", "file": (io.BytesIO(world.a_pdf("neufs")), "neufs.pdf")}
    assert client.post(f"{path}/pieces", data=sent).status_code == 303
    assert "reçu, pas encore envoyé" in desk.text_of(client, path)
    saved = client.post(f"{path}/enregistrer", data={"field": "area", "value": "Vilaine", "version": "0"})
    assert (saved.status_code, saved.json["version"]) == (200, 1)  # type: ignore[index]  # it is an object
    stale = client.post(f"{path}/enregistrer", data={"field": "area", "value": "Autre", "version": "0"})
    assert (stale.status_code, stale.json["theirs"]) == (409, "Vilaine")  # type: ignore[index]  # it is an object
    refused = client.post(path, data={"area": "Vilaine", "pitch": "CANARI-TAPE"})
    assert refused.status_code == 422
    assert "CANARI-TAPE" in refused.get_data(as_text=True)
    assert client.post(path, data={"area": "Vilaine"}).status_code == 303
    again = client.post(path, data={"area": "Encore"})
    assert again.status_code == 409
    assert "déjà répondu" in again.get_data(as_text=True)
    assert "neufs.pdf" in desk.text_of(client, f"/candidatures/{key}/accuse")


def test_the_timeline_tells_each_step_with_its_hour(
    app: Flask, client: FlaskClient, asked: tuple[str, str], at: Move
) -> None:
    key, path = asked
    client.post(path, data={"area": "Vilaine"})
    at(desk.LATER)
    with app.app_context():
        decide_admissibility(world.a_coordinator(), key, "admissible", "", desk.LATER)
    words = desk.words_of(desk.text_of(client, f"/candidatures/{key}"))
    steps = [
        "Candidature déposée",
        "mardi 1er juin 2027 à 12 h 00 (heure de Paris)",
        "Examen de la recevabilité par la CRESS",
        "Complément demandé",
        "samedi 10 juillet 2027 à 11 h 00 (heure de Paris)",
        "réponse possible jusqu’au mardi 20 juillet 2027 à 18 h 00 (heure de Paris)",
        "Complément envoyé",
        "Recevable",
        "Jury régional",
        "Résultats",
    ]
    start = words.index("Les étapes")
    places = [words.index(step, start) for step in steps]
    assert places == sorted(places)


def test_the_instant_is_the_last_minute_and_is_named(
    app: Flask, client: FlaskClient, asked: tuple[str, str], at: Move
) -> None:
    _key, path = asked
    at(desk.CLOSES)
    with app.app_context():
        world.sign_in(client, world.holder(world.a_person("Odile")), desk.CLOSES)
    late = client.post(path, data={"area": "CANARI-TARD"})
    assert late.status_code == 409
    page = desk.words_of(late.get_data(as_text=True))
    assert "clos depuis le 20 juillet 2027 à 18 h 00 (heure de Paris)" in page
    assert "CANARI-TARD" in page
    assert "délai passé" in desk.text_of(client, path)
    spoken = client.post(f"{path}/messages", data={"body": "Puis-je avoir un délai ?"})
    assert spoken.status_code == 303
    assert "Puis-je avoir un délai" in desk.text_of(client, path)


def test_others_find_nothing(app: Flask, client: FlaskClient, asked: tuple[str, str]) -> None:
    _key, path = asked
    with app.app_context():
        stranger, _draft = world.a_filer("Xavier", 1)
        world.sign_in(client, stranger, NOW)
    assert client.get(path).status_code == 404
    assert client.post(path, data={"area": "Pris"}).status_code == 404
    assert client.post(f"{path}/messages", data={"body": "Moi"}).status_code == 404


def test_a_page_opened_before_a_colleague_wrote_keeps_both_texts(
    client: FlaskClient, asked: tuple[str, str]
) -> None:
    _key, path = asked

    def sent_by(page: str, area: str) -> dict[str, str]:
        opened = dict(re.findall(r'name="(base-[\w-]+)" value="([^"]*)"', page))
        return {**opened, "area": area}

    before = desk.text_of(client, path)
    client.post(f"{path}/enregistrer", data=sent_by(before, "CANARI-COLLÈGUE"))
    # Who did not touch the field takes nothing away.
    assert client.post(f"{path}/enregistrer", data=sent_by(before, "Rance")).status_code == 303
    assert "CANARI-COLLÈGUE" in desk.text_of(client, path)
    for door in (f"{path}/enregistrer", path):
        met = client.post(door, data=sent_by(before, "CANARI-TARDIF"))
        page = met.get_data(as_text=True)
        assert met.status_code == 409
        assert page.count("CANARI-TARDIF") == 1
        assert page.count("CANARI-COLLÈGUE") == 1
    assert "CANARI-COLLÈGUE" in desk.text_of(client, path)
    # The page of both texts was read: its answer is sent.
    assert client.post(path, data=sent_by(page, "Les deux")).status_code == 303


def test_two_choices_of_files_that_meet_are_both_there(client: FlaskClient, asked: tuple[str, str]) -> None:
    _key, path = asked
    before = desk.text_of(client, path)
    opened = dict(re.findall(r'name="((?:base|garder)-[\w-]+)" value="([^"]*)"', before))
    kept = dict(re.findall(r'name="(garde-[\w-]+)" value="([^"]*)"', before))

    def is_ticked(page: str) -> bool:
        (box,) = re.findall(r'<input[^>]* name="garde-statutes"[^>]*>', page)
        return " checked" in box

    # A colleague takes the file away, then gives that up; who had the page open takes it away too.
    for gone in ({}, kept):
        page = desk.text_of(client, path)
        fresh = dict(re.findall(r'name="((?:base|garder)-[\w-]+)" value="([^"]*)"', page))
        assert client.post(f"{path}/enregistrer", data={**fresh, **gone}).status_code == 303
    met = client.post(f"{path}/enregistrer", data=opened)
    words = desk.words_of(met.get_data(as_text=True))
    assert met.status_code == 409
    assert "Une autre personne a changé entre-temps les fichiers à garder." in words
    assert "L’autre choix : garder statutes.bin" in words
    assert "Les deux textes" not in words
    assert not is_ticked(met.get_data(as_text=True))
    # A box that was unticked stays so on a page that says what else is missing.
    incomplete = client.post(path, data={**opened, "base-statutes": "2.0", "area": ""})
    assert incomplete.status_code == 422
    assert not is_ticked(incomplete.get_data(as_text=True))
