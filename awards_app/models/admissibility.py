"""The chamber's desk: checks by rule, requests for completion with their thread, moves between regions, look-alikes."""

from datetime import datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from awards_app.database import Model
from awards_app.models.types import KEY, Instant, new_key


class ChecklistMark(Model):
    """What the chamber found for one rule of the edition's checklist on one file."""

    __tablename__ = "checklist_mark"
    __table_args__ = (
        CheckConstraint("finding IN ('','met','doubt','unmet')", name="finding_is_known"),
        UniqueConstraint("candidacy_id", "rule_code"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    candidacy_id: Mapped[int] = mapped_column(ForeignKey("candidacy.id"), index=True)
    rule_code: Mapped[str] = mapped_column(String(60))
    finding: Mapped[str] = mapped_column(String(6), default="")
    note: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[int] = mapped_column(default=1)
    saved_at: Mapped[datetime] = mapped_column(Instant)
    saved_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))


class CompletionRequest(Model):
    """The listed questions of a filed candidacy that its structure may answer again, until an instant of its own.

    `closes_at` is the first instant that is too late; its local reading and zone stand beside it.
    """

    __tablename__ = "completion_request"
    __table_args__ = (
        CheckConstraint("state IN ('open','answered','cancelled')", name="state_is_known"),
        CheckConstraint("message <> ''", name="request_says_why"),
        Index(
            "uq_completion_request_open",
            "candidacy_id",
            unique=True,
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(KEY, unique=True, default=new_key)
    candidacy_id: Mapped[int] = mapped_column(ForeignKey("candidacy.id"), index=True)
    # Codes of questions of the form, « theme » and those of files among them.
    fields: Mapped[list[str]] = mapped_column(JSON)
    message: Mapped[str] = mapped_column(Text)
    local: Mapped[str] = mapped_column(String(16))
    zone: Mapped[str] = mapped_column(String(60))
    fold: Mapped[int | None]
    closes_at: Mapped[datetime] = mapped_column(Instant)
    state: Mapped[str] = mapped_column(String(10), default="open")
    # How many times its instant moved: each has its own letters.
    version: Mapped[int] = mapped_column(default=1)
    asked_at: Mapped[datetime] = mapped_column(Instant)
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    settled_at: Mapped[datetime | None] = mapped_column(Instant)
    settled_reason: Mapped[str] = mapped_column(Text, default="")
    reminded_at: Mapped[datetime | None] = mapped_column(Instant)


class CompletionDraft(Model):
    """What the structure's people prepare for one listed question; for files, the keys of those they take away."""

    __tablename__ = "completion_draft"
    __table_args__ = (UniqueConstraint("request_id", "question_code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    request_id: Mapped[int] = mapped_column(ForeignKey("completion_request.id"), index=True)
    question_code: Mapped[str] = mapped_column(String(60))
    value: Mapped[str] = mapped_column(Text)
    version: Mapped[int] = mapped_column(default=1)
    saved_at: Mapped[datetime] = mapped_column(Instant)
    saved_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))


class CompletionFile(Model):
    """An attachment sent for a request, not part of what is filed before the answer."""

    __tablename__ = "completion_file"

    attachment_id: Mapped[int] = mapped_column(ForeignKey("attachment.id"), primary_key=True)
    request_id: Mapped[int] = mapped_column(ForeignKey("completion_request.id"), index=True)


class CompletionAnswer(Model):
    """One answer to a request: the copy it found and the copy it made. A request opened again may have another."""

    __tablename__ = "completion_answer"
    __table_args__ = (UniqueConstraint("request_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    request_id: Mapped[int] = mapped_column(ForeignKey("completion_request.id"), index=True)
    number: Mapped[int]
    former_filing_id: Mapped[int] = mapped_column(ForeignKey("filing.id"))
    filing_id: Mapped[int] = mapped_column(ForeignKey("filing.id"), unique=True)
    # The instant that counted when it was given.
    closes_at: Mapped[datetime] = mapped_column(Instant)
    answered_at: Mapped[datetime] = mapped_column(Instant)
    answered_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))


class CompletionMessage(Model):
    """One line of the thread of a request, from the chamber or from the structure."""

    __tablename__ = "completion_message"
    __table_args__ = (CheckConstraint("side IN ('chamber','structure')", name="side_is_known"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(KEY, unique=True, default=new_key)
    request_id: Mapped[int] = mapped_column(ForeignKey("completion_request.id"), index=True)
    side: Mapped[str] = mapped_column(String(9))
    body: Mapped[str] = mapped_column(Text)
    written_at: Mapped[datetime] = mapped_column(Instant)
    written_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))


class RegionTransfer(Model):
    """A chamber asks another to take a file that belongs to its region; the other accepts or declines."""

    __tablename__ = "region_transfer"
    __table_args__ = (
        CheckConstraint("state IN ('asked','accepted','declined','withdrawn')", name="state_is_known"),
        CheckConstraint("(state = 'asked') = (settled_at IS NULL)", name="settled_has_an_instant"),
        CheckConstraint("from_round_id <> to_round_id", name="rounds_differ"),
        Index(
            "uq_region_transfer_asked",
            "candidacy_id",
            unique=True,
            sqlite_where=text("state = 'asked'"),
            postgresql_where=text("state = 'asked'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(KEY, unique=True, default=new_key)
    candidacy_id: Mapped[int] = mapped_column(ForeignKey("candidacy.id"), index=True)
    from_round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), index=True)
    to_round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), index=True)
    reason: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(9), default="asked")
    asked_at: Mapped[datetime] = mapped_column(Instant)
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    settled_at: Mapped[datetime | None] = mapped_column(Instant)
    settled_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    settled_reason: Mapped[str] = mapped_column(Text, default="")


class DuplicateDismissal(Model):
    """Somebody of a chamber said that two files that look alike are not the same; the lower identifier comes first."""

    __tablename__ = "duplicate_dismissal"
    __table_args__ = (
        CheckConstraint("first_id < second_id", name="pair_is_ordered"),
        UniqueConstraint("first_id", "second_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    first_id: Mapped[int] = mapped_column(ForeignKey("candidacy.id"), index=True)
    second_id: Mapped[int] = mapped_column(ForeignKey("candidacy.id"), index=True)
    said_at: Mapped[datetime] = mapped_column(Instant)
    said_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))


class RegionWording(Model):
    """A chamber's own text of a message, in place of the edition's."""

    __tablename__ = "region_wording"
    __table_args__ = (UniqueConstraint("edition_id", "region_code", "kind", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"), index=True)
    region_code: Mapped[str] = mapped_column(ForeignKey("region.code"))
    kind: Mapped[str] = mapped_column(String(30))
    code: Mapped[str] = mapped_column(String(60))
    title: Mapped[str] = mapped_column(Text, default="")
    body: Mapped[str] = mapped_column(Text)
    saved_at: Mapped[datetime] = mapped_column(Instant)
    saved_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
