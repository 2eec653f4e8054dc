"""A connection that rested is tried before it is used: a database that restarted is found again."""

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import NullPool

from awards_app import database
from awards_app.database import db, read

pytestmark = pytest.mark.postgresql


def cut():
    """End every connection of the app's pool from the server's side, as a restart does."""
    with create_engine(db.engine.url, poolclass=NullPool).connect() as connection:
        connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        )


def one():
    found = read(text("SELECT 1"))
    db.session.remove()
    return found[0][0]


def test_a_connection_cut_while_it_rested_is_made_anew(app, monkeypatch):
    with app.app_context():
        assert one() == 1
        cut()
        monkeypatch.setattr(database, "MOST_REST_SECONDS", -1.0)

        assert one() == 1


def test_one_that_was_just_used_is_not_tried(app):
    with app.app_context():
        assert one() == 1
        cut()

        with pytest.raises(OperationalError):
            one()
        db.session.remove()
        assert one() == 1
