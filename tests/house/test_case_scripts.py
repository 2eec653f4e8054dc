"""The cases of deadlines and of hostile text, over real HTTP, on the database that the tests run on."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask

from tests.cases.context import CASES, Context, NotApplicable
from tests.cases.run import load
from tests.house.case_server import served

pytestmark = pytest.mark.slow

load()
# Cases of other groups that are of the same family: reminders after a long stop, forged forms.
MORE = ("B16", "B25", "E28", "I11", "I15", "I16", "I17", "J14", "L6", "L9")
WRITTEN = sorted(one for one in CASES if one[0] in "DH" or one in MORE)


@pytest.fixture(scope="module")
def platform(
    tmp_path_factory: pytest.TempPathFactory,
    new_database: Callable[[Path], tuple[str, Callable[[], None]]],
) -> Iterator[tuple[Flask, str]]:
    with served(new_database, tmp_path_factory.mktemp("cases")) as found:
        yield found


@pytest.fixture
def app(platform: tuple[Flask, str]) -> Flask:
    """Named as the app so that PostgreSQL is asked too."""
    return platform[0]


@pytest.mark.parametrize("identifier", WRITTEN)
def test_case(app: Flask, platform: tuple[Flask, str], identifier: str) -> None:
    context = Context(platform[1])
    try:
        CASES[identifier](context)
    except NotApplicable as reason:
        pytest.skip(str(reason))
    finally:
        context.close()
