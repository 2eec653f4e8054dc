"""The walk: every route, every subject, in a phase, against the published matrix."""

import csv
import sqlite3
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.routing import Rule

from awards_app.adapters.clock import now
from awards_app.database import db
from awards_app.models.candidacies import Attachment
from awards_app.services.previews import draw_attachment
from awards_app.web.doors import OPEN_ENDPOINTS, Door, door_of
from tests.house import matrix_tables as tables
from tests.world import SUBJECTS, lay

MATRIX = Path(__file__).parents[1] / "data" / "permission_matrix.csv"
METHODS = ("GET", "POST")
# Words of the refusal by phase: an act that is allowed may still be refused by its own rule, never by the phase.
PHASE_WORDS = "pas possible maintenant"
# National jurors are jurors of elsewhere to a regional round, and to a file until it is sent up.
AS_OTHER_JUROR = {"NJ", "NK", "NP"}
SENT_UP = ("P5", "P6", "P7")


@cache
def matrix() -> dict[tuple[str, str, str], str]:
    """Return the published matrix by action, phase and subject."""
    with MATRIX.open(encoding="utf-8", newline="") as lines:
        return {(row["id"], row["phase"], row["subject"]): row["expected"] for row in csv.DictReader(lines)}


class Walk:
    """One phase of one app: a signed-in client for each subject, a database that is laid back after each effect."""

    queries = tables.QUERIES

    def __init__(self, app: Flask, phase: str) -> None:
        self.app = app
        self.phase = phase
        self.world = lay(app, phase)
        self._draw()
        self.live = Path(app.config["SQLALCHEMY_DATABASE_URI"].removeprefix("sqlite:///"))
        self.clients = {subject: self._client(subject) for subject in SUBJECTS}
        self.cookies = {subject: client.get_cookie("prix") for subject, client in self.clients.items()}
        self.template = self.live.with_suffix(f".{phase}")
        _copy(self.live, self.template)

    def _draw(self) -> None:
        """Have the pages of the attachment that is walked through drawn, as the worker would."""
        with self.app.app_context():
            key = self.world["attachments"].get("main_photos")
            found = db.session.scalar(select(Attachment.id).where(Attachment.key == key))
            if found is not None:
                draw_attachment(found, now())

    def _client(self, subject: str) -> FlaskClient:
        client = self.app.test_client()
        if subject != "PUB":
            person = self.world["people"][subject]
            data = {"email": person["email"], "password": person["password"]}
            assert client.post("/compte/connexion", data=data).status_code == 303
        return client

    def problems(self) -> Iterator[str]:
        """Yield each answer that is not the one expected."""
        for rule in sorted(self.app.url_map.iter_rules(), key=lambda one: (one.rule, one.endpoint)):
            if (
                rule.endpoint in OPEN_ENDPOINTS
                or rule.endpoint.startswith("hooks.")
                or not self._is_asked(rule)
            ):
                continue
            door = door_of(self.app, rule.endpoint)
            if door is None:
                yield f"{rule.rule} declares nothing"
                continue
            for method in METHODS:
                if method in (rule.methods or ()):
                    yield from self._route(rule, door, method)

    def _subjects(self) -> Iterable[str]:
        return SUBJECTS

    def _is_asked(self, _rule: Rule) -> bool:
        """Say whether the route concerns the round that is walked."""
        return True

    def _route(self, rule: Rule, door: Door, method: str) -> Iterator[str]:
        if door.permission is None and not door.reason:
            yield f"{rule.rule} says neither a permission nor a reason"
        for subject in self._subjects():
            status, text = self._ask(rule, method, subject)
            if status >= 500 and status != 503:
                yield f"{method} {rule.rule} ({rule.endpoint}) as {subject} in {self.phase}: {status} {text[:200]}"
                continue
            role = self._role(subject)
            if self._excused(rule, method, role):
                continue
            wanted = self._expected(rule, door, method, role)
            narrower = (
                status == 404
                and wanted != "401/302"
                and (_is_elsewhere(rule, role) or self._is_nowhere(rule, role))
            )
            if role in AS_OTHER_JUROR and status == 409 and door.permission:
                # Their own line may say 409 where that of a juror of elsewhere says 404: both are the matrix's.
                narrower = matrix()[door.permission.value, self.phase, subject] == "409"
            if not (narrower or _fits(wanted, status, text, method)):
                yield f"{method} {rule.rule} ({rule.endpoint}) as {subject} in {self.phase}: {status}, expected {wanted}"

    def _role(self, subject: str) -> str:
        """Return which subject of the matrix a person is in the round that is walked."""
        return subject

    def _address(self, rule: Rule, method: str, subject: str) -> str:
        values = tables.values_of(rule.endpoint, set(rule.arguments), self.world, self._role(subject))
        with self.app.test_request_context():
            path = self.app.url_map.bind("localhost").build(rule.endpoint, values, method=method)
        return path + self.queries.get(rule.endpoint, "")

    def _ask(self, rule: Rule, method: str, subject: str) -> tuple[int, str]:
        path = self._address(rule, method, subject)
        client = self._signed_in(subject)
        # A refusal in JSON is the same refusal without its page, three times as quick; visitors are sent to sign in.
        headers = {} if subject == "PUB" else {"Accept": "application/json"}
        headers |= tables.HEADERS.get(rule.endpoint, {})
        try:
            if method == "GET":
                answer = client.get(path, headers=headers)
            else:
                answer = client.post(path, data=tables.body_of(rule.endpoint, self.world), headers=headers)
        except Exception as broken:
            # The testing mode lets an error through that a person would see as a 500: whichever it is, it is one.
            return 500, repr(broken)
        if method == "POST" and answer.status_code < 400:
            _copy(self.template, self.live)
        text = answer.get_data(as_text=True) if answer.status_code == 409 else ""
        return answer.status_code, text

    def _signed_in(self, subject: str) -> FlaskClient:
        """Give a subject's browser back the cookie it was signed in with, whatever it did since."""
        client, cookie = self.clients[subject], self.cookies[subject]
        client.delete_cookie("prix")
        if cookie is not None:
            client.set_cookie("prix", cookie.value)
        return client

    def _excused(self, rule: Rule, method: str, subject: str) -> bool:
        return any(
            (rule.endpoint, method, one, phase) in tables.EXCEPTIONS
            for one in (subject, "*")
            for phase in (self.phase, "*")
        )

    def _expected(self, rule: Rule, door: Door, method: str, subject: str) -> str:
        permission = door.permission.value if door.permission else ""
        if method == "GET" and rule.endpoint in tables.READS:
            permission = tables.READS[rule.endpoint]
        if not permission:
            return self._without_permission(rule, door, subject)
        row = subject
        if subject == "RY" and rule.endpoint in tables.OWN_SCOPE:
            row = "RC"
        if subject == "RK" and rule.endpoint in tables.DRAFT_ROUTES:
            # They stand aside from the main file; to the draft they are a juror like another.
            row = "RJ"
        about_candidacy = permission[:3] in ("CAN", "ATT") and "<" in rule.rule
        if subject in AS_OTHER_JUROR and not (about_candidacy and self.phase in SENT_UP):
            row = "RX"
        wanted = self._cell(permission, row)
        if not door.needs_person:
            return "open" if wanted == "allow" else f"open or {wanted}"
        return wanted

    def _cell(self, permission: str, row: str) -> str:
        return matrix()[permission, self.phase, row]

    def _is_nowhere(self, rule: Rule, subject: str) -> bool:
        """Say whether the world has no such object yet in this phase."""
        values = tables.values_of(rule.endpoint, set(rule.arguments), self.world, subject)
        return bool({tables.NOWHERE, tables.NO_NUMBER} & {str(value) for value in values.values()})

    def _without_permission(self, rule: Rule, door: Door, subject: str) -> str:
        if door.needs_person and subject == "PUB":
            return "401/302"
        owners = tables.OWNERS.get(rule.endpoint)
        if owners is not None:
            return "allow" if subject in owners else "404"
        return "open"


