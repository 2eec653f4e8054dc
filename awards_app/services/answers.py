"""Use cases of a draft's answers: one field at a time, or a section at once. A draft keeps what is not valid yet."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, insert, select, update

from awards_app.database import atomic, db
from awards_app.domain.candidacies import (
    THEME,
    TITLE,
    AnswerHasChanged,
    QuestionIsUnknown,
    check_is_not_juror,
)
from awards_app.domain.form_answers import FILE_KINDS, kept_value
from awards_app.domain.holder import Holder
from awards_app.domain.permissions import Permission
from awards_app.domain.refusals import DoesNotExist
from awards_app.models.candidacies import Answer, Candidacy
from awards_app.models.editions import FormQuestion, FormSection, Theme
from awards_app.services.candidacy_locks import Held, hold_draft
from awards_app.services.idempotency import first_result, keep_result

LONGEST_TITLE = 300


@dataclass(frozen=True, slots=True)
class SavedAnswer:
    """The version an answer has now and when it was saved."""

    version: int
    saved_at: datetime


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two texts for one answer: what was sent, what somebody saved meanwhile, and the version that has."""

    field: str
    yours: str
    theirs: str
    version: int


@dataclass(frozen=True, slots=True)
class SavedSection:
    """What a section's save did: how many answers changed, and those where two people met."""

    changed: int
    conflicts: tuple[Conflict, ...]


def base_of(version: int, value: str) -> str:
    """Return what a form carries beside a field: the version and a digest of the text it was opened with."""
    return f"{version}.{hashlib.sha256(value.encode()).hexdigest()[:12]}"


def save_answer(
    holder: Holder,
    key: str,
    field: str,
    value: str,
    version: int | None,
    now: datetime,
    *,
    client_key: str | None = None,
) -> SavedAnswer:
    """Save one answer and return its new version.

    ``version`` is the one the person saw (0: none yet; None: not compared). The same text again is the same save.
    Raises `AnswerHasChanged` with both texts, `QuestionIsUnknown`, `KeyIsReused`, `CallIsClosed`, `CandidacyIsSubmitted`.
    """
    with atomic():
        held = hold_draft(holder, key, Permission.SAVE_DRAFT, now)
        payload = {"candidacy": key, "field": field, "value": value}
        first = first_result(holder, "save_answer", client_key, payload)
        if first is not None:
            return SavedAnswer(first["version"], datetime.fromisoformat(first["saved_at"]))
        text = kept_value(_kind(held.row.edition_id, field), value)
        answer = _answers(held.row.id, [field]).get(field)
        current = answer.version if answer else 0
        same = answer is not None and answer.value == text
        if version is not None and version != current and not same:
            raise AnswerHasChanged(field, value, answer.value if answer else "", current)
        if answer is not None and same:
            saved = SavedAnswer(answer.version, answer.saved_at)
        else:
            saved = _write(holder, held, field, text, answer, now)
        result = {"version": saved.version, "saved_at": saved.saved_at.isoformat()}
        keep_result(holder, "save_answer", client_key, payload, result, now)
        return saved


def save_section(
    holder: Holder,
    key: str,
    section_code: str,
    values: Mapping[str, str],
    now: datetime,
    *,
    bases: Mapping[str, str] | None = None,
) -> SavedSection:
    """Save the answers of a section that were sent, whatever their validity; return where two people met.

    ``bases`` are the `base_of` each field was opened with: a field the person did not touch is left alone, one that both
    touched is not written and comes back as a `Conflict`. Raises as `save_answer`.
    """
    with atomic():
        held = hold_draft(holder, key, Permission.SAVE_DRAFT, now)
        kinds = _kinds(held.row.edition_id, section_code)
        if not kinds:
            raise DoesNotExist
        sent = {code: kept_value(kinds[code], value) for code, value in values.items() if code in kinds}
        answers = _answers(held.row.id, list(sent))
        changed, conflicts = 0, []
        for code, text in sent.items():
            answer = answers.get(code)
            current = answer.value if answer else ""
            if text == current:
                continue
            base = (bases or {}).get(code)
            stands = base_of(answer.version if answer else 0, current)
            if base is not None and base != stands:
                if base.partition(".")[2] == base_of(0, text).partition(".")[2]:
                    continue
                conflicts.append(Conflict(code, text, current, answer.version if answer else 0))
                continue
            _write(holder, held, code, text, answer, now)
            changed += 1
        return SavedSection(changed, tuple(conflicts))


_KIND = select(FormQuestion.kind).where(
    FormQuestion.edition_id == bindparam("edition_id"), FormQuestion.code == bindparam("code")
)


def _kind(edition_id: int, field: str) -> str:
    """Return the kind of a question that takes text; raise `QuestionIsUnknown` for any other."""
    if field == THEME:
        return "short_text"
    kind = db.session.scalar(_KIND, {"edition_id": edition_id, "code": field})
    if kind is None or kind in FILE_KINDS:
        raise QuestionIsUnknown
    return str(kind)


def _kinds(edition_id: int, section_code: str) -> dict[str, str]:
    """Return the kind of each question of a section that takes text; the theme is one of them in its own section."""
    query = (
        select(FormQuestion.code, FormQuestion.kind)
        .join(FormSection, FormSection.id == FormQuestion.section_id)
        .where(FormQuestion.edition_id == edition_id, FormSection.code == section_code)
    )
    kinds = {code: kind for code, kind in db.session.execute(query) if kind not in FILE_KINDS}
    if section_code == THEME:
        kinds[THEME] = "short_text"
    return kinds


_STORED = select(Answer.id, Answer.question_code, Answer.value, Answer.version, Answer.saved_at).where(
    Answer.candidacy_id == bindparam("candidacy_id"),
    Answer.question_code.in_(bindparam("codes", expanding=True)),
)


def _answers(candidacy_id: int, codes: list[str]) -> dict[str, Any]:
    rows = db.session.execute(_STORED, {"candidacy_id": candidacy_id, "codes": codes})
    return {row.question_code: row for row in rows}


_TABLE = Answer.metadata.tables[Answer.__tablename__]
_INSERT = insert(_TABLE)
_REPLACE = (
    update(_TABLE)
    .where(_TABLE.c.id == bindparam("answer_id"))
    .values({name: bindparam(f"new_{name}") for name in ("value", "version", "saved_at", "saved_by_id")})
)


def _write(
    holder: Holder, held: Held, code: str, text: str, answer: Any | None, now: datetime
) -> SavedAnswer:
    theme_id = _theme_of(held.row, text) if code == THEME else held.row.theme_id
    if code == THEME:
        check_is_not_juror(holder, held.row.round_id, theme_id)
    version = answer.version + 1 if answer is not None else 1
    new = {"value": text, "version": version, "saved_at": now, "saved_by_id": holder.account_id}
    if answer is None:
        db.session.execute(_INSERT, {"candidacy_id": held.row.id, "question_code": code, **new})
    else:
        values = {f"new_{name}": value for name, value in new.items()}
        db.session.execute(_REPLACE, {"answer_id": answer.id, **values})
    held.row.touched_at = now
    if held.row.state == "draft":
        # A submission that was taken back keeps the columns of its filing until it is replaced.
        if code == THEME:
            held.row.theme_id = theme_id
        elif code == TITLE:
            held.row.title = text[:LONGEST_TITLE]
    db.session.flush()
    return SavedAnswer(version, now)


def _theme_of(row: Candidacy, code: str) -> int | None:
    return db.session.scalar(select(Theme.id).where(Theme.edition_id == row.edition_id, Theme.code == code))
