"""Files sent for a request for completion: kept apart from the filed ones until the answer (ATT-3 in admissibility)."""

from datetime import datetime

from sqlalchemy import delete, select

from awards_app.adapters.uploads import cleaned
from awards_app.database import atomic, db
from awards_app.domain.admissibility_acts import FieldIsNotListed, check_open
from awards_app.domain.holder import Holder
from awards_app.domain.permissions import Permission
from awards_app.domain.refusals import DoesNotExist
from awards_app.domain.uploads import TooManyFiles, check_upload
from awards_app.models.admissibility import CompletionFile
from awards_app.models.candidacies import Attachment
from awards_app.queries.editions import QuestionFacts, form_of
from awards_app.services.attachment_bytes import forget_bytes, sha256_of_bytes, stored
from awards_app.services.attachments import Arrived, new_row, question_of, scanned
from awards_app.services.completion_rows import (
    HeldRequest,
    check_standing,
    hold_request,
    is_of_files,
    listed_questions,
)


def add_completion_file(
    holder: Holder, key: str, request_key: str, code: str, file_name: str, content: bytes, now: datetime
) -> str:
    """Parse, clean and keep a file for a listed question; return the attachment's key. Nothing is filed yet.

    Raises `FieldIsNotListed`, `CompletionIsOver`, `CompletionIsAnswered`, the refusals of an upload, or the matrix's.
    """
    with atomic():
        _found, question = _listed(holder, key, request_key, code, now)
    kind = check_upload(content, question.accepts, question.max_mib)
    scan_state = scanned(content)
    safe = cleaned(content, kind)
    arrived = Arrived(file_name, kind, safe, content, scan_state)
    with stored(safe, content) as keys:
        with atomic():
            found, question = _listed(holder, key, request_key, code, now)
            kept, is_new = _keep(holder, found, question, arrived, keys, now)
        if not is_new:
            for unused in keys:
                forget_bytes(unused)
    return kept


def remove_completion_file(
    holder: Holder, key: str, request_key: str, attachment_key: str, now: datetime
) -> None:
    """Take away a file that was sent for a request and is not filed."""
    with atomic() as session:
        found = hold_request(holder, key, request_key, Permission.CHANGE_ATTACHMENT, now)
        _check(found, now)
        row = session.scalar(
            select(Attachment)
            .join(CompletionFile, CompletionFile.attachment_id == Attachment.id)
            .where(Attachment.key == attachment_key, CompletionFile.request_id == found.row.id)
        )
        if row is None:
            raise DoesNotExist
        _let_go(row, now)


def _listed(
    holder: Holder, key: str, request_key: str, code: str, now: datetime
) -> tuple[HeldRequest, QuestionFacts]:
    found = hold_request(holder, key, request_key, Permission.CHANGE_ATTACHMENT, now)
    _check(found, now)
    listed = listed_questions(form_of(found.held.row.edition_id), found.row.fields)
    question = next((one for one in listed if one.code == code and is_of_files(one)), None)
    if question is None:
        raise FieldIsNotListed(field=code)
    return found, question


def _check(found: HeldRequest, now: datetime) -> None:
    check_standing(found.held.row)
    check_open(found.row.state, found.row.closes_at, found.row.zone, found.answered_at, now)


def _keep(
    holder: Holder,
    found: HeldRequest,
    question: QuestionFacts,
    arrived: Arrived,
    keys: tuple[str, ...],
    now: datetime,
) -> tuple[str, bool]:
    digest = sha256_of_bytes(arrived.content)
    present = [one for one in waiting_files(found.row.id) if one.question_code == question.code]
    same = next((one for one in present if one.sha256 == digest), None)
    if same is not None:
        return same.key, False
    if question.kind == "file":
        for former in present:
            _let_go(former, now)
    elif len(present) >= (question.max_count or 1):
        raise TooManyFiles(limit=question.max_count or 1)
    asked = question_of(found.held.row, question.code)
    row = new_row(db.session(), found.held.row, asked, arrived, digest, keys, holder, now)
    db.session.add(CompletionFile(attachment_id=row.id, request_id=found.row.id))
    db.session.flush()
    return row.key, True


def _let_go(row: Attachment, now: datetime) -> None:
    row.deleted_at = now
    db.session.execute(delete(CompletionFile).where(CompletionFile.attachment_id == row.id))


def waiting_files(request_id: int) -> list[Attachment]:
    """Return the files sent for a request, in the order they came."""
    return list(
        db.session.scalars(
            select(Attachment)
            .join(CompletionFile, CompletionFile.attachment_id == Attachment.id)
            .where(CompletionFile.request_id == request_id)
            .order_by(Attachment.uploaded_at, Attachment.id)
        )
    )
