"""A database filled at the first release upgrades to the last one, row for row, and works."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import check, upgrade

from awards_app.paths import MIGRATIONS
from tests.checked_client import CheckedClient
from tests.conftest import SERVER
from tests.world import hooked_app, lay

FIRST, LAST = "0001", "head"
NewDatabase = Callable[[Path], tuple[str, Callable[[], None]]]
Rows = dict[str, list[dict[str, Any]]]
# The pages that each person opens, by phase: what the first release had, on the code of today.
PAGES = {
    "P1": {
        "CO": (
            "/structure",
            "/structure/{structures[main]}",
            "/candidatures/{candidacies[draft]}",
            "/candidatures/{candidacies[draft]}/rubriques/project",
            "/candidatures/{candidacies[draft]}/rubriques/attachments",
            "/candidatures/{candidacies[draft]}/relecture",
            "/candidatures/{candidacies[main]}/accuse",
        ),
        "RC": ("/coordination", "/coordination/{rounds[A]}", "/coordination/{rounds[A]}/jury"),
    },
    "P3": {
        "CO": ("/candidatures/{candidacies[main]}", "/candidatures/{candidacies[main]}/accuse"),
        "RJ": (
            "/jury/{seats[RJ]}",
            "/jury/{seats[RJ]}/candidatures/{candidacies[main]}",
            "/jury/{seats[RJ]}/mes-notes",
        ),
        "JP": ("/jury/{seats[JP]}/avancement",),
        "RC": (
            "/coordination/{rounds[A]}/recevabilite",
            "/coordination/{rounds[A]}/recevabilite/{candidacies[main]}",
            "/coordination/{rounds[A]}/jury",
            "/coordination/{rounds[A]}/avancement",
            "/coordination/{rounds[A]}/repartition",
        ),
    },
    "P6": {
        "JP": ("/jury/{seats[JP]}/deliberation", "/jury/{seats[JP]}/decisions"),
        "RC": (
            "/coordination/{rounds[A]}/classement",
            "/coordination/{rounds[A]}/decisions",
            "/coordination/{rounds[A]}/certificats",
        ),
        "NS": ("/coordination", "/coordination/journal", "/coordination/editions/2026"),
        "PUB": ("/", "/palmares", "/palmares/2026"),
    },
}


@contextmanager
def empty_database(request: pytest.FixtureRequest, folder: Path) -> Iterator[str]:
    """Give the address of a database without any table."""
    server = request.config.stash.get(SERVER, None)
    if server is None:
        yield f"sqlite:///{folder / 'old.sqlite'}"
        return
    server.execute('CREATE DATABASE "filled_at_first"')
    try:
        yield server.url("filled_at_first")
    finally:
        server.drop("filled_at_first")


@contextmanager
def connected(url: str) -> Iterator[sa.Connection]:
    """Connect without anything of ours between: no table of the models, no foreign key checked row by row."""
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(sa.text("SET session_replication_role = replica"))
        yield connection
    engine.dispose()


def reflected(connection: sa.Connection) -> sa.MetaData:
    """Return the tables and columns that a database has."""
    inspector, found = sa.inspect(connection), sa.MetaData()
    for name in inspector.get_table_names():
        if name != "alembic_version":
            keys = inspector.get_pk_constraint(name)["constrained_columns"]
            columns = inspector.get_columns(name)
            sa.Table(
                name,
                found,
                *(sa.Column(one["name"], one["type"], primary_key=one["name"] in keys) for one in columns),
            )
    return found


def rows_of(connection: sa.Connection, tables: sa.MetaData) -> Rows:
    """Return the rows of ``tables``, in the columns that these have, whatever the database has more."""
    return {
        name: [
            dict(row) for row in connection.execute(sa.select(table).order_by(*table.primary_key)).mappings()
        ]
        for name, table in tables.tables.items()
    }


def fill(url: str, full_url: str) -> Rows:
    """Put into a database of the first release what a full one holds of its tables and columns."""
    with connected(url) as old, connected(full_url) as full:
        tables = reflected(old)
        rows = rows_of(full, tables)
        for name, found in rows.items():
            if found:
                old.execute(sa.insert(tables.tables[name]), found)
        if old.dialect.name == "postgresql":
            follow_sequences(old, tables)
        return rows


def follow_sequences(connection: sa.Connection, tables: sa.MetaData) -> None:
    for table in tables.tables.values():
        for column in table.primary_key:
            name = connection.scalar(
                sa.select(sa.func.pg_get_serial_sequence(f'"{table.name}"', column.name))
            )
            if name is not None:
                most = sa.select(sa.func.coalesce(sa.func.max(column), 0) + 1).scalar_subquery()
                connection.execute(sa.select(sa.func.setval(name, most)))


def kept_rows(url: str, before: Rows) -> Rows:
    """Return the rows of today in the columns that ``before`` knew."""
    with connected(url) as connection:
        now = rows_of(connection, reflected(connection))
    return {
        name: [{column: row[column] for column in rows[0]} for row in now[name]] if rows else now[name]
        for name, rows in before.items()
    }


def indexes_of(url: str) -> set[str]:
    """Return the names of every index, those on expressions too."""
    with connected(url) as connection:
        asked = (
            "SELECT indexname FROM pg_indexes WHERE schemaname = 'public'"
            if connection.dialect.name == "postgresql"
            else "SELECT name FROM sqlite_master WHERE type = 'index'"
        )
        return set(connection.scalars(sa.text(asked)))


def sign_in(app: Flask, person: dict[str, str] | None) -> FlaskClient:
    client = app.test_client()
    if person is not None:
        sent = {"email": person["email"], "password": person["password"]}
        assert client.post("/compte/connexion", data=sent).status_code == 303
    return client


@pytest.mark.parametrize("phase", PAGES)
@pytest.mark.usefixtures("app")
# The check cannot read SQLite's indexes on expressions: that none is lost is asked of the database itself.
@pytest.mark.filterwarnings("ignore:Skipped unsupported reflection:sqlalchemy.exc.SAWarning")
@pytest.mark.filterwarnings("ignore:autogenerate skipping metadata-specified expression-based index")
def test_a_database_of_the_first_release_upgrades_and_works(
    request: pytest.FixtureRequest, new_database: NewDatabase, tmp_path: Path, phase: str
) -> None:
    (tmp_path / "full").mkdir()
    full_url, remove = new_database(tmp_path / "full")
    with hooked_app(full_url, tmp_path) as full:
        world = lay(full, phase)
    with empty_database(request, tmp_path) as url, hooked_app(url, tmp_path) as app:
        app.test_client_class = CheckedClient
        with app.app_context():
            upgrade(directory=str(MIGRATIONS), revision=FIRST)
            before, indexes = fill(url, full_url), indexes_of(url)
            upgrade(directory=str(MIGRATIONS), revision=LAST)
            check(directory=str(MIGRATIONS))
        assert before["candidacy"] != []
        assert indexes - indexes_of(url) == set()
        assert kept_rows(url, before) == before
        answers = {}
        for person, pages in PAGES[phase].items():
            client = sign_in(app, world["people"].get(person))
            answers |= {(person, page): client.get(page.format(**world)).status_code for page in pages}
        assert answers == {(person, page): 200 for person, pages in PAGES[phase].items() for page in pages}
        if phase in ACTS:
            ACTS[phase](app, world)
    remove()


def write_an_answer(app: Flask, world: dict[str, Any]) -> None:
    """A draft begun before the upgrade goes on."""
    key = world["candidacies"]["draft"]
    client = sign_in(app, world["people"]["CO"])
    sent = {"field": "pitch", "value": "Après", "version": "", "cle": "une"}
    saved = client.post(f"/candidatures/{key}/enregistrer", data=sent)
    assert saved.status_code == 200, saved.get_data(as_text=True)
    assert "Après" in client.get(f"/candidatures/{key}/rubriques/project").get_data(as_text=True)


def give_a_mark(app: Flask, world: dict[str, Any]) -> None:
    """A sheet begun before the upgrade goes on."""
    place = f"/jury/{world['seats']['RJ']}/candidatures/{world['candidacies']['main']}"
    client = sign_in(app, world["people"]["RJ"])
    [version] = re.findall(
        r'name="mark-need-version" value="([^"]*)"', client.get(place).get_data(as_text=True)
    )
    saved = client.post(f"{place}/noter", data={"field": "mark-need", "value": "2", "version": version})
    assert saved.status_code == 200, saved.get_data(as_text=True)


ACTS: dict[str, Callable[[Flask, dict[str, Any]], None]] = {"P1": write_an_answer, "P3": give_a_mark}
