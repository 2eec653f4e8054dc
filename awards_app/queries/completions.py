"""Readings of requests for completion: by the chamber, by the structure's people, and what changed with an answer."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from awards_app.database import db
from awards_app.domain.admissibility_copies import Change, changes_between
from awards_app.domain.candidacies import THEME
from awards_app.domain.filed_copy import READABLE
from awards_app.domain.holder import Holder
from awards_app.domain.permissions import Permission
from awards_app.domain.phases import Phase
from awards_app.domain.refusals import DoesNotExist
from awards_app.models.accounts import Account
from awards_app.models.admissibility import (
    CompletionAnswer,
    CompletionDraft,
    CompletionFile,
    CompletionMessage,
    CompletionRequest,
)
from awards_app.models.candidacies import Answer, Attachment, Filing
from awards_app.models.editions import Region, Round
from awards_app.queries.access import CandidacyFacts, open_candidacy
from awards_app.queries.editions import QuestionFacts, SectionFacts, ThemeFacts, form_of, themes_of
from awards_app.queries.readers import READERS, STAFF


@dataclass(frozen=True, slots=True)
class RequestLine:
    """A request with where it stands; ``receipt`` of the last answer."""

    id: int
    key: str
    fields: tuple[str, ...]
    message: str
    local: str
    zone: str
    closes_at: datetime
    state: str
    asked_at: datetime
    asked_by: str
    settled_at: datetime | None
    settled_reason: str
    answers: int
    answered_at: datetime | None
    messages: int
    last_side: str | None

    def stands(self, now: datetime) -> str:
        """Return open, lapsed, answered or cancelled: the instant counts."""
        return "lapsed" if self.state == "open" and now >= self.closes_at else self.state


@dataclass(frozen=True, slots=True)
class ThreadLine:
    """A message of the thread; ``author`` is empty for the chamber when a structure reads."""

    side: str
    author: str
    body: str
    written_at: datetime


@dataclass(frozen=True, slots=True)
class AnswerVersion:
    """An answer to a request: its receipt, the copy before and what changed."""

    number: int
    receipt: str
    sha256: str
    former_receipt: str
    former_sha256: str
    answered_at: datetime
    answered_by: str
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class ChamberRequest:
    """A request as the chamber reads it."""

    facts: CandidacyFacts
    line: RequestLine
    questions: tuple[QuestionFacts, ...]
    answers: tuple[AnswerVersion, ...]
    thread: tuple[ThreadLine, ...]
    may_act: bool


@dataclass(frozen=True, slots=True)
class HeldFile:
    """A file of a listed question: filed, or sent for the request (``is_new``)."""

    key: str
    question_code: str
    name: str
    size: int
    media_type: str
    is_new: bool


@dataclass(frozen=True, slots=True)
class OwnRequest:
    """A request as the structure's people read it, with what they have prepared."""

    facts: CandidacyFacts
    line: RequestLine
    chamber: str
    theme_code: str
    themes: tuple[ThemeFacts, ...]
    questions: tuple[QuestionFacts, ...]
    values: Mapping[str, str]
    versions: Mapping[str, int]
    files: tuple[HeldFile, ...]
    thread: tuple[ThreadLine, ...]

    def files_of(self, code: str) -> tuple[HeldFile, ...]:
        """Return the files of a question."""
        return tuple(one for one in self.files if one.question_code == code)


def requests_of(candidacy_id: int) -> tuple[RequestLine, ...]:
    """Return the requests of a candidacy, the latest first, for a reader whose right was settled (one query)."""
    answered = (
        select(
            CompletionAnswer.request_id,
            func.count().label("answers"),
            func.max(CompletionAnswer.answered_at).label("answered_at"),
        )
        .group_by(CompletionAnswer.request_id)
        .subquery()
    )
    last = (
        select(
            CompletionMessage.request_id,
            func.count().label("messages"),
            func.max(CompletionMessage.id).label("id"),
        )
        .group_by(CompletionMessage.request_id)
        .subquery()
    )
    message = aliased(CompletionMessage)
    rows = db.session.execute(
        select(
            CompletionRequest,
            Account.name,
            answered.c.answers,
            answered.c.answered_at,
            last.c.messages,
            message.side,
        )
        .join(Account, Account.id == CompletionRequest.asked_by_id)
        .outerjoin(answered, answered.c.request_id == CompletionRequest.id)
        .outerjoin(last, last.c.request_id == CompletionRequest.id)
        .outerjoin(message, message.id == last.c.id)
        .where(CompletionRequest.candidacy_id == candidacy_id)
        .order_by(CompletionRequest.asked_at.desc(), CompletionRequest.id.desc())
    )
    return tuple(_line(*row) for row in rows)


def _line(
    row: CompletionRequest, name: str, answers: int | None, answered_at: Any, messages: int | None, side: Any
) -> RequestLine:
    return RequestLine(
        id=row.id,
        key=row.key,
        fields=tuple(row.fields),
        message=row.message,
        local=row.local,
        zone=row.zone,
        closes_at=row.closes_at,
        state=row.state,
        asked_at=row.asked_at,
        asked_by=name,
        settled_at=row.settled_at,
        settled_reason=row.settled_reason,
        answers=answers or 0,
        answered_at=answered_at,
        messages=messages or 0,
        last_side=side,
    )


