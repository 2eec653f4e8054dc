"""One connection a thread, driven by hand: psycopg or sqlite3, the same sentences for both."""

import os
import re
import sqlite3
import threading
from collections.abc import Mapping
from functools import cache
from typing import Any

import psycopg

_HERE = threading.local()
_NAMED = re.compile(r"%\((\w+)\)s")


def is_postgresql() -> bool:
    """Say whether the database measured is PostgreSQL."""
    return os.environ["DATABASE_URL"].startswith("postgresql")


def _connection() -> Any:
    if not hasattr(_HERE, "connection"):
        _HERE.connection = _open()
    return _HERE.connection


def _open() -> Any:
    url = os.environ["DATABASE_URL"]
    if is_postgresql():
        return psycopg.connect(url.replace("+psycopg", ""), autocommit=True, options="-c jit=off")
    connection = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=15000"):
        connection.execute(f"PRAGMA {pragma}")
    return connection


@cache
def _spoken(sentence: str) -> str:
    return sentence if is_postgresql() else _NAMED.sub(r":\1", sentence)


def ask(sentence: str, **values: object) -> list[Any]:
    """Return the rows of a query as tuples."""
    return _connection().execute(_spoken(sentence), values).fetchall()  # type: ignore[no-any-return]  # either driver


def write(*sentences: tuple[str, Mapping[str, object]]) -> list[Any]:
    """Run sentences in one transaction and return the rows of the last one."""
    connection = _connection()
    connection.execute("BEGIN" if is_postgresql() else "BEGIN IMMEDIATE")
    rows = []
    for sentence, values in sentences:
        cursor = connection.execute(_spoken(sentence), values)
        rows = cursor.fetchall() if cursor.description else []
    connection.execute("COMMIT")
    return rows
