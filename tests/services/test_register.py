"""The register asked by the platform: kept answers first, a pause after faults, what it said kept beside the structure."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from awards_app.database import db
from awards_app.domain.holder import Holder
from awards_app.domain.refusals import DoesNotExist
from awards_app.models.register import RegisterAnswer
from awards_app.models.structures import Structure
from awards_app.queries.register import kept_answer, latest_of
from awards_app.queries.structures import structure_record
from awards_app.services.register import (
    FAULTS,
    KEPT,
    PAUSE,
    UNKNOWN_KEPT,
    read_for_structure,
    read_register,
    read_structure,
)
from awards_app.services.structures import edit_structure, take_from_register
from tests import filing_world as world
from tests.register_server import RegisterServer, register_server

NOW = world.FILING
SIREN = "732829320"


@pytest.fixture
def register(context: Flask) -> Iterator[RegisterServer]:
    """A register of our own, configured in the app."""
    with register_server() as server:
        context.config["AWARDS_REGISTER_URL"] = server.url
        yield server


@pytest.fixture
def person(register: RegisterServer) -> tuple[Holder, str]:
    """A responsible person and the key of their structure."""
    world.an_edition()
    account_id = world.a_person("Odile")
    key = world.a_structure(world.holder(account_id))
    return world.holder(account_id), key


def test_an_answer_is_kept_a_week(register: RegisterServer) -> None:
    first = read_register(SIREN, NOW)
    assert first.outcome == "found"
    again = read_register(SIREN, NOW + KEPT - timedelta(seconds=1))
    assert (again.facts, again.answered_at) == (first.facts, NOW)
    assert len(register.asked) == 1
    read_register(SIREN, NOW + KEPT)
    assert len(register.asked) == 2


def test_not_knowing_is_kept_an_hour(register: RegisterServer) -> None:
    register.results = []
    assert read_register(SIREN, NOW).outcome == "unknown"
    assert read_register(SIREN, NOW + UNKNOWN_KEPT / 2).outcome == "unknown"
    assert len(register.asked) == 1
    assert kept_answer(SIREN, NOW + UNKNOWN_KEPT) is None


def test_silence_is_not_kept_and_repeated_faults_make_a_pause(register: RegisterServer) -> None:
    register.mood = "down"
    for turn in range(FAULTS + 2):
        assert read_register(SIREN, NOW + timedelta(seconds=turn)).outcome == "silent"
    assert len(register.asked) == FAULTS
    register.mood = "well"
    assert read_register(SIREN, NOW + PAUSE - timedelta(seconds=1)).outcome == "silent"
    assert len(register.asked) == FAULTS
    assert read_register(SIREN, NOW + PAUSE + timedelta(seconds=FAULTS)).outcome == "found"
    register.mood = "down"
    assert read_register("552100554", NOW + PAUSE * 2).outcome == "silent"
    assert read_register("552100554", NOW + PAUSE * 2).outcome == "silent"
    assert len(register.asked) == FAULTS + 3


def test_its_wish_to_be_left_alone_is_granted(register: RegisterServer) -> None:
    register.mood, register.retry_after = "busy", "60"
    assert read_register(SIREN, NOW).outcome == "silent"
    register.mood = "well"
    assert read_register(SIREN, NOW + timedelta(seconds=59)).outcome == "silent"
    assert read_register(SIREN, NOW + timedelta(seconds=60)).outcome == "found"
    assert len(register.asked) == 2


def test_another_shape_is_a_fault(register: RegisterServer) -> None:
    register.mood = "wrong"
    assert read_register(SIREN, NOW).outcome == "silent"
    assert db.session.scalars(select(RegisterAnswer.number)).all() == []


def test_without_a_setting_nobody_is_asked(register: RegisterServer, context: Flask) -> None:
    context.config["AWARDS_REGISTER_URL"] = ""
    assert read_register(SIREN, NOW).outcome == "silent"
    assert register.asked == []


def test_what_it_said_stays_beside_the_structure(
    register: RegisterServer, person: tuple[Holder, str]
) -> None:
    holder, key = person
    structure_id = structure_record(holder, key).id
    assert latest_of(structure_id) is None
    reading = read_for_structure(holder, key, NOW)
    assert reading is not None
    assert latest_of(structure_id) == reading
    register.mood = "down"
    later = NOW + KEPT
    assert read_structure(structure_id, NOW) == "found"
    read_for_structure(holder, key, later)
    latest = latest_of(structure_id)
    assert latest is not None
    assert (latest.outcome, latest.facts) == ("silent", None)
    stranger = world.holder(world.a_person("Xavier"))
    with pytest.raises(DoesNotExist):
        read_for_structure(stranger, key, NOW)


def test_what_is_confirmed_is_taken_and_nothing_else(person: tuple[Holder, str]) -> None:
    holder, key = person
    read_for_structure(holder, key, NOW)
    assert take_from_register(holder, key, {"address", "inconnu"}, NOW) == 1
    record = structure_record(holder, key)
    assert (record.address, record.name, record.acronym) == ("9 rue du Port", "Les Étoiles 0", "")
    assert take_from_register(holder, key, {"address"}, NOW) == 0
    assert take_from_register(holder, key, set(), NOW) == 0


def test_a_taken_postcode_moves_the_region(register: RegisterServer, person: tuple[Holder, str]) -> None:
    holder, key = person
    register.results[0]["siege"] |= {"code_postal": "97400", "adresse": "1 RUE DU VOLCAN 97400 SAINT-DENIS"}
    read_for_structure(holder, key, NOW)
    take_from_register(holder, key, {"postcode"}, NOW)
    record = structure_record(holder, key)
    assert (record.postcode, record.department, record.region_code) == ("97400", "974", "04")


def test_a_structure_without_number_is_not_asked_of(
    register: RegisterServer, person: tuple[Holder, str]
) -> None:
    holder, key = person
    entry = "Tribunal de Strasbourg, volume 91, folio 123"
    edit_structure(holder, key, world.structure_values(0, identifier=entry), NOW)
    row = db.session.execute(select(Structure.siren, Structure.court_register)).one()
    assert tuple(row) == (None, entry)
    assert read_for_structure(holder, key, NOW) is None
    assert register.asked == []
