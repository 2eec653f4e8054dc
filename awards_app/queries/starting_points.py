"""Readings of what an earlier edition's file may give to this year's draft."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.orm import aliased

from awards_app.database import db
from awards_app.domain.candidacies import THEME
from awards_app.domain.form_answers import FILE_KINDS
from awards_app.domain.holder import Holder
from awards_app.domain.starting_points import Carried, Earlier, carried_over
from awards_app.models.candidacies import Answer, Candidacy
from awards_app.models.editions import Edition, FormQuestion
from awards_app.queries.drafts import Draft, own_draft


@dataclass(frozen=True, slots=True)
class StartingPoint:
    """The structure's latest earlier file: its key, title and year, and what of it may be taken."""

    key: str
    title: str
    year: int
    carried: Carried


@dataclass(frozen=True, slots=True)
class OpenDraft:
    """A draft with its starting point, None when there is no earlier file."""

    draft: Draft
    start: StartingPoint | None


_EARLIER_EDITION = aliased(Edition)
_EARLIER = (
    select(Candidacy.id, Candidacy.key, Candidacy.title, Candidacy.edition_id, _EARLIER_EDITION.year)
    .join(_EARLIER_EDITION, _EARLIER_EDITION.id == Candidacy.edition_id)
    .where(
        Candidacy.structure_id == bindparam("structure_id"),
        Candidacy.state != "deleted",
        _EARLIER_EDITION.year < bindparam("year"),
    )
    .order_by(_EARLIER_EDITION.year.desc(), Candidacy.submitted_at.is_(None), Candidacy.id.desc())
    .limit(1)
)
_ANSWERED = (
    select(Answer.question_code, Answer.value, FormQuestion.kind, FormQuestion.label)
    .outerjoin(
        FormQuestion,
        (FormQuestion.edition_id == bindparam("edition_id")) & (FormQuestion.code == Answer.question_code),
    )
    .where(Answer.candidacy_id == bindparam("candidacy_id"), Answer.value != "")
    .order_by(FormQuestion.id)
)


def starting_point_of(holder: Holder, key: str, now: datetime) -> OpenDraft:
    """Return a draft of ``holder``'s structure with what its latest earlier file may give it (seven queries).

    Raises `DoesNotExist` for anybody else's.
    """
    draft = own_draft(holder, key, now)
    values = {"structure_id": draft.facts.structure_id, "year": draft.facts.round.year}
    earlier = db.session.execute(_EARLIER, values).one_or_none()
    if earlier is None:
        return OpenDraft(draft, None)
    rows = db.session.execute(_ANSWERED, {"candidacy_id": earlier.id, "edition_id": earlier.edition_id})
    answers = [Earlier(row.question_code, row.label or "", row.kind or "", row.value) for row in rows]
    asked = {
        question.code: question
        for progress in draft.sections
        for question in progress.section.questions
        if question.kind not in FILE_KINDS
    }
    carried = carried_over([answer for answer in answers if answer.code != THEME], asked, _values_of(draft))
    return OpenDraft(draft, StartingPoint(earlier.key, earlier.title, earlier.year, carried))


def _values_of(draft: Draft) -> Mapping[str, str]:
    return {code: answer.value for code, answer in draft.answers.items()}
