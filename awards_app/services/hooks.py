"""What the test hooks do: move the clock, read the mail that left, run a job, break something, lay a world."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from importlib import import_module
from typing import Any

from sqlalchemy import event
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from awards_app.adapters import clock, faults, mail, queue
from awards_app.adapters.log_lines import kept_lines
from awards_app.services.deliveries import deliver_waiting
from awards_app.services.link_requests import answer_waiting
from awards_app.services.worlds import digest_tables, world
from awards_app.services.worlds.hostile import fill_with

__all__ = [
    "arm_fault",
    "digest_tables",
    "disarm_faults",
    "fill_with",
    "kept_lines",
    "letters",
    "move_clock",
    "run_job",
    "watch_commits",
    "world",
]

arm_fault = faults.arm_fault
disarm_faults = faults.disarm_faults


def move_clock(instant: datetime | None, *, frozen: bool, announced: bool = True) -> datetime:
    """Set the platform's clock (None: the machine's) and return what it shows now; unannounced, it jumps by mistake."""
    clock.set_clock(instant, frozen=frozen, announced=announced)
    return clock.now()


def letters(limit: int = 500) -> list[dict[str, Any]]:
    """Answer who asked for a link, send what waits, and return the letters that left, oldest first."""
    answer_waiting(clock.now())
    deliver_waiting(clock.now(), limit)
    return [asdict(letter) for letter in reversed(mail.mailbox(limit))]


def watch_commits() -> None:
    """Let the points ``before_commit`` and ``after_commit`` break a transaction as a lost database would."""
    if not event.contains(Session, "before_commit", _before_commit):
        event.listen(Session, "before_commit", _before_commit)
        event.listen(Session, "after_commit", _after_commit)


def _before_commit(_session: Session) -> None:
    _break("before_commit")


def _after_commit(_session: Session) -> None:
    _break("after_commit")


def _break(point: str) -> None:
    try:
        faults.fault_point(point)
    except faults.FaultWasArmed as fault:
        raise OperationalError(point, None, fault) from fault


def run_job(name: str, arguments: Sequence[str | int]) -> Any:
    """Run the job ``module.function`` now, here, and return what it returns; ``sweep`` is the scheduler's turn.

    Raises LookupError for an unknown job.
    """
    name = "sweep.sweep" if name == "sweep" else name
    if not queue.NAME.fullmatch(name):
        raise LookupError(name)
    module, function = name.rsplit(".", 1)
    try:
        job = getattr(import_module(f"{queue.JOBS}.{module}"), function)
    except (ImportError, AttributeError) as missing:
        raise LookupError(name) from missing
    return job(*arguments)
