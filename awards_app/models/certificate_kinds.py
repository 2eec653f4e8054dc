"""Kinds of certificates of an edition, and the versions of their texts that staff write."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from awards_app.database import Model
from awards_app.models.types import KEY, Instant, new_key


class CertificateKind(Model):
    """A paper of the edition: its label, its design, who gets it (`basis`) and from which phase."""

    __tablename__ = "certificate_kind"
    __table_args__ = (
        CheckConstraint(
            "basis IN ('candidacy','admissible','juror','title','special','nominee','laureate')",
            name="basis_is_known",
        ),
        CheckConstraint("design IN ('diploma','attestation')", name="design_is_known"),
        CheckConstraint("from_phase IN ('P5','P6')", name="phase_is_decided"),
        UniqueConstraint("edition_id", "code"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(KEY, unique=True, default=new_key)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"), index=True)
    code: Mapped[str] = mapped_column(String(40))
    label: Mapped[str] = mapped_column(String(120))
    basis: Mapped[str] = mapped_column(String(20))
    design: Mapped[str] = mapped_column(String(20))
    from_phase: Mapped[str] = mapped_column(String(2))
    is_given: Mapped[bool] = mapped_column(default=True)
    position: Mapped[int]


class CertificateWording(Model):
    """One version of the texts of a kind; the last one is used, all are kept."""

    __tablename__ = "certificate_wording"
    __table_args__ = (
        CheckConstraint("version >= 1", name="version_is_counted"),
        UniqueConstraint("kind_id", "version"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind_id: Mapped[int] = mapped_column(ForeignKey("certificate_kind.id"), index=True)
    version: Mapped[int]
    issuer_line: Mapped[str] = mapped_column(Text)
    distinction: Mapped[str] = mapped_column(Text)
    body: Mapped[str] = mapped_column(Text)
    saved_at: Mapped[datetime] = mapped_column(Instant)
    saved_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
