"""Candidacies: the draft answer by answer, its attachments, and the frozen copies that were submitted."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from awards_app.database import Model
from awards_app.models.types import KEY, Instant, new_key


class Candidacy(Model):
    """One structure's file in one edition.

    `state` is what the structure did; what the chamber found is an `AdmissibilityDecision`. The round follows the
    structure's region; theme and title are columns since every list sorts by them.
    """

    __tablename__ = "candidacy"
    __table_args__ = (
        CheckConstraint("state IN ('draft','submitted','withdrawn','deleted')", name="state_is_known"),
        CheckConstraint(
            "state <> 'submitted' OR (theme_id IS NOT NULL AND submitted_at IS NOT NULL)",
            name="submitted_is_whole",
        ),
        CheckConstraint(
            "(state = 'withdrawn') = (withdrawn_at IS NOT NULL)", name="withdrawn_has_an_instant"
        ),
        Index(
            "uq_candidacy_live",
            "edition_id",
            "structure_id",
            unique=True,
            sqlite_where=text("state IN ('draft','submitted')"),
            postgresql_where=text("state IN ('draft','submitted')"),
        ),
        Index("ix_candidacy_round_state", "round_id", "state", "theme_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(KEY, unique=True, default=new_key)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"), index=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    structure_id: Mapped[int] = mapped_column(ForeignKey("structure.id"), index=True)
    theme_id: Mapped[int | None] = mapped_column(ForeignKey("theme.id"))
    title: Mapped[str] = mapped_column(String(300), default="")
    state: Mapped[str] = mapped_column(String(10), default="draft")
    created_at: Mapped[datetime] = mapped_column(Instant)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    touched_at: Mapped[datetime] = mapped_column(Instant)
    submitted_at: Mapped[datetime | None] = mapped_column(Instant)
    withdrawn_at: Mapped[datetime | None] = mapped_column(Instant)
    withdrawal_reason: Mapped[str] = mapped_column(Text, default="")
    # Set when a submission is taken back: the previous filing stands until replaced.
    taken_back_at: Mapped[datetime | None] = mapped_column(Instant)
    # Where an imported file came from: « fichier.csv, ligne 12 ».
    origin: Mapped[str] = mapped_column(String(200), default="")


class Answer(Model):
    """One answer of a draft, with the version that two tabs compare."""

    __tablename__ = "answer"
    __table_args__ = (UniqueConstraint("candidacy_id", "question_code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    candidacy_id: Mapped[int] = mapped_column(ForeignKey("candidacy.id"), index=True)
    question_code: Mapped[str] = mapped_column(String(60))
    value: Mapped[str] = mapped_column(Text)
    version: Mapped[int] = mapped_column(default=1)
    saved_at: Mapped[datetime] = mapped_column(Instant)
    saved_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    # The key its browser gave the last save, so that the same save sent again is known.
    client_key: Mapped[str | None] = mapped_column(String(80))


class Attachment(Model):
    __tablename__ = "attachment"
    __table_args__ = (CheckConstraint("audience IN ('jury','staff','public')", name="audience_is_known"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(KEY, unique=True, default=new_key)
    candidacy_id: Mapped[int] = mapped_column(ForeignKey("candidacy.id"), index=True)
    question_code: Mapped[str] = mapped_column(String(60))
    audience: Mapped[str] = mapped_column(String(10))
    # As typed by the candidate, and as others are shown it.
    file_name: Mapped[str] = mapped_column(String(255))
    clean_name: Mapped[str] = mapped_column(String(120))
    media_type: Mapped[str] = mapped_column(String(80))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    storage_key: Mapped[str] = mapped_column(String(80), unique=True)
    uploaded_at: Mapped[datetime] = mapped_column(Instant)
    uploaded_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    deleted_at: Mapped[datetime | None] = mapped_column(Instant)
    # What the scanner said: unscanned (there was none), waiting, clean, infected; and the name it gave.
    scan_state: Mapped[str] = mapped_column(String(10), default="unscanned", server_default="unscanned")
    scanned_at: Mapped[datetime | None] = mapped_column(Instant)
    scan_finding: Mapped[str] = mapped_column(String(120), default="", server_default="")


class Filing(Model):
    """A submission: the frozen copy with its fingerprint and receipt. The latest one counts."""

    __tablename__ = "filing"
    __table_args__ = (
        CheckConstraint("length(sha256) = 64", name="fingerprint_is_whole"),
        UniqueConstraint("candidacy_id", "number"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(KEY, unique=True, default=new_key)
    candidacy_id: Mapped[int] = mapped_column(ForeignKey("candidacy.id"), index=True)
    number: Mapped[int]
    receipt: Mapped[str] = mapped_column(String(40), unique=True)
    # Canonical JSON: structure, theme, title, answers, attachments with their hashes.
    content: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str] = mapped_column(String(64))
    submitted_at: Mapped[datetime] = mapped_column(Instant)
    submitted_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    replaced_at: Mapped[datetime | None] = mapped_column(Instant)


class AdmissibilityDecision(Model):
    """What the chamber decided of a submitted candidacy, with its reason. A new decision replaces the former."""

    __tablename__ = "admissibility_decision"
    __table_args__ = (
        CheckConstraint("verdict IN ('admissible','inadmissible')", name="verdict_is_known"),
        CheckConstraint("verdict = 'admissible' OR reason <> ''", name="refusal_has_a_reason"),
        Index(
            "uq_admissibility_decision_live",
            "candidacy_id",
            unique=True,
            sqlite_where=text("replaced_at IS NULL"),
            postgresql_where=text("replaced_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    candidacy_id: Mapped[int] = mapped_column(ForeignKey("candidacy.id"), index=True)
    verdict: Mapped[str] = mapped_column(String(12))
    reason: Mapped[str] = mapped_column(Text, default="")
    decided_at: Mapped[datetime] = mapped_column(Instant)
    decided_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    notified_at: Mapped[datetime | None] = mapped_column(Instant)
    replaced_at: Mapped[datetime | None] = mapped_column(Instant)


class IdempotencyKey(Model):
    """A client's key for a write, so that a retry gets the first result."""

    __tablename__ = "idempotency_key"
    __table_args__ = (UniqueConstraint("account_id", "verb", "client_key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    verb: Mapped[str] = mapped_column(String(40))
    client_key: Mapped[str] = mapped_column(String(80))
    payload_sha256: Mapped[str] = mapped_column(String(64))
    result: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(Instant)
