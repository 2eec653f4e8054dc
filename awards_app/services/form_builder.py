"""Acts on the form of an edition (SET-1): add, change, move, retire, restore, delete, take up the one of another year.

Before a call opens changes are free. Then each is a version of the form, with its reason; what was asked is retired, never
deleted, and the answers given stay.
"""

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import select

from awards_app.database import atomic, db
from awards_app.domain.form_checks import TITLE
from awards_app.domain.form_conditions import THEME_SECTION
from awards_app.domain.form_copy import CopyReport, adapted
from awards_app.domain.form_edits import (
    OUT_OF_LIST,
    FormIsOpen,
    QuestionIsKept,
    QuestionIsNeeded,
    SectionIsNotEmpty,
    ThemeIsNeeded,
    new_code,
    place_of,
    question_columns,
    section_columns,
)
from awards_app.domain.form_meanwhile import question_mark, section_mark
from awards_app.domain.form_shapes import questions_of
from awards_app.domain.holder import Holder
from awards_app.domain.phases import Phase
from awards_app.domain.refusals import DoesNotExist, InputIsInvalid
from awards_app.models.editions import Edition, FormQuestion, FormSection
from awards_app.queries.editions import edition_of_year
from awards_app.queries.form_desk import answered_in, check_may_change, themes_and_criteria
from awards_app.queries.forms import whole_form_of
from awards_app.services import form_rows
from awards_app.services.form_bench import Bench, changing
from awards_app.services.journal import write_entry

QUESTIONS, SECTIONS = "questions", "rubriques"


def save_section(
    holder: Holder,
    year: int,
    code: str | None,
    values: Mapping[str, Any],
    reason: str,
    now: datetime,
    *,
    seen: str | None = None,
) -> str:
    """Add a section (no ``code``), or change one as it was ``seen`` (`section_mark`), and return its code.

    Raises `InputIsInvalid` by field, `ConditionTurnsRound`, `RowHasChanged`, or the matrix's refusal.
    """
    mark = partial(section_mark, code=code) if code else None
    with changing(holder, year, reason, now, seen=seen, mark=mark) as bench:
        columns = section_columns(values, bench.form, bench.themes)
        if code is None:
            code = new_code(columns["title"], bench.codes)
            row = FormSection(edition_id=bench.edition_id, code=code, position=len(bench.form), **columns)
            db.session.add(row)
            return code
        row = form_rows.section_row(bench.edition_id, code)
        if code == THEME_SECTION:
            columns |= {"theme_code": None, "condition": None}
        _set(row, columns)
        return code


def save_question(
    holder: Holder,
    year: int,
    code: str | None,
    values: Mapping[str, Any],
    reason: str,
    now: datetime,
    *,
    seen: str | None = None,
) -> str:
    """Add a question (no ``code``), or change one, at the place « section:question before », and return its code.

    ``seen`` is how it was on the person's page (`question_mark`). Raises `InputIsInvalid` by field, `ConditionTurnsRound`,
    `RowHasChanged`, or the matrix's refusal.
    """
    mark = partial(question_mark, code=code) if code else None
    with changing(holder, year, reason, now, seen=seen, mark=mark) as bench:
        former = None if code is None else questions_of(bench.form, retired=True).get(code)
        if code is not None and former is None:
            raise DoesNotExist
        columns = question_columns(
            values, bench.form, bench.themes, bench.criteria, former=former, is_open=bench.is_open
        )
        place = place_of(str(values.get("place") or ""), bench.form)
        if place is None:
            raise InputIsInvalid({"place": OUT_OF_LIST})
        section = form_rows.section_row(bench.edition_id, place[0].code)
        if former is None:
            code = new_code(columns["label"], bench.codes)
            row = FormQuestion(
                edition_id=bench.edition_id, section_id=section.id, code=code, position=0, **columns
            )
            db.session.add(row)
        else:
            if former.code == TITLE:
                columns |= {"kind": former.kind, "required": True, "condition": None, "theme_code": None}
            row = form_rows.question_row(bench.edition_id, former.code)
            _set(row, columns)
        form_rows.put_after(row, section, place[1])
        return row.code


