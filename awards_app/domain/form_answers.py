"""Answers of the form: what makes one valid, how it is kept once submitted, how it is shown to people."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, Protocol
from urllib.parse import urlsplit

from awards_app.domain.filed_identifiers import filed_identifier, shown_identifier
from awards_app.domain.indicator_tables import filed_table, kept_table, shown_table
from awards_app.domain.numbers_fr import parse_amount, parse_date, parse_phone, show_amount
from awards_app.domain.postal_addresses import filed_address, kept_address, shown_address
from awards_app.domain.question_kinds import FILE_KINDS, LONG_KINDS
from awards_app.domain.refusals import Refusal
from awards_app.domain.said import Said
from awards_app.domain.text import clean_line, clean_text, count_signs
from awards_app.domain.typed_numbers import filed_integer, filed_number, shown_number
from awards_app.domain.words import N_

__all__ = ["FILE_KINDS", "LONG_KINDS"]

YES = "y"
# A draft keeps what is too long for its question, within reason.
LONGEST_KEPT = 20_000
DEFAULT_LINKS = 5
ADDRESS = re.compile(r"[^@\s,;:<>()\[\]\\\"]+@[^@\s,;:<>()\[\]\\\"]+\.[^@\s,;:<>()\[\]\\\".]{2,}")

MISSING = N_("Cette réponse est attendue.")
TOO_LONG = N_("Cette réponse dépasse la limite de signes.")
NOT_A_CHOICE = N_("Choisissez une réponse de la liste.")
TOO_MANY_CHOICES = N_("Choisissez %(limit)s réponses au plus.")
NOT_AN_EMAIL = N_("Saisissez une adresse électronique, par exemple nom@exemple.org.")
NOT_A_LINK = N_("Saisissez une adresse complète, par exemple https://exemple.org.")
TOO_MANY_LINKS = N_("Indiquez %(limit)s liens au plus, un par ligne.")
FILE_MISSING = N_("Joignez un fichier.")


class State(StrEnum):
    """How far a section of the form is."""

    TODO = "todo"
    STARTED = "started"
    COMPLETE = "complete"


class Question(Protocol):
    """What a rule needs to know of a question."""

    @property
    def code(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def limit(self) -> int | None: ...
    @property
    def choices(self) -> tuple[tuple[str, str], ...]: ...
    @property
    def max_count(self) -> int | None: ...
    @property
    def required(self) -> bool: ...
    @property
    def settings(self) -> Mapping[str, Any]: ...


class AnswerIsTooLong(Refusal):
    """The text is longer than a draft may keep."""

    sentence = N_("Ce texte est trop long pour être enregistré : %(limit)s signes au plus. Raccourcissez-le.")
    status = 422


def kept_value(kind: str, typed: str) -> str:
    """Return what a draft keeps of a typed value, valid or not; tables and addresses come as JSON.

    Raises `TextIsInvalid` for what no text holds, `AnswerIsTooLong` beyond reason, and the refusals of tables and addresses.
    """
    match kind:
        case "table":
            value = kept_table(typed)
        case "address":
            value = kept_address(typed)
        case _:
            value = clean_text(typed) if kind in LONG_KINDS else clean_line(typed)
    if count_signs(value) > LONGEST_KEPT:
        raise AnswerIsTooLong(limit=LONGEST_KEPT)
    if kind == "checkbox":
        return YES if value else ""
    return value


def problem_of(question: Question, value: str) -> str | None:
    """Return the sentence that says what is wrong with an answer at submission, None when it is valid."""
    if not value.strip():
        return MISSING if question.required else None
    if question.limit is not None and count_signs(value) > question.limit:
        return TOO_LONG
    try:
        filed_value(question, value)
    except Refusal as refusal:
        return Said(refusal.sentence, **refusal.values)
    except ValueError as wrong:
        said: str = wrong.args[0]
        return said
    return None


def filed_value(question: Question, value: str) -> str:
    """Return a valid answer in the one form in which a submission keeps it.

    Dates are ISO, amounts have a point and cents, telephones are international. Raises a `Refusal`, or ValueError with
    the sentence to show.
    """
    text = value.strip()
    match question.kind:
        case _ if not text:
            return ""
        case "integer":
            return filed_integer(text, question.settings)
        case "number":
            return filed_number(text, question.settings)
        case "money":
            return f"{parse_amount(text):.2f}"
        case "date":
            return parse_date(text).isoformat()
        case "phone":
            return parse_phone(text)
        case "email":
            return _email(text)
        case "url":
            return _link(text)
        case "links":
            return _links(question, text)
        case "identifier":
            return filed_identifier(text, question.settings)
        case "address":
            return filed_address(text)
        case "table":
            return filed_table(text, question.settings)
        case "single_choice" | "multiple_choice":
            return _choices(question, text)
        case "yes_no":
            if text not in ("yes", "no"):
                raise ValueError(NOT_A_CHOICE)
            return text
        case _:
            return value if question.kind in LONG_KINDS else text


def _email(text: str) -> str:
    if len(text) > 254 or not ADDRESS.fullmatch(text):
        raise ValueError(NOT_AN_EMAIL)
    return text


def _link(text: str) -> str:
    try:
        parts = urlsplit(text)
        host = parts.hostname or ""
    except ValueError:
        raise ValueError(NOT_A_LINK) from None
    if parts.scheme not in ("http", "https") or "." not in host or re.search(r"\s", text):
        raise ValueError(NOT_A_LINK)
    return text


def _links(question: Question, text: str) -> str:
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    limit = question.max_count or DEFAULT_LINKS
    if len(lines) > limit:
        raise ValueError(Said(TOO_MANY_LINKS, limit=limit))
    return "\n".join(_link(line) for line in lines)


def _choices(question: Question, text: str) -> str:
    known = {code for code, _label in question.choices}
    chosen = text.split(",") if question.kind == "multiple_choice" else [text]
    if not set(chosen) <= known:
        raise ValueError(NOT_A_CHOICE)
    if question.kind == "multiple_choice" and question.max_count and len(set(chosen)) > question.max_count:
        raise ValueError(Said(TOO_MANY_CHOICES, limit=question.max_count))
    return ",".join(code for code, _label in question.choices if code in chosen)


def shown_value(
    kind: str,
    value: str,
    choices: Sequence[tuple[str, str]] = (),
    settings: Mapping[str, Any] | None = None,
) -> str:
    """Return a filed value as people read it, in French; ``settings`` gives units and columns."""
    given = settings or {}
    match kind:
        case _ if not value:
            return ""
        case "integer" | "number":
            return shown_number(value, str(given.get("unit", "")))
        case "money":
            return f"{show_amount(Decimal(value))}\u00a0€"
        case "date":
            return f"{date.fromisoformat(value):%d/%m/%Y}"
        case "checkbox":
            return N_("Oui")
        case "yes_no":
            return N_("Oui") if value == "yes" else N_("Non")
        case "identifier":
            return shown_identifier(value)
        case "address":
            return shown_address(value)
        case "table":
            return shown_table(value, given)
        case "single_choice" | "multiple_choice":
            labels = dict(choices)
            return ", ".join(labels.get(code, code) for code in value.split(","))
        case _:
            return value


def missing_files(question: Question, count: int) -> str | None:
    """Return what to say when a required attachment is not there."""
    return FILE_MISSING if question.required and count == 0 else None


def problems_of(
    questions: Sequence[Question], answers: Mapping[str, str], files: Mapping[str, int]
) -> dict[str, str]:
    """Return what is wrong, by question code, for these questions; ``files`` counts attachments by question."""
    found = {}
    for question in questions:
        if question.kind in FILE_KINDS:
            problem = missing_files(question, files.get(question.code, 0))
        else:
            problem = problem_of(question, answers.get(question.code, ""))
        if problem:
            found[question.code] = problem
    return found


def state_of(questions: Sequence[Question], answers: Mapping[str, str], files: Mapping[str, int]) -> State:
    """Return how far a section is: complete only when nothing of it would be refused at submission."""
    begun = any(answers.get(q.code) or files.get(q.code) for q in questions)
    if not problems_of(questions, answers, files) and (begun or not any(q.required for q in questions)):
        return State.COMPLETE
    return State.STARTED if begun else State.TODO
