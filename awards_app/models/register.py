"""What the public register of companies and associations answered: kept a while to ask less, and beside each structure."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from awards_app.database import Model
from awards_app.models.types import Instant


class RegisterAnswer(Model):
    """The latest answer for a number, worth until `expires_at`. `facts` is None when the register knows nothing of it."""

    __tablename__ = "register_answer"

    number: Mapped[str] = mapped_column(String(14), primary_key=True)
    facts: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    answered_at: Mapped[datetime] = mapped_column(Instant)
    expires_at: Mapped[datetime] = mapped_column(Instant, index=True)


class RegisterReading(Model):
    """What the register said of a structure at an instant, for the chamber; the latest one is the one that is shown."""

    __tablename__ = "register_reading"
    __table_args__ = (
        CheckConstraint("outcome IN ('found','unknown','silent')", name="outcome_is_known"),
        CheckConstraint("(outcome = 'found') = (facts IS NOT NULL)", name="found_has_facts"),
        Index("ix_register_reading_structure", "structure_id", "answered_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    structure_id: Mapped[int] = mapped_column(ForeignKey("structure.id"))
    number: Mapped[str] = mapped_column(String(14))
    outcome: Mapped[str] = mapped_column(String(8))
    facts: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    answered_at: Mapped[datetime] = mapped_column(Instant)


class RegisterPause(Model):
    """How often in a row the register failed, and until when it is left alone; one row, shared by every process."""

    __tablename__ = "register_pause"
    __table_args__ = (CheckConstraint("id = 1", name="there_is_one"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    faults: Mapped[int] = mapped_column(default=0)
    until: Mapped[datetime | None] = mapped_column(Instant)
