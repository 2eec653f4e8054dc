"""The bytes behind the rows of attachments: kept with the transaction that names them, forgotten after the one that does not."""

import hashlib
import logging
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from awards_app.adapters import storage
from awards_app.adapters.uploads import a_storage_that_may_fail
from awards_app.database import after_commit
from awards_app.models.candidacies import Attachment, Filing
from awards_app.models.uploads import Preview, PreviewPage, SealedOriginal, Upload, UploadPiece

log = logging.getLogger(__name__)


def sha256_of_bytes(content: bytes) -> str:
    """Return the SHA-256 of ``content`` in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


@contextmanager
def stored(*contents: bytes) -> Iterator[tuple[str, ...]]:
    """Keep each content and give the keys; all are forgotten if what follows fails.

    Raises `StorageIsUnavailable` or `StorageIsFull` when the storage does not take them; nothing is then half there.
    """
    keys: list[str] = []
    try:
        with a_storage_that_may_fail():
            for content in contents:
                keys.append(storage.put(content))
        yield tuple(keys)
    except BaseException:
        for key in keys:
            forget_bytes(key)
        raise


def forget_bytes(key: str) -> None:
    """Forget bytes that no row names any more; a storage that does not answer leaves an orphan to the nightly check."""
    try:
        storage.delete(key)
    except OSError as fault:
        log.warning(
            "a file could not be forgotten now (%s); the check of the storage will", type(fault).__name__
        )


def forget_attachment(session: Session, row: Attachment) -> None:
    """Delete an attachment with its sealed original and its pictures; their bytes go after the commit."""
    keys = [row.storage_key]
    keys += session.scalars(select(PreviewPage.storage_key).where(PreviewPage.attachment_id == row.id)).all()
    keys += session.scalars(
        select(SealedOriginal.storage_key).where(SealedOriginal.attachment_id == row.id)
    ).all()
    for table in (PreviewPage, Preview, SealedOriginal):
        session.execute(delete(table).where(table.attachment_id == row.id))
    session.delete(row)
    session.flush()
    for key in keys:
        after_commit(forget_bytes, key)


def is_held(session: Session, row: Attachment) -> bool:
    """Say whether a submission, even one that another replaced, holds this attachment."""
    found = session.scalar(
        select(Filing.id)
        .where(Filing.candidacy_id == row.candidacy_id, Filing.content.contains(row.key, autoescape=True))
        .limit(1)
    )
    return found is not None


def forget_upload(session: Session, row: Upload, *, keep_row: bool = False) -> None:
    """Delete the pieces of an upload, and its row unless it still has to say which attachment it became."""
    pieces = session.scalars(select(UploadPiece.storage_key).where(UploadPiece.upload_id == row.id)).all()
    session.execute(delete(UploadPiece).where(UploadPiece.upload_id == row.id))
    if not keep_row:
        session.delete(row)
    session.flush()
    for key in pieces:
        after_commit(forget_bytes, key)
