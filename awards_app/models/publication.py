"""Around a publication: what a rehearsal of it found, and the laureates who were told under embargo."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from awards_app.database import Model
from awards_app.models.types import KEY, Instant, new_key


class PublicationRehearsal(Model):
    """What a publication played and undone would have made public; one a round, erased after its day."""

    __tablename__ = "publication_rehearsal"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(KEY, unique=True, default=new_key)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), unique=True)
    made_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    made_at: Mapped[datetime] = mapped_column(Instant)
    expires_at: Mapped[datetime] = mapped_column(Instant, index=True)
    content: Mapped[dict[str, Any]] = mapped_column(JSON)


class EmbargoNotice(Model):
    """One responsible person of a laureate, told that a decision waits; it is read once the embargo is accepted."""

    __tablename__ = "embargo_notice"
    __table_args__ = (UniqueConstraint("round_id", "candidacy_id", "account_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), index=True)
    candidacy_id: Mapped[int] = mapped_column(ForeignKey("candidacy.id"), index=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    told_at: Mapped[datetime] = mapped_column(Instant)
    told_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    accepted_at: Mapped[datetime | None] = mapped_column(Instant)
