"""Use cases of resumable uploads: begin, add a piece, become an attachment, end, expire.

The protocol is tus 1.0 (`awards_app.web.structure.upload_routes`); a piece is acknowledged once it is durable, and what was
acknowledged is never asked for again. Each piece passes the same locks as a whole file.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from awards_app.adapters import storage
from awards_app.database import atomic, db
from awards_app.domain.holder import Holder
from awards_app.domain.permissions import Permission
from awards_app.domain.refusals import DoesNotExist, Refusal
from awards_app.domain.text import clean_line
from awards_app.domain.uploads import (
    FileIsDamagedRefusal,
    StorageIsUnavailable,
    UploadIsElsewhere,
    UploadIsTooLong,
    check_length,
)
from awards_app.models.uploads import Upload, UploadPiece
from awards_app.queries.access import open_candidacy
from awards_app.services.attachment_bytes import forget_upload, sha256_of_bytes, stored
from awards_app.services.attachments import add_attachment, check_room, may_attach, question_of
from awards_app.services.rows_apart import each_apart

LIFE = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class UploadFacts:
    """An upload as its sender follows it; ``attachment_key`` once it became one."""

    key: str
    length: int
    received: int
    expires_at: datetime
    attachment_key: str | None

    @property
    def is_whole(self) -> bool:
        """Say whether every byte was received."""
        return self.received == self.length


def begin_upload(
    holder: Holder, key: str, question_code: str, file_name: str, length: int, now: datetime
) -> UploadFacts:
    """Reserve room for a file of ``length`` bytes that will come in pieces.

    Raises `FileIsEmpty`, `FileIsTooBig`, `TooManyFiles`, `QuotaIsReached`, `QuestionIsUnknown`, and as a save.
    """
    with atomic() as session:
        row = may_attach(holder, key, now)
        question = question_of(row, question_code)
        check_length(length, question.max_mib)
        check_room(session, row, question, length, now)
        upload = Upload(
            candidacy_id=row.id,
            account_id=holder.account_id,
            question_code=question.code,
            file_name=clean_line(file_name)[:255],
            length=length,
            received=0,
            began_at=now,
            expires_at=now + LIFE,
        )
        session.add(upload)
        session.flush()
        return _facts(upload)


def check_may_attach(holder: Holder, key: str, now: datetime) -> None:
    """Return if ``holder`` may change the files of the candidacy now; raises as a save does."""
    with atomic():
        may_attach(holder, key, now)


def upload_facts(holder: Holder, key: str, upload_key: str, now: datetime) -> UploadFacts:
    """Return how far an upload is, for who began it. Raises `DoesNotExist` for another's, an expired one, and as a save."""
    facts = open_candidacy(holder, key, Permission.CHANGE_ATTACHMENT, now)
    found = db.session.scalar(
        select(Upload).where(
            Upload.key == upload_key,
            Upload.candidacy_id == facts.id,
            Upload.account_id == holder.account_id,
            Upload.expires_at > now,
        )
    )
    if found is None:
        raise DoesNotExist
    return _facts(found)


def append_piece(
    holder: Holder, key: str, upload_key: str, offset: int, content: bytes, now: datetime
) -> UploadFacts:
    """Keep the bytes that follow the ``offset`` first ones; an empty piece only asks how far it is.

    Raises `UploadIsElsewhere` when the upload is not at ``offset``, `UploadIsTooLong`, `StorageIsUnavailable`,
    `DoesNotExist`, and as a save.
    """
    known = upload_facts(holder, key, upload_key, now)
    _check_place(known.received, known.length, offset, len(content))
    if not content:
        return known
    with stored(content) as (stored_key,), atomic() as session:
        row = may_attach(holder, key, now)
        upload = session.scalar(
            select(Upload)
            .where(Upload.key == upload_key, Upload.candidacy_id == row.id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
        if upload is None:
            raise DoesNotExist
        _check_place(upload.received, upload.length, offset, len(content))
        session.add(
            UploadPiece(
                upload_id=upload.id,
                position=offset,
                size=len(content),
                sha256=sha256_of_bytes(content),
                storage_key=stored_key,
            )
        )
        upload.received = offset + len(content)
        session.flush()
        return _facts(upload)


def finish_upload(holder: Holder, key: str, upload_key: str, now: datetime) -> str:
    """Make a whole upload an attachment and return its key; twice is once.

    What a check refuses is forgotten with its pieces; a storage that fails keeps them, to try again.
    Raises as `add_attachment` does, and `FileIsDamagedRefusal`.
    """
    known = upload_facts(holder, key, upload_key, now)
    if known.attachment_key is not None:
        return known.attachment_key
    if not known.is_whole:
        raise UploadIsElsewhere(received=known.received)
    row = db.session.execute(
        select(Upload.id, Upload.question_code, Upload.file_name).where(Upload.key == upload_key)
    ).one()
    try:
        content = _whole(row.id)
        # Nothing is held open while the file is parsed.
        db.session.rollback()
        return add_attachment(
            holder, key, row.question_code, row.file_name, content, now, upload_key=upload_key
        )
    except (StorageIsUnavailable, DoesNotExist):
        raise
    except Refusal:
        _forget(upload_key)
        raise


def end_upload(holder: Holder, key: str, upload_key: str, now: datetime) -> None:
    """Give up an upload; its bytes are forgotten, the attachment it became is not."""
    upload_facts(holder, key, upload_key, now)
    _forget(upload_key)


def expire_uploads(now: datetime) -> int:
    """Forget the uploads that began more than a day ago; return how many."""
    keys = db.session.scalars(select(Upload.key).where(Upload.expires_at <= now).limit(500)).all()
    return len(each_apart(_forget, keys))


def _forget(upload_key: str) -> None:
    with atomic() as session:
        row = session.scalar(select(Upload).where(Upload.key == upload_key).with_for_update())
        if row is not None:
            forget_upload(session, row)


def _whole(upload_id: int) -> bytes:
    pieces = db.session.execute(
        select(UploadPiece.storage_key, UploadPiece.sha256)
        .where(UploadPiece.upload_id == upload_id)
        .order_by(UploadPiece.position)
    ).all()
    try:
        return b"".join(storage.get(piece.storage_key, piece.sha256) for piece in pieces)
    except storage.FileIsDamaged as damaged:
        raise FileIsDamagedRefusal from damaged


def _check_place(received: int, length: int, offset: int, size: int) -> None:
    if offset != received:
        raise UploadIsElsewhere(received=received)
    if offset + size > length:
        raise UploadIsTooLong


def _facts(row: Upload) -> UploadFacts:
    return UploadFacts(row.key, row.length, row.received, row.expires_at, row.attachment_key)
