"""The rows behind an answer: one reading that locks and settles the right, and the writes, each one statement.

A save is what people do most; put together at import and asked through tables, it costs a third of what entities do.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, exists, insert, select, update
from sqlalchemy.orm import aliased

from awards_app.database import db, is_postgresql, read, run
from awards_app.domain.answer_history import REPLACED, SET_ASIDE, is_worth_keeping
from awards_app.domain.candidacies import (
    THEME,
    TITLE,
    CallIsClosed,
    CandidacyIsDeleted,
    check_is_not_juror,
    check_writable,
)
from awards_app.domain.holder import Holder
from awards_app.domain.permissions import Permission, authorise
from awards_app.domain.phases import Phase
from awards_app.domain.refusals import DoesNotExist, IsNotThePhase
from awards_app.models.answer_history import AnswerVersion
from awards_app.models.candidacies import Answer, Candidacy
from awards_app.models.editions import FormQuestion, FormSection, Round, Theme
from awards_app.queries.access import CandidacyFacts, candidacy_query, facts_of_row
from awards_app.queries.forms import revision_of_edition
from awards_app.services.answer_texts import forget_text, is_aside, keep_text

LONGEST_TITLE = 300
# When a draft was last touched is known to this much: not each save writes it.
TOUCHED_EVERY = timedelta(seconds=30)


def _has_met() -> Any:
    """Say whether two people met on this answer: a text of it was set aside."""
    return exists(
        select(AnswerVersion.id).where(
            AnswerVersion.candidacy_id == Answer.candidacy_id,
            AnswerVersion.question_code == Answer.question_code,
            AnswerVersion.reason == SET_ASIDE,
        )
    ).correlate(Answer)


_LOCK = select(Candidacy.id).where(Candidacy.key == bindparam("key")).with_for_update()
_DELETED = select(Candidacy.structure_id).where(
    Candidacy.key == bindparam("key"), Candidacy.state == "deleted"
)
_KEYED = aliased(Answer)
_DRAFT = candidacy_query(Round.id == Candidacy.round_id).add_columns(
    Candidacy.taken_back_at,
    Candidacy.touched_at,
    revision_of_edition(Round.edition_id).label("form_revision"),
)
_DRAFT_AND_ANSWER = (
    _DRAFT.add_columns(
        FormQuestion.kind,
        FormQuestion.retired_at.label("question_retired_at"),
        FormSection.code.label("section_code"),
        FormSection.retired_at.label("section_retired_at"),
        Answer.id.label("answer_id"),
        Answer.value,
        Answer.version,
        Answer.saved_at,
        Answer.saved_by_id,
        _has_met().label("has_met"),
        _KEYED.question_code.label("keyed_code"),
        _KEYED.value.label("keyed_value"),
    )
    .outerjoin(
        FormQuestion,
        (FormQuestion.edition_id == Round.edition_id) & (FormQuestion.code == bindparam("code")),
    )
    .outerjoin(FormSection, FormSection.id == FormQuestion.section_id)
    .outerjoin(Answer, (Answer.candidacy_id == Candidacy.id) & (Answer.question_code == bindparam("code")))
    .outerjoin(_KEYED, (_KEYED.candidacy_id == Candidacy.id) & (_KEYED.client_key == bindparam("client_key")))
)
_OF_CODES = select(
    Answer.id,
    Answer.question_code,
    Answer.value,
    Answer.version,
    Answer.saved_at,
    Answer.saved_by_id,
    _has_met().label("has_met"),
).where(
    Answer.candidacy_id == bindparam("candidacy_id"),
    Answer.question_code.in_(bindparam("codes", expanding=True)),
)
_ANSWERS = Answer.metadata.tables[Answer.__tablename__]
_INSERT = insert(_ANSWERS)
_REPLACE = (
    update(_ANSWERS)
    .where(_ANSWERS.c.id == bindparam("answer_id"))
    .values(
        {
            name: bindparam(f"new_{name}")
            for name in ("value", "version", "saved_at", "saved_by_id", "client_key")
        }
    )
)
_CANDIDACIES = Candidacy.metadata.tables[Candidacy.__tablename__]
_TOUCH = update(_CANDIDACIES).where(_CANDIDACIES.c.id == bindparam("candidacy_id"))
_TOUCHES: dict[tuple[str, ...], Any] = {
    names: _TOUCH.values({name: bindparam(f"new_{name}") for name in names})
    for names in (("touched_at",), ("touched_at", "theme_id"), ("touched_at", "title"))
}
_THEME = select(Theme.id).where(Theme.edition_id == bindparam("edition_id"), Theme.code == bindparam("code"))


@dataclass(frozen=True, slots=True)
class HeldDraft:
    """A draft that may be written now, locked until the transaction ends; ``row`` holds what was read with it."""

    facts: CandidacyFacts
    row: Any


@dataclass(frozen=True, slots=True)
class StoredAnswer:
    """An answer as it stands; ``has_met``: a text was set aside for it."""

    id: int
    value: str
    version: int
    saved_at: datetime
    saved_by_id: int | None
    has_met: bool


def hold_open_draft(holder: Holder, key: str, now: datetime) -> HeldDraft:
    """Lock a draft whose answers may change now (two statements on PostgreSQL, one on SQLite, which has one writer).

    Raises the matrix's refusal, `CallIsClosed`, `CandidacyIsDeleted`, `CandidacyIsSubmitted`, `CandidacyIsWithdrawn`.
    """
    return _hold(holder, key, now, _DRAFT, {"key": key})


def hold_answer(holder: Holder, key: str, code: str, client_key: str | None, now: datetime) -> HeldDraft:
    """Lock a draft as `hold_open_draft` and read one answer, its question's kind and what ``client_key`` saved last."""
    values = {"key": key, "code": code, "client_key": client_key}
    return _hold(holder, key, now, _DRAFT_AND_ANSWER, values)


