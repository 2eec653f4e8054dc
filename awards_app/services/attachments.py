"""Use cases of attachments: add, remove, and read one with its hash checked."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from awards_app.adapters import antivirus, storage
from awards_app.adapters.queue import enqueue
from awards_app.adapters.uploads import cleaned
from awards_app.database import after_commit, atomic, db
from awards_app.domain.candidacies import QuestionIsUnknown
from awards_app.domain.form_answers import FILE_KINDS
from awards_app.domain.holder import Holder
from awards_app.domain.permissions import Permission
from awards_app.domain.refusals import DoesNotExist
from awards_app.domain.text import clean_line
from awards_app.domain.uploads import (
    CLEAN,
    UNSCANNED,
    WAITING,
    FileIsDamagedRefusal,
    FileIsInfected,
    Format,
    TooManyFiles,
    check_quota,
    check_upload,
    clean_name,
)
from awards_app.models.candidacies import Attachment, Candidacy
from awards_app.models.editions import Edition, FormQuestion
from awards_app.models.uploads import Preview, SealedOriginal, Upload
from awards_app.queries.attachments import AttachmentFacts, attachment_facts, jury_attachment_facts
from awards_app.services.attachment_bytes import (
    forget_attachment,
    forget_upload,
    is_held,
    sha256_of_bytes,
    stored,
)
from awards_app.services.candidacy_locks import hold_draft
from awards_app.services.rows_apart import each_apart

DRAW, SCAN = "attachments.draw", "attachments.scan"


@dataclass(frozen=True, slots=True)
class ServedFile:
    """The bytes of an attachment, as they were received and cleaned, with the type read from the content."""

    content: bytes
    name: str
    media_type: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Arrived:
    """A file that passed every check, with what is kept of it."""

    file_name: str
    kind: Format
    content: bytes
    original: bytes
    scan_state: str


def add_attachment(
    holder: Holder,
    key: str,
    question_code: str,
    file_name: str,
    content: bytes,
    now: datetime,
    *,
    upload_key: str | None = None,
) -> str:
    """Parse, clean, scan and keep a file that answers ``question_code``; return the attachment's key.

    A question of one file has its file replaced. The same bytes twice are one attachment, and so is one upload
    (``upload_key``). Raises `FileIsEmpty`, `FileIsTooBig`, `FormatIsNotAccepted`, `FileIsUnreadable`, `FileIsEncrypted`,
    `ImageIsTooLarge`, `FileIsTooHeavyToRead`, `FileIsInfected`, `TooManyFiles`, `QuotaIsReached`,
    `StorageIsUnavailable`, and as a save.
    """
    with atomic() as session:
        row = may_attach(holder, key, now)
        question = question_of(row, question_code)
        accepts, max_mib = tuple(question.accepts), question.max_mib
        kind = check_upload(content, accepts, max_mib)
        check_room(session, row, question, len(content), now, upload_key=upload_key, is_new=False)
    scan_state = scanned(content)
    safe = cleaned(content, kind)
    arrived = Arrived(file_name, kind, safe, content, scan_state)
    with stored(safe, content) as keys:
        found, is_new = _record(holder, key, question_code, arrived, keys, now, upload_key)
        if not is_new:
            for stored_key in keys:
                storage.delete(stored_key)
    return found


def scanned(content: bytes) -> str:
    """Ask the scanner, if there is one: the file waits for it when it is silent."""
    if not antivirus.is_configured():
        return UNSCANNED
    try:
        verdict = antivirus.scan(content)
    except antivirus.ScannerIsSilent:
        return WAITING
    if verdict.is_infected:
        raise FileIsInfected
    return CLEAN


def _record(
    holder: Holder,
    key: str,
    question_code: str,
    arrived: Arrived,
    keys: tuple[str, ...],
    now: datetime,
    upload_key: str | None,
) -> tuple[str, bool]:
    """Write the rows of a file that was kept; return the attachment's key and whether it is a new one."""
    digest = sha256_of_bytes(arrived.content)
    with atomic() as session:
        row = may_attach(holder, key, now)
        question = question_of(row, question_code)
        upload = _held_upload(session, row.id, holder, upload_key)
        if upload is not None and upload.attachment_key is not None:
            return upload.attachment_key, False
        present = _present(session, row.id, question_code)
        same = next((found for found in present if found.sha256 == digest), None)
        if same is None:
            if question.kind == "file":
                for former in present:
                    _drop(session, former, now)
            check_room(session, row, question, len(arrived.content), now, upload_key=upload_key)
            same = new_row(session, row, question, arrived, digest, keys, holder, now)
            is_new = True
        else:
            is_new = False
        row.touched_at = now
        if upload is not None:
            upload.attachment_key = same.key
            forget_upload(session, upload, keep_row=True)
        session.flush()
        return same.key, is_new


