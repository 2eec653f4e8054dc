"""Shapes of what a juror sends: a whole sheet, one field of it, lines of declarations."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import Request
from flask_wtf import FlaskForm
from werkzeug.exceptions import BadRequest
from wtforms import BooleanField, TextAreaField
from wtforms.validators import InputRequired

from awards_app.domain.scoring import LevelIsInvalid, MarkInput, parse_level
from awards_app.domain.words import N_

NOTES = ("private_note", "shared_comment")
MARK = "mark-"
REASON = "-reason"
VERSION = "-version"


class CharterForm(FlaskForm):
    """The one tick of the charter."""

    accepted = BooleanField(
        N_("J’ai lu la charte et je m’engage à la respecter."),
        validators=[InputRequired(N_("Cochez la case pour accepter la charte."))],
    )


class ReasonForm(FlaskForm):
    """An act that is done with a reason."""

    reason = TextAreaField(N_("Motif"), validators=[InputRequired(N_("Indiquez le motif."))])


@dataclass
class SheetInput:
    """A sheet as sent: marks by criterion, notes, the tokens of the notes that were read, errors by field."""

    marks: dict[str, MarkInput] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)
    seen: dict[str, str] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)


def sent_values(request: Request) -> dict[str, Any]:
    """Return the fields of a form, or those of a JSON object; raise `BadRequest` for JSON that is no plain object."""
    if not request.is_json:
        return dict(request.form.items())
    try:
        found = json.loads(
            request.get_data(cache=True), object_pairs_hook=_without_duplicates, parse_constant=_no_constant
        )
    except (ValueError, RecursionError) as problem:
        raise BadRequest from problem
    if not isinstance(found, dict):
        raise BadRequest
    return found


def _without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key is given twice")
    return found


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no number")


def read_sheet(values: Mapping[str, Any]) -> SheetInput:
    """Read a whole sheet: « mark-CODE », « mark-CODE-reason », « mark-CODE-version », and the notes."""
    found = SheetInput()
    for name in _names(values):
        code = name.removeprefix(MARK)
        reason = values.get(f"{name}{REASON}")
        if name not in values and not reason:
            continue
        mark = MarkInput()
        if name in values:
            try:
                mark = parse_level(values[name])
            except LevelIsInvalid as refusal:
                found.errors[name] = refusal.sentence
        found.marks[code] = MarkInput(
            mark.level,
            mark.cannot_judge,
            None if reason is None else str(reason),
            _version(values.get(f"{name}{VERSION}")),
        )
    for name in NOTES:
        if name in values:
            found.notes[name] = str(values[name])
            token = values.get(f"{name}{VERSION}")
            if token:
                found.seen[name] = str(token)
    return found


def read_field(values: Mapping[str, Any]) -> SheetInput | None:
    """Read one field sent by itself (field, value, version); None when no such field exists."""
    name = values.get("field")
    if not isinstance(name, str):
        return None
    value, version = values.get("value"), values.get("version")
    found = SheetInput()
    if name in NOTES:
        found.notes[name] = value if isinstance(value, str) else ""
        if version:
            found.seen[name] = str(version)
        return found
    if not name.startswith(MARK):
        return None
    code = name.removeprefix(MARK).removesuffix(REASON)
    if name.endswith(REASON):
        found.marks[code] = MarkInput(
            reason=value if isinstance(value, str) else "", version=_version(version)
        )
        return found
    try:
        mark = parse_level(value)
    except LevelIsInvalid as refusal:
        found.errors[name] = refusal.sentence
        return found
    found.marks[code] = MarkInput(mark.level, mark.cannot_judge, None, _version(version))
    return found


def _names(values: Mapping[str, Any]) -> list[str]:
    """Return the criteria that a sheet speaks of, by the name of their answer's field."""
    found = {
        name.removesuffix(REASON): None
        for name in values
        if name.startswith(MARK) and not name.endswith(VERSION)
    }
    return list(found)


def _version(text: object) -> int | None:
    """Return the version a field was read at; nothing sent is nothing to compare."""
    digits = str(text or "")
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 10 else None


def read_declarations(values: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    """Read the lines of declarations that hold an answer: candidacy key → (verdict, reason)."""
    return {
        name.removeprefix("verdict-"): (verdict, values.get(f"reason-{name.removeprefix('verdict-')}", ""))
        for name, verdict in values.items()
        if name.startswith("verdict-") and verdict
    }
