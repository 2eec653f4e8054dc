"""What happened around a closing, as staff and as its candidates read it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from awards_app.database import db
from awards_app.domain.holder import Holder
from awards_app.domain.permissions import Subject
from awards_app.domain.refusals import DoesNotExist
from awards_app.models.accounts import Account
from awards_app.models.deadlines import DeadlineChange, LateAttempt
from awards_app.models.structures import Structure
from awards_app.queries.access import find_round


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """One move of a closing; the instants are the first closed ones, each with its zone."""

    moved_at: datetime
    by: str
    before_at: datetime
    before_zone: str
    after_at: datetime
    after_zone: str
    reason: str


@dataclass(frozen=True, slots=True)
class LateLine:
    """Somebody refused after a closing."""

    structure: str
    person: str
    verb: str
    attempts: int
    first_at: datetime
    last_at: datetime
    told_at: datetime | None


def changes_of(round_id: int) -> tuple[ChangeLine, ...]:
    """Return the moves of a round's closing, the first one first (one query)."""
    rows = db.session.execute(
        select(
            DeadlineChange.moved_at,
            Account.name.label("by"),
            DeadlineChange.before_at,
            DeadlineChange.before_zone,
            DeadlineChange.after_at,
            DeadlineChange.after_zone,
            DeadlineChange.reason,
        )
        .outerjoin(Account, Account.id == DeadlineChange.moved_by_id)
        .where(DeadlineChange.round_id == round_id)
        .order_by(DeadlineChange.id)
    )
    return tuple(ChangeLine(**{**row._mapping, "by": row.by or ""}) for row in rows)


def late_attempts(holder: Holder, round_key: str, now: datetime) -> tuple[LateLine, ...]:
    """Return who was refused after a closing of the round, the first one first, for its chamber and national staff.

    Raises `DoesNotExist` for anybody else.
    """
    facts = find_round(holder, round_key, now)
    if facts is None or not facts.subjects & {Subject.COORDINATOR, Subject.NATIONAL_STAFF}:
        raise DoesNotExist
    rows = db.session.execute(
        select(
            Structure.name.label("structure"),
            Account.name.label("person"),
            LateAttempt.verb,
            LateAttempt.attempts,
            LateAttempt.first_at,
            LateAttempt.last_at,
            LateAttempt.told_at,
        )
        .join(Structure, Structure.id == LateAttempt.structure_id)
        .join(Account, Account.id == LateAttempt.account_id)
        .where(LateAttempt.round_id == facts.id)
        .order_by(LateAttempt.first_at, LateAttempt.id)
    )
    return tuple(LateLine(**row._mapping) for row in rows)


def closings_until(round_id: int, submitted_at: datetime) -> tuple[tuple[datetime, str], ...]:
    """Return the closings a round had had when a file was submitted, the first one first: (first closed instant, zone).

    Empty when it was not moved before then.
    """
    rows = db.session.execute(
        select(
            DeadlineChange.before_at,
            DeadlineChange.before_zone,
            DeadlineChange.after_at,
            DeadlineChange.after_zone,
        )
        .where(DeadlineChange.round_id == round_id, DeadlineChange.moved_at <= submitted_at)
        .order_by(DeadlineChange.id)
    ).all()
    if not rows:
        return ()
    return ((rows[0].before_at, rows[0].before_zone), (rows[-1].after_at, rows[-1].after_zone))
