"""Use cases of a draft's answers: one field at a time, a section at once, a text of the history again.

A draft keeps what is not valid yet. No text that was sent is lost: one that comes too late is set aside, and given back.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select

from awards_app.database import atomic, db
from awards_app.domain.answer_history import VersionIsGone
from awards_app.domain.candidacies import THEME, AnswerHasChanged, KeyIsReused, QuestionIsUnknown
from awards_app.domain.form_answers import FILE_KINDS, kept_value
from awards_app.domain.holder import Holder
from awards_app.domain.refusals import DoesNotExist
from awards_app.models.answer_history import AnswerVersion
from awards_app.models.editions import FormQuestion, FormSection
from awards_app.services.answer_rows import (
    HeldDraft,
    hold_answer,
    hold_open_draft,
    keep_aside,
    stored_answer,
    stored_answers,
    write_answer,
)
from awards_app.services.stale_forms import stale_answer, stale_section

LONGEST_KEY = 80
_SECTION = (
    select(FormQuestion.code, FormQuestion.kind)
    .join(FormSection, FormSection.id == FormQuestion.section_id)
    .where(FormQuestion.edition_id == bindparam("edition_id"), FormSection.code == bindparam("section_code"))
)
_VERSION = select(AnswerVersion.question_code, AnswerVersion.value).where(
    AnswerVersion.candidacy_id == bindparam("candidacy_id"), AnswerVersion.key == bindparam("version_key")
)


@dataclass(frozen=True, slots=True)
class SavedAnswer:
    """The version an answer has now, when it was saved, in which zone to say so, and what its form carries beside it."""

    version: int
    saved_at: datetime
    zone: str
    base: str


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
    form_revision: int | None = None,
) -> SavedAnswer:
    """Save one answer and return its new version.

    ``version`` is the one the person saw (0: none yet; None: not compared). The same text again, or the same
    ``client_key``, is the same save. A stale text is refused and kept in the answer's history. Raises `AnswerHasChanged`
    with both texts, `QuestionIsUnknown`, `KeyIsReused`, `CallIsClosed`, `CandidacyIsSubmitted`.

    ``form_revision`` is the version of the form on the person's page (None: not compared); `FormHasChanged` says what
    changed there since.
    """
    client_key = client_key[:LONGEST_KEY] if client_key else None
    with atomic():
        held = hold_answer(holder, key, field, client_key, now)
        text = kept_value(_kind(held, field), value)
        answer = stored_answer(held.row)
        if held.row.keyed_code is not None and (held.row.keyed_code, held.row.keyed_value) != (field, text):
            raise KeyIsReused
        stale = stale_answer(held, field, form_revision, text)
        same = answer is not None and answer.value == text
        if same and answer is not None and stale is None:
            return _saved(held, text, answer.version, answer.saved_at)
        current = answer.version if answer else 0
        if stale is None and (version is None or version == current):
            version = write_answer(holder, held, field, text, answer, now, client_key)
            return _saved(held, text, version, now)
        if not same:
            keep_aside(holder, held, field, text, now)
    if stale is not None:
        raise stale
    raise AnswerHasChanged(field, value, answer.value if answer else "", current)


def _saved(held: HeldDraft, text: str, version: int, saved_at: datetime) -> SavedAnswer:
    return SavedAnswer(version, saved_at, held.facts.round.zone, base_of(version, text))


def save_section(
    holder: Holder,
    key: str,
    section_code: str,
    values: Mapping[str, str],
    now: datetime,
    *,
    bases: Mapping[str, str] | None = None,
    form_revision: int | None = None,
) -> SavedSection:
    """Save the answers of a section that were sent, whatever their validity; return where two people met.

    ``bases`` are the `base_of` each field was opened with: a field the person did not touch is left alone, one that both
    touched is not written and comes back as a `Conflict`. ``form_revision`` and refusals as `save_answer`.
    """
    with atomic():
        held = hold_open_draft(holder, key, now)
        kinds = _kinds(held.facts.round.edition_id, section_code)
        if not kinds:
            raise DoesNotExist
        stale = stale_section(holder, held, section_code, form_revision, kinds, values, now)
        if stale is None:
            sent = {code: kept_value(kinds[code], value) for code, value in values.items() if code in kinds}
            return _write_section(holder, held, sent, bases or {}, now)
    raise stale


def _write_section(
    holder: Holder, held: HeldDraft, sent: Mapping[str, str], bases: Mapping[str, str], now: datetime
) -> SavedSection:
    answers = stored_answers(held.facts.id, list(sent))
    changed, conflicts = 0, []
    for code, text in sent.items():
        answer = answers.get(code)
        current = answer.value if answer else ""
        if text == current:
            continue
        base = bases.get(code)
        stands = base_of(answer.version if answer else 0, current)
        if base is not None and base != stands:
            if base.partition(".")[2] == base_of(0, text).partition(".")[2]:
                continue
            keep_aside(holder, held, code, text, now)
            conflicts.append(Conflict(code, text, current, answer.version if answer else 0))
            continue
        write_answer(holder, held, code, text, answer, now)
        changed += 1
    return SavedSection(changed, tuple(conflicts))


def restore_version(holder: Holder, key: str, version_key: str, now: datetime) -> str:
    """Make a text of the history the answer again and return its question's code; what it replaces is kept in turn.

    Raises `VersionIsGone` and as `save_answer`.
    """
    with atomic():
        held = hold_open_draft(holder, key, now)
        found = db.session.execute(
            _VERSION, {"candidacy_id": held.facts.id, "version_key": version_key}
        ).one_or_none()
        if found is None:
            raise VersionIsGone
        former = stored_answers(held.facts.id, [found.question_code]).get(found.question_code)
        if former is None or former.value != found.value:
            write_answer(holder, held, found.question_code, found.value, former, now, was_kept=True)
        return str(found.question_code)


def _kind(held: HeldDraft, field: str) -> str:
    """Return the kind of a question that takes text; raise `QuestionIsUnknown` for any other."""
    if field == THEME:
        return "short_text"
    if held.row.kind is None or held.row.kind in FILE_KINDS:
        raise QuestionIsUnknown
    return str(held.row.kind)


def _kinds(edition_id: int, section_code: str) -> dict[str, str]:
    """Return the kind of each question of a section that takes text; the theme is one of them in its own section."""
    rows = db.session.execute(_SECTION, {"edition_id": edition_id, "section_code": section_code})
    kinds = {code: kind for code, kind in rows if kind not in FILE_KINDS}
    if section_code == THEME:
        kinds[THEME] = "short_text"
    return kinds
