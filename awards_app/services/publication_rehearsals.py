"""A publication rehearsed: played whole in a transaction that is never committed, what it made noted, all of it undone.

No other connection ever reads what the rehearsal wrote, and nothing that waits for a commit is asked of the queue.
"""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, select

from awards_app.database import atomic, db
from awards_app.domain.holder import SCHEDULER, Holder
from awards_app.domain.honours import PublicationIsBlocked
from awards_app.domain.permissions import Permission
from awards_app.models.certificates import Certificate
from awards_app.models.deliberations import Decision
from awards_app.models.editions import Region, Round
from awards_app.models.honours import EditionRecord, Honour
from awards_app.models.journal import JournalEntry
from awards_app.models.messages import Message
from awards_app.models.publication import PublicationRehearsal
from awards_app.queries.access import open_round
from awards_app.queries.deliberations import Desk, desk_of
from awards_app.queries.reconciliation import publication_points
from awards_app.services.certificates import order_missing
from awards_app.services.held_rooms import take_room
from awards_app.services.journal import write_entry
from awards_app.services.publication import publish
from awards_app.services.rounds import lock_round

LIFETIME = timedelta(hours=24)


class _Undo(Exception):
    """Leaves the transaction of a rehearsal, so that nothing of it is kept."""


def rehearse_publication(holder: Holder, round_key: str, now: datetime) -> str:
    """Rehearse the publication of a decided round and keep what it would make; return the rehearsal's key.

    A former rehearsal of the round is replaced. Raises the matrix's refusal (PUB-3), `PublicationIsBlocked`.
    """
    facts = open_round(holder, round_key, Permission.PREVIEW_HONOURS, now)
    found = play(facts.id, now)
    with atomic() as session:
        _room, row = take_room(holder, round_key, Permission.PREVIEW_HONOURS, now)
        forget(row.id)
        rehearsal = PublicationRehearsal(
            round_id=row.id,
            made_by_id=holder.account_id,
            made_at=now,
            expires_at=now + LIFETIME,
            content=found,
        )
        session.add(rehearsal)
        session.flush()
        detail = {"honours": len(found["honours"]), "letters": len(found["letters"])}
        write_entry(holder, "rehearse_publication", "round", row.key, now, round_id=row.id, detail=detail)
        return rehearsal.key


def erase_rehearsal(holder: Holder, round_key: str, now: datetime) -> None:
    """Erase what is kept of a rehearsal. Raises the matrix's refusal (PUB-3)."""
    with atomic():
        facts = open_round(holder, round_key, Permission.PREVIEW_HONOURS, now)
        if forget(facts.id):
            write_entry(holder, "erase_rehearsal", "round", facts.key, now, round_id=facts.id)


def forget(round_id: int) -> bool:
    """Erase the rehearsal of a round in the caller's transaction; say whether there was one."""
    with atomic() as session:
        statement = delete(PublicationRehearsal).where(PublicationRehearsal.round_id == round_id)
        return bool(session.execute(statement).rowcount)  # type: ignore[attr-defined]  # a DELETE's result has it


def erase_old_rehearsals(now: datetime) -> int:
    """Erase rehearsals whose day is over, or whose round is no longer decided; return how many (the sweep's)."""
    decided = select(Round.id).where(Round.phase == "P5")
    stale = (PublicationRehearsal.expires_at <= now) | PublicationRehearsal.round_id.not_in(decided)
    if db.session.scalar(select(PublicationRehearsal.id).where(stale).limit(1)) is None:
        return 0
    with atomic() as session:
        erased = session.execute(delete(PublicationRehearsal).where(stale))
        return int(erased.rowcount)  # type: ignore[attr-defined]  # a DELETE's result has it


def play(round_id: int, now: datetime) -> dict[str, Any]:
    """Publish a round, order its certificates, note what came of it, and undo it all; return the notes.

    It plays at the embargo's instant when one is set, as the scheduler would. Raises `PublicationIsBlocked`; and
    RuntimeError inside of another transaction, which would be undone with it.
    """
    if db.session().in_transaction():
        db.session.rollback()
    found: dict[str, Any] = {}
    try:
        with atomic():
            row = lock_round(round_id)
            desk = desk_of(row.id)
            points = publication_points(desk)
            if points:
                raise PublicationIsBlocked(points)
            at = row.embargo_at if row.embargo_at is not None and row.embargo_at > now else now
            marks = _marks()
            publish(row, desk, SCHEDULER, at)
            order_missing(row, at, SCHEDULER)
            db.session.flush()
            found = {"at": at.isoformat(), **_notes(desk, marks)}
            raise _Undo
    except _Undo:
        return found


def _marks() -> dict[str, int]:
    """Return where each table ends before the play."""
    tables = (("honour", Honour.id), ("letter", Message.id), ("entry", JournalEntry.seq))
    return {
        name: db.session.scalar(select(func.coalesce(func.max(column), 0))) or 0 for name, column in tables
    }


def _notes(desk: Desk, marks: dict[str, int]) -> dict[str, Any]:
    # Of this round alone: on a server, what others commit meanwhile is read here too.
    return {
        "honours": _honours(desk.round.id, marks["honour"]),
        "letters": _letters(desk.round.id, marks["letter"]),
        "certificates": _certificates(desk.round.id),
        "record": _record(desk),
        "acts": list(
            db.session.scalars(
                select(JournalEntry.act)
                .where(JournalEntry.round_id == desk.round.id, JournalEntry.seq > marks["entry"])
                .order_by(JournalEntry.seq)
            )
        ),
    }


def _honours(round_id: int, after: int) -> list[dict[str, Any]]:
    rows = db.session.execute(
        select(
            Honour.slug, Honour.structure_name, Honour.prize_name, Honour.theme, Honour.city, Honour.citation,
            Honour.amount, Honour.year, Honour.level, Region.slug.label("region_slug"),
        )
        .join(Decision, Decision.id == Honour.decision_id)
        .outerjoin(Region, Region.code == Honour.region_code)
        .where(Decision.round_id == round_id, Honour.id > after)
        .order_by(Honour.id)
    )  # fmt: skip
    return [dict(row) for row in rows.mappings()]


def _letters(round_id: int, after: int) -> list[dict[str, Any]]:
    rows = db.session.execute(
        select(Message.kind, Message.recipient, Message.subject, Message.body)
        .where(Message.round_id == round_id, Message.id > after)
        .order_by(Message.id)
    )
    return [dict(row) for row in rows.mappings()]


def _certificates(round_id: int) -> list[dict[str, Any]]:
    rows = db.session.execute(
        select(Certificate.content, Certificate.state)
        .where(Certificate.round_id == round_id, Certificate.state != "revoked")
        .order_by(Certificate.id)
    )
    return [
        {
            "structure": row.content.get("structure_name", ""),
            "distinction": row.content.get("distinction", ""),
            "is_ready": row.state == "issued",
        }
        for row in rows
    ]


def _record(desk: Desk) -> dict[str, Any] | None:
    """Return what the public would read of the edition: written with the nation's publication alone."""
    if desk.round.region_code is not None:
        return None
    record = db.session.get(EditionRecord, desk.round.year)
    if record is None:
        return None
    return {"candidacies": record.candidacies, "national_entries": record.national_entries}
