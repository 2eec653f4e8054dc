"""The name of this process, and whether the process of a name still runs: names are never used again."""

import os
import socket
from functools import lru_cache
from pathlib import Path


def this_process() -> str:
    """Return the name of this process: machine, number, and the instant it started on that machine."""
    return _name(os.getpid())


@lru_cache(maxsize=1)
def _machine() -> str:
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()[:8]
    except OSError:
        boot = ""
    return f"{socket.gethostname()[:60]}/{boot}"


def _name(number: int) -> str:
    return f"{_machine()}/{number}/{_started(number)}"


def _started(number: int) -> str:
    """Return when a process started, in ticks since the machine did; empty for none. Source: proc(5), field 22."""
    try:
        told = Path(f"/proc/{number}/stat").read_text(encoding="ascii", errors="replace")
    except OSError:
        return ""
    fields = told.rpartition(")")[2].split()
    # A process that ended and that nobody has waited for yet does nothing any more.
    return "" if fields[0] in "ZX" else fields[19]


def has_ended(name: str) -> bool:
    """Say whether the process of that name is known to have ended; of another machine, nothing is known."""
    machine, _, rest = name.rpartition("/")[0].rpartition("/")
    if machine != _machine() or not rest.isdigit() or not Path("/proc/self/stat").exists():
        return False
    return _name(int(rest)) != name
