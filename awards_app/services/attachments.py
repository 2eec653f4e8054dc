"""Use cases of attachments: add, remove, and read one with its hash checked."""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from awards_app.adapters import storage
from awards_app.adapters.uploads import cleaned
from awards_app.database import atomic, db
from awards_app.domain.candidacies import QuestionIsUnknown
from awards_app.domain.form_answers import FILE_KINDS
from awards_app.domain.holder import Holder
from awards_app.domain.permissions import Permission
from awards_app.domain.refusals import DoesNotExist
from awards_app.domain.text import clean_line
from awards_app.domain.uploads import FileIsDamagedRefusal, TooManyFiles, check_upload, clean_name
from awards_app.models.candidacies import Attachment, Candidacy, Filing
from awards_app.models.editions import FormQuestion
from awards_app.queries.filed_copies import attachment_facts
from awards_app.services.candidacy_locks import hold_draft


@dataclass(frozen=True, slots=True)
class ServedFile:
    """The bytes of an attachment, as they were received and cleaned, with the type read from the content."""

    content: bytes
    name: str
    media_type: str
    sha256: str


def add_attachment(
    holder: Holder, key: str, question_code: str, file_name: str, content: bytes, now: datetime
) -> str:
    """Parse, clean and keep a file that answers ``question_code``; return the attachment's key.

    A question of one file has its file replaced. The same bytes twice are one attachment. Raises `FileIsEmpty`,
    `FileIsTooBig`, `FormatIsNotAccepted`, `FileIsUnreadable`, `ImageIsTooLarge`, `TooManyFiles`, and as a save.
    """
    with atomic():
        question = _question(_may_attach(holder, key, now), question_code)
        accepts, max_mib = tuple(question.accepts), question.max_mib
    kind = check_upload(content, accepts, max_mib)
    safe = cleaned(content, kind)
    stored = storage.put(safe)
    try:
        return _record(holder, key, question_code, file_name, safe, stored, kind.media_type, kind.suffix, now)
    except BaseException:
        storage.delete(stored)
        raise


def _record(
    holder: Holder,
    key: str,
    question_code: str,
    file_name: str,
    content: bytes,
    stored: str,
    media_type: str,
    suffix: str,
    now: datetime,
) -> str:
    digest = hashlib.sha256(content).hexdigest()
    with atomic() as session:
        row = _may_attach(holder, key, now)
        question = _question(row, question_code)
        present = session.scalars(
            select(Attachment).where(
                Attachment.candidacy_id == row.id,
                Attachment.question_code == question_code,
                Attachment.deleted_at.is_(None),
            )
        ).all()
        same = next((found for found in present if found.sha256 == digest), None)
        if same is not None:
            storage.delete(stored)
            return same.key
        limit = 1 if question.kind == "file" else question.max_count or 1
        if question.kind == "file":
            for former in present:
                former.deleted_at = now
        elif len(present) >= limit:
            raise TooManyFiles(limit=limit)
        attachment = Attachment(
            candidacy_id=row.id,
            question_code=question_code,
            audience=question.audience,
            file_name=clean_line(file_name)[:255] or "piece" + suffix,
            clean_name=clean_name(file_name, suffix),
            media_type=media_type,
            size=len(content),
            sha256=digest,
            storage_key=stored,
            uploaded_at=now,
            uploaded_by_id=holder.account_id,
        )
        session.add(attachment)
        row.touched_at = now
        session.flush()
        return attachment.key


def remove_attachment(holder: Holder, key: str, attachment_key: str, now: datetime) -> None:
    """Take an attachment from the draft; one that a standing submission holds is still read from there."""
    with atomic() as session:
        row = _may_attach(holder, key, now)
        found = session.scalar(
            select(Attachment).where(
                Attachment.key == attachment_key,
                Attachment.candidacy_id == row.id,
                Attachment.deleted_at.is_(None),
            )
        )
        if found is None:
            raise DoesNotExist
        found.deleted_at = now
        row.touched_at = now


def read_attachment(
    holder: Holder,
    key: str,
    attachment_key: str,
    now: datetime,
    *,
    round_id: int | None = None,
) -> ServedFile:
    """Return an attachment that ``holder`` may read (ATT-1, ATT-2 for an administrative one).

    Raises `DoesNotExist`, the matrix's refusal, or `FileIsDamagedRefusal` when the bytes are not those received.
    """
    facts = attachment_facts(holder, key, attachment_key, now, round_id=round_id)
    try:
        content = storage.get(facts.storage_key, facts.sha256)
    except storage.FileIsDamaged as damaged:
        raise FileIsDamagedRefusal from damaged
    return ServedFile(content, facts.name, facts.media_type, facts.sha256)


def forget_orphans(now: datetime) -> int:
    """Delete the bytes of removed attachments that no submission holds, a day after; return how many."""
    forgotten = 0
    for attachment_id in _removed(now):
        with atomic() as session:
            row = session.get(Attachment, attachment_id, with_for_update=True)
            if row is None:
                continue
            stored = row.storage_key
            session.delete(row)
        storage.delete(stored)
        forgotten += 1
    return forgotten


def _removed(now: datetime) -> list[int]:
    rows = db.session.execute(
        select(Attachment.id, Attachment.key, Attachment.candidacy_id).where(
            Attachment.deleted_at.is_not(None), Attachment.deleted_at < now - timedelta(days=1)
        )
    ).all()
    if not rows:
        return []
    held: set[str] = set()
    for content in db.session.scalars(
        select(Filing.content).where(Filing.candidacy_id.in_({row.candidacy_id for row in rows}))
    ):
        held |= {attachment["key"] for attachment in json.loads(content)["attachments"]}
    return [row.id for row in rows if row.key not in held]


def _may_attach(holder: Holder, key: str, now: datetime) -> Candidacy:
    return hold_draft(holder, key, Permission.CHANGE_ATTACHMENT, now).row


def _question(row: Candidacy, code: str) -> FormQuestion:
    found = db.session.scalar(
        select(FormQuestion).where(
            FormQuestion.edition_id == row.edition_id,
            FormQuestion.code == code,
            FormQuestion.kind.in_(FILE_KINDS),
        )
    )
    if found is None:
        raise QuestionIsUnknown
    return found
