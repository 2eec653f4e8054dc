"""What happened around a closing: each time it was moved, who came too late, which reminders were sent."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from awards_app.database import Model
from awards_app.models.types import Instant


class DeadlineChange(Model):
    """One move of the closing of a call; instants are the first closed ones, as on the round."""

    __tablename__ = "deadline_change"

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), index=True)
    moved_at: Mapped[datetime] = mapped_column(Instant)
    moved_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    before_at: Mapped[datetime] = mapped_column(Instant)
    before_zone: Mapped[str] = mapped_column(String(60))
    after_at: Mapped[datetime] = mapped_column(Instant)
    after_zone: Mapped[str] = mapped_column(String(60))
    reason: Mapped[str] = mapped_column(Text)


class LateAttempt(Model):
    """A person refused because the call had closed: one row a person, a candidacy and a closing, however often.

    `candidacy_id` is empty for a candidacy that could not be begun; `told_at` is when the person was written to
    because the call reopened.
    """

    __tablename__ = "late_attempt"
    __table_args__ = (UniqueConstraint("account_id", "structure_id", "closes_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), index=True)
    structure_id: Mapped[int] = mapped_column(ForeignKey("structure.id"), index=True)
    candidacy_id: Mapped[int | None] = mapped_column(ForeignKey("candidacy.id"), index=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    closes_at: Mapped[datetime] = mapped_column(Instant)
    # The last thing tried: « submit », « save »…
    verb: Mapped[str] = mapped_column(String(20))
    attempts: Mapped[int] = mapped_column(default=1)
    first_at: Mapped[datetime] = mapped_column(Instant)
    last_at: Mapped[datetime] = mapped_column(Instant)
    told_at: Mapped[datetime | None] = mapped_column(Instant)


class ReminderRun(Model):
    """A reminder of one closing, sent once: the row is written with its messages."""

    __tablename__ = "reminder_run"
    __table_args__ = (UniqueConstraint("round_id", "name", "closes_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    name: Mapped[str] = mapped_column(String(10))
    closes_at: Mapped[datetime] = mapped_column(Instant)
    due_at: Mapped[datetime] = mapped_column(Instant)
    run_at: Mapped[datetime] = mapped_column(Instant)
    messages: Mapped[int]
