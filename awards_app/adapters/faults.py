"""Named points where the tests may break something; nothing happens anywhere else.

A point is armed in a file of the instance, so that a worker breaks as well as a web process, and only where the test
hooks are on, which production refuses.
"""

import json
import os
import time
from pathlib import Path
from typing import Any

from flask import current_app, has_app_context

KINDS = ("raise", "kill", "sleep")


class FaultWasArmed(OSError):
    """What an armed point raises: as if the machine had failed there."""


def fault_point(name: str) -> None:
    """Do nothing, unless a test armed ``name``: then raise `FaultWasArmed`, end the process or sleep, as asked."""
    if not has_app_context() or not current_app.config.get("AWARDS_TEST_HOOKS"):
        return
    armed = armed_faults()
    fault = armed.get(name)
    if fault is None:
        return
    times = int(fault.get("times", 1))
    if times <= 1:
        armed.pop(name)
    else:
        fault["times"] = times - 1
    _keep(armed)
    match fault.get("kind", "raise"):
        case "kill":
            os._exit(137)
        case "sleep":
            time.sleep(float(fault.get("seconds", 1)))
        case _:
            raise FaultWasArmed(name)


def arm_fault(name: str, kind: str = "raise", *, times: int = 1, seconds: float = 1) -> None:
    """Arm a point for the next ``times`` passages. Raises ValueError for an unknown kind."""
    if kind not in KINDS:
        raise ValueError(f"a fault is one of {', '.join(KINDS)}, not {kind!r}")
    _keep({**armed_faults(), name: {"kind": kind, "times": times, "seconds": seconds}})


def disarm_faults() -> None:
    """Let every point pass again."""
    _file().unlink(missing_ok=True)


def armed_faults() -> dict[str, dict[str, Any]]:
    """Return the points that are armed, by name."""
    file = _file()
    if not file.is_file():
        return {}
    found: dict[str, dict[str, Any]] = json.loads(file.read_text(encoding="utf-8"))
    return found


def _keep(armed: dict[str, dict[str, Any]]) -> None:
    draft = _file().with_suffix(".new")
    draft.write_text(json.dumps(armed), encoding="utf-8")
    draft.replace(_file())


def _file() -> Path:
    return Path(current_app.config["AWARDS_INSTANCE"]) / "faults.json"
