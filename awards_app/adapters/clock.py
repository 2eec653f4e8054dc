"""The one clock of the platform. The demonstration and the tests may move it; production cannot."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

from flask import current_app

_CACHE: dict[str, tuple[float, timedelta, datetime | None]] = {}


def now() -> datetime:
    """Return the instant that counts, aware and in UTC."""
    path = current_app.config.get("AWARDS_CLOCK_FILE")
    if not path:
        return datetime.now(UTC)
    shift, frozen = _reading(path)
    return frozen if frozen is not None else datetime.now(UTC) + shift


def set_clock(instant: datetime | None, *, frozen: bool = False) -> None:
    """Move the clock to ``instant`` (None: back to the machine's), still or running.

    Raises RuntimeError where the clock cannot be moved.
    """
    path = current_app.config.get("AWARDS_CLOCK_FILE")
    if not path:
        raise RuntimeError("the clock cannot be moved here")
    target = Path(path)
    if instant is None:
        target.unlink(missing_ok=True)
        return
    content = {
        "shift": (instant - datetime.now(UTC)).total_seconds(),
        "frozen": instant.isoformat() if frozen else None,
    }
    draft = target.with_suffix(".new")
    draft.write_text(json.dumps(content), encoding="utf-8")
    draft.replace(target)


def _reading(path: str) -> tuple[timedelta, datetime | None]:
    try:
        changed = Path(path).stat().st_mtime_ns
    except FileNotFoundError:
        return timedelta(0), None
    known = _CACHE.get(path)
    if known is None or known[0] != changed:
        content = json.loads(Path(path).read_text(encoding="utf-8"))
        frozen = datetime.fromisoformat(content["frozen"]) if content["frozen"] else None
        known = (changed, timedelta(seconds=content["shift"]), frozen)
        _CACHE[path] = known
    return known[1], known[2]