def new_row(
    session: Session,
    row: Candidacy,
    question: FormQuestion,
    arrived: Arrived,
    digest: str,
    keys: tuple[str, ...],
    holder: Holder,
    now: datetime,
) -> Attachment:
    """Write the row of a file that was kept, with its sealed original and its pictures to draw."""
    attachment = Attachment(
        candidacy_id=row.id,
        question_code=question.code,
        audience=question.audience,
        file_name=clean_line(arrived.file_name)[:255] or "piece" + arrived.kind.suffix,
        clean_name=clean_name(arrived.file_name, arrived.kind.suffix),
        media_type=arrived.kind.media_type,
        size=len(arrived.content),
        sha256=digest,
        storage_key=keys[0],
        uploaded_at=now,
        uploaded_by_id=holder.account_id,
        scan_state=arrived.scan_state,
        scanned_at=now if arrived.scan_state == CLEAN else None,
    )
    session.add(attachment)
    session.flush()
    original = arrived.original
    session.add_all(
        (
            SealedOriginal(
                attachment_id=attachment.id,
                storage_key=keys[1],
                size=len(original),
                sha256=sha256_of_bytes(original),
                sealed_at=now,
            ),
            Preview(attachment_id=attachment.id, state="waiting", asked_at=now),
        )
    )
    if arrived.scan_state == WAITING:
        after_commit(enqueue, SCAN, attachment.id)
    else:
        after_commit(enqueue, DRAW, attachment.id)
    return attachment


def check_room(
    session: Session,
    row: Candidacy,
    question: FormQuestion,
    size: int,
    now: datetime,
    *,
    upload_key: str | None = None,
    is_new: bool = True,
) -> None:
    """Return if a file of ``size`` bytes fits the question and the candidacy's quota, uploads on their way counted.

    ``upload_key`` is the upload that brings it: what it reserved is not counted twice. With ``is_new`` False a file that
    may turn out to be one of those present is not refused for the question's count. The candidacy must be locked.
    """
    present = session.execute(
        select(Attachment.question_code, func.count(Attachment.id), func.sum(Attachment.size))
        .where(Attachment.candidacy_id == row.id, Attachment.deleted_at.is_(None))
        .group_by(Attachment.question_code)
    ).all()
    arriving = session.execute(
        select(Upload.question_code, func.count(Upload.id), func.sum(Upload.length))
        .where(
            Upload.candidacy_id == row.id,
            Upload.attachment_key.is_(None),
            Upload.expires_at > now,
            Upload.key != (upload_key or ""),
        )
        .group_by(Upload.question_code)
    ).all()
    # The file of a question of one is replaced: it makes room for the next.
    counted = [
        line for line in (*present, *arriving) if not (question.kind == "file" and line[0] == question.code)
    ]
    if question.kind != "file" and is_new:
        limit = question.max_count or 1
        if sum(line[1] for line in counted if line[0] == question.code) >= limit:
            raise TooManyFiles(limit=limit)
    rules = session.scalar(select(Edition.rules).where(Edition.id == row.edition_id)) or {}
    check_quota(sum(line[1] for line in counted) + 1, sum(int(line[2]) for line in counted) + size, rules)


