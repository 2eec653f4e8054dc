"""Readings of what the public register answered: the kept answers, and what it said of a structure, for the chamber."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select

from awards_app.database import db
from awards_app.domain.register import RegisterFacts, from_json
from awards_app.models.register import RegisterAnswer, RegisterPause, RegisterReading


@dataclass(frozen=True, slots=True)
class Reading:
    """What the register said at an instant: ``outcome`` is found, unknown or silent; ``facts`` only when found."""

    number: str
    outcome: str
    facts: RegisterFacts | None
    answered_at: datetime


_LATEST = (
    select(
        RegisterReading.number, RegisterReading.outcome, RegisterReading.facts, RegisterReading.answered_at
    )
    .where(RegisterReading.structure_id == bindparam("structure_id"))
    .order_by(RegisterReading.answered_at.desc(), RegisterReading.id.desc())
    .limit(1)
)


def latest_of(structure_id: int) -> Reading | None:
    """Return what the register last said of a structure whose right was settled by the caller (one query)."""
    row = db.session.execute(_LATEST, {"structure_id": structure_id}).one_or_none()
    if row is None:
        return None
    return Reading(row.number, row.outcome, from_json(row.facts) if row.facts else None, row.answered_at)


def kept_answer(number: str, now: datetime) -> Reading | None:
    """Return the answer kept for a number while it is worth something, None otherwise (one query)."""
    row = db.session.execute(
        select(RegisterAnswer.facts, RegisterAnswer.answered_at).where(
            RegisterAnswer.number == number, RegisterAnswer.expires_at > now
        )
    ).one_or_none()
    if row is None:
        return None
    facts = from_json(row.facts) if row.facts else None
    return Reading(number, "found" if facts else "unknown", facts, row.answered_at)


def is_paused(now: datetime) -> bool:
    """Say whether the register failed too often to be asked again yet (one query)."""
    until = db.session.scalar(select(RegisterPause.until))
    return until is not None and until > now
