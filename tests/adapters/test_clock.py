"""The clock: believed while it follows the machine's counter, replaced by the counter when it jumps."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask

from awards_app.adapters import clock, heartbeat
from awards_app.domain.clock_guard import TOLERANCE, Beat, doubt_of, steady

AT = datetime(2027, 6, 30, 20, 0, tzinfo=UTC)


@pytest.fixture
def movable(context: Flask, tmp_path: Path) -> Flask:
    context.config["AWARDS_CLOCK_FILE"] = str(tmp_path / "clock.json")
    return context


@pytest.mark.parametrize(
    ("elapsed", "wall", "jump"),
    [
        (160.0, AT + timedelta(seconds=60), None),
        (160.0, AT + timedelta(seconds=60) + TOLERANCE, None),
        (160.0, AT + timedelta(seconds=61) + TOLERANCE, TOLERANCE + timedelta(seconds=1)),
        (160.0, AT + timedelta(hours=3, seconds=60), timedelta(hours=3)),
        (160.0, AT - timedelta(hours=1), -timedelta(hours=1, seconds=60)),
        # Three days without a sweep are no jump: the counter says as much.
        (100.0 + 3 * 86400, AT + timedelta(days=3), None),
        # The machine restarted, and its counter with it.
        (5.0, AT + timedelta(hours=3), None),
    ],
)
def test_a_jump_is_what_the_counter_did_not_measure(
    elapsed: float, wall: datetime, jump: timedelta | None
) -> None:
    doubt = doubt_of(Beat("b", AT, 100.0), "b", elapsed, wall)
    assert (doubt and doubt.jump) == jump
    assert steady(Beat("b", AT, 100.0), elapsed) == AT + timedelta(seconds=elapsed - 100)
    assert doubt_of(Beat("b", AT, 100.0), "another start", elapsed, wall) is None
    assert doubt_of(None, "b", elapsed, wall) is None


def test_every_reading_after_a_jump_is_steady_until_it_is_put_right(movable: Flask) -> None:
    clock.set_clock(AT, frozen=True)
    clock.beat()
    clock.set_clock(AT + timedelta(hours=3), frozen=True, announced=False)
    assert timedelta(0) <= clock.now() - AT < timedelta(minutes=1)
    doubt = clock.doubt()
    assert doubt is not None
    assert doubt.since == AT
    clock.set_clock(AT + timedelta(minutes=1), frozen=True, announced=False)
    assert clock.now() == AT + timedelta(minutes=1)
    assert clock.doubt() is None


def test_a_clock_moved_on_purpose_is_believed_at_once(movable: Flask) -> None:
    clock.set_clock(AT, frozen=True)
    clock.beat()
    clock.set_clock(AT + timedelta(days=90), frozen=True)
    assert clock.now() == AT + timedelta(days=90)
    clock.beat()
    clock.set_clock(None)
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(seconds=5)
    assert clock.doubt() is None


def test_trust_believes_the_jump(movable: Flask) -> None:
    clock.set_clock(AT, frozen=True)
    clock.beat()
    clock.set_clock(AT + timedelta(hours=3), frozen=True, announced=False)
    assert clock.trust() == AT + timedelta(hours=3)
    assert clock.doubt() is None


@pytest.mark.parametrize(
    "content", ["", "{", "[]", '{"boot": "x"}', '{"boot": "x", "wall": 3, "elapsed": "y"}']
)
def test_a_spoilt_beat_is_no_beat(movable: Flask, content: str) -> None:
    Path(movable.config["AWARDS_INSTANCE"], "heartbeat.json").write_text(content, encoding="utf-8")
    assert heartbeat.read_beat() is None
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(seconds=5)


def test_a_beat_names_this_start_of_the_machine(movable: Flask) -> None:
    clock.beat()
    kept = json.loads(Path(movable.config["AWARDS_INSTANCE"], "heartbeat.json").read_text(encoding="utf-8"))
    assert sorted(kept) == ["boot", "elapsed", "wall"]
    assert kept["boot"] == heartbeat.boot()
    assert 0 <= heartbeat.elapsed() - kept["elapsed"] < 60
