"""The rows of a form, written: where they stand, when they were retired, a whole form put in place."""

from datetime import datetime
from typing import Any

from sqlalchemy import delete, select

from awards_app.database import db
from awards_app.domain.form_shapes import Form, QuestionFacts, condition_as_data
from awards_app.domain.refusals import DoesNotExist
from awards_app.models.editions import FormQuestion, FormSection


def section_row(edition_id: int, code: str) -> FormSection:
    """Return a section; raise `DoesNotExist`."""
    row = db.session.scalar(
        select(FormSection).where(FormSection.edition_id == edition_id, FormSection.code == code)
    )
    if row is None:
        raise DoesNotExist
    return row


def question_row(edition_id: int, code: str) -> FormQuestion:
    """Return a question; raise `DoesNotExist`."""
    row = db.session.scalar(
        select(FormQuestion).where(FormQuestion.edition_id == edition_id, FormQuestion.code == code)
    )
    if row is None:
        raise DoesNotExist
    return row


def sections_in_order(edition_id: int) -> list[FormSection]:
    """Return the sections of a form, those retired too."""
    return list(
        db.session.scalars(
            select(FormSection)
            .where(FormSection.edition_id == edition_id)
            .order_by(FormSection.position, FormSection.id)
        )
    )


def questions_in_order(section_id: int) -> list[FormQuestion]:
    """Return the questions of a section, those retired too."""
    return list(
        db.session.scalars(
            select(FormQuestion)
            .where(FormQuestion.section_id == section_id)
            .order_by(FormQuestion.position, FormQuestion.id)
        )
    )


def number_anew(rows: list[Any]) -> None:
    """Give rows the positions of the list."""
    for position, row in enumerate(rows):
        row.position = position


def step(rows: list[Any], row: Any, way: str) -> None:
    """Move a row past its nearest neighbour that is not retired, upwards (« haut ») or down; at the end it stays."""
    here = rows.index(row)
    others = range(here - 1, -1, -1) if way == "haut" else range(here + 1, len(rows))
    for place in others:
        if rows[place].retired_at is None:
            rows.insert(place, rows.pop(here))
            break
    number_anew(rows)


def put_after(row: FormQuestion, section: FormSection, after: str) -> None:
    """Put a question in a section after another, first when ``after`` is empty."""
    row.section_id = section.id
    db.session.flush()
    rows = [other for other in questions_in_order(section.id) if other.id != row.id]
    place = next((place + 1 for place, other in enumerate(rows) if other.code == after), 0)
    rows.insert(place, row)
    number_anew(rows)


def replace_form(edition_id: int, form: Form) -> None:
    """Put a whole form in the place of the one there is."""
    db.session.execute(delete(FormQuestion).where(FormQuestion.edition_id == edition_id))
    db.session.execute(delete(FormSection).where(FormSection.edition_id == edition_id))
    db.session.flush()
    for position, section in enumerate(form):
        row = FormSection(
            edition_id=edition_id,
            code=section.code,
            title=section.title,
            lead=section.lead,
            position=position,
            theme_code=section.theme_code,
            condition=condition_as_data(section.condition),
        )
        db.session.add(row)
        db.session.flush()
        db.session.add_all(
            FormQuestion(edition_id=edition_id, section_id=row.id, position=place, **columns_of(question))
            for place, question in enumerate(section.questions)
        )
    db.session.flush()


def columns_of(question: QuestionFacts) -> dict[str, Any]:
    """Return a question as the columns of its row, its place left out."""
    return {
        "code": question.code,
        "kind": question.kind,
        "label": question.label,
        "help": question.help,
        "example": question.example,
        "limit": question.limit,
        "unit": question.unit,
        "choices": [{"code": code, "label": label} for code, label in question.choices],
        "accepts": list(question.accepts),
        "max_mib": question.max_mib,
        "max_count": question.max_count,
        "required": question.required,
        "theme_code": question.theme_code,
        "audience": question.audience,
        "criterion_code": question.criterion_code,
        "settings": dict(question.settings) or None,
        "condition": condition_as_data(question.condition),
    }


def retire(row: FormSection | FormQuestion, now: datetime | None) -> None:
    """Mark a row as retired at an instant, or as asked again (None)."""
    row.retired_at = now
