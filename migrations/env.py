"""Runs the migrations on the application's own engine, offline ones excepted: they are not supported."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager

from alembic import context
from flask import current_app
from sqlalchemy import Connection
from sqlalchemy.exc import SAWarning

from awards_app.database import db
from awards_app.models.types import Instant


def plain_types(kind: str, item: object, _context: object) -> str | bool:
    """Write our own types as what the database keeps, so that old migrations need none of our code."""
    if kind == "type" and isinstance(item, Instant):
        return "sa.DateTime(timezone=True)"
    return False


def run() -> None:
    """Run the migrations, each in its own transaction."""
    engine = db.engine
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            with _tables_written_anew(connection):
                _run_on(connection.execution_options(awards_writing=True))
        else:
            _run_on(connection.execution_options(isolation_level="READ COMMITTED"))


@contextmanager
def _tables_written_anew(connection: Connection) -> Iterator[None]:
    """Let SQLite's tables be dropped and written again: their keys are checked once, at the end.

    SQLite changes a column only by copying its table, and would refuse to drop the old one while the copy points to it.
    The setting does nothing inside a transaction: it goes to the driver, which has begun none. Raises `RuntimeError`.
    """
    driver = connection.connection.driver_connection
    driver.execute("PRAGMA foreign_keys=OFF")
    try:
        # A table written anew is read with those it points to, whose indexes on expressions stay where they are.
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "Skipped unsupported reflection", SAWarning)
            yield
        lost = driver.execute("PRAGMA foreign_key_check").fetchall()
        if lost:
            raise RuntimeError(f"rows point to rows that are not there: {lost[:5]}")
    finally:
        driver.execute("PRAGMA foreign_keys=ON")


def _run_on(connection: Connection) -> None:
    options = current_app.extensions["migrate"].configure_args
    context.configure(
        connection=connection,
        target_metadata=db.metadata,
        render_as_batch=True,
        compare_type=True,
        render_item=plain_types,
        transaction_per_migration=True,
        **{name: value for name, value in options.items() if name not in ("render_as_batch", "compare_type")},
    )
    with context.begin_transaction():
        context.run_migrations()


run()