def _held_upload(
    session: Session, candidacy_id: int, holder: Holder, upload_key: str | None
) -> Upload | None:
    if upload_key is None:
        return None
    found = session.scalar(
        select(Upload)
        .where(
            Upload.key == upload_key,
            Upload.candidacy_id == candidacy_id,
            Upload.account_id == holder.account_id,
        )
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise DoesNotExist
    return found


def _present(session: Session, candidacy_id: int, question_code: str) -> list[Attachment]:
    return list(
        session.scalars(
            select(Attachment).where(
                Attachment.candidacy_id == candidacy_id,
                Attachment.question_code == question_code,
                Attachment.deleted_at.is_(None),
            )
        )
    )


def _drop(session: Session, row: Attachment, now: datetime) -> None:
    """Take a file from the draft: kept apart while a submission holds it, else forgotten at once."""
    if is_held(session, row):
        row.deleted_at = now
        session.flush()
    else:
        forget_attachment(session, row)


def remove_attachment(holder: Holder, key: str, attachment_key: str, now: datetime) -> None:
    """Take an attachment from the draft; one that a standing submission holds is still read from there."""
    with atomic() as session:
        row = may_attach(holder, key, now)
        found = session.scalar(
            select(Attachment).where(
                Attachment.key == attachment_key,
                Attachment.candidacy_id == row.id,
                Attachment.deleted_at.is_(None),
            )
        )
        if found is None:
            raise DoesNotExist
        _drop(session, found, now)
        row.touched_at = now


def read_attachment(
    holder: Holder,
    key: str,
    attachment_key: str,
    now: datetime,
    *,
    round_id: int | None = None,
    desk_of: str | None = None,
) -> ServedFile:
    """Return an attachment that ``holder`` may read (ATT-1, ATT-2 for an administrative one).

    Raises `DoesNotExist`, the matrix's refusal, `FileIsBeingScanned`, `FileIsQuarantined`, or `FileIsDamagedRefusal` when
    the bytes are not those received.
    """

    def facts() -> AttachmentFacts:
        return attachment_facts(holder, key, attachment_key, now, round_id=round_id, desk_of=desk_of)

    found = facts()
    try:
        return served_file(found)
    except FileIsDamagedRefusal:
        # A file replaced between the row and the bytes is not damaged: it is gone, and the second reading says so.
        return served_file(facts())


def read_jury_attachment(
    holder: Holder, seat_key: str, candidacy_key: str, attachment_key: str, now: datetime
) -> ServedFile:
    """Return an attachment of a file that is open to the juror of a seat; raises as `read_attachment` does."""
    return served_file(jury_attachment_facts(holder, seat_key, candidacy_key, attachment_key, now))


def served_file(facts: AttachmentFacts) -> ServedFile:
    """Return the bytes of facts that were opened to a person; raise `FileIsDamagedRefusal`."""
    try:
        content = storage.get(facts.storage_key, facts.sha256)
    except storage.FileIsDamaged as damaged:
        raise FileIsDamagedRefusal from damaged
    return ServedFile(content, facts.name, facts.media_type, facts.sha256)


def forget_orphans(now: datetime) -> int:
    """Forget, a day after, the removed attachments that no submission holds; return how many."""
    rows = db.session.scalars(
        select(Attachment.id).where(
            Attachment.deleted_at.is_not(None), Attachment.deleted_at < now - timedelta(days=1)
        )
    ).all()
    return sum(each_apart(_forget_orphan, rows))


def _forget_orphan(attachment_id: int) -> bool:
    with atomic() as session:
        row = session.get(Attachment, attachment_id, with_for_update=True)
        is_orphan = row is not None and not is_held(session, row)
        if row is not None and is_orphan:
            forget_attachment(session, row)
        return is_orphan


def may_attach(holder: Holder, key: str, now: datetime) -> Candidacy:
    """Lock the candidacy for a change of its files and return it; raises as a save does (ATT-3)."""
    return hold_draft(holder, key, Permission.CHANGE_ATTACHMENT, now).row


def question_of(row: Candidacy, code: str) -> FormQuestion:
    """Return the question of the form that files answer; raise `QuestionIsUnknown`."""
    found = db.session.scalar(
        select(FormQuestion).where(
            FormQuestion.edition_id == row.edition_id,
            FormQuestion.code == code,
            FormQuestion.kind.in_(FILE_KINDS),
            FormQuestion.retired_at.is_(None),
        )
    )
    if found is None:
        raise QuestionIsUnknown
    return found
