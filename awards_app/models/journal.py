"""The journal of acts: a hash chain, one row a move, never changed."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from awards_app.database import Model
from awards_app.models.types import Instant


class JournalEntry(Model):
    __tablename__ = "journal_entry"

    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(Instant)
    act: Mapped[str] = mapped_column(String(40), index=True)
    # The account's key, or the name of what acted by itself (« scheduler »); never a name or an address.
    actor: Mapped[str] = mapped_column(String(40))
    object_kind: Mapped[str] = mapped_column(String(30))
    object_key: Mapped[str] = mapped_column(String(40), index=True)
    round_id: Mapped[int | None] = mapped_column(ForeignKey("round.id"), index=True)
    outcome: Mapped[str] = mapped_column(String(20), default="done")
    # Plain values without score values, passwords or tokens.
    detail: Mapped[dict[str, object]] = mapped_column(JSON, default=dict)
    previous_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))
