"""The test hooks: what they do, and that they are not there when the setting is off."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from awards_app.app import SettingIsUnsafe, create_app
from tests.world import hooked_app

HOOKS = ("clock", "mail", "job", "fault", "seed")


@pytest.fixture
def hooked(app: Flask, tmp_path: Path) -> Iterator[Flask]:
    """The app of the test with the hooks on."""
    with hooked_app(app.config["DATABASE_URL"], tmp_path, WTF_CSRF_ENABLED=True) as made:
        yield made


@pytest.fixture
def door(hooked: Flask) -> FlaskClient:
    """A plain client of the app with hooks."""
    return hooked.test_client()


@pytest.mark.parametrize("name", HOOKS)
def test_no_hook_answers_when_the_setting_is_off(client: FlaskClient, name: str) -> None:
    assert client.post(f"/__test__/{name}", json={}).status_code == 404
    assert client.get(f"/__test__/{name}").status_code == 404


def test_production_refuses_to_start_with_hooks(tmp_path: Path) -> None:
    settings = {
        "AWARDS_MODE": "production",
        "SECRET_KEY": "k" * 40,
        "AWARDS_INSTANCE": str(tmp_path),
        "DEBUG": False,
        "AWARDS_TEST_HOOKS": True,
    }
    with pytest.raises(SettingIsUnsafe, match="AWARDS_TEST_HOOKS"):
        create_app(settings)


def test_the_clock_stands_where_it_was_put(door: FlaskClient) -> None:
    at = "2026-06-30T21:59:59+00:00"
    assert door.post("/__test__/clock", json={"instant": at, "frozen": True}).json == {"now": at}
    assert door.post("/__test__/clock", json={"instant": "2026-06-30T21:59:59"}).status_code == 422
    running = door.post("/__test__/clock", json={"instant": at, "frozen": False}).json
    assert running["now"][:16] == at[:16]
    assert door.post("/__test__/clock", json={"instant": None}).json["now"] != at


def test_a_letter_is_seen_with_its_link(door: FlaskClient) -> None:
    door.post("/__test__/seed", json={"phase": "P1"})
    before = len(door.get("/__test__/mail").json["letters"])
    page = door.get("/compte/inscription").text
    token = page.split('name="csrf_token"')[1].split('value="')[1].split('"')[0]
    values = {
        "csrf_token": token,
        "name": "Zoé Neuve",
        "email": "zoe@neuve.example",
        "password": "une phrase de mots rares",
    }
    assert door.post("/compte/inscription", data=values).status_code == 303
    letters = door.get("/__test__/mail").json["letters"]
    assert len(letters) == before + 1
    assert (letters[-1]["recipient"], letters[-1]["kind"]) == ("zoe@neuve.example", "account_confirmation")
    assert "/compte/confirmer/" in letters[-1]["text"]


def test_a_job_runs_now_and_an_unknown_one_is_not_there(door: FlaskClient) -> None:
    assert door.post("/__test__/job", json={"name": "messages.nothing"}).status_code == 404
    assert door.post("/__test__/job", json={"name": "../messages"}).status_code == 404
    door.post("/__test__/seed", json={"phase": "P1"})
    door.post("/__test__/clock", json={"instant": "2026-07-01T09:00:00+00:00"})
    assert door.post("/__test__/job", json={"name": "sweep"}).json == {"result": None}


def test_a_fault_breaks_once_and_the_same_request_passes_after(door: FlaskClient) -> None:
    world = door.post("/__test__/seed", json={"phase": "P1"}).json
    person = world["people"]["CO"]
    token = door.get("/compte/connexion").text.split('name="csrf_token"')[1].split('value="')[1].split('"')[0]
    values = {"csrf_token": token, "email": person["email"], "password": person["password"]}
    assert door.post("/__test__/fault", json={"point": "before_commit"}).json == {"armed": "before_commit"}
    assert door.post("/compte/connexion", data=values).status_code == 503
    assert door.post("/compte/connexion", data=values).status_code == 303
    assert door.post("/__test__/fault", json={"point": "x", "kind": "melt"}).status_code == 422


def test_a_world_is_laid_back_as_it_was(door: FlaskClient) -> None:
    first = door.post("/__test__/seed", json={"phase": "P1"}).json
    letters = door.get("/__test__/mail").json["letters"]
    assert len(letters) >= 1
    again = door.post("/__test__/seed", json={"phase": "P1"}).json
    assert again == first
    assert set(first["candidacies"]) == {"main", "draft", "other", "foreign", "first", "second", "refused"}
    assert {"CM", "CO", "CX", "RJ", "RK", "RX", "JP", "RC", "RY", "NJ", "NK", "NP", "NS", "AU"} <= set(
        first["people"]
    )
    assert door.post("/__test__/seed", json={"phase": "P9"}).status_code == 422
