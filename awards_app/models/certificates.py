"""Certificates: one number a decision or a person, the text frozen at issue, the file's hash."""

from datetime import datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from awards_app.database import Model
from awards_app.models.types import KEY, Instant, new_key


class SigningCertificate(Model):
    """A certificate that signed: kept for ever, so that what it signed verifies once its key is replaced."""

    __tablename__ = "signing_certificate"

    id: Mapped[int] = mapped_column(primary_key=True)
    # SHA-256 of its DER form.
    fingerprint: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(Text)
    pem: Mapped[str] = mapped_column(Text)
    is_demonstration: Mapped[bool]
    first_used_at: Mapped[datetime] = mapped_column(Instant)


class Certificate(Model):
    __tablename__ = "certificate"
    __table_args__ = (
        CheckConstraint("state IN ('waiting','issued','failed','revoked')", name="state_is_known"),
        CheckConstraint("state NOT IN ('issued','revoked') OR sha256 IS NOT NULL", name="issued_has_a_file"),
        Index(
            "uq_certificate_live",
            "decision_id",
            unique=True,
            sqlite_where=text("state <> 'revoked'"),
            postgresql_where=text("state <> 'revoked'"),
        ),
        Index(
            "uq_certificate_holder",
            "round_id",
            "kind_code",
            "holder_key",
            unique=True,
            sqlite_where=text("state <> 'revoked'"),
            postgresql_where=text("state <> 'revoked'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(KEY, unique=True, default=new_key)
    # Printed and verified: unguessable, never reused, says nothing of rank or name.
    number: Mapped[str] = mapped_column(String(40), unique=True)
    # What it certifies: a decision on a candidacy, a candidacy alone, or a seat of the jury.
    decision_id: Mapped[int | None] = mapped_column(ForeignKey("decision.id"), index=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), index=True)
    candidacy_id: Mapped[int | None] = mapped_column(ForeignKey("candidacy.id"), index=True)
    seat_id: Mapped[int | None] = mapped_column(ForeignKey("seat.id"), index=True)
    # The code of its kind in the edition (`certificate_kind`), and the key of its decision, candidacy or seat; both are
    # empty on what the first release ordered.
    kind_code: Mapped[str | None] = mapped_column(String(40))
    holder_key: Mapped[str | None] = mapped_column(String(32))
    # The design: diploma or attestation.
    kind: Mapped[str] = mapped_column(String(20), default="diploma")
    state: Mapped[str] = mapped_column(String(10), default="waiting")
    # The fields of domain.papers.CertificateText.
    content: Mapped[dict[str, object]] = mapped_column(JSON)
    sha256: Mapped[str | None] = mapped_column(String(64), index=True)
    storage_key: Mapped[str | None] = mapped_column(String(80))
    # Who signed the file; none signed what the first release printed.
    signer_id: Mapped[int | None] = mapped_column(ForeignKey("signing_certificate.id"))
    ordered_at: Mapped[datetime] = mapped_column(Instant)
    ordered_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    issued_at: Mapped[datetime | None] = mapped_column(Instant)
    attempts: Mapped[int] = mapped_column(default=0)
    failure: Mapped[str] = mapped_column(Text, default="")
    revoked_at: Mapped[datetime | None] = mapped_column(Instant)
    revoked_reason: Mapped[str] = mapped_column(Text, default="")
    replaced_by_id: Mapped[int | None] = mapped_column(ForeignKey("certificate.id"))
