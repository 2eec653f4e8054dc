"""The outbox: every message that leaves is a row first, that a person can read."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from awards_app.database import Model
from awards_app.models.types import KEY, Instant, new_key


class Message(Model):
    """One message to one person.

    `held` waits for a person to read and release it; `waiting` leaves with the next delivery. `dedupe` makes a second
    message of the same kind, object and person impossible.
    """

    __tablename__ = "message"
    __table_args__ = (
        CheckConstraint("state IN ('held','waiting','sent','failed','dropped')", name="state_is_known"),
        CheckConstraint("(state = 'sent') = (sent_at IS NOT NULL)", name="sent_has_an_instant"),
        Index("ix_message_state", "state", "created_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(KEY, unique=True, default=new_key)
    kind: Mapped[str] = mapped_column(String(40))
    recipient: Mapped[str] = mapped_column(String(320))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    round_id: Mapped[int | None] = mapped_column(ForeignKey("round.id"), index=True)
    object_key: Mapped[str] = mapped_column(String(40), default="")
    dedupe: Mapped[str] = mapped_column(String(200), unique=True)
    subject: Mapped[str] = mapped_column(String(300))
    body: Mapped[str] = mapped_column(Text)
    # A link that signs in or accepts is kept apart, so that staff who read the outbox do not hold it.
    secret_body: Mapped[str | None] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(10), default="waiting")
    created_at: Mapped[datetime] = mapped_column(Instant)
    released_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    sent_at: Mapped[datetime | None] = mapped_column(Instant)
    message_id: Mapped[str] = mapped_column(String(200))
    attempts: Mapped[int] = mapped_column(default=0)
    next_attempt_at: Mapped[datetime | None] = mapped_column(Instant)
    failure: Mapped[str] = mapped_column(Text, default="")
    # How often it may have left without our knowing: cut after the text was sent, or a process that was gone.
    unsure: Mapped[int] = mapped_column(default=0, server_default="0")
