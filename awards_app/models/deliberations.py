"""Decisions of a jury, how ties were broken, and the minutes."""

from datetime import datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from awards_app.database import Model
from awards_app.models.types import KEY, Instant, new_key


class Decision(Model):
    """One outcome a jury gives: proposed by the chair, confirmed by another person. No candidacy means unawarded."""

    __tablename__ = "decision"
    __table_args__ = (
        CheckConstraint("candidacy_id IS NOT NULL OR reason <> ''", name="unawarded_has_a_reason"),
        CheckConstraint(
            "confirmed_by_id IS NULL OR confirmed_by_id <> proposed_by_id", name="decision_has_two_persons"
        ),
        CheckConstraint(
            "(confirmed_by_id IS NULL) = (confirmed_at IS NULL)", name="confirmed_has_an_instant"
        ),
        Index(
            "uq_decision_live",
            "round_id",
            "prize_id",
            text("coalesce(theme_id, 0)"),
            text("coalesce(candidacy_id, 0)"),
            unique=True,
            sqlite_where=text("annulled_at IS NULL"),
            postgresql_where=text("annulled_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(KEY, unique=True, default=new_key)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), index=True)
    theme_id: Mapped[int | None] = mapped_column(ForeignKey("theme.id"))
    prize_id: Mapped[int] = mapped_column(ForeignKey("prize.id"))
    candidacy_id: Mapped[int | None] = mapped_column(ForeignKey("candidacy.id"), index=True)
    citation: Mapped[str] = mapped_column(Text, default="")
    # Why the decision departs from the ranking, or why nothing is awarded.
    reason: Mapped[str] = mapped_column(Text, default="")
    proposed_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    proposed_at: Mapped[datetime] = mapped_column(Instant)
    confirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    confirmed_at: Mapped[datetime | None] = mapped_column(Instant)
    annulled_at: Mapped[datetime | None] = mapped_column(Instant)
    annulled_reason: Mapped[str] = mapped_column(Text, default="")


class TieBreak(Model):
    """How a tie across the cut was broken: the order, the method and the reason, for the minutes."""

    __tablename__ = "tie_break"

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), index=True)
    theme_id: Mapped[int] = mapped_column(ForeignKey("theme.id"))
    snapshot_id: Mapped[int] = mapped_column(ForeignKey("snapshot.id"))
    # Keys of the tied candidacies, the one kept first.
    ordered_keys: Mapped[list[str]] = mapped_column(JSON)
    method: Mapped[str] = mapped_column(String(30))
    reason: Mapped[str] = mapped_column(Text)
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    recorded_at: Mapped[datetime] = mapped_column(Instant)


class Minutes(Model):
    """The procès-verbal of a round: what was written, frozen with its hash, and its PDF."""

    __tablename__ = "minutes"
    __table_args__ = (
        Index(
            "uq_minutes_live",
            "round_id",
            unique=True,
            sqlite_where=text("replaced_at IS NULL"),
            postgresql_where=text("replaced_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(KEY, unique=True, default=new_key)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), index=True)
    number: Mapped[str] = mapped_column(String(40), unique=True)
    # Place, date, attendance, votes and notes as the chair typed them; frozen whole once decided.
    content: Mapped[dict[str, object]] = mapped_column(JSON)
    sha256: Mapped[str | None] = mapped_column(String(64))
    storage_key: Mapped[str | None] = mapped_column(String(80))
    written_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    written_at: Mapped[datetime] = mapped_column(Instant)
    frozen_at: Mapped[datetime | None] = mapped_column(Instant)
    replaced_at: Mapped[datetime | None] = mapped_column(Instant)
