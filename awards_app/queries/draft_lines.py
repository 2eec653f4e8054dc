"""Drafts in progress as their chamber may know them (CAN-3): structure, title, how far, last activity; no text."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, func, select

from awards_app.database import db
from awards_app.domain.holder import Holder
from awards_app.domain.permissions import Permission
from awards_app.domain.refusals import DoesNotExist
from awards_app.models.candidacies import Answer, Attachment, Candidacy
from awards_app.models.editions import Theme
from awards_app.models.messages import Message
from awards_app.models.structures import Structure
from awards_app.queries.access import RoundFacts, open_round
from awards_app.queries.editions import SectionFacts, form_of
from awards_app.queries.readers import STAFF

REMINDER = "draft_reminder"
# A draft is not written to twice within this time.
REST = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class DraftLine:
    """A draft: ``percent`` of the answers that its theme asks for are given; ``candidacy_id`` for who writes to it."""

    candidacy_id: int
    structure_id: int
    structure_name: str
    city: str
    title: str
    theme_code: str | None
    theme_name: str | None
    percent: int
    touched_at: datetime
    reminded_at: datetime | None


@dataclass(frozen=True, slots=True)
class DraftList:
    """The drafts of a round, the least recent activity first."""

    round: RoundFacts
    lines: tuple[DraftLine, ...]


def drafts_in(holder: Holder, round_key: str, now: datetime) -> DraftList:
    """Return the drafts of a round for its chamber or the national staff (five queries).

    Raises `DoesNotExist` for anybody else, or the matrix's refusal.
    """
    facts = open_round(holder, round_key, Permission.KNOW_DRAFTS, now)
    if not facts.subjects & STAFF:
        raise DoesNotExist
    rows = db.session.execute(_drafts(facts.id)).all()
    answered = _codes(_answered(facts.id))
    attached = _codes(_attached(facts.id))
    form = form_of(facts.edition_id)
    lines = [
        DraftLine(
            row.id,
            row.structure_id,
            row.name,
            row.city,
            row.title,
            row.theme_code,
            row.theme_name,
            percent_of(form, row.theme_code, answered.get(row.id, set()) | attached.get(row.id, set())),
            row.touched_at,
            row.reminded_at,
        )
        for row in rows
    ]
    return DraftList(facts, tuple(lines))


def percent_of(form: Iterable[SectionFacts], theme_code: str | None, given: set[str]) -> int:
    """Return the share of the required answers that are given, the theme's being one; 100 only when all are."""
    wanted = [q.code for section in form for q in section.for_theme(theme_code) if q.required]
    done = sum(code in given for code in wanted) + (theme_code is not None)
    return 100 * done // (len(wanted) + 1)


def _drafts(round_id: int) -> Any:
    reminded = (
        select(func.max(Message.created_at))
        .where(Message.object_key == Candidacy.key, Message.kind == REMINDER, Message.state != "dropped")
        .correlate(Candidacy)
        .scalar_subquery()
    )
    return (
        select(
            Candidacy.id,
            Candidacy.structure_id,
            Structure.name,
            Structure.city,
            Candidacy.title,
            Theme.code.label("theme_code"),
            Theme.name.label("theme_name"),
            Candidacy.touched_at,
            reminded.label("reminded_at"),
        )
        .join(Structure, Structure.id == Candidacy.structure_id)
        .outerjoin(Theme, Theme.id == Candidacy.theme_id)
        .where(Candidacy.round_id == round_id, Candidacy.state == "draft")
        .order_by(Candidacy.touched_at, Candidacy.id)
    )


def _of_round(round_id: int) -> Any:
    return and_(Candidacy.round_id == round_id, Candidacy.state == "draft")


def _answered(round_id: int) -> Any:
    return (
        select(Answer.candidacy_id, Answer.question_code)
        .join(Candidacy, Candidacy.id == Answer.candidacy_id)
        .where(_of_round(round_id), Answer.value != "")
    )


def _attached(round_id: int) -> Any:
    return (
        select(Attachment.candidacy_id, Attachment.question_code)
        .join(Candidacy, Candidacy.id == Attachment.candidacy_id)
        .where(_of_round(round_id), Attachment.deleted_at.is_(None))
    )


def _codes(query: Any) -> dict[int, set[str]]:
    found: dict[int, set[str]] = {}
    for candidacy_id, code in db.session.execute(query):
        found.setdefault(candidacy_id, set()).add(code)
    return found
