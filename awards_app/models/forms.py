"""The versions of an edition's form, kept from the moment candidates may answer it."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from awards_app.database import Model
from awards_app.models.types import Instant


class FormRevision(Model):
    """The whole form as one change of it left it: who, when, why, what changed, and the form itself.

    Number 1 is the form with which the call opened; it is written with the first change that follows.
    """

    __tablename__ = "form_revision"
    __table_args__ = (
        CheckConstraint("number >= 1", name="revisions_are_counted"),
        CheckConstraint("number = 1 OR reason <> ''", name="change_has_a_reason"),
        CheckConstraint("length(sha256) = 64", name="fingerprint_is_whole"),
        UniqueConstraint("edition_id", "number"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"), index=True)
    number: Mapped[int]
    made_at: Mapped[datetime] = mapped_column(Instant)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    reason: Mapped[str] = mapped_column(Text, default="")
    # Each change as `domain.form_changes.Change` writes itself.
    changes: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    # Canonical JSON of `domain.form_shapes`.
    content: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str] = mapped_column(String(64))