def move(holder: Holder, year: int, what: str, code: str, way: str, reason: str, now: datetime) -> None:
    """Move a section or a question one step up (« haut ») or down (« bas »); a question stays in its section.

    Raises as `save_question`.
    """
    with changing(holder, year, reason, now) as bench:
        if what == SECTIONS:
            section = form_rows.section_row(bench.edition_id, code)
            form_rows.step(form_rows.sections_in_order(bench.edition_id), section, way)
        else:
            question = form_rows.question_row(bench.edition_id, code)
            form_rows.step(form_rows.questions_in_order(question.section_id), question, way)


def retire(holder: Holder, year: int, what: str, code: str, reason: str, now: datetime) -> None:
    """Ask a question or a section no longer; its answers are kept, and it can be restored.

    Raises `QuestionIsNeeded`, `ThemeIsNeeded`, and as `save_question`.
    """
    with changing(holder, year, reason, now) as bench:
        row = _row(bench, what, code)
        _check_may_go(bench, what, code)
        if row.retired_at is None:
            form_rows.retire(row, now)


def restore(holder: Holder, year: int, what: str, code: str, reason: str, now: datetime) -> None:
    """Ask a retired question or section again; the answers kept come back with it. Raises as `save_question`."""
    with changing(holder, year, reason, now) as bench:
        form_rows.retire(_row(bench, what, code), None)


def remove(holder: Holder, year: int, what: str, code: str, reason: str, now: datetime) -> None:
    """Delete a question that nobody was asked, or a section without questions.

    Raises `QuestionIsKept`, `SectionIsNotEmpty`, `QuestionIsNeeded`, `ThemeIsNeeded`, and as `save_question`.
    """
    with changing(holder, year, reason, now) as bench:
        row = _row(bench, what, code)
        _check_may_go(bench, what, code)
        if isinstance(row, FormSection):
            if form_rows.questions_in_order(row.id):
                raise SectionIsNotEmpty
        elif bench.is_open or answered_in(bench.edition_id).get(code):
            raise QuestionIsKept
        db.session.delete(row)


def copy_form(holder: Holder, year: int, source_year: int, now: datetime) -> CopyReport:
    """Put the form of another edition in the place of this one's, before any call opens, and return what came along.

    Raises `FormIsOpen`, `InputIsInvalid` for an edition that is not there, or the matrix's refusal.
    """
    with atomic() as session:
        edition = session.scalar(select(Edition).where(Edition.year == year).with_for_update())
        if edition is None:
            raise DoesNotExist
        if check_may_change(holder, edition.id, now) is not Phase.PREPARATION or answered_in(edition.id):
            raise FormIsOpen
        source = edition_of_year(source_year)
        if source is None or source_year == year:
            raise InputIsInvalid({"edition": OUT_OF_LIST})
        themes, criteria = themes_and_criteria(edition.id)
        known = {code for names in criteria.values() for code in names}
        form, report = adapted(whole_form_of(source.id), themes, known)
        form_rows.replace_form(edition.id, form)
        write_entry(
            holder,
            "copy_form",
            "edition",
            edition.key,
            now,
            detail={"from": source_year, "sections": report.sections, "questions": report.questions},
        )
        return report


def _row(bench: Bench, what: str, code: str) -> FormSection | FormQuestion:
    find = form_rows.section_row if what == SECTIONS else form_rows.question_row
    return find(bench.edition_id, code)


def _check_may_go(bench: Bench, what: str, code: str) -> None:
    if what == SECTIONS and code == THEME_SECTION:
        raise ThemeIsNeeded
    held = questions_of(bench.form)
    if code == TITLE if what == QUESTIONS else held.get(TITLE) is not None and held[TITLE].section == code:
        raise QuestionIsNeeded


def _set(row: Any, columns: Mapping[str, Any]) -> None:
    for name, value in columns.items():
        setattr(row, name, value)
