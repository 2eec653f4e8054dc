"""Runs the migrations on the application's own engine, offline ones excepted: they are not supported."""

from alembic import context
from flask import current_app
from sqlalchemy import Connection

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
            connection = connection.execution_options(awards_writing=True)
        else:
            connection = connection.execution_options(isolation_level="READ COMMITTED")
        _run_on(connection)


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
