"""People who asked to be erased: when, until when it was promised, and what was done."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from awards_app.database import Model
from awards_app.models.types import KEY, Instant, new_key


class Erasure(Model):
    """One request for one person; without ``done_at`` it waits for the end of the rounds they take part in."""

    __tablename__ = "erasure"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(KEY, unique=True, default=new_key)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), unique=True)
    asked_at: Mapped[datetime] = mapped_column(Instant)
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    promised_for: Mapped[datetime | None] = mapped_column(Instant)
    done_at: Mapped[datetime | None] = mapped_column(Instant, index=True)
    # What was masked although a fingerprint covers it: {"filing:<key>": {"original": sha256, "kept": sha256}}.
    redactions: Mapped[dict[str, dict[str, str]]] = mapped_column(JSON, default=dict)
    # Where the person is still written, by kind of text: {"journal_entry.detail": ["12", "40"]}.
    remaining: Mapped[dict[str, list[str]]] = mapped_column(JSON, default=dict)
    # Stored files and letters of the mailbox folder that wait to be forgotten: {"files": […], "letters": […]}.
    waiting: Mapped[dict[str, list[Any]]] = mapped_column(JSON, default=dict)
