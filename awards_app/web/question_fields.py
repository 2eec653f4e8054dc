"""The inputs of a question of the form, whatever its kind, and what they send: one text by question.

A table or an address is several inputs; what they hold travels and is kept as one JSON text.
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    Field,
    Form,
    RadioField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields import SelectChoice
from wtforms.validators import Optional
from wtforms.widgets import CheckboxInput, ListWidget, TextArea

from awards_app.domain.departments_fr import DEPARTMENTS, OTHER_LANDS, REGIONS
from awards_app.domain.form_shapes import QuestionFacts
from awards_app.domain.indicator_tables import (
    LONGEST_CELL,
    MOST_ROWS,
    Column,
    columns_of,
    most_rows,
    rows_of,
)
from awards_app.domain.postal_addresses import PARTS, parts_of
from awards_app.domain.question_kinds import LONG_KINDS

# Blank rows that a table always offers: more come with each save.
BLANK_ROWS = 2
FIRST_ROWS = 3
MODES: dict[str, dict[str, Any]] = {
    "integer": {"inputmode": "numeric"},
    "number": {"inputmode": "decimal"},
    "money": {"inputmode": "decimal"},
    "date": {"inputmode": "numeric", "placeholder": "jj/mm/aaaa"},
    "phone": {"type": "tel", "autocomplete": "tel"},
    "email": {"type": "email", "autocomplete": "email"},
    "url": {"type": "url", "inputmode": "url"},
}
CELL_MODES = {"integer": "numeric", "number": "decimal", "money": "decimal"}


class Boxes(SelectMultipleField):
    """Several answers, each with its box."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class TableField(Field):
    """A table of indicators; ``data`` is its kept text."""

    widget = TextArea()

    def __init__(self, label: str, validators: Any, question: QuestionFacts, **kwargs: Any) -> None:
        super().__init__(label, validators, **kwargs)
        self.columns: tuple[Column, ...] = columns_of(question.settings)
        self.most = most_rows(question.settings)
        self.longest = LONGEST_CELL

    def _value(self) -> str:
        return str(self.data or "")

    @property
    def rows(self) -> list[dict[str, str]]:
        """Return the rows to draw: those filled, then blank ones as far as the table may go."""
        filled = rows_of(self._value())
        wanted = min(max(len(filled) + BLANK_ROWS, FIRST_ROWS), max(self.most, len(filled)))
        return filled + [{} for _ in range(wanted - len(filled))]

    @property
    def is_full(self) -> bool:
        """Say whether no row can be added."""
        return len(self.rows) >= self.most


class AddressField(Field):
    """A postal address; ``data`` is its kept text."""

    widget = TextArea()
    departments = sorted(
        [(code, f"{code} – {name}") for code, (_region, name) in DEPARTMENTS.items()]
        + [(code, f"{code} – {name}") for code, name in OTHER_LANDS.items()]
    )
    regions = sorted(REGIONS.items(), key=lambda item: item[1])

    def _value(self) -> str:
        return str(self.data or "")

    @property
    def parts(self) -> dict[str, str]:
        """Return the parts as kept."""
        return parts_of(self._value())


def question_form(questions: Iterable[QuestionFacts], answers: Mapping[str, str]) -> Form:
    """Return a form with one field a question of text, filled with answers by code."""
    asked = list(questions)
    form_class = type("SectionForm", (Form,), {question.code: field_of(question) for question in asked})
    data = {
        question.code: _data(question, answers[question.code])
        for question in asked
        if question.code in answers
    }
    form: Form = form_class(data=data)
    return form


def _data(question: QuestionFacts, value: str) -> object:
    if question.kind == "checkbox":
        return bool(value)
    return value.split(",") if question.kind == "multiple_choice" and value else value


def field_of(question: QuestionFacts) -> Any:
    """Return the field of a question, not bound yet."""
    needs = [] if question.required else [Optional()]
    choices = [SelectChoice(code, label) for code, label in question.choices]
    match question.kind:
        case kind if kind in LONG_KINDS:
            return TextAreaField(question.label, needs)
        case "checkbox":
            return BooleanField(question.label, needs)
        case "single_choice":
            return RadioField(question.label, needs, choices=choices)
        case "multiple_choice":
            return Boxes(question.label, needs, choices=choices)
        case "yes_no":
            answers = [SelectChoice("yes", _l("Oui")), SelectChoice("no", _l("Non"))]
            return RadioField(question.label, needs, choices=answers)
        case "table":
            return TableField(question.label, needs, question)
        case "address":
            return AddressField(question.label, needs)
        case _:
            return StringField(question.label, needs, render_kw=MODES.get(question.kind, {}))


def posted_values(questions: Iterable[QuestionFacts], form: Any) -> dict[str, str]:
    """Return what a section's form sent, by question.

    An unticked box is an empty answer only where the page had it (its « base » came): an answer that the page did not
    show is never emptied by silence. Raises ValueError when a field of one value came twice.
    """
    found = {}
    for question in questions:
        code = question.code
        sent = form.getlist(code)
        compound = _compound(question, form)
        if compound is not None:
            found[code] = compound
        elif question.kind == "multiple_choice":
            if sent or f"base-{code}" in form:
                found[code] = ",".join(sent)
        elif len(sent) > 1:
            raise ValueError(code)
        elif sent:
            found[code] = sent[0]
        elif question.kind in ("checkbox", "single_choice", "yes_no") and f"base-{code}" in form:
            found[code] = ""
    return found


def _compound(question: QuestionFacts, form: Any) -> str | None:
    """Return the JSON text of a question of several inputs, None when they were not sent."""
    if question.kind == "address":
        parts = {name: form.get(f"{question.code}.{name}") for name in PARTS}
        if all(value is None for value in parts.values()):
            return None
        return json.dumps({name: value or "" for name, value in parts.items()}, ensure_ascii=False)
    if question.kind == "table":
        codes = [column.code for column in columns_of(question.settings)]
        rows = [
            {code: form.get(f"{question.code}.{row}.{code}", "") for code in codes}
            for row in range(2 * MOST_ROWS)
            if any(f"{question.code}.{row}.{code}" in form for code in codes)
        ]
        return json.dumps(rows, ensure_ascii=False) if rows else None
    return None
