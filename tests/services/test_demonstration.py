"""The demonstration as it is on the day it opens: every phase, true figures, whole invariants, a door for each role."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from awards_app.adapters.clock import now as the_clock
from awards_app.adapters.clock import set_clock
from awards_app.database import db
from awards_app.models.accounts import Account
from awards_app.models.candidacies import AdmissibilityDecision, Candidacy
from awards_app.models.deliberations import Decision, TieBreak
from awards_app.models.editions import Edition, Round
from awards_app.models.honours import Honour, NationalEntry
from awards_app.models.juries import Interest
from awards_app.models.scoring import Snapshot, StandingRow, Waiver
from awards_app.services.demonstration import ROLES, load_demonstration, sign_ins
from awards_app.services.demonstration.scene import OPENS_AT, PASSWORD, REGIONS
from awards_app.services.journal_check import verify as verify_journal
from awards_app.services.rehearsal import checks
from awards_app.services.results import export_results, verify_results
from tests.checked_client import CheckedClient
from tests.conftest import close_app
from tests.invariants import CHECKS, broken

pytestmark = pytest.mark.sqlite
# An endowment is published as the amount of its structure's title, not as a line of its own.
HOLDING = [number for number in CHECKS if number != 16]


@pytest.fixture(scope="module")
def demo(new_database, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:  # type: ignore[no-untyped-def]  # a fixture's function
    """The demonstration, loaded once for all: tests read it, and move only the clock, forward."""
    from awards_app.app import create_app

    folder = Path(tmp_path_factory.mktemp("demonstration"))
    url, remove = new_database(folder)
    app = create_app(
        {
            "AWARDS_MODE": "demo",
            "TESTING": True,
            "DATABASE_URL": url,
            "AWARDS_INSTANCE": str(folder),
            "AWARDS_SQLITE_SYNCHRONOUS": "NORMAL",
            "REDIS_URL": "unix:///nowhere.sock",
            "RATELIMIT_ENABLED": False,
            "RATELIMIT_STORAGE_URI": "memory://",
            "WTF_CSRF_ENABLED": False,
        }
    )
    app.test_client_class = CheckedClient
    with app.app_context():
        load_demonstration()
    app.config["REDIS_URL"] = ""
    yield app
    close_app(app)
    remove()


@pytest.fixture
def inside(demo: Flask) -> Iterator[Flask]:
    with demo.app_context():
        yield demo
        db.session.rollback()


def _count(*where: object) -> int:
    return db.session.scalar(select(func.count()).where(*where)) or 0  # type: ignore[arg-type]  # conditions


def _edition(year: int) -> int:
    return db.session.scalars(select(Edition.id).where(Edition.year == year)).one()


def test_every_phase_is_shown_and_the_volume_is_that_of_2023(inside: Flask) -> None:
    rows = db.session.execute(
        select(Round.region_code, Round.phase, Round.takes_part).where(Round.edition_id == _edition(2027))
    ).all()
    wanted = {region.code: region.phase for region in REGIONS}
    assert {row.region_code: row.phase for row in rows if row.takes_part} == {**wanted, None: "P3"}
    assert [row.region_code for row in rows if not row.takes_part] == ["06"]
    filed = Candidacy.state.in_(("submitted", "withdrawn"))
    assert _count(Candidacy.edition_id == _edition(2027), filed) == 515
    assert _count(Candidacy.edition_id == _edition(2026), filed) == 60


def test_life_is_irregular(inside: Flask) -> None:
    national = db.session.scalars(
        select(Round.id).where(Round.edition_id == _edition(2027), Round.region_code.is_(None))
    ).one()
    corsica = db.session.scalars(
        select(Round.id).where(Round.edition_id == _edition(2027), Round.region_code == "94")
    ).one()
    assert _count(NationalEntry.round_id == national) == 17
    assert _count(Decision.round_id == corsica, Decision.candidacy_id.is_(None)) == 1
    assert _count(Candidacy.state == "withdrawn") == 1
    found = {
        "drafts": _count(Candidacy.state == "draft"),
        "inadmissible": _count(AdmissibilityDecision.verdict == "inadmissible"),
        "recusals": _count(Interest.verdict == "recused"),
        "waivers": _count(Waiver.id.is_not(None)),
        "ties parted": _count(TieBreak.id.is_not(None)),
    }
    assert [name for name, count in found.items() if not count] == []


def test_a_tie_waits_for_its_chair(inside: Flask) -> None:
    ranks = db.session.scalars(
        select(StandingRow.rank)
        .join(Snapshot, Snapshot.id == StandingRow.snapshot_id)
        .join(Round, Round.id == Snapshot.round_id)
        .where(Round.edition_id == _edition(2027), Round.region_code == "93", StandingRow.is_tied)
        .order_by(StandingRow.rank)
    ).all()
    assert list(ranks)[:2] == [1, 1]


def test_the_past_edition_is_published_beside_the_real_honours(inside: Flask) -> None:
    assert _count(Honour.year < 2026) == 57
    laureates = select(func.count()).where(
        Honour.year == 2026, Honour.level == "national", Honour.distinction == "laureate"
    )
    assert db.session.scalar(laureates) == 2
    assert _count(Round.edition_id == _edition(2026), Round.takes_part, Round.phase != "P6") == 0


def test_everything_holds(inside: Flask) -> None:
    assert broken(HOLDING) == []
    assert verify_journal().ok
    for year in (2026, 2027):
        assert checks.rankings_hold(_edition(year))
        assert verify_results(export_results(year, the_clock())).problems == ()


def test_loading_again_does_nothing(inside: Flask) -> None:
    before = verify_journal().head
    load_demonstration()
    assert verify_journal().head == before
    assert _count(Account.email_folded.in_([role.email for role in ROLES])) == len(ROLES)
    assert str(sign_ins()).splitlines()[-2:] == [
        f"Mot de passe de chacun : {PASSWORD}",
        "Entrée sans mot de passe : /demonstration",
    ]


@pytest.mark.parametrize("role", [role.code for role in ROLES])
def test_one_click_enters_as_a_role(demo: Flask, role: str) -> None:
    client: FlaskClient = demo.test_client()
    answer = client.post("/demonstration/entrer", data={"role": role})
    assert answer.status_code == 303
    page = client.get(answer.location, follow_redirects=True)
    name = next(one.name for one in ROLES if one.code == role)
    assert (page.status_code, name in page.text) == (200, True)


def test_nobody_else_can_be_entered_as(demo: Flask) -> None:
    for role in ("", "admin", "national-2@demo.example"):
        assert demo.test_client().post("/demonstration/entrer", data={"role": role}).status_code == 404


def test_the_clock_goes_forward_only_and_what_is_due_happens(demo: Flask) -> None:
    client: FlaskClient = demo.test_client()
    client.post("/demonstration/entrer", data={"role": "national"})
    with demo.app_context():
        set_clock(OPENS_AT, frozen=True)
    back = client.post("/demonstration/horloge", data={"day": "01/09/2027"})
    assert (back.status_code, "ne fait qu’avancer" in back.text, "01/09/2027" in back.text) == (
        422,
        True,
        True,
    )
    assert client.post("/demonstration/horloge", data={"day": "31/02/2028"}).status_code == 422
    assert client.post("/demonstration/horloge", data={"day": "02/10/2027"}).status_code == 303
    assert client.get("/demonstration").status_code == 200
    assert client.get("/coordination").status_code == 200
    with demo.app_context():
        assert the_clock() >= datetime(2027, 10, 2, 7, 0, tzinfo=UTC)
        phases = select(Round.region_code, Round.phase).where(
            Round.edition_id == _edition(2027), Round.region_code.in_(("53", "03"))
        )
        assert dict(db.session.execute(phases).all()) == {"53": "P2", "03": "P1"}


def test_the_door_is_only_in_the_demonstration(app: Flask) -> None:
    client = app.test_client()
    assert client.get("/demonstration").status_code == 404
    assert client.post("/demonstration/entrer", data={"role": "national"}).status_code == 404
    assert client.post("/demonstration/horloge", data={"step": "day"}).status_code == 404
