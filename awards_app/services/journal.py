"""The journal of acts: one row a move, chained by hashes, in the transaction of the move itself."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import NamedTuple

from sqlalchemy import insert, select, text

from awards_app.database import atomic, is_postgresql, run
from awards_app.domain.chain import GENESIS, entry_hash
from awards_app.domain.holder import Holder
from awards_app.domain.snapshot import canonical_bytes
from awards_app.models.journal import JournalEntry

# The key of PostgreSQL's advisory lock that makes writers of the chain take turns until they commit.
_CHAIN_LOCK = 0x50524958

# Each act writes an entry: as prepared statements on the table, which cost a fifth of an entity's.
_TABLE = JournalEntry.metadata.tables[JournalEntry.__tablename__]
_HEAD = select(_TABLE.c.seq, _TABLE.c.hash).order_by(_TABLE.c.seq.desc()).limit(1)
_APPEND = insert(_TABLE)
_TAKE_TURNS = text("SELECT pg_advisory_xact_lock(:key)")


def write_entry(
    holder: Holder | None,
    act: str,
    object_kind: str,
    object_key: str,
    now: datetime,
    *,
    round_id: int | None = None,
    outcome: str = "done",
    detail: Mapping[str, object] | None = None,
) -> int:
    """Append one entry and return its sequence number.

    ``detail`` holds plain values only, never a mark, a password or a token. Joins the caller's transaction, so that the
    act and its entry stand or fall together.
    """
    with atomic():
        if is_postgresql():
            run(_TAKE_TURNS, {"key": _CHAIN_LOCK})
        head = run(_HEAD).one_or_none()
        seq, previous = (head.seq + 1, head.hash) if head else (1, GENESIS)
        entry = _Entry(
            at=now.astimezone(UTC),
            act=act,
            actor=holder.key if holder else "public",
            object_kind=object_kind,
            object_key=object_key,
            round_id=round_id,
            outcome=outcome,
            detail=dict(detail or {}),
        )
        chained = {
            "seq": seq,
            "previous_hash": previous,
            "hash": entry_hash(previous, seq, canonical_entry(entry)),
        }
        run(_APPEND, entry._asdict() | chained)
        return seq


class _Entry(NamedTuple):
    """What an entry says, before it is chained."""

    at: datetime
    act: str
    actor: str
    object_kind: str
    object_key: str
    round_id: int | None
    outcome: str
    detail: dict[str, object]


def canonical_entry(entry: JournalEntry | _Entry) -> bytes:
    """Return the bytes of an entry that its hash covers: everything but the hashes and the sequence."""
    return canonical_bytes(
        {
            "at": entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
            "act": entry.act,
            "actor": entry.actor,
            "object_kind": entry.object_kind,
            "object_key": entry.object_key,
            "round_id": entry.round_id,
            "outcome": entry.outcome,
            "detail": entry.detail,
        }
    )