def _is_elsewhere(rule: Rule, subject: str) -> bool:
    for prefix, audience in tables.AUDIENCES.items():
        if rule.rule.startswith(prefix):
            return subject not in audience
    return False


def _fits(wanted: str, status: int, text: str, method: str) -> bool:
    match wanted:
        case "401/302":
            return status == (302 if method == "GET" else 401)
        case "allow":
            # An allowed act may be refused by its own rule (409, 422, 410), never by the phase or the role.
            accepted = (200, 302, 303) if method == "GET" else (200, 201, 202, 303, 410, 413, 415, 422)
            return status in accepted or (status == 409 and PHASE_WORDS not in text)
        case "409":
            return status == 409
        case "open":
            return status < 500
        case _ if wanted.startswith("open or "):
            # A public address answers the same to all: what it may not show yet is not there or not in the page.
            return status in (200, 303, 304, 404, 409, 422)
        case _:
            return status == int(wanted)


def _copy(source: Path, target: Path) -> None:
    """Copy a database over another while both may be open."""
    reading, writing = sqlite3.connect(source), sqlite3.connect(target)
    try:
        reading.backup(writing)
    finally:
        reading.close()
        writing.close()


def walked_routes(app: Flask) -> set[Any]:
    """Return the endpoints that the walk asks."""
    return {rule.endpoint for rule in app.url_map.iter_rules()} - OPEN_ENDPOINTS
