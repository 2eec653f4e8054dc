"""The advice of a locked round: worked out once by a worker, kept, and read by pages that never calculate."""

import json
import subprocess
import sys

import pytest
from sqlalchemy import func, select

from awards_app.adapters.estimating import work_out_here
from awards_app.database import db
from awards_app.domain.estimated import as_data, from_data
from awards_app.jobs import advice as jobs
from awards_app.models.scoring import Snapshot
from awards_app.models.worked_advice import WorkedAdvice
from awards_app.paths import ROOT
from awards_app.queries import estimates
from awards_app.services import advice
from awards_app.services.locking import lock_scoring
from tests.jury_world import SCORING, golden_world

pytestmark = pytest.mark.usefixtures("clean_known")


@pytest.fixture
def clean_known():
    estimates._known.clear()
    yield
    estimates._known.clear()


@pytest.fixture
def golden(app):
    with app.app_context():
        world = golden_world()
        lock_scoring(world.holder("J1"), world.round_id, SCORING)
        yield world
        db.session.remove()


def refuse(themes, places):
    raise AssertionError("worked out where it was kept")


def test_what_a_worker_kept_is_what_a_page_would_have_worked_out(golden):
    holder = golden.holder("J1")
    before = advice.advice_of(holder, golden.round_id, SCORING).themes
    snapshot_id = db.session.scalar(select(Snapshot.id))
    db.session.rollback()
    jobs.work_out(snapshot_id)
    advice.work_out(snapshot_id, SCORING)
    assert db.session.scalar(select(func.count()).select_from(WorkedAdvice)) == 1
    estimates._known.clear()
    kept = estimates.advice_of(holder, golden.round_id, SCORING, refuse).themes
    assert {code: line.found for code, line in kept.items()} == {
        code: line.found for code, line in before.items()
    }
    assert kept == before


def test_another_process_gives_the_same_to_the_last_digit(golden):
    content = db.session.scalar(select(Snapshot.content))
    themes = json.loads(content)["themes"]
    here = work_out_here(themes, 2)
    answer = subprocess.run(
        [sys.executable, "-m", "awards_app.adapters.estimating"],
        cwd=ROOT,
        input=json.dumps({"themes": themes, "places": 2}).encode(),
        capture_output=True,
        check=True,
    )
    assert {code: from_data(data) for code, data in json.loads(answer.stdout).items()} == here
    assert {code: from_data(json.loads(json.dumps(as_data(line)))) for code, line in here.items()} == here


def test_a_process_that_shows_pages_never_loads_numpy():
    script = (
        "import sys, json; from awards_app.app import create_app; create_app({'AWARDS_MODE': 'testing'})\n"
        "from awards_app.adapters.estimating import work_out_themes\n"
        "grid = {'criteria': [{'code': 'need', 'weight': 100}], 'top_level': 4, 'shown_out_of': 5}\n"
        "sheets = [{'candidacy': c, 'juror': j, 'state': 'counted', 'levels': {'need': n}}"
        " for c, j, n in [('1', 'J1', 3), ('1', 'J2', 4), ('2', 'J1', 1), ('2', 'J2', 2)]]\n"
        "found = work_out_themes({'us': {'grid': grid, 'candidacies': ['1', '2'], 'sheets': sheets}}, 1)\n"
        "assert len(found['us'].estimates.files) == 2\n"
        "print([name for name in ('numpy', 'scipy', 'highspy') if name in sys.modules])"
    )
    answer = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert answer.stdout.splitlines()[-1] == "[]"


def test_the_sweep_asks_for_live_snapshots_that_have_none(golden):
    snapshot_id = db.session.scalar(select(Snapshot.id))
    assert advice.enqueue_waiting(SCORING) == 1
    advice.work_out(snapshot_id, SCORING)
    assert advice.enqueue_waiting(SCORING) == 0


def test_a_snapshot_that_is_gone_has_no_advice(golden):
    advice.work_out(987654, SCORING)
    assert db.session.scalar(select(func.count()).select_from(WorkedAdvice)) == 0
