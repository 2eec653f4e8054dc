"""Readings of the form of an edition."""

from dataclasses import dataclass
from itertools import groupby
from typing import Any

from sqlalchemy import bindparam, select

from awards_app.database import db
from awards_app.models.editions import FormQuestion, FormSection


@dataclass(frozen=True, slots=True)
class QuestionFacts:
    """A question of the form."""

    code: str
    section: str
    kind: str
    label: str
    help: str
    example: str
    limit: int | None
    unit: str
    choices: tuple[tuple[str, str], ...]
    accepts: tuple[str, ...]
    max_mib: int | None
    max_count: int | None
    required: bool
    theme_code: str | None
    audience: str
    criterion_code: str | None


@dataclass(frozen=True, slots=True)
class SectionFacts:
    """A section of the form with its questions in order."""

    code: str
    title: str
    lead: str
    questions: tuple[QuestionFacts, ...]

    def for_theme(self, theme_code: str | None) -> tuple[QuestionFacts, ...]:
        """Return the questions put to a candidacy of that theme."""
        return tuple(q for q in self.questions if q.theme_code in (None, theme_code))


_FORM = (
    select(
        FormSection.code.label("section"),
        FormSection.title,
        FormSection.lead,
        FormQuestion.code,
        FormQuestion.kind,
        FormQuestion.label,
        FormQuestion.help,
        FormQuestion.example,
        FormQuestion.limit,
        FormQuestion.unit,
        FormQuestion.choices,
        FormQuestion.accepts,
        FormQuestion.max_mib,
        FormQuestion.max_count,
        FormQuestion.required,
        FormQuestion.theme_code,
        FormQuestion.audience,
        FormQuestion.criterion_code,
    )
    .outerjoin(FormQuestion, FormQuestion.section_id == FormSection.id)
    .where(FormSection.edition_id == bindparam("edition_id"))
    .order_by(FormSection.position, FormQuestion.position)
)


def form_of(edition_id: int) -> tuple[SectionFacts, ...]:
    """Return the form of an edition, section by section (one query)."""
    rows = db.session.execute(_FORM, {"edition_id": edition_id})
    found = []
    for (code, title, lead), group in groupby(rows, key=lambda row: row[:3]):
        questions = tuple(_question(row) for row in group if row.code is not None)
        found.append(SectionFacts(code, title, lead, questions))
    return tuple(found)


def _question(row: Any) -> QuestionFacts:
    return QuestionFacts(
        code=row.code,
        section=row.section,
        kind=row.kind,
        label=row.label,
        help=row.help,
        example=row.example,
        limit=row.limit,
        unit=row.unit,
        choices=tuple((choice["code"], choice["label"]) for choice in row.choices),
        accepts=tuple(row.accepts),
        max_mib=row.max_mib,
        max_count=row.max_count,
        required=row.required,
        theme_code=row.theme_code,
        audience=row.audience,
        criterion_code=row.criterion_code,
    )
