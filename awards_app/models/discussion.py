"""The discussion of a jury: where it stands, in which order, who is out for which file, and the chair's notes."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from awards_app.database import Model
from awards_app.models.types import KEY, Instant


class Discussion(Model):
    """One round's discussion, a row that its chair alone writes; candidacies and seats are named by their keys."""

    __tablename__ = "discussion"

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), primary_key=True)
    # Grows at each act, so that a page in the room knows it is behind.
    version: Mapped[int] = mapped_column(default=1)
    candidacy_key: Mapped[str | None] = mapped_column(KEY)
    moved_at: Mapped[datetime | None] = mapped_column(Instant)
    # As the chair arranged it; empty while the computed order stands.
    arranged: Mapped[list[str]] = mapped_column(JSON, default=list)
    # By candidacy, members present at the session but out of the room for that file, besides those who stand aside.
    absences: Mapped[dict[str, list[str]]] = mapped_column(JSON, default=dict)
    # By candidacy, {"body", "in_minutes"}.
    notes: Mapped[dict[str, dict[str, Any]]] = mapped_column(JSON, default=dict)
    # Files whose discussion is over, in the order in which it ended.
    done: Mapped[list[str]] = mapped_column(JSON, default=list)
