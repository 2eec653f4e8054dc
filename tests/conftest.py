"""What every test needs: an app on a migrated database of its own, the checked client, an instant."""

import fcntl
import itertools
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.chromium import find_chromium
from tests.postgres import PostgresServer, start_server, stop_server

SERVER = pytest.StashKey[PostgresServer]()
TEMPLATE = "awards_template"
NUMBERS = itertools.count(1)

# The suite asks the same examples each time, and no clock: no change is refused for what it has not touched. A person who looks for
# new ones runs pytest with --hypothesis-profile=new.
hypothesis.settings.register_profile(
    "suite",
    derandomize=True,
    deadline=None,
    database=None,
    print_blob=True,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
)
hypothesis.settings.register_profile(
    "new",
    derandomize=False,
    deadline=None,
    print_blob=True,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
)
hypothesis.settings.load_profile("suite")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--database", choices=("sqlite", "postgresql"), default="sqlite", help="database of the tests"
    )


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("--database") == "postgresql":
        given = getattr(config, "workerinput", {}).get("postgresql")
        config.stash[SERVER] = PostgresServer(Path(given)) if given else start_server()


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    if SERVER in node.config.stash:
        node.workerinput["postgresql"] = str(node.config.stash[SERVER].folder)


def pytest_unconfigure(config: pytest.Config) -> None:
    if SERVER in config.stash and not hasattr(config, "workerinput"):
        stop_server(config.stash[SERVER])


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keep what the database can run; on PostgreSQL, only what reaches a database."""
    database = config.getoption("--database")
    other = {"sqlite": "postgresql", "postgresql": "sqlite"}[database]
    kept, left = [], []
    for item in items:
        reaches = "app" in getattr(item, "fixturenames", ())
        fits = not item.get_closest_marker(other) and (
            database == "sqlite" or (reaches and not item.get_closest_marker("either"))
        )
        (kept if fits else left).append(item)
    if left:
        config.hook.pytest_deselected(items=left)
        items[:] = kept


def pytest_runtest_setup(item: pytest.Item) -> None:
    if item.get_closest_marker("browser") and find_chromium() is None:
        reason = "Chromium is not on this machine"
        if os.environ.get("AWARDS_REQUIRE_BROWSER"):
            pytest.fail(reason, pytrace=False)
        pytest.skip(reason)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _settings(url: str, instance: Path) -> dict[str, Any]:
    return {
        "AWARDS_MODE": "testing",
        "TESTING": True,
        "SECRET_KEY": "a key for the tests, longer than thirty-two characters",
        "DATABASE_URL": url,
        "AWARDS_INSTANCE": str(instance),
        "AWARDS_SQLITE_SYNCHRONOUS": "NORMAL",
        "REDIS_URL": "",
        "RATELIMIT_ENABLED": False,
        "WTF_CSRF_ENABLED": False,
    }


def share_templates(app: Flask, folder: Path) -> None:
    """Let every app of a run use the templates that one of them compiled."""
    from jinja2 import FileSystemBytecodeCache

    compiled = folder / "templates"
    compiled.mkdir(exist_ok=True)
    app.jinja_env.bytecode_cache = FileSystemBytecodeCache(str(compiled))


def close_app(app: Flask) -> None:
    """Let go of every connection of ``app``."""
    from awards_app.database import db

    with app.app_context():
        db.session.remove()
        for engine in db.engines.values():
            engine.dispose()


def _migrate(url: str, instance: Path) -> None:
    from flask_migrate import upgrade

    from awards_app.app import create_app
    from awards_app.database import db
    from awards_app.paths import MIGRATIONS

    app = create_app(_settings(url, instance))
    with app.app_context():
        if any((MIGRATIONS / "versions").glob("*.py")):
            upgrade(directory=str(MIGRATIONS))
        else:
            db.create_all()
    close_app(app)


@pytest.fixture(scope="session")
def new_database(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[Path], tuple[str, Callable[[], None]]]:
    """Return a function that makes a migrated database for one test: its address, and what removes it.

    The migrations run once a run, whichever process comes first; each test gets a copy.
    """
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if hasattr(request.config, "workerinput") else base
    server = request.config.stash.get(SERVER, None)
    worker = os.environ.get("PYTEST_XDIST_WORKER", "alone")
    template, done = (
        shared / "template.sqlite",
        shared / f"template.{'sqlite' if server is None else 'postgresql'}.done",
    )
    with _alone(shared):
        if not done.exists():
            if server is None:
                _migrate(f"sqlite:///{template}", shared)
            else:
                server.execute(f'CREATE DATABASE "{TEMPLATE}"')
                _migrate(server.url(TEMPLATE), shared)
            done.touch()

    def make(folder: Path) -> tuple[str, Callable[[], None]]:
        if server is None:
            copy = folder / "awards.sqlite"
            shutil.copyfile(template, copy)
            return f"sqlite:///{copy}", lambda: None
        name = f"test_{worker}_{next(NUMBERS)}"
        return server.clone(TEMPLATE, name), lambda: server.drop(name)

    return make


@pytest.fixture
def app(
    new_database: Callable[[Path], tuple[str, Callable[[], None]]],
    tmp_path: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Flask]:
    """A fresh app on a migrated database of its own, without an application context."""
    from awards_app.app import create_app
    from tests.checked_client import CheckedClient

    url, remove = new_database(tmp_path)
    app = create_app(_settings(url, tmp_path))
    app.test_client_class = CheckedClient
    share_templates(app, tmp_path_factory.getbasetemp())
    yield app
    close_app(app)
    remove()


@pytest.fixture
def context(app: Flask) -> Iterator[Flask]:
    """The app with its context pushed, for tests that call services and queries themselves."""
    with app.app_context():
        yield app


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """The checked client, signed out."""
    return app.test_client()


@pytest.fixture
def now() -> datetime:
    """An instant of a Monday morning in Paris, in the filing months."""
    return datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
