"""Readings of the form of an edition: as it is put to candidates, with what was retired, and its versions."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, Text, bindparam, cast, func, select

from awards_app.database import db, read
from awards_app.domain.form_changes import Change, change_from_data, changes_in
from awards_app.domain.form_shapes import (
    Form,
    QuestionFacts,
    SectionFacts,
    condition_of,
    form_from_data,
    live_form,
)
from awards_app.models.accounts import Account
from awards_app.models.editions import FormQuestion, FormSection
from awards_app.models.forms import FormRevision

__all__ = ["QuestionFacts", "SectionFacts"]


@dataclass(frozen=True, slots=True)
class RevisionLine:
    """A version of the form: ``changes`` since the one before; ``author`` empty for the form of the opening."""

    number: int
    made_at: datetime
    author: str
    reason: str
    changes: tuple[Change, ...]


def _as_text(column: Any, name: str | None = None) -> Any:
    """Return a column of JSON as it is written: it is read once for all the requests that find the same text."""
    return cast(column, Text).label(name or column.key)


_FORM = (
    select(
        FormSection.code.label("section"),
        FormSection.title,
        FormSection.lead,
        FormSection.theme_code.label("section_theme"),
        _as_text(FormSection.condition, "section_condition"),
        FormSection.retired_at.label("section_retired_at"),
        FormQuestion.code,
        FormQuestion.kind,
        FormQuestion.label,
        FormQuestion.help,
        FormQuestion.example,
        FormQuestion.limit,
        FormQuestion.unit,
        _as_text(FormQuestion.choices),
        _as_text(FormQuestion.accepts),
        FormQuestion.max_mib,
        FormQuestion.max_count,
        FormQuestion.required,
        FormQuestion.theme_code,
        FormQuestion.audience,
        FormQuestion.criterion_code,
        _as_text(FormQuestion.settings),
        _as_text(FormQuestion.condition),
        FormQuestion.retired_at,
    )
    .outerjoin(FormQuestion, FormQuestion.section_id == FormSection.id)
    .where(FormSection.edition_id == bindparam("edition_id"))
    .order_by(FormSection.position, FormSection.id, FormQuestion.position, FormQuestion.id)
)


def whole_form_of(edition_id: int) -> Form:
    """Return the form of an edition with what was retired (one query)."""
    return _form_of_rows(tuple(read(_FORM, {"edition_id": edition_id})))


@lru_cache(maxsize=32)
def _form_of_rows(rows: tuple[Any, ...]) -> Form:
    """Return the form that the rows of `_FORM` say, found again by all they hold: a form that changed is another."""
    found = []
    for code, grouped in groupby(rows, key=lambda row: row.section):
        group = list(grouped)
        head = group[0]
        found.append(
            SectionFacts(
                code,
                head.title,
                head.lead,
                tuple(_question(row) for row in group if row.code is not None),
                head.section_theme,
                condition_of(_read(head.section_condition)),
                head.section_retired_at is not None,
            )
        )
    return tuple(found)


def _read(text: str | None) -> Any:
    return None if text is None else json.loads(text)


def form_of(edition_id: int) -> Form:
    """Return the form put to candidates, section by section, without what was retired (one query)."""
    return live_form(whole_form_of(edition_id))


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
        choices=tuple((choice["code"], choice["label"]) for choice in _read(row.choices)),
        accepts=tuple(_read(row.accepts)),
        max_mib=row.max_mib,
        max_count=row.max_count,
        required=row.required,
        theme_code=row.theme_code,
        audience=row.audience,
        criterion_code=row.criterion_code,
        settings=_read(row.settings) or {},
        condition=condition_of(_read(row.condition)),
        retired=row.retired_at is not None,
    )


_LATEST = select(func.max(FormRevision.number)).where(FormRevision.edition_id == bindparam("edition_id"))


def revision_of(edition_id: int) -> int:
    """Return the number of the form as it stands: 1 until something changes after the call opened."""
    return db.session.scalar(_LATEST, {"edition_id": edition_id}) or 1


def revision_of_edition(edition_id: Any) -> ColumnElement[int]:
    """Return the number of the form as a column, for a reading of something else of the edition."""
    latest = select(func.max(FormRevision.number)).where(FormRevision.edition_id == edition_id)
    return func.coalesce(latest.scalar_subquery(), 1)


_SINCE = (
    select(FormRevision.reason, FormRevision.changes)
    .where(
        FormRevision.edition_id == bindparam("edition_id"),
        FormRevision.number > bindparam("number"),
    )
    .order_by(FormRevision.number)
)


def changes_since(
    edition_id: int, number: int, section_code: str
) -> tuple[tuple[Change, ...], tuple[str, ...]]:
    """Return what changed in a section after a version of the form, oldest first, and the reasons given (one query)."""
    changes: list[Change] = []
    reasons: list[str] = []
    for reason, stored in db.session.execute(_SINCE, {"edition_id": edition_id, "number": number}):
        here = changes_in((change_from_data(change) for change in stored), section_code)
        changes += here
        if here and reason:
            reasons.append(reason)
    return tuple(changes), tuple(dict.fromkeys(reasons))


_REVISIONS = (
    select(
        FormRevision.number,
        FormRevision.made_at,
        func.coalesce(Account.name, "").label("author"),
        FormRevision.reason,
        FormRevision.changes,
    )
    .outerjoin(Account, Account.id == FormRevision.author_id)
    .where(FormRevision.edition_id == bindparam("edition_id"))
    .order_by(FormRevision.number.desc())
)


def revisions_of(edition_id: int) -> tuple[RevisionLine, ...]:
    """Return the versions of a form, the latest first (one query)."""
    return tuple(
        RevisionLine(
            row.number,
            row.made_at,
            row.author,
            row.reason,
            tuple(change_from_data(change) for change in row.changes),
        )
        for row in db.session.execute(_REVISIONS, {"edition_id": edition_id})
    )


def form_of_revision(edition_id: int, number: int) -> Form | None:
    """Return the form as a version froze it, or None."""
    content = db.session.scalar(
        select(FormRevision.content).where(
            FormRevision.edition_id == edition_id, FormRevision.number == number
        )
    )
    return form_from_data(json.loads(content)) if content is not None else None


def retired_questions(
    form: Iterable[SectionFacts], keeps: Callable[[str], bool]
) -> tuple[QuestionFacts, ...]:
    """Return the questions no longer asked whose code ``keeps`` accepts (those with an answer), in order."""
    return tuple(
        question
        for section in form
        for question in section.questions
        if (section.retired or question.retired) and keeps(question.code)
    )
