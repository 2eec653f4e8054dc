"""Mailings: one text that staff write to many, each in a message of their own."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from awards_app.database import Model
from awards_app.models.types import KEY, Instant, new_key


class Mailing(Model):
    """A text and whom it is for; `sending` puts each person's message in the outbox, once, in the order of accounts."""

    __tablename__ = "mailing"
    __table_args__ = (
        CheckConstraint("state IN ('draft','sending','sent')", name="state_is_known"),
        CheckConstraint("audience IN ('filed','drafts','jury')", name="audience_is_known"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(KEY, unique=True, default=new_key)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), index=True)
    audience: Mapped[str] = mapped_column(String(10))
    subject: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(10), default="draft")
    created_at: Mapped[datetime] = mapped_column(Instant)
    created_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    sent_at: Mapped[datetime | None] = mapped_column(Instant)
    sent_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    # The last account that was written to: a worker that stopped goes on after it.
    reached_id: Mapped[int] = mapped_column(default=0)
