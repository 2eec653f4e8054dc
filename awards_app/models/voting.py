"""Ballots of a deliberation. A secret one keeps who voted and the papers, and nothing between the two."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from awards_app.database import Model
from awards_app.models.types import KEY, Instant, new_key


class Ballot(Model):
    """One vote of a jury on files of one theme, of one kind fixed before it opens.

    ``options`` are the keys of candidacies, or codes of answers to a plain question, each with its label. ``box`` holds the
    papers of a secret ballot sorted by their text, written again whole at each vote: no row, order or instant goes from a
    paper to a person. It is emptied once the count is kept.
    """

    __tablename__ = "ballot"
    __table_args__ = (
        CheckConstraint("kind IN ('hands','secret','borda','judgement')", name="kind_is_known"),
        CheckConstraint("closed_at IS NULL OR opened_at IS NOT NULL", name="closed_was_opened"),
        CheckConstraint("(cancelled_at IS NULL) = (cancelled_reason = '')", name="cancelled_has_a_reason"),
        CheckConstraint("closed_at IS NULL OR result IS NOT NULL", name="closed_has_a_result"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(KEY, unique=True, default=new_key)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), index=True)
    theme_id: Mapped[int] = mapped_column(ForeignKey("theme.id"))
    number: Mapped[int]
    kind: Mapped[str] = mapped_column(String(12))
    question: Mapped[str] = mapped_column(Text)
    options: Mapped[list[dict[str, str]]] = mapped_column(JSON)
    # The rule that parts equal options, as shown before the vote.
    tie_rule: Mapped[str] = mapped_column(Text)
    prepared_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    prepared_at: Mapped[datetime] = mapped_column(Instant)
    opened_at: Mapped[datetime | None] = mapped_column(Instant)
    # Members called and not standing aside, and those of them present, when it opened.
    base: Mapped[int | None]
    present: Mapped[int | None]
    closed_at: Mapped[datetime | None] = mapped_column(Instant)
    cancelled_at: Mapped[datetime | None] = mapped_column(Instant)
    cancelled_reason: Mapped[str] = mapped_column(Text, default="")
    box: Mapped[list[str]] = mapped_column(JSON, default=list)
    result: Mapped[dict[str, Any] | None] = mapped_column(JSON)


class BallotVoter(Model):
    """A member whose paper is in the box (by show of hands: with what they chose, empty for blank). Without an instant."""

    __tablename__ = "ballot_voter"

    ballot_id: Mapped[int] = mapped_column(ForeignKey("ballot.id"), primary_key=True)
    seat_id: Mapped[int] = mapped_column(ForeignKey("seat.id"), primary_key=True)
    shown: Mapped[str | None] = mapped_column(String(40))
