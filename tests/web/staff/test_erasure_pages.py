"""The pages of an erasure: found by name, told beforehand, confirmed by the address, promised while a jury sits."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event

from awards_app.database import db
from tests.checked_client import CheckedClient
from tests.web.staff.test_coordination_pages import client_of
from tests.world import hooked_app, lay

Database = Callable[[Path], tuple[str, Callable[[], None]]]
PEOPLE = "/coordination/personnes"


@pytest.fixture
def app(new_database: Database, tmp_path: Path) -> Iterator[Flask]:
    url, remove = new_database(tmp_path)
    with hooked_app(url, tmp_path) as made:
        made.test_client_class = CheckedClient
        yield made
    remove()


def asked_of(app: Flask, act: Callable[[], Any]) -> tuple[Any, int]:
    """Return what an act answers and how many queries it made."""
    asked: list[str] = []

    def keep(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if statement.split()[0] not in ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE"):
            asked.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", keep)
    try:
        answer = act()
    finally:
        event.remove(engine, "before_cursor_execute", keep)
    return answer, len(asked)


def test_a_person_is_found_by_name_or_address_by_the_national_staff_alone(app: Flask) -> None:
    world = lay(app, "P6")
    staff = client_of(app, world, "NS")
    for words in ("jeanne", "JURÉE", "rj@monde"):
        page, queries = asked_of(app, lambda words=words: staff.get(f"{PEOPLE}?q={words}"))
        assert re.findall(rf'{PEOPLE}/([\w-]+)"', page.text) == [world["accounts"]["RJ"]], words
        assert queries == 2
    for words in ("", "%", "nul ne s’appelle ainsi", "é" * 3000):
        page = staff.get(PEOPLE, query_string={"q": words})
        assert (page.status_code, re.findall(rf'{PEOPLE}/([\w-]+)"', page.text)) == (200, []), words
    for code in ("RC", "AU", "JP", "CO"):
        assert client_of(app, world, code).get(PEOPLE).status_code == 404


def test_the_page_asks_the_same_of_the_database_whoever_it_is(app: Flask) -> None:
    world = lay(app, "P6")
    staff = client_of(app, world, "NS")
    for code in ("RJ", "CO", "FX"):
        page, queries = asked_of(app, lambda code=code: staff.get(f"{PEOPLE}/{world['accounts'][code]}"))
        assert (page.status_code, queries) == (200, 9), code


def test_the_address_is_asked_for_and_what_was_typed_comes_back(app: Flask) -> None:
    world = lay(app, "P6")
    staff = client_of(app, world, "NS")
    address = f"{PEOPLE}/{world['accounts']['RJ']}"
    for typed in ("", "autre@exemple.fr", "x" * 400, "<b>"):
        answer = staff.post(address, data={"email": typed})
        assert answer.status_code == 422, typed
        assert 'aria-invalid="true"' in answer.text
    assert staff.post(address, data={"email": " RJ@Monde.example "}).status_code == 303
    done = staff.get(address)
    assert (done.status_code, "Jeanne" in done.text, "Personne effacée" in done.text) == (200, False, True)
    assert staff.post(address, data={"email": "n’importe"}).status_code == 303


def test_while_a_jury_sits_the_answer_is_a_promise_that_can_be_taken_back(app: Flask) -> None:
    world = lay(app, "P4")
    staff = client_of(app, world, "NS")
    address = f"{PEOPLE}/{world['accounts']['RJ']}"
    assert "Un jury est en cours" in staff.get(address).text
    refused = staff.post(address, data={"email": "rj@monde.example"})
    assert refused.status_code == 409
    for page in (refused.text, staff.get(address).text):
        assert re.search(r"Effacement promis au plus tard le \d{1,2}(er)? \w+ 20\d\d", page)
    assert staff.post(f"{address}/renoncer").status_code == 303
    assert staff.post(f"{address}/renoncer").status_code == 404
    assert "Effacement promis" not in staff.get(address).text
