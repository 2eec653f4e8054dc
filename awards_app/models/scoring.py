"""Scoresheets mark by mark, waivers, and the snapshot and standings that a lock makes."""

from datetime import datetime

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from awards_app.database import Model
from awards_app.models.types import KEY, Instant, new_key


class Scoresheet(Model):
    """One juror's sheet on one candidacy.

    `set_aside_at` withdraws it from every count (a tie found later, a juror who left) and keeps it for the auditor.
    """

    __tablename__ = "scoresheet"
    __table_args__ = (
        Index(
            "uq_scoresheet_seat_candidacy",
            "seat_id",
            "candidacy_id",
            unique=True,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(KEY, unique=True, default=new_key)
    seat_id: Mapped[int] = mapped_column(ForeignKey("seat.id"), index=True)
    candidacy_id: Mapped[int] = mapped_column(ForeignKey("candidacy.id"), index=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), index=True)
    version: Mapped[int] = mapped_column(default=1)
    is_later: Mapped[bool] = mapped_column(default=False)
    private_note: Mapped[str] = mapped_column(Text, default="")
    shared_comment: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime] = mapped_column(Instant)
    saved_at: Mapped[datetime] = mapped_column(Instant)
    final_at: Mapped[datetime | None] = mapped_column(Instant)
    set_aside_at: Mapped[datetime | None] = mapped_column(Instant)
    set_aside_reason: Mapped[str] = mapped_column(Text, default="")


class Mark(Model):
    """The level one juror gave on one criterion, or that they cannot judge it (no level), with the reason."""

    __tablename__ = "mark"
    __table_args__ = (
        CheckConstraint("level IS NULL OR level >= 0", name="level_is_not_negative"),
        CheckConstraint("NOT (cannot_judge AND level IS NOT NULL)", name="cannot_judge_has_no_level"),
    )

    scoresheet_id: Mapped[int] = mapped_column(ForeignKey("scoresheet.id"), primary_key=True)
    criterion_id: Mapped[int] = mapped_column(ForeignKey("criterion.id"), primary_key=True)
    level: Mapped[int | None]
    cannot_judge: Mapped[bool] = mapped_column(default=False)
    reason: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[int] = mapped_column(default=1)
    saved_at: Mapped[datetime] = mapped_column(Instant)


class Waiver(Model):
    """Two persons agreed that a juror's missing sheet on a candidacy does not block the lock."""

    __tablename__ = "waiver"
    __table_args__ = (
        CheckConstraint("reason <> ''", name="waiver_has_a_reason"),
        CheckConstraint("proposed_by_id <> confirmed_by_id", name="waiver_has_two_persons"),
        UniqueConstraint("seat_id", "candidacy_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    seat_id: Mapped[int] = mapped_column(ForeignKey("seat.id"), index=True)
    candidacy_id: Mapped[int] = mapped_column(ForeignKey("candidacy.id"), index=True)
    reason: Mapped[str] = mapped_column(Text)
    proposed_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    confirmed_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    confirmed_at: Mapped[datetime] = mapped_column(Instant)


class Snapshot(Model):
    """The scores of a round as they were when it was locked, in canonical bytes with their hash."""

    __tablename__ = "snapshot"
    __table_args__ = (
        UniqueConstraint("round_id", "number"),
        Index(
            "uq_snapshot_live",
            "round_id",
            unique=True,
            sqlite_where=text("released_at IS NULL"),
            postgresql_where=text("released_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(KEY, unique=True, default=new_key)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), index=True)
    number: Mapped[int]
    content: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str] = mapped_column(String(64))
    # The name each seat (by its key) goes by in the content: the only way from « J01 » back to a person.
    juror_names: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    locked_at: Mapped[datetime] = mapped_column(Instant)
    locked_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    released_at: Mapped[datetime | None] = mapped_column(Instant)


class StandingRow(Model):
    """A candidacy's place in a locked ranking: the exact score as a fraction, and its rank (none if unrankable)."""

    __tablename__ = "standing"
    __table_args__ = (
        CheckConstraint("denominator > 0", name="denominator_is_positive"),
        CheckConstraint("(rank IS NULL) = (numerator IS NULL)", name="ranked_has_a_score"),
        Index("ix_standing_snapshot_theme_rank", "snapshot_id", "theme_id", "rank"),
    )

    snapshot_id: Mapped[int] = mapped_column(ForeignKey("snapshot.id"), primary_key=True)
    candidacy_id: Mapped[int] = mapped_column(ForeignKey("candidacy.id"), primary_key=True)
    theme_id: Mapped[int] = mapped_column(ForeignKey("theme.id"))
    numerator: Mapped[int | None] = mapped_column(BigInteger)
    denominator: Mapped[int] = mapped_column(BigInteger, default=1)
    shown: Mapped[str] = mapped_column(String(20), default="")
    readers: Mapped[int]
    rank: Mapped[int | None]
    is_tied: Mapped[bool] = mapped_column(default=False)
    note: Mapped[str] = mapped_column(Text, default="")
