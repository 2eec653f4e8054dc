"""Who reads what where not everybody reads everything, and how it was worked out."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from awards_app.database import Model
from awards_app.models.types import KEY, Instant, new_key


class Assignment(Model):
    """A file given to a seat in a round. A file with no live row in a round is read by everybody there."""

    __tablename__ = "assignment"
    __table_args__ = (
        CheckConstraint("origin IN ('computed','hand')", name="origin_is_known"),
        Index(
            "uq_assignment_live",
            "candidacy_id",
            "seat_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index("ix_assignment_round", "round_id", "candidacy_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    seat_id: Mapped[int] = mapped_column(ForeignKey("seat.id"), index=True)
    candidacy_id: Mapped[int] = mapped_column(ForeignKey("candidacy.id"))
    origin: Mapped[str] = mapped_column(String(10))
    given_at: Mapped[datetime] = mapped_column(Instant)
    given_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    ended_at: Mapped[datetime | None] = mapped_column(Instant)


class AssignmentPlan(Model):
    """One working out of who reads what in a theme of a round: what was asked, how far it is, what came of it."""

    __tablename__ = "assignment_plan"
    __table_args__ = (
        CheckConstraint("state IN ('waiting','running','done','impossible','stale')", name="state_is_known"),
        CheckConstraint("readers > 0", name="readers_are_counted"),
        Index("ix_assignment_plan_round_theme", "round_id", "theme_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(KEY, unique=True, default=new_key)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    theme_id: Mapped[int] = mapped_column(ForeignKey("theme.id"))
    state: Mapped[str] = mapped_column(String(10), default="waiting")
    # What was asked: readers a file, at most so many files a person, the gap allowed between two loads, from scratch.
    readers: Mapped[int]
    most: Mapped[int | None]
    spread: Mapped[int] = mapped_column(default=1)
    from_scratch: Mapped[bool] = mapped_column(default=False)
    # What lots are drawn with: the same seed on the same rows gives the same plan.
    seed: Mapped[str] = mapped_column(String(32))
    asked_at: Mapped[datetime] = mapped_column(Instant)
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    started_at: Mapped[datetime | None] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    # Which demand cannot hold, or what was found: figures and names that the page puts in words.
    outcome: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    note: Mapped[str] = mapped_column(Text, default="")
