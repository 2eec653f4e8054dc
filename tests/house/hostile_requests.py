"""Asking every route what nobody should ask: the identifiers, fields and shapes of a hostile client."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any
from urllib.parse import quote_plus, urlsplit

from flask import Flask, Request
from flask.testing import FlaskClient
from sqlalchemy import event
from sqlalchemy.orm import Session
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.routing import Rule

from awards_app.services.worlds.tables import digest_tables, read_tables, write_tables
from awards_app.web.doors import OPEN_ENDPOINTS
from tests.house import matrix_tables as tables
from tests.world import lay

IDENTIFIERS = (
    "0",
    "-1",
    str(2**63),
    "1" + "0" * 400,
    "null",
    "%00",
    "%20",
    "A" * 3000,
    "%ED%A0%80",
    "..%2f..",
)
TRACES = ("Traceback (most recent call last)", "sqlalchemy.", "psycopg.", 'File "/')
# Names that a form never has and that a careless handler would write.
ASSIGNED = (
    "id", "key", "state", "phase", "status", "submitted_at", "receipt", "region_code", "structure_id", "round_id",
    "account_id", "seat_id", "juror_id", "role", "is_admin", "score", "rank", "decided_by_id", "embargo_at",
    "published_at", "created_by_id", "now", "_method", "__proto__",
)  # fmt: skip
NUL, BROKEN, TURNED = b"a%00b", b"%FF%FE%ED%A0%80", "\u202egnp.exe".encode()
HUGE = b"9" * 1_000_000
VALUES = (
    b"",
    b" ",
    NUL,
    BROKEN,
    quote_plus(TURNED).encode(),
    b"-1",
    b"1" + b"0" * 400,
    b"1e309",
    b"NaN",
    b"<script>",
)
DATES = (b"31/02/2027", b"01/01/0000", b"01/01/9999", b"99999", "٣١/١٢/٢٠٢٦".encode())


class Noted(ImmutableMultiDict[str, Any]):
    """A form or query that notes which names are asked of it."""

    asked: set[str] = set()

    def __contains__(self, key: object) -> bool:
        self.asked.add(str(key))
        return super().__contains__(key)

    def __getitem__(self, key: Any) -> Any:
        self.asked.add(str(key))
        return super().__getitem__(key)

    def get(self, key: Any, *rest: Any, **named: Any) -> Any:
        self.asked.add(str(key))
        return super().get(key, *rest, **named)

    def getlist(self, key: Any, *rest: Any, **named: Any) -> Any:
        self.asked.add(str(key))
        return super().getlist(key, *rest, **named)


class NotingRequest(Request):
    """A request whose form and query note what is asked of them."""

    parameter_storage_class = Noted


class Forms(HTMLParser):
    """The forms of a page: where each is sent, and the fields it holds with their values."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []
        self._open = False
        self.feed(page)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = dict(attributes)
        if tag == "form":
            self._open = True
            self.found.append((given.get("action") or "", {}))
        elif self._open and given.get("name"):
            self.found[-1][1].setdefault(given["name"] or "", given.get("value") or "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = False


class Siege:
    """One world and the people who attack it; what they change is laid back."""

    def __init__(self, app: Flask, phase: str, subjects: tuple[str, ...]) -> None:
        self.app, self.phase = app, phase
        app.request_class = NotingRequest
        self.world = lay(app, phase)
        self.clients = {subject: self._client(subject) for subject in subjects}
        self.cookies = {subject: client.get_cookie("prix") for subject, client in self.clients.items()}
        with app.app_context():
            self.rows, self.digest = read_tables(), digest_tables()
        self.names: dict[str, dict[str, str]] = {}
        self.requests = 0

    def _client(self, subject: str) -> FlaskClient:
        client = FlaskClient(self.app)
        if subject != "PUB":
            person = self.world["people"][subject]
            data = {"email": person["email"], "password": person["password"]}
            assert client.post("/compte/connexion", data=data).status_code == 303
        return client

    def rules(self) -> Iterator[Rule]:
        """Yield each route that people reach."""
        for rule in sorted(self.app.url_map.iter_rules(), key=lambda one: (one.rule, one.endpoint)):
            if rule.endpoint not in OPEN_ENDPOINTS and not rule.endpoint.startswith("hooks."):
                yield rule

    def values(self, rule: Rule, subject: str) -> dict[str, Any]:
        """Return good identifiers for a route."""
        return tables.values_of(rule.endpoint, set(rule.arguments), self.world, subject)

    def path(self, rule: Rule, subject: str, **hostile: str) -> str:
        """Return the address of a route, some of its identifiers replaced as they stand."""
        values = {**{name: str(value) for name, value in self.values(rule, subject).items()}, **hostile}
        return re.sub(r"<(?:[^<>]*:)?(\w+)>", lambda found: values[found[1]], rule.rule)

    def ask(self, subject: str, method: str, path: str, *, refused: bool = False, **given: Any) -> list[str]:
        """Make one request; return what is wrong with its answer. ``refused`` says that it must not be accepted."""
        client, cookie = self.clients[subject], self.cookies[subject]
        client.delete_cookie("prix")
        if cookie is not None:
            client.set_cookie("prix", cookie.value)
        commits: list[int] = []

        def note(_session: Session) -> None:
            commits.append(1)

        event.listen(Session, "after_commit", note)
        self.requests += 1
        about = f"{method} {path[:150]} as {subject} in {self.phase} {_short(given)}"
        try:
            answer = client.open(path, method=method, **given)
        except Exception as broken:  # the testing mode lets through what a person would see as a 500
            self.app.logger.debug("it broke", exc_info=broken)
            self.lay_back()
            return [f"{about}: {type(broken).__name__} {str(broken)[:160]} {_where(broken)}"]
        finally:
            event.remove(Session, "after_commit", note)
        self.text = answer.get_data().decode(errors="replace")
        self.status = answer.status_code
        found = []
        if answer.status_code >= 500:
            found.append(f"{about}: {answer.status_code}")
        found += [f"{about}: shows {trace}" for trace in TRACES if trace in self.text]
        if refused and answer.status_code < 300 and method not in ("OPTIONS", "HEAD"):
            found.append(f"{about}: {answer.status_code} where it must be refused")
        if commits:
            if answer.status_code >= 400:
                found += self.changed(about + f" ({answer.status_code})")
            self.lay_back()
        return found

    def changed(self, about: str) -> list[str]:
        """Return the tables that a refusal changed."""
        with self.app.app_context():
            after = digest_tables()
        return [f"{about}: changed {name}" for name in after if after[name] != self.digest[name]]

    def lay_back(self) -> None:
        """Lay the world back."""
        with self.app.app_context():
            write_tables(self.rows)

    def learn(self, subject: str) -> list[str]:
        """Open every page of a person, and keep the fields of its forms by route."""
        found = []
        bound = self.app.url_map.bind("localhost")
        for rule in self.rules():
            if "GET" not in (rule.methods or ()):
                continue
            path = self.path(rule, subject) + tables.QUERIES.get(rule.endpoint, "")
            found += self.ask(subject, "GET", path)
            if self.status != 200 or "<form" not in self.text:
                continue
            for action, fields in Forms(self.text).found:
                target = urlsplit(action).path or urlsplit(path).path
                if bound.test(target, "POST"):
                    endpoint = bound.match(target, "POST")[0]
                    self.names.setdefault(endpoint, {}).update(fields)
        return found

    def good(self, rule: Rule) -> dict[str, Any]:
        """Return the fields of a route with the values that a page or the walk would send."""
        body = tables.body_of(rule.endpoint, self.world)
        plain = {name: value for name, value in body.items() if isinstance(value, str)}
        return {**self.names.get(rule.endpoint, {}), **plain}


def _short(given: dict[str, Any]) -> str:
    return str(
        {name: (value if len(str(value)) < 120 else str(value)[:120]) for name, value in given.items()}
    )


def _where(broken: BaseException) -> str:
    trace, last = broken.__traceback__, ""
    while trace:
        name = trace.tb_frame.f_code.co_filename
        if "awards_app" in name:
            last = f"{name.rsplit('awards_app/', 1)[-1]}:{trace.tb_lineno}"
        trace = trace.tb_next
    return f"[{last}]"


def fields_as_bytes(fields: dict[str, Any], **hostile: bytes) -> bytes:
    """Return a form's body; hostile values are sent byte for byte."""
    parts = [
        quote_plus(name).encode() + b"=" + quote_plus(str(value)).encode()
        for name, value in fields.items()
        if name not in hostile
    ]
    parts += [quote_plus(name).encode() + b"=" + value for name, value in hostile.items()]
    return b"&".join(parts)