def chamber_request(
    holder: Holder, round_key: str, key: str, request_key: str, now: datetime
) -> ChamberRequest:
    """Return a request with its answers and thread, for the chamber, the national staff or the auditor (five queries).

    Raises `DoesNotExist` or the matrix's refusal.
    """
    facts = open_candidacy(holder, key, Permission.READ_CANDIDACY, now)
    if facts.round.key != round_key or not facts.subjects & READERS:
        raise DoesNotExist
    line = _of(facts.id, request_key)
    is_staff = bool(facts.subjects & STAFF)
    readable = READABLE["staff" if is_staff else "auditor"]
    return ChamberRequest(
        facts,
        line,
        _questions(form_of(facts.round.edition_id), line.fields),
        _answers(line.id, readable),
        _thread(line.id, hidden_side=None if is_staff else "structure"),
        may_act=is_staff and facts.round.phase is Phase.ADMISSIBILITY and facts.state == "submitted",
    )


def own_request(holder: Holder, key: str, request_key: str, now: datetime) -> OwnRequest:
    """Return a request as the structure's people answer it (nine queries, however many questions).

    Raises `DoesNotExist` or the matrix's refusal.
    """
    facts = open_candidacy(holder, key, Permission.READ_OWN_CANDIDACY, now)
    line = _of(facts.id, request_key)
    chamber = db.session.scalar(
        select(Region.chamber)
        .join(Round, Round.region_code == Region.code)
        .where(Round.id == facts.own_round_id)
    )
    filed = _filed(facts.id)
    questions = _questions(form_of(facts.round.edition_id), line.fields)
    drafts = {
        row.question_code: row
        for row in db.session.execute(
            select(CompletionDraft.question_code, CompletionDraft.value, CompletionDraft.version).where(
                CompletionDraft.request_id == line.id
            )
        )
    }
    values = {
        row.question_code: row.value
        for row in db.session.execute(
            select(Answer.question_code, Answer.value).where(
                Answer.candidacy_id == facts.id,
                Answer.question_code.in_([*(one.code for one in questions), THEME]),
            )
        )
    }
    return OwnRequest(
        facts=facts,
        line=line,
        chamber=chamber or "",
        theme_code=filed["theme"]["code"],
        themes=themes_of(facts.round.edition_id),
        questions=questions,
        values=values | {code: row.value for code, row in drafts.items()},
        versions={code: row.version for code, row in drafts.items()},
        files=_files(line.id, filed, {one.code for one in questions}),
        thread=_thread(line.id, hidden_side="chamber"),
    )


def _of(candidacy_id: int, request_key: str) -> RequestLine:
    line = next((one for one in requests_of(candidacy_id) if one.key == request_key), None)
    if line is None:
        raise DoesNotExist
    return line


def _questions(form: tuple[SectionFacts, ...], fields: tuple[str, ...]) -> tuple[QuestionFacts, ...]:
    by_theme = THEME in fields
    return tuple(
        one
        for section in form
        for one in section.questions
        if one.code in fields or (by_theme and one.theme_code is not None)
    )


def _filed(candidacy_id: int) -> dict[str, Any]:
    content = db.session.scalar(
        select(Filing.content).where(Filing.candidacy_id == candidacy_id, Filing.replaced_at.is_(None))
    )
    if content is None:
        raise DoesNotExist
    found: dict[str, Any] = json.loads(content)
    return found


def _files(request_id: int, filed: Mapping[str, Any], codes: set[str]) -> tuple[HeldFile, ...]:
    standing = [
        HeldFile(one["key"], one["question"], one["name"], one["size"], one["media_type"], False)
        for one in filed["attachments"]
        if one["question"] in codes
    ]
    sent = db.session.execute(
        select(
            Attachment.key,
            Attachment.question_code,
            Attachment.file_name,
            Attachment.size,
            Attachment.media_type,
        )
        .join(CompletionFile, CompletionFile.attachment_id == Attachment.id)
        .where(CompletionFile.request_id == request_id)
        .order_by(Attachment.uploaded_at, Attachment.id)
    )
    known = {one.key for one in standing}
    return (*standing, *(HeldFile(*row, True) for row in sent if row.key not in known))


def _answers(request_id: int, readable: frozenset[str]) -> tuple[AnswerVersion, ...]:
    former, latter = aliased(Filing), aliased(Filing)
    rows = db.session.execute(
        select(
            CompletionAnswer.number,
            latter.receipt,
            latter.sha256,
            latter.content,
            former.receipt.label("former_receipt"),
            former.sha256.label("former_sha256"),
            former.content.label("former_content"),
            CompletionAnswer.answered_at,
            Account.name,
        )
        .join(former, former.id == CompletionAnswer.former_filing_id)
        .join(latter, latter.id == CompletionAnswer.filing_id)
        .join(Account, Account.id == CompletionAnswer.answered_by_id)
        .where(CompletionAnswer.request_id == request_id)
        .order_by(CompletionAnswer.number.desc())
    )
    return tuple(
        AnswerVersion(
            row.number,
            row.receipt,
            row.sha256,
            row.former_receipt,
            row.former_sha256,
            row.answered_at,
            row.name,
            changes_between(json.loads(row.former_content), json.loads(row.content), "Thématique", readable),
        )
        for row in rows
    )


def _thread(request_id: int, hidden_side: str | None) -> tuple[ThreadLine, ...]:
    rows = db.session.execute(
        select(CompletionMessage.side, Account.name, CompletionMessage.body, CompletionMessage.written_at)
        .join(Account, Account.id == CompletionMessage.written_by_id)
        .where(CompletionMessage.request_id == request_id)
        .order_by(CompletionMessage.written_at, CompletionMessage.id)
    )
    return tuple(
        ThreadLine(row.side, "" if row.side == hidden_side else row.name, row.body, row.written_at)
        for row in rows
    )
