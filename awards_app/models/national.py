"""From the regions to the nation: what is expected when, what a candidate adds, themes without anybody, who was chased."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from awards_app.database import Model
from awards_app.models.types import KEY, Instant, new_key


class NationalCalendar(Model):
    """When the regions' decisions are expected, and until when candidates may add to what was sent up.

    Both are the first instant that is too late, beside their local reading in the zone of the national round.
    """

    __tablename__ = "national_calendar"

    # The national round.
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), primary_key=True)
    entries_due_local: Mapped[str | None] = mapped_column(String(16))
    entries_due_at: Mapped[datetime | None] = mapped_column(Instant)
    additions_close_local: Mapped[str | None] = mapped_column(String(16))
    additions_close_at: Mapped[datetime | None] = mapped_column(Instant)
    set_at: Mapped[datetime] = mapped_column(Instant)
    set_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))


class NationalAddition(Model):
    """What a candidate added to a file that was sent up: a note or a piece. The file itself never changes."""

    __tablename__ = "national_addition"
    __table_args__ = (
        CheckConstraint("(attachment_id IS NULL) = (note <> '')", name="addition_is_a_note_or_a_piece"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(KEY, unique=True, default=new_key)
    entry_id: Mapped[int] = mapped_column(ForeignKey("national_entry.id"), index=True)
    attachment_id: Mapped[int | None] = mapped_column(ForeignKey("attachment.id"), unique=True)
    note: Mapped[str] = mapped_column(Text, default="")
    added_at: Mapped[datetime] = mapped_column(Instant)
    added_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))


class ThemeAbsence(Model):
    """A region that sends nobody up in a theme, as its chamber says and why: a normal state, not a lateness."""

    __tablename__ = "theme_absence"
    __table_args__ = (
        CheckConstraint("kind IN ('no_finalist','not_taking_part')", name="kind_is_known"),
        CheckConstraint("reason <> ''", name="absence_has_a_reason"),
        Index(
            "uq_theme_absence_live",
            "round_id",
            "theme_id",
            unique=True,
            sqlite_where=text("lifted_at IS NULL"),
            postgresql_where=text("lifted_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    # The region's round.
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), index=True)
    theme_id: Mapped[int] = mapped_column(ForeignKey("theme.id"))
    kind: Mapped[str] = mapped_column(String(15))
    reason: Mapped[str] = mapped_column(Text)
    said_at: Mapped[datetime] = mapped_column(Instant)
    said_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    lifted_at: Mapped[datetime | None] = mapped_column(Instant)
    lifted_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))


class RegionChase(Model):
    """A late region that the national staff wrote to: how many letters were put in the outbox, to be read first."""

    __tablename__ = "region_chase"

    id: Mapped[int] = mapped_column(primary_key=True)
    # The region's round.
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), index=True)
    chased_at: Mapped[datetime] = mapped_column(Instant)
    chased_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    late_days: Mapped[int]
    letters: Mapped[int]
