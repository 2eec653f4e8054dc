"""Readings of drafts by the chamber: that they exist, how far they are, when they were last touched. Never a word of them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, case, literal, select, union_all

from awards_app.database import db
from awards_app.domain.candidacies import THEME
from awards_app.domain.form_conditions import shown_questions
from awards_app.domain.holder import Holder
from awards_app.domain.permissions import Permission
from awards_app.models.candidacies import Answer, Attachment, Candidacy
from awards_app.models.editions import Theme
from awards_app.models.structures import Structure
from awards_app.queries.access import open_round
from awards_app.queries.forms import form_of


@dataclass(frozen=True, slots=True)
class ChamberDraft:
    """A draft as its chamber may know it (CAN-3); ``percent`` of the required questions have an answer."""

    key: str
    structure_name: str
    title: str
    percent: int
    touched_at: datetime


_DRAFTS = (
    select(Candidacy.id, Candidacy.key, Candidacy.title, Candidacy.touched_at, Structure.name, Theme.code)
    .join(Structure, Structure.id == Candidacy.structure_id)
    .outerjoin(Theme, Theme.id == Candidacy.theme_id)
    .where(Candidacy.round_id == bindparam("round_id"), Candidacy.state == "draft")
    .order_by(Structure.sort_key, Candidacy.id)
)
_OF_DRAFTS = (Candidacy.round_id == bindparam("round_id")) & (Candidacy.state == "draft")
# What was answered, not how; but for the answers that decide what else is asked.
_DECIDES = Answer.question_code.in_(bindparam("deciding", expanding=True))
_ANSWERED = union_all(
    select(Answer.candidacy_id, Answer.question_code, case((_DECIDES, Answer.value), else_=""))
    .join(Candidacy, Candidacy.id == Answer.candidacy_id)
    .where(_OF_DRAFTS, Answer.value != ""),
    select(Attachment.candidacy_id, Attachment.question_code, literal(""))
    .join(Candidacy, Candidacy.id == Attachment.candidacy_id)
    .where(_OF_DRAFTS, Attachment.deleted_at.is_(None)),
)


def drafts_of_round(holder: Holder, round_key: str, now: datetime) -> tuple[ChamberDraft, ...]:
    """Return the drafts of a round for its chamber and the national staff (four queries, however many).

    Raises the matrix's refusal of CAN-3.
    """
    facts = open_round(holder, round_key, Permission.KNOW_DRAFTS, now)
    form = form_of(facts.edition_id)
    conditions = [section.condition for section in form]
    conditions += [question.condition for section in form for question in section.questions]
    deciding = [condition.question for condition in conditions if condition is not None]
    answered: dict[int, dict[str, str]] = {}
    for candidacy_id, code, value in db.session.execute(
        _ANSWERED, {"round_id": facts.id, "deciding": deciding}
    ):
        answered.setdefault(candidacy_id, {})[code] = value
    found = []
    for row in db.session.execute(_DRAFTS, {"round_id": facts.id}):
        given = answered.get(row.id, {})
        asked = shown_questions(form, row.code, given)
        needed = {
            question.code for questions in asked.values() for question in questions if question.required
        } | {THEME}
        percent = 100 * len(needed & given.keys()) // len(needed)
        found.append(ChamberDraft(row.key, row.name, row.title, percent, row.touched_at))
    return tuple(found)
