"""Drafts in progress as their chamber may know them (CAN-3): structure, title, how far, last activity; no text."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, case, func, literal, select

from awards_app.database import db
from awards_app.domain.form_conditions import shown_questions
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
    form = form_of(facts.edition_id)
    answered = _given(_answered(facts.id, _deciding(form)))
    attached = _given(_attached(facts.id))
    lines = [
        DraftLine(
            row.id,
            row.structure_id,
            row.name,
            row.city,
            row.title,
            row.theme_code,
            row.theme_name,
            percent_of(form, row.theme_code, answered.get(row.id, {}) | attached.get(row.id, {})),
            row.touched_at,
            row.reminded_at,
        )
        for row in rows
    ]
    return DraftList(facts, tuple(lines))


def percent_of(form: Sequence[SectionFacts], theme_code: str | None, given: Mapping[str, str]) -> int:
    """Return the share of the required answers that are given, the theme's being one; 100 only when all are.

    What this draft is not asked does not count; ``given`` holds the value of the answers that decide it, by question.
    """
    asked = shown_questions(form, theme_code, given)
    wanted = {question.code for questions in asked.values() for question in questions if question.required}
    done = len(wanted & given.keys()) + (theme_code is not None)
    return 100 * done // (len(wanted) + 1)


def _deciding(form: Sequence[SectionFacts]) -> list[str]:
    conditions = [section.condition for section in form]
    conditions += [question.condition for section in form for question in section.questions]
    return [condition.question for condition in conditions if condition is not None]


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


def _answered(round_id: int, deciding: list[str]) -> Any:
    # What was answered, not how; but for the answers that decide what else is asked.
    value = case((Answer.question_code.in_(deciding), Answer.value), else_="")
    return (
        select(Answer.candidacy_id, Answer.question_code, value)
        .join(Candidacy, Candidacy.id == Answer.candidacy_id)
        .where(_of_round(round_id), Answer.value != "")
    )


def _attached(round_id: int) -> Any:
    return (
        select(Attachment.candidacy_id, Attachment.question_code, literal(""))
        .join(Candidacy, Candidacy.id == Attachment.candidacy_id)
        .where(_of_round(round_id), Attachment.deleted_at.is_(None))
    )


def _given(query: Any) -> dict[int, dict[str, str]]:
    found: dict[int, dict[str, str]] = {}
    for candidacy_id, code, value in db.session.execute(query):
        found.setdefault(candidacy_id, {})[code] = value
    return found
