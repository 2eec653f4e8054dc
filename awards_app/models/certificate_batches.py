"""Batches of certificates: who asked for them, whether they wait, and which worker has one in hand."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from awards_app.database import Model
from awards_app.models.types import KEY, Instant, new_key


class CertificateBatch(Model):
    """What one press of the button asked for; `paused` keeps the workers from what is left of it."""

    __tablename__ = "certificate_batch"
    __table_args__ = (CheckConstraint("state IN ('running','paused')", name="state_is_known"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(KEY, unique=True, default=new_key)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), index=True)
    state: Mapped[str] = mapped_column(String(10), default="running")
    created_at: Mapped[datetime] = mapped_column(Instant)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    changed_at: Mapped[datetime] = mapped_column(Instant)


class CertificatePrint(Model):
    """The printing of one certificate: its batch, and the process that has it in hand until `claimed_until`."""

    __tablename__ = "certificate_print"

    certificate_id: Mapped[int] = mapped_column(
        ForeignKey("certificate.id", ondelete="CASCADE"), primary_key=True
    )
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("certificate_batch.id"), index=True)
    claimed_by: Mapped[str | None] = mapped_column(String(120))
    claimed_until: Mapped[datetime | None] = mapped_column(Instant)
    # How often the process that had it in hand was gone before it was done.
    interruptions: Mapped[int] = mapped_column(default=0)
