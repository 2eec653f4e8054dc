"""The app that the walk over every route asks: one for a file of tests, the hooks on, its clock movable."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask

from tests.world import hooked_app


@pytest.fixture(scope="module")
def walking_app(
    tmp_path_factory: pytest.TempPathFactory,
    new_database: Callable[[Path], tuple[str, Callable[[], None]]],
) -> Iterator[Flask]:
    """An app with worlds, for as long as the file of tests runs."""
    folder = tmp_path_factory.mktemp("walk")
    url, remove = new_database(folder)
    with hooked_app(url, folder) as app:
        yield app
    remove()
