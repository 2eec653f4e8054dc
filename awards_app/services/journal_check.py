"""Whether the journal is whole: every hash recomputed from the rows as they are stored."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC
from typing import Any

from sqlalchemy import Text, cast, func, select, true

from awards_app.database import db
from awards_app.domain.chain import GENESIS, ChainEntry, ChainHead, verify_chain
from awards_app.domain.snapshot import canonical_bytes
from awards_app.models.journal import JournalEntry

PAGE = 1000


@dataclass(frozen=True, slots=True)
class JournalVerdict:
    """What was found: ``first_bad`` is the first sequence number that does not hold, None when all do."""

    ok: bool
    entries: int
    first_bad: int | None
    head: ChainHead


def verify(anchors: Iterable[ChainHead] = ()) -> JournalVerdict:
    """Recompute the whole chain; ``anchors`` are heads kept outside of the database, which show a cut at the end."""
    count = db.session.scalar(select(func.count()).select_from(JournalEntry)) or 0
    first_bad = verify_chain(_entries(), anchors)
    return JournalVerdict(first_bad is None, count, first_bad, journal_head())


def journal_head() -> ChainHead:
    """Return the last entry's number and hash, (0, GENESIS) for an empty journal."""
    row = db.session.execute(
        select(JournalEntry.seq, JournalEntry.hash).order_by(JournalEntry.seq.desc()).limit(1)
    ).one_or_none()
    return ChainHead(row.seq, row.hash) if row else ChainHead(0, GENESIS)


def _entries() -> Iterator[ChainEntry]:
    previous, size = GENESIS, PAGE
    after: int | None = None
    while True:
        try:
            rows = _page(after, size)
        except (ValueError, TypeError):
            # A value that no longer reads as its type: taken one by one, so that the row before it still counts.
            if size == 1:
                yield ChainEntry(0, b"", "")
                return
            size = 1
            continue
        for row in rows:
            yield _entry(row, previous)
            previous, after = row.hash, row.seq
        if len(rows) < size:
            return


def _page(after: int | None, size: int) -> list[Any]:
    return list(
        db.session.execute(
            select(
                JournalEntry.seq,
                JournalEntry.at,
                JournalEntry.act,
                JournalEntry.actor,
                JournalEntry.object_kind,
                JournalEntry.object_key,
                JournalEntry.round_id,
                JournalEntry.outcome,
                cast(JournalEntry.detail, Text).label("detail"),
                JournalEntry.previous_hash,
                JournalEntry.hash,
            )
            .where(true() if after is None else JournalEntry.seq > after)
            .order_by(JournalEntry.seq)
            .limit(size)
        )
    )


def _entry(row: Any, previous: str) -> ChainEntry:
    if row.previous_hash != previous:
        return ChainEntry(row.seq, b"", "")
    try:
        return ChainEntry(row.seq, canonical_line(row), row.hash)
    except (ValueError, TypeError):
        return ChainEntry(row.seq, b"", "")


def canonical_line(row: Any) -> bytes:
    """Return the bytes that the hash of a stored row covers. Raises ValueError for a row that has no such bytes."""
    detail = json.loads(row.detail) if isinstance(row.detail, str) else row.detail
    return canonical_bytes(
        {
            "at": row.at.astimezone(UTC).isoformat(timespec="microseconds"),
            "act": row.act,
            "actor": row.actor,
            "object_kind": row.object_kind,
            "object_key": row.object_key,
            "round_id": row.round_id,
            "outcome": row.outcome,
            "detail": detail,
        }
    )
