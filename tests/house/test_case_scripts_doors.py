"""The cases of access, accounts, operations, privacy, interface and journal, over real HTTP, on the database that the tests run on."""

import pytest
from flask import Flask

from tests.house.case_server import play, written

pytestmark = [pytest.mark.slow, pytest.mark.case]


@pytest.fixture
def app(platform: tuple[Flask, str]) -> Flask:
    """Named as the app so that PostgreSQL is asked too."""
    return platform[0]


@pytest.mark.parametrize("identifier", written("AIKLMN"))
def test_case(app: Flask, platform: tuple[Flask, str], identifier: str) -> None:
    play(platform[1], identifier)
