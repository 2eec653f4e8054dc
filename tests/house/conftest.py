"""The apps of a file of tests: the one that the walk over every route asks, and the one that the cases reach over HTTP."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask

from tests.house.case_server import served
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


@pytest.fixture(scope="module")
def platform(
    tmp_path_factory: pytest.TempPathFactory,
    new_database: Callable[[Path], tuple[str, Callable[[], None]]],
) -> Iterator[tuple[Flask, str]]:
    """An app with worlds and its address, served for as long as the file of tests runs."""
    with served(new_database, tmp_path_factory.mktemp("cases")) as found:
        yield found
