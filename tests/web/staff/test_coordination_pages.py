"""The pages of coordination in the phase under embargo: who sees what, what is exported, what is kept of it."""

import csv
import io
import re
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select

from awards_app.database import db
from awards_app.domain.results_archive import verify_archive
from awards_app.models.journal import JournalEntry
from awards_app.services.accounts import start_session
from awards_app.services.worlds.people import account_id
from tests.checked_client import CheckedClient
from tests.world import hooked_app, lay

Database = Callable[[Path], tuple[str, Callable[[], None]]]


@pytest.fixture(scope="module")
def laid(
    new_database: Database, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Flask, dict[str, Any]]]:
    """The world of P5, laid once for the module."""
    folder = tmp_path_factory.mktemp("coordination")
    url, remove = new_database(folder)
    with hooked_app(url, folder) as made:
        made.test_client_class = CheckedClient
        yield made, lay(made, "P5")
    remove()


@pytest.fixture
def app(laid: tuple[Flask, dict[str, Any]]) -> Flask:
    return laid[0]


@pytest.fixture
def world(laid: tuple[Flask, dict[str, Any]]) -> dict[str, Any]:
    return laid[1]


def client_of(app: Flask, world: dict[str, Any], code: str) -> FlaskClient:
    with app.app_context():
        token = start_session(account_id(code), datetime.fromisoformat(world["now"]))
    client = app.test_client()
    with client.session_transaction() as session:
        session["_user_id"] = token
    return client


OWN = "/coordination/{A}"
ADDRESSES = (
    "/coordination",
    OWN,
    "/coordination/{N}",
    "/coordination/editions/2026",
    "/coordination/editions/2026/reglages",
    "/coordination/journal",
    "/coordination/journal/verification",
    f"{OWN}/exports/candidatures",
    f"{OWN}/exports/agregats",
    f"{OWN}/exports/notes",
    f"{OWN}/exports/archive",
)


@pytest.mark.parametrize(
    ("code", "statuses"),
    [
        ("NS", (200, 200, 200, 200, 200, 200, 200, 200, 200, 404, 404)),
        ("RC", (200, 200, 404, 200, 200, 200, 404, 200, 200, 404, 404)),
        ("RY", (200, 404, 404, 200, 200, 200, 404, 404, 404, 404, 404)),
        ("AU", (200, 200, 200, 200, 200, 200, 200, 404, 200, 200, 200)),
        ("JP", (404, 404, 404, 404, 404, 404, 404, 404, 404, 200, 200)),
        ("RJ", (404, 404, 404, 404, 404, 404, 404, 404, 404, 404, 404)),
        ("CO", (404, 404, 404, 404, 404, 404, 404, 404, 404, 404, 404)),
    ],
)
def test_who_is_answered_what(
    app: Flask, world: dict[str, Any], code: str, statuses: tuple[int, ...]
) -> None:
    client: Any = client_of(app, world, code)
    with client.allowing_commits():
        found = tuple(client.get(path.format(**world["rounds"])).status_code for path in ADDRESSES)
    assert found == statuses


def test_the_home_asks_the_same_number_of_questions_of_one_round_and_of_nineteen(
    app: Flask, world: dict[str, Any]
) -> None:
    counts = {}
    for code in ("RC", "NS"):
        client = client_of(app, world, code)
        asked: list[str] = []

        def note(_c: object, _k: object, statement: str, *_: object, asked: list[str] = asked) -> None:
            if statement.lstrip().upper().startswith(("SELECT", "WITH")):
                asked.append(statement)

        with app.app_context():
            event.listen(db.engine, "before_cursor_execute", note)
        client.get("/coordination")
        with app.app_context():
            event.remove(db.engine, "before_cursor_execute", note)
        counts[code] = len(asked)
    assert counts["RC"] == counts["NS"]
    assert counts["NS"] <= 9


def test_an_export_is_a_spreadsheet_and_is_journaled(app: Flask, world: dict[str, Any]) -> None:
    client: Any = client_of(app, world, "RC")
    with client.allowing_commits():
        answer = client.get(f"{OWN}/exports/candidatures".format(**world["rounds"]))
    text = answer.get_data(as_text=True)
    assert text.startswith("\ufeff")
    assert answer.headers["Cache-Control"] == "no-store"
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=";"))
    # Twenty-seven columns of the file, then one for each other question of the form, as it was filed.
    assert {len(row) for row in rows} == {62}
    filed = dict(zip(rows[0], rows[1], strict=True))
    assert filed["Date de début de l’initiative"] == "01/02/2020"
    assert filed["Total des produits de l’exercice, en euros"].endswith("\u00a0€")
    with app.app_context():
        entry = db.session.scalar(
            select(JournalEntry)
            .where(JournalEntry.act == "export_candidacies")
            .order_by(JournalEntry.seq.desc())
        )
        assert entry is not None
        assert entry.detail == {"lines": len(rows) - 1}


def test_the_auditor_s_archive_verifies_with_the_journal_s_seal(app: Flask, world: dict[str, Any]) -> None:
    client: Any = client_of(app, world, "AU")
    with client.allowing_commits():
        data = client.get(f"{OWN}/exports/archive".format(**world["rounds"])).data
    with app.app_context():
        seal = db.session.scalar(
            select(JournalEntry.detail)
            .where(JournalEntry.act == "export_results")
            .order_by(JournalEntry.seq.desc())
            .limit(1)
        )
    assert seal is not None
    assert verify_archive(data, str(seal["seal"])).ok
    assert not verify_archive(data.replace(b'"rank":1', b'"rank":2', 1), str(seal["seal"])).ok


@pytest.mark.parametrize(
    ("code", "desks"),
    [
        ("RC", 10),
        ("NS", 10),
        ("AU", 4),
    ],
)
def test_every_desk_that_is_shown_opens(app: Flask, world: dict[str, Any], code: str, desks: int) -> None:
    client: Any = client_of(app, world, code)
    home = OWN.format(**world["rounds"])
    with client.allowing_commits():
        page = client.get(home).text
        shown = sorted(set(re.findall(rf'href="({home}/[a-z-]+)"', page)))
        answers = {path: client.get(path).status_code for path in shown}
    assert answers == dict.fromkeys(shown, 200)
    assert len(shown) == desks
    assert ("/coordination/roles" in page) is (code != "AU")
