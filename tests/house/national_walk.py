"""The walk of the national round: the same matrix, with the national panel in the place of the regional one."""

import html
from collections.abc import Iterable, Iterator
from typing import Any

import pypdfium2
from flask import Flask
from sqlalchemy import select
from werkzeug.routing import Rule

from awards_app.database import db
from awards_app.models.certificates import Certificate
from awards_app.models.deliberations import Decision
from awards_app.models.editions import Round
from tests.house import matrix_tables as tables
from tests.house.matrix_walk import Walk, matrix
from tests.world import SUBJECTS

# « RJ→NJ, RK→NK, JP→NP, RX→RJ/RX, RC→NS »: who each person is in the national round. Its own region gives a
# coordinator no right there.
ROLES = {
    "NJ": "RJ",
    "NK": "RK",
    "NP": "JP",
    "RJ": "RX",
    "RK": "RX",
    "JP": "RX",
    "RC": "RY",
}
SEATS = {"RJ": "NJ", "RK": "NK", "JP": "NP", "RJ2": "NJ2", "RJ3": "NJ2"}
# The phase of the nation in each world; the region is decided and under its own embargo in all of them.
WORLDS = {"P5": "P3", "N4": "P4", "N5": "P5", "N6": "P6"}
OF_A_ROUND = {"round_key", "seat_key"}
# What a region does with its own files, and its own page of what it sent up: the walk of the regions asks them.
OF_REGIONS = ("/coordination/<round_key>/recevabilite/<key>", "/coordination/<round_key>/national")
# Who is in the round what another subject is, and would be asked the same.
LEFT_OUT = {"RK", "RX"}


class NationalWalk(Walk):
    """One phase of the national round: the routes that name a round or a seat, asked with the nation's."""

    queries = {"deliberation.propose": "?prix=nominee&thematique=us"}

    def __init__(self, app: Flask, world: str) -> None:
        super().__init__(app, world)
        self.phase = WORLDS[world]
        self.world = _seen_from_the_nation(app, self.world)

    def _is_asked(self, rule: Rule) -> bool:
        return bool(OF_A_ROUND & set(rule.arguments)) and not rule.rule.startswith(OF_REGIONS)

    def _subjects(self) -> Iterable[str]:
        return (subject for subject in SUBJECTS if subject not in LEFT_OUT)

    def pages(self, subject: str) -> Iterator[tuple[str, str]]:
        """Yield what a person reads at each route of the nation that opens to them: its endpoint, its text.

        Of a paper the text is extracted.
        """
        for rule in sorted(self.app.url_map.iter_rules(), key=lambda one: (one.rule, one.endpoint)):
            if not self._is_asked(rule) or "GET" not in (rule.methods or ()):
                continue
            answer = self._signed_in(subject).get(self._address(rule, "GET", subject))
            if answer.status_code == 200:
                is_paper = answer.mimetype == "application/pdf"
                text = (
                    text_of(answer.data) if is_paper else html.unescape(answer.data.decode(errors="replace"))
                )
                yield rule.endpoint, text

    def _role(self, subject: str) -> str:
        return ROLES.get(subject, subject)

    def _excused(self, rule: Rule, method: str, subject: str) -> bool:
        # In their own round the national staff are its coordinators as well.
        roles = ("NS", "RC") if subject == "NS" else (subject,)
        if any(super(NationalWalk, self)._excused(rule, method, role) for role in roles):
            return True
        return any(
            (rule.endpoint, method, one, phase) in tables.NATIONAL_EXCEPTIONS
            for one in (subject, "*")
            for phase in (self.phase, "*")
        )

    def _cell(self, permission: str, row: str) -> str:
        own = matrix()[permission, self.phase, row]
        if row != "NS":
            return own
        both = {own, matrix()[permission, self.phase, "RC"]}
        return next((one for one in ("allow", "409") if one in both), own)


def text_of(paper: bytes) -> str:
    """Return the words of a PDF."""
    document = pypdfium2.PdfDocument(paper)
    return " ".join(" ".join(page.get_textpage().get_text_range() for page in document).split())


def _seen_from_the_nation(app: Flask, world: dict[str, Any]) -> dict[str, Any]:
    """Return a world whose round, jury, decisions and papers are the nation's."""
    key = world["rounds"]["N"]
    of_nation = Round.key == key
    with app.app_context():
        decided = select(Decision.key).join(Round, Round.id == Decision.round_id).where(of_nation)
        papers = (
            select(Certificate.number, Certificate.key)
            .join(Round, Round.id == Certificate.round_id)
            .where(of_nation)
        )
        decisions = list(db.session.scalars(decided.order_by(Decision.id)))
        certificates = [dict(row) for row in db.session.execute(papers.order_by(Certificate.id)).mappings()]
    is_locked = world["phase"] in WORLDS and world["phase"] != "P5"
    return {
        **world,
        "rounds": {**world["rounds"], "A": key},
        "seats": {**world["seats"], **{role: world["seats"][code] for role, code in SEATS.items()}},
        "decisions": decisions,
        "certificates": certificates,
        "ballots": world["ballots"][:1] if is_locked else [],
        "addenda": world["addenda"][:1] if decisions else [],
        "messages": [],
        "completions": {},
    }
