"""Seats of the juries, ties of interest, attendance."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from awards_app.database import Model
from awards_app.models.types import KEY, Instant, new_key


class Seat(Model):
    """A person's seat in the jury of a round, for one theme or for all of them (no theme)."""

    __tablename__ = "seat"
    __table_args__ = (
        CheckConstraint("function IN ('juror','chair','deputy','secretary')", name="function_is_known"),
        Index(
            "uq_seat_live",
            "round_id",
            "invited_email",
            text("coalesce(theme_id, 0)"),
            unique=True,
            sqlite_where=text("left_at IS NULL"),
            postgresql_where=text("left_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(KEY, unique=True, default=new_key)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), index=True)
    theme_id: Mapped[int | None] = mapped_column(ForeignKey("theme.id"))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    function: Mapped[str] = mapped_column(String(10), default="juror")
    name: Mapped[str] = mapped_column(String(200))
    college: Mapped[str] = mapped_column(String(120), default="")
    # Where a national juror comes from, when it is known: files of that region are pre-marked as likely ties.
    region_code: Mapped[str | None] = mapped_column(ForeignKey("region.code"))
    invited_email: Mapped[str] = mapped_column(String(320))
    invited_at: Mapped[datetime] = mapped_column(Instant)
    accepted_at: Mapped[datetime | None] = mapped_column(Instant)
    # The one-page charter, accepted before anything opens.
    charter_at: Mapped[datetime | None] = mapped_column(Instant)
    # « J’ai terminé », which can be taken back until the lock.
    finished_at: Mapped[datetime | None] = mapped_column(Instant)
    left_at: Mapped[datetime | None] = mapped_column(Instant)
    left_reason: Mapped[str] = mapped_column(Text, default="")
    # The seed of the juror's own shuffled and stable order of reading.
    shuffle: Mapped[str] = mapped_column(KEY, default=new_key)
    attendance: Mapped[str] = mapped_column(String(10), default="unknown")
    # A substitute who agreed stands by without being accepted in the jury: accepted when the chamber calls them in.
    is_substitute: Mapped[bool] = mapped_column(default=False, server_default="0")
    standing_by_at: Mapped[datetime | None] = mapped_column(Instant)


class Interest(Model):
    """What a juror declared, or the chamber for them, of a tie with one candidacy. The latest live row counts.

    `none` and `recused` settle the file; `unsure` leaves it closed until the chamber settles it.
    """

    __tablename__ = "interest"
    __table_args__ = (
        CheckConstraint("verdict IN ('none','recused','unsure')", name="verdict_is_known"),
        CheckConstraint("verdict = 'none' OR reason <> ''", name="tie_has_a_reason"),
        Index(
            "uq_interest_live",
            "seat_id",
            "candidacy_id",
            unique=True,
            sqlite_where=text("replaced_at IS NULL"),
            postgresql_where=text("replaced_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(KEY, unique=True, default=new_key)
    seat_id: Mapped[int] = mapped_column(ForeignKey("seat.id"), index=True)
    candidacy_id: Mapped[int] = mapped_column(ForeignKey("candidacy.id"), index=True)
    verdict: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str] = mapped_column(Text, default="")
    declared_at: Mapped[datetime] = mapped_column(Instant)
    declared_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    replaced_at: Mapped[datetime | None] = mapped_column(Instant)
