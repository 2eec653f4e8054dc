"""The journal as staff read it: their own scope, newest first, never a score."""

from dataclasses import dataclass
from datetime import MAXYEAR, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select

from awards_app.database import db
from awards_app.domain.holder import Holder
from awards_app.domain.refusals import DoesNotExist
from awards_app.models.accounts import Account
from awards_app.models.editions import Edition, Region, Round
from awards_app.models.journal import JournalEntry

PAGE_SIZE = 50
# Acts of one juror on one sheet: the national staff know how many, not who.
SHEET_ACTS = ("record_scoresheet", "finish_scoresheet", "reopen_scoresheet", "finish_seat", "resume_seat")


@dataclass(frozen=True, slots=True)
class JournalLine:
    """One act; ``actor`` is the person's name, or what acted by itself; None when the reader may not know who."""

    seq: int
    at: datetime
    act: str
    actor: str | None
    object_kind: str
    object_key: str
    outcome: str
    round_key: str | None
    region_name: str | None
    year: int | None
    detail: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class JournalPage:
    """Fifty lines of the journal, and the acts that the reader may filter by."""

    lines: tuple[JournalLine, ...]
    page: int
    pages: int
    total: int
    acts: tuple[str, ...]


def journal_page(
    holder: Holder,
    *,
    page: int = 1,
    act: str = "",
    about: str = "",
    since: datetime | None = None,
    until: datetime | None = None,
) -> JournalPage:
    """Return a page of the journal in the holder's scope (three queries).

    ``about`` is an object's or a round's key; ``until`` names a day, which is included. Raises `DoesNotExist` without
    a role that reads the journal (AUD-1).
    """
    scope = _scope(holder)
    conditions = list(scope)
    if act:
        conditions.append(JournalEntry.act == act)
    if about:
        conditions.append(or_(JournalEntry.object_key == about, Round.key == about))
    if since:
        conditions.append(JournalEntry.at >= since)
    # The last year that a date can say has no following day: it leaves nothing out.
    if until and until.year < MAXYEAR:
        conditions.append(JournalEntry.at < until + timedelta(days=1))
    total = db.session.scalar(_from_journal(select(func.count())).where(*conditions)) or 0
    pages = max(1, -(-total // PAGE_SIZE))
    page = min(max(page, 1), pages)
    rows = db.session.execute(
        _from_journal(_columns())
        .where(*conditions)
        .order_by(JournalEntry.seq.desc())
        .limit(PAGE_SIZE)
        .offset((page - 1) * PAGE_SIZE)
    )
    acts = db.session.scalars(
        _from_journal(select(JournalEntry.act).distinct()).where(*scope).order_by(JournalEntry.act)
    )
    lines = tuple(_line(holder, row) for row in rows)
    return JournalPage(lines, page, pages, total, tuple(acts))


def may_verify(holder: Holder) -> None:
    """Return for who may verify the chain and take its heads (AUD-2); raise `DoesNotExist` for others."""
    if not (holder.is_national_staff or holder.is_auditor):
        raise DoesNotExist


def _scope(holder: Holder) -> list[ColumnElement[bool]]:
    if holder.is_national_staff or holder.is_auditor:
        return []
    if holder.coordinated_regions:
        return [Round.region_code.in_(holder.coordinated_regions)]
    raise DoesNotExist


def _columns() -> Any:
    return select(
        JournalEntry.seq,
        JournalEntry.at,
        JournalEntry.act,
        JournalEntry.actor,
        JournalEntry.object_kind,
        JournalEntry.object_key,
        JournalEntry.outcome,
        JournalEntry.detail,
        Account.name,
        Round.key.label("round_key"),
        Region.name.label("region_name"),
        Edition.year,
    )


def _from_journal(query: Any) -> Any:
    return (
        query.select_from(JournalEntry)
        .outerjoin(Round, Round.id == JournalEntry.round_id)
        .outerjoin(Edition, Edition.id == Round.edition_id)
        .outerjoin(Region, Region.code == Round.region_code)
        .outerjoin(Account, Account.key == JournalEntry.actor)
    )


def _line(holder: Holder, row: Any) -> JournalLine:
    hidden = row.act in SHEET_ACTS and not holder.is_auditor and not holder.coordinated_regions
    return JournalLine(
        seq=row.seq,
        at=row.at,
        act=row.act,
        actor=None if hidden else (row.name or row.actor),
        object_kind=row.object_kind,
        object_key=row.object_key,
        outcome=row.outcome,
        round_key=row.round_key,
        region_name=row.region_name,
        year=row.year,
        detail=() if hidden else tuple((name, _text(value)) for name, value in sorted(row.detail.items())),
    )


def _text(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name} {_text(inner)}" for name, inner in sorted(value.items()))
    if isinstance(value, list):
        return ", ".join(_text(inner) for inner in value)
    return "" if value is None else str(value)
