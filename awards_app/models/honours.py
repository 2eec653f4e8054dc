"""What the public may read: honours and editions as published, and the entries carried to the national jury."""

from datetime import date, datetime

from sqlalchemy import JSON, CheckConstraint, Date, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from awards_app.database import Model
from awards_app.models.types import KEY, Instant, new_key


class NationalEntry(Model):
    """A confirmed regional decision carried to the national jury, with the file as it was judged."""

    __tablename__ = "national_entry"
    __table_args__ = (
        Index(
            "uq_national_entry_live",
            "round_id",
            "candidacy_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(KEY, unique=True, default=new_key)
    # The national round that receives it.
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), index=True)
    candidacy_id: Mapped[int] = mapped_column(ForeignKey("candidacy.id"), index=True)
    decision_id: Mapped[int] = mapped_column(ForeignKey("decision.id"))
    theme_id: Mapped[int] = mapped_column(ForeignKey("theme.id"))
    filing_id: Mapped[int] = mapped_column(ForeignKey("filing.id"))
    received_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    ended_reason: Mapped[str] = mapped_column(Text, default="")


class EditionRecord(Model):
    """What the public reads of an edition: figures found for past ones, written by the publication for ours."""

    __tablename__ = "edition_record"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[int | None]
    call_opens_on: Mapped[date | None] = mapped_column(Date)
    call_closes_on: Mapped[date | None] = mapped_column(Date)
    ceremony_on: Mapped[date | None] = mapped_column(Date)
    ceremony_place: Mapped[str] = mapped_column(Text, default="")
    candidacies: Mapped[int | None]
    national_entries: Mapped[int | None]
    themes: Mapped[list[str]] = mapped_column(JSON, default=list)
    national_amount: Mapped[int | None]
    regional_amount: Mapped[int | None]
    note: Mapped[str] = mapped_column(Text, default="")
    source_urls: Mapped[list[str]] = mapped_column(JSON, default=list)
    line_sha256: Mapped[str] = mapped_column(String(64), default="")


class Honour(Model):
    """One distinction as published: imported from the palmarès, or written by a publication. Nothing else is public."""

    __tablename__ = "honour"
    __table_args__ = (
        CheckConstraint("level IN ('national','regional')", name="level_is_known"),
        CheckConstraint(
            "distinction IN ('laureate','nominee','selected','favourite','public_vote','special')",
            name="distinction_is_known",
        ),
        UniqueConstraint("slug"),
        UniqueConstraint("identity"),
        Index("ix_honour_year_level", "year", "level", "region_code"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(KEY, unique=True, default=new_key)
    slug: Mapped[str] = mapped_column(String(160))
    # What makes the honour the same one at a second import or publication.
    identity: Mapped[str] = mapped_column(String(64))
    year: Mapped[int]
    level: Mapped[str] = mapped_column(String(10))
    distinction: Mapped[str] = mapped_column(String(12))
    prize_name: Mapped[str] = mapped_column(String(120), default="")
    theme: Mapped[str] = mapped_column(String(120), default="")
    theme_code: Mapped[str] = mapped_column(String(20), default="")
    region_code: Mapped[str | None] = mapped_column(ForeignKey("region.code"), index=True)
    structure_name: Mapped[str] = mapped_column(String(300))
    sort_key: Mapped[str] = mapped_column(String(300), index=True)
    legal_family: Mapped[str] = mapped_column(String(20), default="unknown")
    siren: Mapped[str | None] = mapped_column(String(9))
    city: Mapped[str] = mapped_column(String(120), default="")
    department: Mapped[str] = mapped_column(String(80), default="")
    project_title: Mapped[str] = mapped_column(String(300), default="")
    summary: Mapped[str] = mapped_column(Text, default="")
    citation: Mapped[str] = mapped_column(Text, default="")
    amount: Mapped[int | None]
    website: Mapped[str] = mapped_column(String(300), default="")
    source_url: Mapped[str] = mapped_column(Text, default="")
    decision_id: Mapped[int | None] = mapped_column(ForeignKey("decision.id"))
    published_at: Mapped[datetime | None] = mapped_column(Instant)
    erratum: Mapped[str] = mapped_column(Text, default="")
    retracted_at: Mapped[datetime | None] = mapped_column(Instant)
