"""All tables at once: kept in a file, emptied, laid back."""

import hashlib
import pickle
from pathlib import Path
from typing import Any

from sqlalchemy import delete, func, insert, select, text

from awards_app.adapters import storage
from awards_app.database import Model, atomic, is_postgresql

Tables = dict[str, list[dict[str, Any]]]


def read_tables() -> Tables:
    """Return every row of every table, by table."""
    with atomic() as session:
        return {
            table.name: [dict(row) for row in session.execute(select(table)).mappings()]
            for table in Model.metadata.sorted_tables
        }


def write_tables(tables: Tables) -> None:
    """Replace the content of the whole database by ``tables``."""
    with atomic() as session:
        session.expunge_all()
        for table in reversed(Model.metadata.sorted_tables):
            session.execute(delete(table))
        for table in Model.metadata.sorted_tables:
            rows = tables.get(table.name)
            if rows:
                session.execute(insert(table), rows)
        if is_postgresql():
            _follow_sequences(session)


def read_files(tables: Tables) -> dict[str, bytes]:
    """Return the stored files that the rows of ``tables`` name, by key."""
    keys = {row["storage_key"] for rows in tables.values() for row in rows if row.get("storage_key")}
    return {key: storage.get(key) for key in keys}


def lay_files(files: dict[str, bytes]) -> None:
    """Put back what was deleted or spoilt since."""
    for key, content in files.items():
        if not storage.exists(key) or storage.get(key) != content:
            storage.put_back(key, content)


def _follow_sequences(session: Any) -> None:
    for table in Model.metadata.sorted_tables:
        for column in table.primary_key.columns:
            name = session.scalar(select(func.pg_get_serial_sequence(f'"{table.name}"', column.name)))
            if name is not None:
                session.execute(
                    text(
                        f"SELECT setval('{name}', coalesce((SELECT max({column.name}) FROM \"{table.name}\"), 0) + 1)"
                    )
                )


# What changes without anything having been done: sessions, attempts at signing in or after a closing, what is counted
# in the outbox.
COUNTERS = ("account_session", "alembic_version", "late_attempt")
COUNTED_COLUMNS = {"account": ("signed_in_at",), "message": ("attempts", "next_attempt_at")}


def digest_tables() -> dict[str, str]:
    """Return a hash of each domain table, so that « nothing changed » can be asked from outside."""
    found = {}
    for name, rows in read_tables().items():
        if name in COUNTERS:
            continue
        left_out = COUNTED_COLUMNS.get(name, ())
        lines = sorted(
            repr({key: value for key, value in row.items() if key not in left_out}) for row in rows
        )
        found[name] = hashlib.sha256("\n".join(lines).encode()).hexdigest()
    return found


def keep(file: Path, content: object) -> None:
    """Keep ``content`` in ``file``, whole or not at all."""
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_suffix(".new")
    draft.write_bytes(pickle.dumps(content))
    draft.replace(file)


def kept(file: Path) -> Any:
    """Return what was kept in ``file`` by this very instance, or None."""
    return pickle.loads(file.read_bytes()) if file.is_file() else None
