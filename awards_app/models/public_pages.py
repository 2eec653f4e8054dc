"""What is added to honours once they are public: their photo, how they were decided, the yearly guide."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from awards_app.database import Model
from awards_app.models.types import KEY, Instant, new_key


class HonourPhoto(Model):
    """The photo of a published distinction, with what a reader who does not see it is told and whose it is."""

    __tablename__ = "honour_photo"
    __table_args__ = (
        CheckConstraint("alternative <> ''", name="photo_has_an_alternative"),
        CheckConstraint("credit <> ''", name="photo_has_a_credit"),
        CheckConstraint("rights <> ''", name="photo_has_rights"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(KEY, unique=True, default=new_key)
    honour_id: Mapped[int] = mapped_column(ForeignKey("honour.id"), unique=True)
    alternative: Mapped[str] = mapped_column(Text)
    credit: Mapped[str] = mapped_column(String(200))
    rights: Mapped[str] = mapped_column(String(200))
    chosen_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    chosen_at: Mapped[datetime] = mapped_column(Instant)


class HonourPicture(Model):
    """One size of a photo, as JPEG, written by the platform."""

    __tablename__ = "honour_picture"
    __table_args__ = (UniqueConstraint("photo_id", "width"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    photo_id: Mapped[int] = mapped_column(ForeignKey("honour_photo.id"), index=True)
    # In pixels; « width » is the one asked for, which a small photo does not reach.
    width: Mapped[int]
    drawn_width: Mapped[int]
    drawn_height: Mapped[int]
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    storage_key: Mapped[str] = mapped_column(String(80), unique=True)


class MethodAccount(Model):
    """How a published round was decided, as the publication wrote it: the grid, the panel if it is public, the minutes' hash."""

    __tablename__ = "method_account"
    __table_args__ = (UniqueConstraint("year", "place"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int]
    # The code of a region, or « national ».
    place: Mapped[str] = mapped_column(String(10))
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    published_at: Mapped[datetime] = mapped_column(Instant)


class Guide(Model):
    """The guide of a year: whether it is being made, how far, and the last one that was."""

    __tablename__ = "guide"
    __table_args__ = (
        CheckConstraint("state IN ('waiting','making','made','failed')", name="state_is_known"),
        CheckConstraint("step BETWEEN 0 AND steps", name="step_is_one_of_the_steps"),
    )

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    state: Mapped[str] = mapped_column(String(10), default="waiting")
    step: Mapped[int] = mapped_column(default=0)
    steps: Mapped[int] = mapped_column(default=0)
    attempts: Mapped[int] = mapped_column(default=0)
    asked_at: Mapped[datetime] = mapped_column(Instant)
    # What the last attempt was made from, so that a failure is not tried again until something changes.
    tried_from: Mapped[str] = mapped_column(String(64), default="")
    made_from: Mapped[str] = mapped_column(String(64), default="")
    # Keys of the honours it shows, so that a retracted or corrected one takes it off the site at once.
    shows: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    made_at: Mapped[datetime | None] = mapped_column(Instant)
    pages: Mapped[int | None]
    size: Mapped[int | None]
    sha256: Mapped[str | None] = mapped_column(String(64))
    storage_key: Mapped[str | None] = mapped_column(String(80), unique=True)
