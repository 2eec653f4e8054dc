"""What nobody should send: hostile identifiers, fields, queries, methods and bodies get an answer, never a breakdown."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask

from tests.house import hostile_requests as hostile
from tests.house.hostile_requests import Noted, Siege, fields_as_bytes
from tests.house.matrix_tables import AUDIENCES
from tests.world import hooked_app

pytestmark = pytest.mark.slow

FORM = "application/x-www-form-urlencoded"
JSON = {"Accept": "application/json"}
# The phase in which each part of the house is busiest, and who is at home there.
PHASES = {"P1": ("CO",), "P3": ("RJ", "RC"), "P4": ("JP",), "P6": ("PUB", "NS")}
QUERIES = ("page=-1", f"page={10**30}", "page=x", f"depuis={10**30}", "etat=<script>", "thematique=%00", "region=%00",
           "recherche=%25_%5c", "recherche=%00", "q=%00", "numero=%00", f"numero={10**30}", "prix=%00", "acte=%00",
           "du=%00", "du=31/02/2027", "du=0001-01-01", "au=9999-12-31", "structure=%00", "adresse=%00", "suite=//mal",
           "layout=..%2f..")  # fmt: skip
BODIES = (b"[]", b"null", b"{", b"NaN", b"[" * 20_000, b'{"a": 1, "a": 2}', b"9" * 100_000,
          b'{"mark-need": "\\ud800", "private_note": "\\ud800\\u0000"}', b'{"mark-\\u0000": "3"}',
          b'{"field": "private_note", "value": "\\ud800", "version": "\\ud800"}',
          b'{"field": "mark-need", "value": 3, "version": "99999999999999999999999999"}',
          b'{"mark-need": [5], "shared_comment": {"v": 5}}', b'{"mark-need": true, "private_note": null}')  # fmt: skip
TYPES = ("text/plain", "multipart/form-data", 'multipart/form-data; boundary="', "application/xml")


@pytest.fixture(scope="module")
def app(
    tmp_path_factory: pytest.TempPathFactory,
    new_database: Callable[[Path], tuple[str, Callable[[], None]]],
) -> Iterator[Flask]:
    """An app with worlds, for as long as the file of tests runs; named as the app so that PostgreSQL is asked too."""
    folder = tmp_path_factory.mktemp("siege")
    url, remove = new_database(folder)
    with hooked_app(url, folder) as app:
        yield app
    remove()


@pytest.fixture(scope="module", params=list(PHASES))
def siege(app: Flask, request: pytest.FixtureRequest) -> Siege:
    """The world of a phase with the people who attack it."""
    return Siege(app, request.param, PHASES[request.param])


def routes(siege: Siege, method: str) -> Iterator[tuple[hostile.Rule, str]]:
    """Yield each route of the people of this siege, with the person who is at home there."""
    for rule in siege.rules():
        audience = next((found for prefix, found in AUDIENCES.items() if rule.rule.startswith(prefix)), None)
        home = [one for one in siege.clients if audience is None or one in audience]
        if method in (rule.methods or ()) and home:
            yield rule, home[0]


def test_no_identifier_breaks_a_page(siege: Siege) -> None:
    found = []
    for rule, subject in routes(siege, "GET"):
        for name in rule.arguments:
            for identifier in (*hostile.IDENTIFIERS, siege.world["candidacies"]["main"]):
                found += siege.ask(
                    subject, "GET", siege.path(rule, subject, **{name: identifier}), headers=JSON
                )
    assert found == []


def test_no_form_breaks_a_route_or_changes_what_it_refuses(siege: Siege) -> None:
    found = []
    for subject in siege.clients:
        found += siege.learn(subject)
    for rule, subject in routes(siege, "POST"):
        path, good = siege.path(rule, subject), siege.good(rule)
        Noted.asked = set()
        given = {"content_type": FORM, "headers": JSON}
        found += siege.ask(subject, "POST", path, data=fields_as_bytes(good), **given)
        names = sorted({*good, *Noted.asked})[:40]
        full = {**dict.fromkeys(names, "1"), **good}
        found += siege.ask(subject, "POST", path, data=b"", **given)
        found += siege.ask(
            subject,
            "POST",
            path,
            data=fields_as_bytes({**dict.fromkeys(hostile.ASSIGNED, "1"), **full}),
            **given,
        )
        for value in (hostile.NUL, hostile.BROKEN, b"1" + b"0" * 400, hostile.DATES[0]):
            found += siege.ask(
                subject, "POST", path, data=fields_as_bytes({}, **dict.fromkeys(names, value)), **given
            )
        for name in names[:2]:
            found += siege.ask(
                subject, "POST", path, data=fields_as_bytes(full, **{name: hostile.NUL}), **given
            )
            twice = fields_as_bytes(full) + f"&{name}=zz&{name}[]=1".encode()
            found += siege.ask(subject, "POST", path, data=twice, **given)
    assert [line for line in found if not is_kept_in_part(line)] == []


def is_kept_in_part(line: str) -> bool:
    """Say whether it is the section of a form, of which the answers without a conflict are kept (409)."""
    return "/rubriques/" in line and "(409)" in line


def test_no_body_breaks_a_route(siege: Siege) -> None:
    found = []
    for rule, subject in routes(siege, "POST"):
        path = siege.path(rule, subject)
        for body in BODIES if path.endswith("/noter") else BODIES[:2]:
            found += siege.ask(
                subject, "POST", path, data=body, content_type="application/json", headers=JSON
            )
        for kind in TYPES[:2] if "/noter" not in path else TYPES:
            found += siege.ask(subject, "POST", path, data=b"a=1&\xff\x00", content_type=kind, headers=JSON)
    assert found == []


def test_no_query_and_no_method_breaks_a_page(siege: Siege) -> None:
    found = []
    for rule, subject in routes(siege, "GET"):
        path = siege.path(rule, subject)
        Noted.asked = set()
        found += siege.ask(subject, "GET", path)
        asked = set(Noted.asked)
        for query in QUERIES:
            if query.split("=")[0] in asked:
                found += siege.ask(subject, "GET", f"{path}?{query}")
        if "POST" not in (rule.methods or ()):
            for method in ("PUT", "DELETE"):
                found += siege.ask(subject, method, path, refused=True, headers=JSON)
    assert found == []