def _hold(holder: Holder, key: str, now: datetime, reading: Any, values: dict[str, Any]) -> HeldDraft:
    if is_postgresql():
        # Locked first, read next: a row read while waiting for the lock would be what it was before the wait.
        read(_LOCK, {"key": key})
    found = read(reading, values)
    if not found:
        if db.session.scalar(_DELETED, {"key": key}) in holder.structure_ids:
            raise CandidacyIsDeleted(key)
        raise DoesNotExist
    row = found[0]
    facts = facts_of_row(holder, row, now)
    try:
        authorise(Permission.SAVE_DRAFT, facts.round.phase, facts.subjects)
    except IsNotThePhase:
        _check_call(row, now)
        raise
    if facts.round.phase is not Phase.FILING:
        _check_call(row, now)
        raise IsNotThePhase(phase=facts.round.phase)
    check_writable(row.state, row.taken_back_at)
    return HeldDraft(facts, row)


def _check_call(row: Any, now: datetime) -> None:
    if row.closes_at is not None and now >= row.closes_at:
        raise CallIsClosed(row.closes_at, row.zone)


def write_answer(
    holder: Holder,
    held: HeldDraft,
    code: str,
    text: str,
    former: StoredAnswer | None,
    now: datetime,
    client_key: str | None = None,
    *,
    was_kept: bool = False,
) -> int:
    """Write an answer, keep what it replaces where that is worth it, and return the new version.

    ``was_kept``: the text comes from the history, which what it replaces enters whatever its age.

    Raises `JurorCannotFile` for a theme that the person judges.
    """
    theme_id = None
    if code == THEME:
        theme_id = db.session.scalar(_THEME, {"edition_id": held.facts.round.edition_id, "code": text})
        check_is_not_juror(holder, held.facts.own_round_id, theme_id)
    version = 1 if former is None else former.version + 1
    new = {
        "value": text,
        "version": version,
        "saved_at": now,
        "saved_by_id": holder.account_id,
        "client_key": client_key,
    }
    if former is None:
        run(_INSERT, {"candidacy_id": held.facts.id, "question_code": code, **new})
    else:
        _keep_replaced(holder, held.facts.id, code, text, former, now, was_kept=was_kept)
        values = {f"new_{name}": value for name, value in new.items()}
        run(_REPLACE, {"answer_id": former.id, **values})
    _touch(held, code, text, theme_id, now)
    return version


def _touch(held: HeldDraft, code: str, text: str, theme_id: int | None, now: datetime) -> None:
    values: dict[str, Any] = {"touched_at": now}
    # A submission that was taken back keeps the columns of its filing until it is replaced.
    if held.facts.state == "draft" and code == THEME:
        values["theme_id"] = theme_id
    elif held.facts.state == "draft" and code == TITLE:
        values["title"] = text[:LONGEST_TITLE]
    elif timedelta(0) <= now - held.row.touched_at < TOUCHED_EVERY:
        return
    sent = {f"new_{name}": value for name, value in values.items()}
    run(_TOUCHES[tuple(values)], {"candidacy_id": held.facts.id, **sent})


def stored_answer(row: Any) -> StoredAnswer | None:
    """Return the answer that `hold_answer` read with the draft, None when there is none yet."""
    if row.answer_id is None:
        return None
    return StoredAnswer(
        row.answer_id, row.value, row.version, row.saved_at, row.saved_by_id, bool(row.has_met)
    )


def stored_answers(candidacy_id: int, codes: list[str]) -> dict[str, StoredAnswer]:
    """Return the answers to some questions of a draft by code (one query)."""
    rows = read(_OF_CODES, {"candidacy_id": candidacy_id, "codes": codes})
    return {
        row.question_code: StoredAnswer(
            row.id, row.value, row.version, row.saved_at, row.saved_by_id, bool(row.has_met)
        )
        for row in rows
    }


def _keep_replaced(
    holder: Holder,
    candidacy_id: int,
    code: str,
    text: str,
    former: StoredAnswer,
    now: datetime,
    *,
    was_kept: bool,
) -> None:
    # A text that was set aside and is now chosen leaves the history; the one it replaces enters it, whatever its age.
    chosen = was_kept or (former.has_met and is_aside(candidacy_id, code, text))
    if chosen:
        forget_text(candidacy_id, code, text)
    same_person = former.saved_by_id == holder.account_id
    if (chosen and former.value.strip()) or is_worth_keeping(
        former.value, text, same_person=same_person, age=now - former.saved_at
    ):
        keep_text(candidacy_id, code, former.value, REPLACED, former.saved_at, former.saved_by_id)


def keep_aside(holder: Holder, held: HeldDraft, code: str, text: str, now: datetime) -> None:
    """Keep a text that was refused because another was there first, once, for its author to come back to."""
    if text.strip() and not is_aside(held.facts.id, code, text):
        keep_text(held.facts.id, code, text, SET_ASIDE, now, holder.account_id)
