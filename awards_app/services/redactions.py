"""Masking a person in what was written: every text of every table, and the frozen copies that a fingerprint covers.

A frozen copy keeps the fingerprint of its original beside it; what the masked one weighs is recorded with the erasure, and
in the journal, so that both stay provable.
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Table, select, update

from awards_app.adapters.queue import enqueue
from awards_app.database import after_commit, db
from awards_app.domain.erasures import Traces, contact_of
from awards_app.domain.snapshot import canonical_bytes, sha256_of
from awards_app.models.answer_history import AnswerVersion
from awards_app.models.candidacies import Answer, Filing
from awards_app.models.deliberations import Minutes
from awards_app.models.signatures import MinutesAddendum, MinutesSignature
from awards_app.queries.erasures import rows_holding, tables, text_columns
from awards_app.services.minutes import RENDER

# What no erasure changes: the chain of the journal, the locked scores (keyed by « J01 »), the structure's own name and
# site, what a diploma says of who signed it (it belongs to its laureate), the words of an edition.
KEPT_TABLES = frozenset(
    {"journal_entry", "snapshot", "certificate", "signing_certificate", "region", "department", "edition"}
)
KEPT_COLUMNS = frozenset({"website", "structure_name", "sort_key", "agent", "token"})
KEPT_PAIRS = frozenset({("structure", "name"), ("structure", "acronym"), ("register_reading", "facts")})
# The names of accounts and seats: after an erasure, those of other people.
BORNE = frozenset({("account", "name"), ("seat", "name")})
# What a structure calls itself, in a frozen copy.
OWN_WORDS = ("name", "acronym", "website")
FROZEN = frozenset({"filing", "minutes", "minutes_addendum"})

Redactions = dict[str, dict[str, str]]


def mask_texts(traces: Traces) -> None:
    """Mask the person in every text that no fingerprint covers. Joins the caller's transaction."""
    _forget_contacts(traces)
    for table in tables():
        if table.name in KEPT_TABLES | FROZEN:
            continue
        columns = [column for column in text_columns(table) if not is_kept(table, column)]
        for row in rows_holding(table, columns, traces):
            _rewrite(table, columns, row, traces)


def is_kept(table: Table, column: Column[Any]) -> bool:
    """Say whether a text stays as it is whatever it holds."""
    return column.name in KEPT_COLUMNS or (table.name, column.name) in KEPT_PAIRS


def _rewrite(table: Table, columns: list[Column[Any]], row: Any, traces: Traces) -> None:
    keys = list(table.primary_key.columns)
    values = {}
    for column, value in zip(columns, row[len(keys) :], strict=True):
        masked = traces.masked_value(value)
        if masked != value:
            limit = getattr(column.type, "length", None)
            values[column.name] = masked[:limit] if isinstance(masked, str) else masked
    where = [key == value for key, value in zip(keys, row[: len(keys)], strict=True)]
    db.session.execute(update(table).where(*where).values(values))


def _forget_contacts(traces: Traces) -> None:
    """Empty what a draft says of a contact who is the person: their telephone, and a name even of one word."""
    table: Table = Answer.__table__  # type: ignore[assignment]  # a mapped table
    ids = [row[0] for row in rows_holding(table, [table.c.value], traces)]
    found = select(Answer.candidacy_id, Answer.question_code).where(Answer.id.in_(ids))
    for candidacy_id, code in db.session.execute(found).all():
        beside = f"{contact_of(code)}_"
        models: tuple[Any, ...] = (Answer, AnswerVersion)
        for model in models:
            for row in db.session.scalars(select(model).where(model.candidacy_id == candidacy_id)).all():
                if row.question_code.startswith(beside):
                    is_phone = row.question_code.endswith("_phone")
                    row.value = "" if is_phone else traces.masked(traces.named(row.value))
    db.session.flush()


def mask_frozen(traces: Traces, now: datetime) -> tuple[Redactions, list[str]]:
    """Mask the person in frozen copies; return what was recorded, and the stored papers to forget and draw again."""
    done: Redactions = {}
    papers: list[str] = []
    on = now.date().isoformat()
    for filing in _rows(Filing, ["content"], traces):
        filing.content = canonical_bytes(_masked_copy(filing, traces, on)).decode()
        done[f"filing:{filing.key}"] = {
            "original": filing.sha256,
            "kept": hashlib.sha256(filing.content.encode()).hexdigest(),
        }
    for minutes in _rows(Minutes, ["content"], traces):
        content = traces.masked_value(minutes.content)
        if minutes.sha256 is not None:
            content["redacted"] = {"on": on, "sha256": minutes.sha256}
            done[f"minutes:{minutes.key}"] = {"original": minutes.sha256, "kept": sha256_of(content)}
        minutes.content = content
        papers.extend(_drawn_again(minutes))
    for addendum in _rows(MinutesAddendum, ["body", "written_by"], traces):
        addendum.body, addendum.written_by = traces.masked(addendum.body), traces.masked(addendum.written_by)
        kept = sha256_of({"number": addendum.number, "body": addendum.body})
        done[f"addendum:{addendum.key}"] = {"original": addendum.sha256, "kept": kept}
    papers.extend(_signed_papers(traces))
    db.session.flush()
    return done, papers


def _masked_copy(filing: Filing, traces: Traces, on: str) -> Mapping[str, Any]:
    frozen = json.loads(filing.content)
    sections = traces.masked_sections(frozen.pop("sections"))
    kept = {name: frozen["structure"].get(name) for name in OWN_WORDS if name in frozen["structure"]}
    masked: dict[str, Any] = traces.masked_value(frozen)
    return masked | {
        "sections": sections,
        "structure": masked["structure"] | kept,
        "redacted": {"on": on, "sha256": filing.sha256},
    }


def _rows(model: Any, names: list[str], traces: Traces) -> list[Any]:
    table: Table = model.__table__
    found = [row[0] for row in rows_holding(table, [table.c[name] for name in names], traces)]
    return [db.session.get_one(model, identity) for identity in found]


def _drawn_again(minutes: Minutes) -> list[str]:
    """Take its paper from minutes, to be drawn again once all is kept; return the key of the former one."""
    if minutes.storage_key is None:
        return []
    former, minutes.storage_key = minutes.storage_key, None
    after_commit(enqueue, RENDER, minutes.id)
    return [former]


def _signed_papers(traces: Traces) -> list[str]:
    """Have the paper of minutes that the person signed drawn again, though its text may not name them."""
    table: Table = MinutesSignature.__table__  # type: ignore[assignment]  # a mapped table
    ids = [row[0] for row in rows_holding(table, [table.c.name], traces)]
    signed = select(MinutesSignature.minutes_id).where(MinutesSignature.id.in_(ids))
    papers = []
    for minutes in db.session.scalars(select(Minutes).where(Minutes.id.in_(signed))).all():
        papers.extend(_drawn_again(minutes))
    return papers


def still_written(traces: Traces) -> dict[str, list[str]]:
    """Return where the person is still written, by table and column: the keys of the rows, or their numbers."""
    found: dict[str, list[str]] = {}
    for table in tables():
        names = {column.name for column in text_columns(table)} | ({"slug", "dedupe"} & set(table.c.keys()))
        for name in sorted(names):
            if (table.name, name) in BORNE:
                continue
            column = table.c[name]
            rows = list(rows_holding(table, [column], traces))
            if rows:
                found[f"{table.name}.{name}"] = [str(row[0]) for row in rows]
    return found
