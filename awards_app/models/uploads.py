"""Files on their way in and what is made of them: resumable uploads, sealed originals, pictures of pages, checks."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from awards_app.database import Model
from awards_app.models.types import KEY, Instant, new_key


class Upload(Model):
    """A file that arrives in pieces. It is nobody's attachment until it is whole, and is forgotten a day after it began."""

    __tablename__ = "upload"
    __table_args__ = (
        CheckConstraint("received BETWEEN 0 AND length", name="received_is_within_length"),
        CheckConstraint("length > 0", name="length_is_positive"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(KEY, unique=True, default=new_key)
    candidacy_id: Mapped[int] = mapped_column(ForeignKey("candidacy.id"), index=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    question_code: Mapped[str] = mapped_column(String(60))
    file_name: Mapped[str] = mapped_column(String(255))
    length: Mapped[int]
    received: Mapped[int] = mapped_column(default=0)
    began_at: Mapped[datetime] = mapped_column(Instant)
    expires_at: Mapped[datetime] = mapped_column(Instant, index=True)
    # Set once, when the file became an attachment: whoever lost the answer asks again and is told the same.
    attachment_key: Mapped[str | None] = mapped_column(KEY)


class UploadPiece(Model):
    """Some bytes of an upload, acknowledged: each is a stored object of its own, so that any storage resumes."""

    __tablename__ = "upload_piece"
    __table_args__ = (UniqueConstraint("upload_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    upload_id: Mapped[int] = mapped_column(ForeignKey("upload.id"), index=True)
    position: Mapped[int]
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    storage_key: Mapped[str] = mapped_column(String(80), unique=True)


class SealedOriginal(Model):
    """The bytes as they were sent, before cleaning: no page serves them, the operator opens them after an incident."""

    __tablename__ = "sealed_original"

    attachment_id: Mapped[int] = mapped_column(ForeignKey("attachment.id"), primary_key=True)
    storage_key: Mapped[str] = mapped_column(String(80), unique=True)
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    sealed_at: Mapped[datetime] = mapped_column(Instant)


class Preview(Model):
    """Whether the pages of an attachment are drawn: asked for, done, or impossible."""

    __tablename__ = "preview"
    __table_args__ = (CheckConstraint("state IN ('waiting','done','failed')", name="state_is_known"),)

    attachment_id: Mapped[int] = mapped_column(ForeignKey("attachment.id"), primary_key=True)
    state: Mapped[str] = mapped_column(String(10), default="waiting", index=True)
    pages: Mapped[int] = mapped_column(default=0)
    attempts: Mapped[int] = mapped_column(default=0)
    asked_at: Mapped[datetime] = mapped_column(Instant)


class PreviewPage(Model):
    """The picture of one page; number 0 is the thumbnail."""

    __tablename__ = "preview_page"
    __table_args__ = (UniqueConstraint("attachment_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    attachment_id: Mapped[int] = mapped_column(ForeignKey("attachment.id"), index=True)
    number: Mapped[int]
    width: Mapped[int]
    height: Mapped[int]
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    storage_key: Mapped[str] = mapped_column(String(80), unique=True)


class StorageCheck(Model):
    """One reading of every stored file against its row, and what it found."""

    __tablename__ = "storage_check"

    id: Mapped[int] = mapped_column(primary_key=True)
    began_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    checked: Mapped[int] = mapped_column(default=0)
    # Each: kind, storage_key, owner, table.
    problems: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
