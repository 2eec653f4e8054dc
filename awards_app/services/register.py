"""Asking the public register of a structure: kept answers first, one careful question at most, silence accepted."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from awards_app.adapters import register
from awards_app.adapters.queue import enqueue
from awards_app.database import after_commit, atomic, db
from awards_app.domain.holder import Holder
from awards_app.domain.permissions import Permission
from awards_app.domain.register import AnswerIsMalformed, as_json, read_answer
from awards_app.models.register import RegisterAnswer, RegisterPause, RegisterReading
from awards_app.models.structures import Structure
from awards_app.queries.register import Reading, is_paused, kept_answer
from awards_app.queries.structures import open_structure
from awards_app.services.journal import write_entry

KEPT = timedelta(days=7)
# A structure that is not in the register today may be there tomorrow.
UNKNOWN_KEPT = timedelta(hours=1)
FAULTS = 3
PAUSE = timedelta(minutes=5)
READ = "register.read_structure"


def register_is_on() -> bool:
    """Say whether the platform may ask a register."""
    return register.register_is_on()


def asked_number(columns: Mapping[str, object]) -> str:
    """Return the number by which the register knows a structure: SIREN, else RNA; blank when it has neither."""
    return str(columns.get("siren") or columns.get("rna") or "")


def read_register(number: str, now: datetime) -> Reading:
    """Return what the register says of a SIREN or RNA number: a kept answer, else a fresh one, else silence.

    No transaction is open while the register is asked. Never raises for what the register does.
    """
    kept = kept_answer(number, now)
    if kept is not None:
        return kept
    paused = is_paused(now)
    db.session.rollback()
    if paused or not register_is_on():
        return Reading(number, "silent", None, now)
    try:
        facts = read_answer(register.ask_register(number), number)
    except register.RegisterIsSilent as silent:
        _note_fault(now, silent.retry_after)
        return Reading(number, "silent", None, now)
    except AnswerIsMalformed:
        _note_fault(now, None)
        return Reading(number, "silent", None, now)
    found = Reading(number, "found" if facts else "unknown", facts, now)
    _keep(found)
    return found


def read_for_structure(holder: Holder, key: str, now: datetime) -> Reading | None:
    """Ask the register of one's own structure and keep what it says beside it; None when there is nothing to ask by.

    Raises `DoesNotExist`.
    """
    facts = open_structure(holder, key, Permission.OWN_STRUCTURE)
    reading = _read(facts.id, now)
    if reading is not None:
        with atomic():
            _keep_beside(facts.id, reading)
            write_entry(holder, "read_register", "structure", key, now, detail={"outcome": reading.outcome})
    return reading


def read_later(structure_id: int) -> None:
    """Have a worker ask the register of a structure once the transaction has committed, where there is a register."""
    if register_is_on():
        after_commit(enqueue, READ, structure_id)


def read_structure(structure_id: int, now: datetime) -> str:
    """Ask the register of a structure and keep what it says beside it; return the outcome. Safe to run twice."""
    reading = _read(structure_id, now)
    if reading is None:
        return "nothing to ask by"
    with atomic():
        _keep_beside(structure_id, reading)
    return reading.outcome


def _read(structure_id: int, now: datetime) -> Reading | None:
    row = db.session.execute(
        select(Structure.siren, Structure.rna).where(Structure.id == structure_id)
    ).one_or_none()
    number = asked_number(row._asdict()) if row else ""
    return read_register(number, now) if number else None


def _keep_beside(structure_id: int, reading: Reading) -> None:
    db.session.add(
        RegisterReading(
            structure_id=structure_id,
            number=reading.number,
            outcome=reading.outcome,
            facts=as_json(reading.facts) if reading.facts else None,
            answered_at=reading.answered_at,
        )
    )


def _keep(reading: Reading) -> None:
    """Keep an answer, forget those that are worth nothing any more, and forgive the register its faults."""
    row = RegisterAnswer(
        number=reading.number,
        facts=as_json(reading.facts) if reading.facts else None,
        answered_at=reading.answered_at,
        expires_at=reading.answered_at + (KEPT if reading.facts else UNKNOWN_KEPT),
    )
    try:
        with atomic() as session:
            session.execute(delete(RegisterAnswer).where(RegisterAnswer.expires_at <= reading.answered_at))
            session.execute(delete(RegisterPause))
            session.merge(row)
    except IntegrityError:
        # Two people asked of the same number at once: the other answer is as good.
        return


def _note_fault(now: datetime, retry_after: int | None) -> None:
    try:
        with atomic() as session:
            pause = session.scalar(select(RegisterPause).with_for_update())
            if pause is None:
                pause = RegisterPause(id=1, faults=0)
                session.add(pause)
            pause.faults += 1
            if retry_after:
                pause.until = now + timedelta(seconds=retry_after)
            elif pause.faults >= FAULTS:
                pause.until = now + PAUSE
    except IntegrityError:
        return
