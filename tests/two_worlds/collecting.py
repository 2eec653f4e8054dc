"""Everything one subject can ask of the platform by reading: routes, links, forms; and what is sent to them."""

import gc
import html
import re
from collections.abc import Iterator
from functools import _lru_cache_wrapper
from itertools import islice
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.routing import BuildError, Rule

from awards_app.database import db
from awards_app.models.messages import Message
from awards_app.services.worlds import world as lay_world
from awards_app.web.doors import door_of
from tests.house import matrix_tables as tables

Seen = dict[str, tuple[object, ...]]
# The only things that are not the same twice: the session, the token of forms, the nonce, the request's own number, Date.
SET_ASIDE = {"set-cookie", "date", "x-request-id"}
TOKENS = re.compile(
    rb'(name="csrf_token"[^>]*value="|name="csrf-token"[^>]*content="|"csrf_token":"|nonce[="-]+)[^"\']+'
)
LINK = re.compile(r'(?:href|src|data-src)="(/[^"#]*)')
FORM = re.compile(r'<form[^>]*method="get"[^>]*>.*?</form>', re.DOTALL | re.IGNORECASE)
ACTION = re.compile(r'action="([^"]*)"')
SELECT = re.compile(r'<select[^>]*name="([^"]+)".*?</select>', re.DOTALL)
OPTION = re.compile(r'<option[^>]*value="([^"]*)"')
# What gives the moment of the machine rather than the platform's, or leaves.
LEFT_OUT = ("/static/", "/__test__", "/langue", "/compte/deconnexion", "/styleguide")

# How many links are followed beyond the routes, which are all asked.
LINKS_OF_WHOLE, LINKS = 2000, 40


def lay(app: Flask, folder: Path, phase: str) -> dict[str, Any]:
    """Lay the world kept in ``folder`` (or play it there), with nothing of another world left in memory."""
    app.config["AWARDS_INSTANCE"] = str(folder)
    for one in gc.get_objects():
        if isinstance(one, _lru_cache_wrapper) and str(one.__module__).startswith(
            ("awards_app.queries", "awards_app.services", "awards_app.web")
        ):
            one.cache_clear()
    with app.app_context():
        return lay_world(phase)


