"""The heartbeat of the sweep, kept in a file of this machine: its counter means nothing on another."""

import json
import os
import time
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from flask import current_app

from awards_app.domain.clock_guard import Beat

_CACHE: dict[str, tuple[int, Beat | None]] = {}
_NAME = "heartbeat.json"
_BOOT = Path("/proc/sys/kernel/random/boot_id")


def read_beat() -> Beat | None:
    """Return the last beat kept on this machine, or None."""
    # Asked some times a request: the path is put together with strings, which costs a tenth of a `Path`.
    path = f"{current_app.config['AWARDS_INSTANCE']}/{_NAME}"
    try:
        changed = os.stat(path).st_mtime_ns
    except FileNotFoundError:
        return None
    known = _CACHE.get(path)
    if known is None or known[0] != changed:
        known = (changed, _parse(Path(path)))
        _CACHE[path] = known
    return known[1]


def keep_beat(wall: datetime) -> None:
    """Keep a beat: ``wall`` is the hour now."""
    content = {"boot": boot(), "wall": wall.isoformat(), "elapsed": elapsed()}
    draft = _file().with_suffix(".new")
    draft.write_text(json.dumps(content), encoding="utf-8")
    draft.replace(_file())


def forget_beat() -> None:
    """Forget the beat: the clock was moved on purpose."""
    _file().unlink(missing_ok=True)


def elapsed() -> float:
    """Return the seconds since the machine started, its sleep included; no setting of the clock changes them."""
    counter = getattr(time, "CLOCK_BOOTTIME", None)
    return time.monotonic() if counter is None else time.clock_gettime(counter)


@lru_cache(maxsize=1)
def boot() -> str:
    """Return a name of this start of the machine; empty where the system tells none."""
    return _BOOT.read_text(encoding="ascii").strip() if _BOOT.is_file() else ""


def _parse(path: Path) -> Beat | None:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        return Beat(str(content["boot"]), datetime.fromisoformat(content["wall"]), float(content["elapsed"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _file() -> Path:
    return Path(current_app.config["AWARDS_INSTANCE"]) / _NAME
