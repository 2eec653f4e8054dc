"""The one clock of the platform. The demonstration and the tests may move it; production cannot.

A clock that jumps without being told is not believed: see `awards_app.domain.clock_guard`.
"""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from flask import current_app

from awards_app.adapters import heartbeat
from awards_app.domain.clock_guard import Doubt, doubt_of, steady


@dataclass(frozen=True, slots=True)
class _Setting:
    """How the clock was moved: by a shift or to a still instant; ``announced`` when the guard is not to mind."""

    shift: timedelta = timedelta(0)
    frozen: datetime | None = None
    announced: bool = False


_UNMOVED = _Setting()
_CACHE: dict[str, tuple[int, _Setting]] = {}


def now() -> datetime:
    """Return the instant that counts, aware and in UTC."""
    wall, announced = _wall()
    if announced:
        return wall
    beat, elapsed = heartbeat.read_beat(), heartbeat.elapsed()
    if beat is None or doubt_of(beat, heartbeat.boot(), elapsed, wall) is None:
        return wall
    return steady(beat, elapsed)


def doubt() -> Doubt | None:
    """Return how the machine's clock jumped, None while it is believed."""
    wall, announced = _wall()
    if announced:
        return None
    return doubt_of(heartbeat.read_beat(), heartbeat.boot(), heartbeat.elapsed(), wall)


def beat() -> None:
    """Note that the clock and the machine's counter agree now."""
    heartbeat.keep_beat(_wall()[0])


def trust() -> datetime:
    """Believe the machine's clock as it stands, and return what it shows."""
    heartbeat.forget_beat()
    beat()
    return now()


def set_clock(instant: datetime | None, *, frozen: bool = False, announced: bool = True) -> None:
    """Move the clock to ``instant`` (None: back to the machine's), still or running.

    Unannounced, it moves as a machine's clock would by mistake. Raises RuntimeError where the clock cannot be moved.
    """
    path = current_app.config.get("AWARDS_CLOCK_FILE")
    if not path:
        raise RuntimeError("the clock cannot be moved here")
    target = Path(path)
    if announced:
        heartbeat.forget_beat()
    if instant is None:
        target.unlink(missing_ok=True)
        return
    content = {
        "shift": (instant - datetime.now(UTC)).total_seconds(),
        "frozen": instant.isoformat() if frozen else None,
        "announced": announced,
    }
    draft = target.with_suffix(".new")
    draft.write_text(json.dumps(content), encoding="utf-8")
    draft.replace(target)


def _wall() -> tuple[datetime, bool]:
    path = current_app.config.get("AWARDS_CLOCK_FILE")
    setting = _reading(path) if path else _UNMOVED
    return setting.frozen or datetime.now(UTC) + setting.shift, setting.announced


def _reading(path: str) -> _Setting:
    try:
        changed = Path(path).stat().st_mtime_ns
    except FileNotFoundError:
        return _UNMOVED
    known = _CACHE.get(path)
    if known is None or known[0] != changed:
        content = json.loads(Path(path).read_text(encoding="utf-8"))
        frozen = datetime.fromisoformat(content["frozen"]) if content["frozen"] else None
        setting = _Setting(timedelta(seconds=content["shift"]), frozen, bool(content.get("announced", True)))
        known = (changed, setting)
        _CACHE[path] = known
    return known[1]
