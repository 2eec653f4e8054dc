"""What a jury tells each candidate of their file, in words, once the chair has approved it."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from awards_app.database import Model
from awards_app.models.types import KEY, Instant, new_key


class CandidateAccount(Model):
    """The account of one candidacy by one jury; no row means that the drafted text stands unread.

    Nobody but the chair reads it before it is approved and its round published.
    """

    __tablename__ = "candidate_account"
    __table_args__ = (UniqueConstraint("round_id", "candidacy_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(KEY, unique=True, default=new_key)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), index=True)
    candidacy_id: Mapped[int] = mapped_column(ForeignKey("candidacy.id"), index=True)
    body: Mapped[str] = mapped_column(Text)
    # What it tells of: the decisions and the locked marks. Others since make it stale, and nobody reads it.
    basis: Mapped[str] = mapped_column(String(64))
    # Comments that the jury agreed to share, as they were: {"sheet": key, "text": words}.
    shared: Mapped[list[dict[str, str]]] = mapped_column(JSON, default=list)
    # What looked like a juror's name and that the chair said was not one.
    confirmed: Mapped[list[str]] = mapped_column(JSON, default=list)
    version: Mapped[int] = mapped_column(default=1)
    saved_at: Mapped[datetime] = mapped_column(Instant)
    saved_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    approved_at: Mapped[datetime | None] = mapped_column(Instant)
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    # When the structure's letters were put in the outbox.
    told_at: Mapped[datetime | None] = mapped_column(Instant)
