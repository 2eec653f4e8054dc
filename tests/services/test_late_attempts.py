"""Who comes too late is noted once, whoever else is not; the extension tells each of them, and every worker at once."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from awards_app.database import db
from awards_app.domain.candidacies import CallIsClosed
from awards_app.domain.refusals import DoesNotExist
from awards_app.models.deadlines import DeadlineChange, LateAttempt
from awards_app.models.editions import Round
from awards_app.models.messages import Message
from awards_app.queries.deadlines import changes_of, closings_until, late_attempts
from awards_app.services.candidacies import submit_candidacy
from awards_app.services.deadlines import change_deadline
from awards_app.services.late_attempts import note_late_attempt
from tests import filing_world as world

CLOSES = world.CLOSES
LATE = CLOSES + timedelta(minutes=2)
LATER = datetime.fromisoformat("2027-07-05T18:00")


@pytest.fixture
def key(context: Flask) -> str:
    world.an_edition()
    return str(db.session.scalar(select(Round.key).where(Round.region_code == "53")))


def test_an_attempt_is_noted_once_however_often(key: str) -> None:
    person, candidacy = world.a_filer("Filou", 0)
    for second, verb in enumerate(("save", "save", "submit")):
        at = LATE + timedelta(seconds=second)
        assert note_late_attempt(person, verb, CLOSES, at, candidacy=candidacy) is True
    (row,) = db.session.scalars(select(LateAttempt)).all()
    assert (row.attempts, row.verb, row.first_at, row.last_at) == (
        3,
        "submit",
        LATE,
        LATE + timedelta(seconds=2),
    )


def test_who_has_no_part_in_the_file_is_not_noted(key: str) -> None:
    _person, candidacy = world.a_filer("Filou", 0)
    stranger, _own = world.a_filer("Autre", 1)
    assert note_late_attempt(stranger, "submit", CLOSES, LATE, candidacy=candidacy) is False
    assert note_late_attempt(stranger, "submit", CLOSES, LATE, candidacy="rien") is False
    assert note_late_attempt(stranger, "open_draft", CLOSES, LATE, structure="rien") is False
    assert db.session.scalars(select(LateAttempt)).all() == []


def test_a_structure_without_a_file_is_noted_too(key: str) -> None:
    person, _candidacy = world.a_filer("Filou", 0)
    structure = world.structure_key(person)
    assert note_late_attempt(person, "open_draft", CLOSES, LATE, structure=structure) is True
    (row,) = db.session.scalars(select(LateAttempt)).all()
    assert row.candidacy_id is None
    coordinator = world.a_coordinator()
    change_deadline(coordinator, key, LATER, "Panne", LATE)
    body = db.session.scalar(select(Message.body).where(Message.kind == "call_reopened"))
    assert f"/candidatures/nouvelle?structure={structure}" in (body or "")


def test_the_list_is_for_the_chamber_and_the_nation_only(key: str) -> None:
    person, candidacy = world.a_filer("Filou", 0)
    note_late_attempt(person, "submit", CLOSES, LATE, candidacy=candidacy)
    (line,) = late_attempts(world.a_coordinator(), key, LATE)
    assert (line.structure, line.person, line.told_at) == ("Les Étoiles 0", "Filou", None)
    for other in (person, world.a_coordinator("Yann", "28")):
        with pytest.raises(DoesNotExist):
            late_attempts(other, key, LATE)


def test_a_move_is_kept_with_both_closings(key: str) -> None:
    coordinator = world.a_coordinator()
    change_deadline(coordinator, key, LATER, "Panne", LATE)
    round_id = db.session.scalar(select(Round.id).where(Round.key == key))
    assert round_id is not None
    (change,) = changes_of(round_id)
    after = datetime.fromisoformat("2027-07-05T16:01:00+00:00")
    assert (change.before_at, change.after_at, change.by, change.reason) == (
        CLOSES,
        after,
        "Coralie",
        "Panne",
    )
    assert closings_until(round_id, LATE - timedelta(seconds=1)) == ()
    assert closings_until(round_id, LATE) == ((CLOSES, "Europe/Paris"), (after, "Europe/Paris"))
    assert db.session.scalars(select(DeadlineChange.moved_by_id)).all() == [coordinator.account_id]


def test_another_worker_sees_the_extension_at_once(app: Flask, tmp_path: Path) -> None:
    """Two applications on one database, each with its own connections: what one extends the other accepts."""
    from awards_app.app import create_app
    from tests.conftest import _settings, close_app

    other = create_app(_settings(app.config["SQLALCHEMY_DATABASE_URI"], tmp_path / "other"))
    with app.app_context():
        world.an_edition()
        key = str(db.session.scalar(select(Round.key).where(Round.region_code == "53")))
        person, candidacy = world.a_filer("Filou", 0)
        world.fill(person, candidacy)
        coordinator = world.a_coordinator()
    with other.app_context(), pytest.raises(CallIsClosed):
        submit_candidacy(person, candidacy, LATE)
    with app.app_context():
        change_deadline(coordinator, key, LATER, "Panne", LATE)
    with other.app_context():
        assert submit_candidacy(person, candidacy, LATE).submitted_at == LATE
    close_app(other)
