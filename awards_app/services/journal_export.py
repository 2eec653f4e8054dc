"""The journal taken out of the platform: its head, and all of it, for a check by an independent program."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime

from sqlalchemy import select

from awards_app.database import db
from awards_app.domain.holder import SCHEDULER, Holder
from awards_app.models.journal import JournalEntry
from awards_app.queries.journal import may_verify
from awards_app.services.journal import write_entry
from awards_app.services.journal_check import JournalVerdict, journal_head, verify

_CHUNK = 500


def check(holder: Holder) -> JournalVerdict:
    """Recompute the chain for who may verify it (AUD-2). Raises `DoesNotExist` for others."""
    may_verify(holder)
    return verify()


def head(holder: Holder, now: datetime) -> dict[str, object]:
    """Return the head of the chain with the instant it was read at. Raises `DoesNotExist`."""
    may_verify(holder)
    found = journal_head()
    return {
        "seq": found.seq,
        "hash": found.hash,
        "read_at": now.astimezone(UTC).isoformat(timespec="seconds"),
    }


def export_journal(holder: Holder | None, now: datetime) -> Iterator[bytes]:
    """Journal the export, then yield the whole journal as JSON lines, the export's own entry included.

    Raises `DoesNotExist` for a holder who may not verify the chain; without a holder it is the operator's command.
    """
    if holder is not None:
        may_verify(holder)
    last = write_entry(holder or SCHEDULER, "export_journal", "journal", "journal", now)
    return _lines(last)


def _lines(last: int) -> Iterator[bytes]:
    for first in range(1, last + 1, _CHUNK):
        rows = db.session.scalars(
            select(JournalEntry)
            .where(JournalEntry.seq >= first, JournalEntry.seq < min(first + _CHUNK, last + 1))
            .order_by(JournalEntry.seq)
        ).all()
        for row in rows:
            line = {
                "seq": row.seq,
                "at": row.at.astimezone(UTC).isoformat(timespec="microseconds"),
                "act": row.act,
                "actor": row.actor,
                "object_kind": row.object_kind,
                "object_key": row.object_key,
                "round_id": row.round_id,
                "outcome": row.outcome,
                "detail": row.detail,
                "previous_hash": row.previous_hash,
                "hash": row.hash,
            }
            yield json.dumps(line, ensure_ascii=False, sort_keys=True).encode("utf-8") + b"\n"
        db.session.expunge_all()
