"""What people type is shown as they typed it, on the pages of everybody who reads it: it never becomes markup."""

import re
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import update

from awards_app.database import atomic
from awards_app.models.accounts import Account
from awards_app.models.candidacies import Answer, Candidacy
from awards_app.models.deliberations import Decision
from awards_app.models.honours import Honour
from awards_app.models.scoring import Mark, Scoresheet
from awards_app.models.structures import Structure
from tests.house.hostile_requests import Siege
from tests.world import hooked_app

pytestmark = [pytest.mark.slow, pytest.mark.either]

XSS = "\"'><img src=x onerror=alert(1)></textarea></title><script>alert(1)</script>{{7*7}}%(x)s"
MARKUP = re.compile(r"<img src=x|<script>alert|onerror=alert\(1\)[^&]*?>", re.IGNORECASE)
PLACES = {
    Structure: ("name", "city"),
    Candidacy: ("title",),
    Answer: ("value",),
    Account: ("name",),
    Decision: ("citation", "reason"),
    Mark: ("reason",),
    Scoresheet: ("private_note", "shared_comment"),
    Honour: ("structure_name", "project_title", "citation", "summary"),
}


@pytest.mark.parametrize(
    ("phase", "subjects"),
    [("P1", ("CO",)), ("P3", ("RJ", "RC")), ("P4", ("JP", "NS")), ("P6", ("PUB", "CO", "AU"))],
)
def test_stored_text_is_never_markup(tmp_path: Path, new_database, phase, subjects) -> None:  # type: ignore[no-untyped-def]  # fixtures
    url, remove = new_database(tmp_path)
    with hooked_app(url, tmp_path) as app:
        siege = Siege(app, phase, subjects)
        spoil(app)
        siege.lay_back = lambda: None  # type: ignore[method-assign]  # the spoilt rows stay
        found, shown = [], set()
        for rule in siege.rules():
            for subject in subjects:
                if "GET" in (rule.methods or ()):
                    found += siege.ask(subject, "GET", siege.path(rule, subject))
                    html = siege.text.lstrip()[:15].lower() == "<!doctype html>"
                    if html and MARKUP.search(siege.text):
                        found.append(f"{rule.rule} as {subject} in {phase} runs it")
                    if "&lt;script&gt;" in siege.text:
                        shown.add(rule.rule)
    remove()
    assert found == []
    assert shown


def spoil(app: Flask) -> None:
    """Put the hostile text wherever people's words are kept."""
    with app.app_context(), atomic() as session:
        for model, names in PLACES.items():
            session.execute(update(model).values(dict.fromkeys(names, XSS)))
