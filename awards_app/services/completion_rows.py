"""Requests for completion as rows: one held for writing, what it lists, how it ends."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select, update

from awards_app.database import db
from awards_app.domain.candidacies import THEME, CandidacyIsNotSubmitted, CandidacyIsWithdrawn
from awards_app.domain.form_answers import FILE_KINDS
from awards_app.domain.holder import Holder
from awards_app.domain.permissions import Permission, Subject
from awards_app.domain.refusals import DoesNotExist
from awards_app.models.admissibility import (
    CompletionAnswer,
    CompletionDraft,
    CompletionFile,
    CompletionRequest,
)
from awards_app.models.candidacies import Attachment, Candidacy
from awards_app.queries.editions import QuestionFacts, SectionFacts
from awards_app.services.candidacy_locks import Held, hold_candidacy
from awards_app.services.journal import write_entry

CHAMBER = frozenset({Subject.COORDINATOR, Subject.NATIONAL_STAFF})


@dataclass(frozen=True, slots=True)
class HeldRequest:
    """A request, locked with its candidacy until the transaction ends; ``answered_at`` its last answer."""

    held: Held
    row: CompletionRequest
    answered_at: datetime | None


def hold_request(
    holder: Holder, key: str, request_key: str, permission: Permission, now: datetime
) -> HeldRequest:
    """Lock a candidacy and one of its requests for an act of ``permission``.

    Raises the matrix's refusal, or `DoesNotExist` for a request that is not of this candidacy.
    """
    held = hold_candidacy(holder, key, permission, now)
    row = db.session.scalar(
        select(CompletionRequest)
        .where(CompletionRequest.key == request_key, CompletionRequest.candidacy_id == held.row.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if row is None:
        raise DoesNotExist
    answered_at = db.session.scalar(
        select(func.max(CompletionAnswer.answered_at)).where(CompletionAnswer.request_id == row.id)
    )
    return HeldRequest(held, row, answered_at)


def check_standing(row: Candidacy) -> None:
    """Return for a filed candidacy; raise `CandidacyIsWithdrawn` or `CandidacyIsNotSubmitted`."""
    if row.state == "withdrawn":
        raise CandidacyIsWithdrawn
    if row.state != "submitted":
        raise CandidacyIsNotSubmitted


def known_codes(form: tuple[SectionFacts, ...]) -> frozenset[str]:
    """Return every code that an answer may bear in a form, the theme's among them."""
    return frozenset({question.code for section in form for question in section.questions} | {THEME})


def listed_questions(form: tuple[SectionFacts, ...], fields: list[str]) -> tuple[QuestionFacts, ...]:
    """Return the questions a request opens, in the form's order: a theme that may change opens those of each theme."""
    by_theme = THEME in fields
    return tuple(
        question
        for section in form
        for question in section.questions
        if question.code in fields or (by_theme and question.theme_code is not None)
    )


def is_of_files(question: QuestionFacts) -> bool:
    """Say whether a question is answered by attachments."""
    return question.kind in FILE_KINDS


def open_request_of(candidacy_id: int) -> CompletionRequest | None:
    """Return the request of a candidacy that is open, its instant passed or not; locked."""
    return db.session.scalar(
        select(CompletionRequest)
        .where(CompletionRequest.candidacy_id == candidacy_id, CompletionRequest.state == "open")
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def end_request(
    holder: Holder, candidacy: Candidacy, row: CompletionRequest, reason: str, now: datetime
) -> None:
    """End an open request without an answer, and let go of what was prepared for it."""
    row.state, row.settled_at, row.settled_reason = "cancelled", now, reason
    forget_prepared(row.id, now)
    write_entry(
        holder,
        "cancel_completion",
        "candidacy",
        candidacy.key,
        now,
        round_id=candidacy.round_id,
        detail={"request": row.key, "reason": reason},
    )


def forget_prepared(request_id: int, now: datetime) -> None:
    """Drop the drafts of a request and take away the files that were not filed; their bytes go a day later."""
    waiting = select(CompletionFile.attachment_id).where(CompletionFile.request_id == request_id)
    db.session.execute(
        update(Attachment)
        .where(Attachment.id.in_(waiting))
        .values(deleted_at=now)
        .execution_options(synchronize_session=False)
    )
    db.session.execute(delete(CompletionFile).where(CompletionFile.request_id == request_id))
    db.session.execute(delete(CompletionDraft).where(CompletionDraft.request_id == request_id))
