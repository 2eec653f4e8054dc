"""The reduced set: three secrets, those nearest to them, and one person who must tell the worlds apart.

The whole set is a command: `python3 -m awards_app test --two-worlds`.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from tests.two_worlds.collecting import lay
from tests.two_worlds.comparing import compare
from tests.two_worlds.keys import written_keys
from tests.two_worlds.script import SECRETS
from tests.world import hooked_app

pytestmark = [pytest.mark.slow, pytest.mark.either]
NAMED = {secret.name: secret for secret in SECRETS}


@pytest.fixture(scope="module")
def worlds(
    tmp_path_factory: pytest.TempPathFactory,
    new_database: Callable[[Path], tuple[str, Callable[[], None]]],
) -> Iterator[tuple[Flask, Path]]:
    """An app with worlds, and the folder where they are kept."""
    folder = tmp_path_factory.mktemp("two-worlds")
    url, remove = new_database(folder)
    with hooked_app(url, folder) as app:
        with written_keys():
            lay(app, folder, "P4")
        yield app, folder
    remove()


def test_the_same_world_twice_is_the_same(worlds: tuple[Flask, Path]) -> None:
    nothing = replace(NAMED["how many are finished"], act=None, knows={})

    report = compare(*worlds, nothing, subjects=["JP"])

    assert report.leaks == []
    assert report.requests > 150


@pytest.mark.parametrize(
    ("name", "phase", "subjects"),
    [
        ("a score", "P4", ("JP", "RK", "CM")),
        ("a conflict", "P3", ("RC", "RJ")),
        ("the decision", "P5", ("RC", "CO", "NJ")),
    ],
)
def test_who_may_not_know_sees_the_same(
    worlds: tuple[Flask, Path], name: str, phase: str, subjects: tuple[str, ...]
) -> None:
    secret = NAMED[name]

    report = compare(*worlds, secret, phases=[phase], subjects=subjects)

    assert report.leaks == []
    assert report.knew == {secret.control}
