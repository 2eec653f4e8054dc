"""The journal of what is written in bulk: the same entries, chained the same way, in one statement."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import insert

from awards_app.database import atomic
from awards_app.domain.chain import entry_hash
from awards_app.models.journal import JournalEntry
from awards_app.services.journal import canonical_entry
from awards_app.services.journal_check import journal_head


@dataclass(frozen=True, slots=True)
class Act:
    """An act to be journalled; ``actor`` is the key of an account, or « scheduler »."""

    at: datetime
    act: str
    actor: str
    object_kind: str
    object_key: str
    round_id: int | None
    detail: dict[str, object] = field(default_factory=dict)


def write_acts(acts: Iterable[Act]) -> int:
    """Append acts to the journal in the order of their instants; return how many.

    For SQLite's single writer or inside a transaction that holds the chain: the demonstration loads alone.
    """
    with atomic() as session:
        head = journal_head()
        seq, previous = head.seq, head.hash
        rows: list[dict[str, Any]] = []
        for one in sorted(acts, key=lambda act: act.at):
            seq += 1
            values: dict[str, Any] = {
                "seq": seq,
                "at": one.at.astimezone(UTC),
                "act": one.act,
                "actor": one.actor,
                "object_kind": one.object_kind,
                "object_key": one.object_key,
                "round_id": one.round_id,
                "outcome": "done",
                "detail": one.detail,
                "previous_hash": previous,
            }
            previous = entry_hash(previous, seq, canonical_entry(JournalEntry(**values, hash="")))
            rows.append({**values, "hash": previous})
        if rows:
            session.execute(insert(JournalEntry), rows)
        return len(rows)