class Collector:
    """One subject at one browser; ``whole`` asks for everything, else for what a test has the time to ask."""

    def __init__(self, app: Flask, world: dict[str, Any], subject: str, *, whole: bool) -> None:
        self.app = app
        self.world = world
        self.subject = subject
        self.whole = whole
        self.seen: Seen = {}
        self.client = self._sign_in()

    def _sign_in(self) -> FlaskClient:
        client = self.app.test_client()
        if self.subject != "PUB":
            person = self.world["people"][self.subject]
            data = {"email": person["email"], "password": person["password"]}
            assert client.post("/compte/connexion", data=data).status_code == 303
        return client

    def collect(self) -> Seen:
        """Return all that was seen, by what was asked."""
        waiting = list(self._addresses())
        known = set(waiting)
        most = len(waiting) + (LINKS_OF_WHOLE if self.whole else LINKS)
        while waiting and len(known) < 20_000 and most:
            address = waiting.pop(0)
            most -= 1
            for link in self._ask(address):
                if link not in known and not link.startswith(LEFT_OUT):
                    known.add(link)
                    waiting.append(link)
        self._letters()
        return self.seen

    def _ask(self, address: str) -> list[str]:
        """Ask for an address in every way; return the links and the forms' addresses of its page."""
        answer = self._keep("GET", address, {})
        if answer is None:
            return []
        etag, changed = answer.headers.get("ETag"), answer.headers.get("Last-Modified")
        if etag or changed:
            sent = {"If-None-Match": etag} if etag else {"If-Modified-Since": changed}
            self._keep("GET", address, sent)
        if self.whole:
            self._keep("HEAD", address, {})
            self._keep("GET", address, {"Accept": "application/json"})
        if answer.status_code != 200 or "html" not in answer.content_type:
            return []
        text = answer.get_data(as_text=True)
        return [html.unescape(link) for link in LINK.findall(text)] + list(_forms(text, address))

    def _keep(self, method: str, address: str, headers: dict[str, Any]) -> Any:
        name = f"{method} {address}" + (f" {sorted(headers)}" if headers else "")
        try:
            answer = self.client.open(address, method=method, headers=headers)
        except Exception as broken:
            self.seen[name] = ("broken", repr(broken))
            return None
        body = TOKENS.sub(rb"\1", answer.get_data())
        kept = sorted((key, value) for key, value in answer.headers if key.lower() not in SET_ASIDE)
        self.seen[name] = (answer.status_code, kept, body)
        return answer

    def _letters(self) -> None:
        """Keep what was written to the subject, whether or not it has left."""
        if self.subject == "PUB":
            return
        address = self.world["people"][self.subject]["email"]
        with self.app.app_context():
            rows = db.session.execute(
                select(Message.kind, Message.subject, Message.body, Message.secret_body, Message.created_at)
                .where(Message.recipient == address)
                .order_by(Message.id)
            ).all()
        self.seen["letters"] = tuple(tuple(row) for row in rows)

    def _addresses(self) -> Iterator[str]:
        """Yield every route that can be read, with the identifiers of the world, each alone in turn when ``whole``."""
        rules = sorted(self.app.url_map.iter_rules(), key=lambda one: (one.rule, one.endpoint))
        for rule in rules:
            if "GET" not in (rule.methods or ()) or rule.rule.startswith(LEFT_OUT):
                continue
            # A public page is the same for all who sign in: when time is counted, it is the visitor's to read.
            door = door_of(self.app, rule.endpoint)
            if self.whole or self.subject == "PUB" or (door is not None and door.needs_person):
                yield from self._built(rule)

    def _built(self, rule: Rule) -> Iterator[str]:
        try:
            values = tables.values_of(rule.endpoint, set(rule.arguments), self.world, self.subject)
        except KeyError:
            # The world has nothing of this kind in this phase: its address cannot be written.
            return
        if "seat_key" in values and self.subject in self.world["seats"]:
            values["seat_key"] = self.world["seats"][self.subject]
        choices = [values]
        for name in sorted(rule.arguments):
            others = self._others(name, rule.endpoint)
            choices += [{**values, name: other} for other in (others if self.whole else islice(others, 2))]
        with self.app.test_request_context():
            urls = self.app.url_map.bind("localhost")
            for choice in choices:
                try:
                    yield urls.build(rule.endpoint, choice) + tables.QUERIES.get(rule.endpoint, "")
                except (BuildError, ValueError):
                    continue

    def _others(self, name: str, endpoint: str) -> list[Any]:
        """Return the identifiers that may stand in an address under this name, those nearest to a secret first."""
        world = self.world
        files = [
            world["candidacies"][one] for one in ("other", "first", "refused", "second", "draft", "foreign")
        ]
        papers = [
            world["attachments"][one]
            for one in ("first_statutes", "other_photos", "main_statutes", "first_photos")
        ]
        found: dict[str, list[Any]] = {
            "key": [*world["structures"].values()] if endpoint.startswith("structure") else files,
            "candidacy_key": files,
            "attachment_key": papers,
            "structure_key": [*world["structures"].values()],
            "round_key": [world["rounds"]["N"], world["rounds"]["B"]],
            "seat_key": [world["seats"][one] for one in ("RJ2", "RJ3", "JP", "RK", "NJ", "NP")],
            "decision_key": world["decisions"],
            "certificate_key": [one["key"] for one in world["certificates"]],
            "number": [one["number"] for one in world["certificates"]],
            "ballot_key": world["ballots"],
            "message_key": world["messages"],
            "kind": ["agregats", "notes", "scelle", "palmares", "presse"],
            "form": ["csv", "xlsx", "zip"],
            "theme_code": ["te"],
            "level": ["national"],
        }
        return found.get(name, [])


def _forms(text: str, address: str) -> Iterator[str]:
    """Yield the address of each choice of each list of each form that reads."""
    for form in FORM.findall(text):
        action = ACTION.search(form.split(">", 1)[0])
        path = html.unescape(action.group(1)) if action and action.group(1) else address
        for listing in SELECT.finditer(form):
            for option in OPTION.findall(listing.group(0)):
                yield f"{path.split('?')[0]}?{listing.group(1)}={html.unescape(option)}"
