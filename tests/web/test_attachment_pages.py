"""The pages of attachments cost the same few queries for each audience, whatever they show."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from awards_app.adapters.clock import now
from awards_app.database import db
from awards_app.services.previews import draw_waiting
from tests.world import hooked_app, lay

Database = Callable[[Path], tuple[str, Callable[[], None]]]


def count(app: Flask, client: FlaskClient, path: str) -> tuple[int, int]:
    """Return the status of a page and how many queries it asked."""
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        if not statement.startswith(("BEGIN", "PRAGMA", "SAVEPOINT")):
            asked.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        answer = client.get(path)
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return answer.status_code, len(asked)


@pytest.mark.either
def test_each_reading_costs_five_queries_at_most(tmp_path: Path, new_database: Database) -> None:
    url, remove = new_database(tmp_path)
    with hooked_app(url, tmp_path) as app:
        world = lay(app, "P3")
        with app.app_context():
            draw_waiting(now() + timedelta(minutes=5))
        key, one = world["candidacies"]["main"], world["attachments"]["main_photos"]
        statutes = world["attachments"]["main_statutes"]
        own, desk = (
            f"/candidatures/{key}/pieces",
            f"/coordination/{world['rounds']['A']}/recevabilite/{key}/pieces",
        )
        jury = f"/jury/{world['seats']['RJ']}/candidatures/{key}/pieces"
        found = {}
        for code, base, attachment in (
            ("CO", own, one),
            ("RC", desk, one),
            ("RC", desk, statutes),
            ("RJ", jury, one),
        ):
            client = app.test_client()
            person = world["people"][code]
            sent = {"email": person["email"], "password": person["password"]}
            assert client.post("/compte/connexion", data=sent).status_code == 303
            client.get("/compte")
            for name, path in (
                ("file", f"{base}/{attachment}"),
                ("page", f"{base}/{attachment}/pages/1"),
                ("read", f"{base}/{attachment}/lire"),
            ):
                status, queries = count(app, client, path)
                assert status == 200, path
                found[code, attachment == statutes, name] = queries
    remove()
    assert found == {
        **{("CO", False, name): queries for name, queries in (("file", 3), ("page", 4), ("read", 4))},
        **{
            ("RC", one, name): queries
            for one in (False, True)
            for name, queries in (("file", 4), ("page", 5), ("read", 5))
        },
        **{("RJ", False, name): queries for name, queries in (("file", 4), ("page", 5), ("read", 5))},
    }
