"""What waits for a second person, as those who have a say see it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, literal, or_, select

from awards_app.database import db
from awards_app.domain.holder import Holder
from awards_app.domain.permissions import Subject
from awards_app.models.accounts import Account, PendingAct
from awards_app.models.editions import Region, Round
from awards_app.queries.access import round_subjects
from awards_app.queries.pending_objects import keys_of, named_objects


@dataclass(frozen=True, slots=True)
class PendingLine:
    """An act that waits for a second person; ``is_mine`` when the holder proposed it."""

    key: str
    verb: str
    object_key: str
    reason: str
    arguments: str
    proposed_by: str
    proposed_as: str
    proposed_at: datetime
    expires_at: datetime
    round_key: str | None
    region_name: str
    is_national: bool
    is_mine: bool
    round_id: int | None
    region_code: str | None


def pending_acts(holder: Holder, now: datetime) -> tuple[PendingLine, ...]:
    """Return the live proposals of the rounds where ``holder`` has a say, the first to expire first.

    One query, and for the chair or a deputy two more an act: who stands aside from its category reads nothing of it.
    """
    scope: list[ColumnElement[bool]] = [PendingAct.proposed_by_id == holder.account_id]
    if holder.is_national_staff:
        scope.append(literal(True))
    if holder.coordinated_regions:
        scope.append(Round.region_code.in_(holder.coordinated_regions))
    led = [seat.round_id for seat in holder.seats if seat.function in ("chair", "deputy")]
    if led:
        scope.append(PendingAct.round_id.in_(led))
    rows = db.session.execute(
        select(
            PendingAct.key,
            PendingAct.verb,
            PendingAct.object_key,
            PendingAct.reason,
            PendingAct.arguments,
            Account.name.label("proposed_by"),
            PendingAct.proposed_as,
            PendingAct.proposed_at,
            PendingAct.expires_at,
            Round.key.label("round_key"),
            Region.name.label("region_name"),
            PendingAct.proposed_by_id,
            PendingAct.round_id,
            Round.region_code,
        )
        .join(Account, Account.id == PendingAct.proposed_by_id)
        .outerjoin(Round, Round.id == PendingAct.round_id)
        .outerjoin(Region, Region.code == Round.region_code)
        .where(PendingAct.settled_at.is_(None), PendingAct.expires_at > now, or_(*scope))
        .order_by(PendingAct.expires_at)
    )
    lines = [_line(holder, row) for row in rows]
    return tuple(
        line for line in lines if line.is_mine or reads_as_staff(holder, line) or _chairs(holder, line)
    )


def _line(holder: Holder, row: Any) -> PendingLine:
    return PendingLine(
        key=row.key,
        verb=row.verb,
        object_key=row.object_key,
        reason=row.reason,
        arguments=row.arguments,
        proposed_by=row.proposed_by,
        proposed_as=row.proposed_as,
        proposed_at=row.proposed_at,
        expires_at=row.expires_at,
        round_key=row.round_key,
        region_name=row.region_name or "",
        is_national=row.round_key is not None and row.region_name is None,
        is_mine=row.proposed_by_id == holder.account_id,
        round_id=row.round_id,
        region_code=row.region_code,
    )


def reads_as_staff(holder: Holder, line: PendingLine) -> bool:
    """Say whether a proposal is of the holder's region, or the holder of the national staff."""
    return holder.is_national_staff or (
        line.region_code is not None and line.region_code in holder.coordinated_regions
    )


def _chairs(holder: Holder, line: PendingLine) -> bool:
    if line.round_id is None:
        return False
    named = named_objects(keys_of(line.verb, line.object_key, line.arguments))
    theme_id = next((one.theme_id for one in named.values() if one.theme_id is not None), None)
    return Subject.CHAIR in round_subjects(holder, line.round_id, line.region_code, theme_id)
