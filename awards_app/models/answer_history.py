"""The texts an answer had before, and those that were set aside when two people met."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from awards_app.database import Model
from awards_app.models.types import KEY, Instant, new_key


class AnswerVersion(Model):
    """A text of an answer that is not the answer any more (« replaced »), or never was (« set_aside »).

    Not one row a save: `domain.answer_history` says which texts are worth one, and how many an answer keeps.
    """

    __tablename__ = "answer_version"
    __table_args__ = (
        CheckConstraint("reason IN ('replaced','set_aside')", name="reason_is_known"),
        Index("ix_answer_version_candidacy_question", "candidacy_id", "question_code"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(KEY, unique=True, default=new_key)
    candidacy_id: Mapped[int] = mapped_column(ForeignKey("candidacy.id"))
    question_code: Mapped[str] = mapped_column(String(60))
    value: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(String(10))
    written_at: Mapped[datetime] = mapped_column(Instant)
    written_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
