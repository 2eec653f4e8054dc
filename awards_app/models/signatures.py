"""Who signed frozen minutes, on which fingerprint; and what was added to them since."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from awards_app.database import Model
from awards_app.models.types import KEY, Instant, new_key


class MinutesSignature(Model):
    """A simple signature: a person who proved again who they are, on a fingerprint, at an instant."""

    __tablename__ = "minutes_signature"
    __table_args__ = (
        CheckConstraint("role IN ('chair','secretary')", name="role_is_known"),
        CheckConstraint("proof IN ('password','session')", name="proof_is_known"),
        UniqueConstraint("minutes_id", "role"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    minutes_id: Mapped[int] = mapped_column(ForeignKey("minutes.id"), index=True)
    role: Mapped[str] = mapped_column(String(10))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    name: Mapped[str] = mapped_column(String(200))
    sha256: Mapped[str] = mapped_column(String(64))
    proof: Mapped[str] = mapped_column(String(10))
    signed_at: Mapped[datetime] = mapped_column(Instant)


class MinutesAddendum(Model):
    """A correction of frozen minutes, that leaves them as they are."""

    __tablename__ = "minutes_addendum"
    __table_args__ = (
        CheckConstraint("body <> ''", name="addendum_says_something"),
        UniqueConstraint("minutes_id", "number"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(KEY, unique=True, default=new_key)
    minutes_id: Mapped[int] = mapped_column(ForeignKey("minutes.id"), index=True)
    number: Mapped[int]
    body: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str] = mapped_column(String(64))
    written_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    written_by: Mapped[str] = mapped_column(String(200))
    role: Mapped[str] = mapped_column(String(10))
    written_at: Mapped[datetime] = mapped_column(Instant)
