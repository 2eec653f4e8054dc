"""Putting given texts wherever people's words are kept, so that what shows them can be looked at."""

import hashlib
import json
from collections.abc import Sequence
from itertools import count
from typing import Any

from sqlalchemy import String, Table, select, update

from awards_app.database import Model, atomic
from awards_app.domain.snapshot import canonical_bytes
from awards_app.models.candidacies import Filing

# Columns of words, by name, in every table; identifiers, codes and addresses of mail are no words.
WORDS = frozenset(
    [
        "acronym",
        "address",
        "agent",
        "annulled_reason",
        "body",
        "cancelled_reason",
        "ceremony_place",
        "chamber",
        "citation",
        "city",
        "clean_name",
        "college",
        "description",
        "ended_reason",
        "erratum",
        "example",
        "failure",
        "file_name",
        "funder",
        "help",
        "label",
        "lead",
        "left_reason",
        "legal_form",
        "message",
        "name",
        "network",
        "note",
        "notes",
        "origin",
        "prize_name",
        "private_note",
        "project_title",
        "question",
        "reason",
        "revoked_reason",
        "set_aside_reason",
        "settled_reason",
        "shared_comment",
        "structure_name",
        "subject",
        "summary",
        "theme",
        "title",
        "value",
        "website",
        "withdrawal_reason",
        "words",
    ]
)
# The chain of the journal is what its entries were; runs, reminders and rooms of machines have names of their own.
KEPT = ("journal_entry", "reminder_run", "alembic_version", "idempotency_key")
FROZEN_WORDS = ("title", "name", "label", "value", "city", "address", "acronym", "legal_form", "network")


def fill_with(texts: Sequence[str]) -> int:
    """Replace the words of every row by the texts, each in turn, cut to what its column holds; return how many were."""
    numbers = count()
    with atomic() as session:
        for table in Model.metadata.sorted_tables:
            columns = [
                column for column in table.columns if isinstance(column.type, String) and column.name in WORDS
            ]
            if columns and table.name not in KEPT:
                _fill_table(session, table, columns, texts, numbers)
        for filing in session.scalars(select(Filing)):
            content = json.loads(filing.content)
            _fill_frozen(content, texts, numbers)
            frozen = canonical_bytes(content)
            filing.content, filing.sha256 = frozen.decode(), hashlib.sha256(frozen).hexdigest()
    return next(numbers)


def _fill_table(session: Any, table: Table, columns: list[Any], texts: Sequence[str], numbers: Any) -> None:
    keys = list(table.primary_key.columns)
    for row in session.execute(select(*keys, *columns)).mappings().all():
        values = {
            column.name: texts[next(numbers) % len(texts)][: column.type.length]
            for column in columns
            if row[column.name]
        }
        if values:
            session.execute(update(table).where(*(key == row[key.name] for key in keys)).values(**values))


def _fill_frozen(node: Any, texts: Sequence[str], numbers: Any) -> None:
    if isinstance(node, list):
        for part in node:
            _fill_frozen(part, texts, numbers)
    elif isinstance(node, dict):
        # A number or a choice was checked before it was frozen.
        words = FROZEN_WORDS if "text" in node.get("kind", "text") else ("label",)
        for name, value in node.items():
            if isinstance(value, str) and value and name in words:
                node[name] = texts[next(numbers) % len(texts)][:300]
            elif name != "choices":
                _fill_frozen(value, texts, numbers)
