"""A name has one value: twice is refused everywhere but where a list is read, and each list is declared."""

import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from awards_app.paths import PACKAGE
from awards_app.web.parameters import ALWAYS, EVERY, LISTS

READ = re.compile(r'getlist\(\s*"([^"]+)"')


@pytest.mark.parametrize(
    ("query", "body", "status"),
    [
        ("", "email=a%40b.fr&password=x", 422),
        ("", "email=a%40b.fr&email=c%40d.fr&password=x", 400),
        ("?email=c%40d.fr", "email=a%40b.fr&password=x", 400),
        ("?email=a%40b.fr", "email=a%40b.fr&password=x", 422),
        ("?suite=%2Fa&suite=%2Fb", "email=a%40b.fr&password=x", 400),
        ("", "email=a%40b.fr&email[]=c%40d.fr&password=x", 400),
        # Names have their case: another name is no value of this one.
        ("", "email=a%40b.fr&EMAIL=c%40d.fr&password=x", 422),
    ],
)
def test_a_name_has_one_value(client: FlaskClient, query: str, body: str, status: int) -> None:
    answer = client.post(
        f"/compte/connexion{query}", data=body, content_type="application/x-www-form-urlencoded"
    )
    assert answer.status_code == status


def test_a_page_refuses_two_values_too(client: FlaskClient) -> None:
    assert client.get("/palmares?page=1&page=2").status_code == 400
    assert client.get("/palmares?champ=1&champ=2").status_code == 200


def test_every_list_that_is_read_is_declared() -> None:
    declared = ALWAYS.union(*LISTS.values())
    read = {
        name
        for path in Path(PACKAGE, "web").rglob("*.py")
        for name in READ.findall(path.read_text(encoding="utf-8"))
        if "request.files" not in path.read_text(encoding="utf-8") or name != "file"
    }
    assert read - declared == set()


def test_declared_rooms_exist(app: Flask) -> None:
    assert {name for name in LISTS if name not in app.blueprints and name not in app.view_functions} == set()
    assert EVERY.isdisjoint(ALWAYS)
