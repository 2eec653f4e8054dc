"""Worlds for tests inside the process: the same ones that the seed hook lays (`awards_app.services.worlds`)."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flask import Flask

from awards_app.services.worlds import PASSWORD, PHASES

__all__ = ["PASSWORD", "PHASES", "SUBJECTS", "hooked_app", "lay"]

# The fifteen subjects of the matrix; a world has a person of that name for each but the visitor.
SUBJECTS = ("PUB", "CM", "CO", "CX", "RJ", "RK", "RX", "JP", "RC", "RY", "NJ", "NK", "NP", "NS", "AU")


@contextmanager
def hooked_app(url: str, instance: Path, **settings: Any) -> Iterator[Flask]:
    """An app with the test hooks on a database of its own; its clock can be moved."""
    from awards_app.app import create_app
    from tests.conftest import _settings, close_app

    app = create_app({**_settings(url, instance), "AWARDS_TEST_HOOKS": True, **settings})
    try:
        yield app
    finally:
        close_app(app)


def lay(app: Flask, phase: str) -> dict[str, Any]:
    """Lay the world of a phase over the app's database and return who and what is in it."""
    from awards_app.services.worlds import world

    with app.app_context():
        return world(phase)
