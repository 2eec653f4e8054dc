"""The client of the tests: it refuses what the house refuses, on every answer.

It fails on a GET that commits, a request that leaves rows half-changed, HTML that does not parse, a page without exactly
one ``h1``, a duplicate identifier, a field without a label, and anything inline that the content policy would block.
"""

import contextlib
import contextvars
from collections.abc import Iterator
from functools import lru_cache
from typing import Any
from xml.etree.ElementTree import Element

import html5lib
from flask import has_app_context, request_tearing_down
from flask.testing import FlaskClient
from sqlalchemy import event
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from awards_app.database import db

UNLABELLED = {"hidden", "submit", "button", "reset", "image"}
# What html5lib of 2020 reports although the standard has allowed it since.
OUTDATED = {"unexpected-start-tag-in-select", "unexpected-end-tag-in-select"}


class CheckedClient(FlaskClient):
    """A Flask client that checks what it receives; ``checks_html`` may be turned off for a walk over many routes."""

    checks_html = True
    _get_may_commit = False

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        """Make the request in a context of its own, as a server would, then check the answer."""
        found: list[str] = []
        with _watched(found) as commits:
            response: TestResponse = contextvars.Context().run(
                lambda: super(CheckedClient, self).open(*args, **kwargs)
            )
        if has_app_context():
            db.session.rollback()
        method = response.request.method
        if method in {"GET", "HEAD"} and commits and not self._get_may_commit:
            found.append(f"{method} committed")
        if self.checks_html and response.mimetype == "text/html" and not 300 <= response.status_code < 400:
            found.extend(problems_of(response.get_data(as_text=True)))
        assert not found, f"{method} {response.request.path} ({response.status_code}): " + "; ".join(found)
        return response

    @contextlib.contextmanager
    def allowing_commits(self) -> Iterator[None]:
        """Let a GET commit, for the few readings that the journal must keep."""
        self._get_may_commit = True
        try:
            yield
        finally:
            self._get_may_commit = False


@contextlib.contextmanager
def _watched(found: list[str]) -> Iterator[list[str]]:
    commits: list[str] = []

    def committed(_session: Session) -> None:
        commits.append("commit")

    def ended(_app: Any, **_: Any) -> None:
        if db.session.registry.has():
            session = db.session()
            left = [*session.new, *session.dirty, *session.deleted]
            if left:
                found.append(
                    "rows left half-changed: " + ", ".join(sorted({type(row).__name__ for row in left}))
                )

    event.listen(Session, "after_commit", committed)
    try:
        with request_tearing_down.connected_to(ended):
            yield commits
    finally:
        event.remove(Session, "after_commit", committed)


@lru_cache(maxsize=256)
def problems_of(html: str) -> tuple[str, ...]:
    """Return what is wrong with a page, or with a fragment when it has no ``<html>``."""
    if not html.strip():
        return ()
    whole = "<html" in html[:2000].lower()
    parser = html5lib.HTMLParser(tree=html5lib.getTreeBuilder("etree"), namespaceHTMLElements=False)
    tree = parser.parse(html) if whole else parser.parseFragment(html)
    found = [
        f"line {position[0]}: {code} {values}".strip()
        for position, code, values in parser.errors
        if code not in OUTDATED
    ]
    elements = [element for element in tree.iter() if isinstance(element.tag, str)]
    found += _identifiers(elements, whole)
    found += _labels(tree, elements)
    found += _inline(elements)
    if whole:
        titles = sum(element.tag == "h1" for element in elements)
        if titles != 1:
            found.append(f"{titles} h1 instead of 1")
    return tuple(found)


def _identifiers(elements: list[Element], whole: bool) -> list[str]:
    seen: set[str] = set()
    found = []
    for element in elements:
        identifier = element.get("id")
        if identifier is None:
            continue
        if identifier in seen:
            found.append(f"id {identifier!r} twice")
        seen.add(identifier)
    if whole:
        for element in elements:
            for attribute in ("aria-describedby", "aria-labelledby", "aria-controls", "for"):
                missing = [name for name in (element.get(attribute) or "").split() if name not in seen]
                found += [f"{attribute} names {name!r}, which is not there" for name in missing]
    return found


def _labels(tree: Element, elements: list[Element]) -> list[str]:
    named = {element.get("for") for element in elements if element.tag == "label"}
    wrapped = {field for element in tree.iter("label") for field in element.iter()}
    found = []
    for field in elements:
        if field.tag not in {"input", "select", "textarea"} or field.get("type", "text") in UNLABELLED:
            continue
        if (
            field.get("id") in named
            or field in wrapped
            or field.get("aria-label")
            or field.get("aria-labelledby")
        ):
            continue
        found.append(f"field {field.get('name')!r} without a label")
    return found


def _inline(elements: list[Element]) -> list[str]:
    found = []
    for element in elements:
        inside_svg = "}" in str(element.tag)
        # Data for machines is no script: no browser runs it, whatever the policy says.
        is_data = element.get("type") == "application/ld+json"
        if element.tag == "style" or (element.tag == "script" and not element.get("src") and not is_data):
            found.append(f"inline {element.tag}")
        for attribute in element.attrib:
            if attribute == "style" or (attribute.startswith("on") and not inside_svg):
                found.append(f"attribute {attribute} on {element.tag}")
    return found
