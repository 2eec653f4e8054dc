"""A platform for the cases inside the process of the tests, on the database that the tests run on."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from flask import Flask
from werkzeug.serving import make_server

from tests.cases.context import CASES, IN_BROWSER, Context, NotApplicable
from tests.cases.run import load
from tests.cases.server import free_port
from tests.world import hooked_app

NewDatabase = Callable[[Path], tuple[str, Callable[[], None]]]


@contextmanager
def served(new_database: NewDatabase, folder: Path) -> Iterator[tuple[Flask, str]]:
    """Serve an app with the hooks on a database of its own, forgery checked; give the app and its address."""
    database, remove = new_database(folder)
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    settings = {"AWARDS_PUBLIC_URL": url, "WTF_CSRF_ENABLED": True, "TESTING": False}
    with hooked_app(database, folder, **settings) as app:
        server = make_server("127.0.0.1", port, app, threaded=True)
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield app, url
        finally:
            server.shutdown()
            thread.join(10)
            server.server_close()
    remove()


def written(groups: str) -> list[Any]:
    """Return the identifiers of the cases of some groups that have a script; those in a browser are marked so."""
    load()
    return [
        pytest.param(one, marks=[pytest.mark.browser] if one in IN_BROWSER else [])
        for one in sorted(CASES)
        if one[0] in groups
    ]


def play(url: str, identifier: str) -> None:
    """Run one case on a platform; raise what it found. Skipped where the machine lacks what it plays with."""
    context = Context(url)
    try:
        CASES[identifier](context)
    except NotApplicable as why:
        if identifier in IN_BROWSER:
            raise
        pytest.skip(str(why))
    finally:
        context.close()
