"""An edition and all that makes it: regions, rounds, themes, grids, prizes, the form."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from awards_app.database import Model
from awards_app.models.types import KEY, Instant, new_key


class Region(Model):
    """One of the regions of a preset, by its COG code, with its chamber."""

    __tablename__ = "region"

    code: Mapped[str] = mapped_column(String(3), primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    # « en Bretagne », « à La Réunion »: the name with its preposition, for sentences.
    located: Mapped[str] = mapped_column(String(100))
    chamber: Mapped[str] = mapped_column(String(120))
    zone: Mapped[str] = mapped_column(String(60))
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    position: Mapped[int]


class Department(Model):
    __tablename__ = "department"

    code: Mapped[str] = mapped_column(String(3), primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    region_code: Mapped[str] = mapped_column(ForeignKey("region.code"), index=True)


class Edition(Model):
    __tablename__ = "edition"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(KEY, unique=True, default=new_key)
    year: Mapped[int] = mapped_column(unique=True)
    number: Mapped[int]
    name: Mapped[str] = mapped_column(String(120))
    preset: Mapped[str] = mapped_column(String(40))
    created_at: Mapped[datetime] = mapped_column(Instant)
    # Settings of the edition, by the names of the preset's [rules]; read through queries.editions.rules_of.
    rules: Mapped[dict[str, object]] = mapped_column(JSON)
    # The clock moves the current edition's pages; an edition made for a rehearsal is never current.
    is_current: Mapped[bool] = mapped_column(default=True)


class Round(Model):
    """One region's turn in an edition (`region_code`), or the national one (no region).

    Instants have their local reading and zone beside them: the instant decides, the reading is what people were told.
    `closes_at` is the first instant at which the call is closed.
    """

    __tablename__ = "round"
    __table_args__ = (
        CheckConstraint("phase IN ('P0','P1','P2','P3','P4','P5','P6','P7')", name="phase_is_known"),
        CheckConstraint(
            "publication_armed_at IS NULL OR embargo_at IS NOT NULL", name="armed_has_an_instant"
        ),
        Index(
            "uq_round_edition_region",
            "edition_id",
            text("coalesce(region_code, '')"),
            unique=True,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(KEY, unique=True, default=new_key)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"), index=True)
    region_code: Mapped[str | None] = mapped_column(ForeignKey("region.code"))
    phase: Mapped[str] = mapped_column(String(2), default="P0")
    takes_part: Mapped[bool] = mapped_column(default=True)
    zone: Mapped[str] = mapped_column(String(60))
    opens_local: Mapped[str | None] = mapped_column(String(16))
    opens_at: Mapped[datetime | None] = mapped_column(Instant)
    closes_local: Mapped[str | None] = mapped_column(String(16))
    closes_at: Mapped[datetime | None] = mapped_column(Instant)
    scoring_closes_local: Mapped[str | None] = mapped_column(String(16))
    scoring_closes_at: Mapped[datetime | None] = mapped_column(Instant)
    embargo_local: Mapped[str | None] = mapped_column(String(16))
    embargo_at: Mapped[datetime | None] = mapped_column(Instant)
    publication_armed_at: Mapped[datetime | None] = mapped_column(Instant)
    scoring_opened_at: Mapped[datetime | None] = mapped_column(Instant)
    locked_at: Mapped[datetime | None] = mapped_column(Instant)
    decided_at: Mapped[datetime | None] = mapped_column(Instant)
    published_at: Mapped[datetime | None] = mapped_column(Instant)
    archived_at: Mapped[datetime | None] = mapped_column(Instant)
    # A counter for writers that take turns on one round, and the attendance the minutes report.
    version: Mapped[int] = mapped_column(default=1)


class Theme(Model):
    __tablename__ = "theme"
    __table_args__ = (UniqueConstraint("edition_id", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"), index=True)
    code: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(80))
    description: Mapped[str] = mapped_column(Text, default="")
    colour: Mapped[str] = mapped_column(String(20), default="")
    position: Mapped[int]


class Criterion(Model):
    """A criterion of the regional or the national grid."""

    __tablename__ = "criterion"
    __table_args__ = (
        CheckConstraint("level IN ('regional','national')", name="level_is_known"),
        UniqueConstraint("edition_id", "level", "code"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"), index=True)
    level: Mapped[str] = mapped_column(String(10))
    code: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(120))
    question: Mapped[str] = mapped_column(Text, default="")
    position: Mapped[int]


class CriterionWeight(Model):
    """What a criterion weighs in a theme; the weights of a grid in a theme sum to 100."""

    __tablename__ = "criterion_weight"
    __table_args__ = (CheckConstraint("weight BETWEEN 0 AND 100", name="weight_is_a_share"),)

    criterion_id: Mapped[int] = mapped_column(ForeignKey("criterion.id"), primary_key=True)
    theme_id: Mapped[int] = mapped_column(ForeignKey("theme.id"), primary_key=True)
    weight: Mapped[int]


class CriterionLevel(Model):
    """The words of one level of one criterion."""

    __tablename__ = "criterion_level"
    __table_args__ = (CheckConstraint("value >= 0", name="value_is_not_negative"),)

    criterion_id: Mapped[int] = mapped_column(ForeignKey("criterion.id"), primary_key=True)
    value: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    words: Mapped[str] = mapped_column(Text)


class Prize(Model):
    """What a jury may give at a level: an outcome slot with its places."""

    __tablename__ = "prize"
    __table_args__ = (
        CheckConstraint(
            "outcome IN ('national_entry','title','endowment','nominee','laureate','special')",
            name="outcome_is_known",
        ),
        CheckConstraint("level IN ('regional','national')", name="level_is_known"),
        CheckConstraint("places >= 0", name="places_are_counted"),
        UniqueConstraint("edition_id", "level", "code"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(KEY, unique=True, default=new_key)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"), index=True)
    level: Mapped[str] = mapped_column(String(10))
    code: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(120))
    outcome: Mapped[str] = mapped_column(String(20))
    places: Mapped[int]
    per_theme: Mapped[bool]
    position: Mapped[int]


class EndowmentLine(Model):
    __tablename__ = "endowment_line"

    id: Mapped[int] = mapped_column(primary_key=True)
    prize_id: Mapped[int] = mapped_column(ForeignKey("prize.id"), index=True)
    amount: Mapped[int | None]
    currency: Mapped[str] = mapped_column(String(3), default="EUR")
    kind: Mapped[str] = mapped_column(String(10), default="cash")
    funder: Mapped[str] = mapped_column(String(120), default="")
    note: Mapped[str] = mapped_column(Text, default="")


class FormSection(Model):
    __tablename__ = "form_section"
    __table_args__ = (UniqueConstraint("edition_id", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"), index=True)
    code: Mapped[str] = mapped_column(String(40))
    title: Mapped[str] = mapped_column(String(120))
    lead: Mapped[str] = mapped_column(Text, default="")
    position: Mapped[int]
    # Shown to one theme only, or by another answer (`domain.form_conditions`); kept but no longer asked once retired.
    theme_code: Mapped[str | None] = mapped_column(String(20))
    condition: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    retired_at: Mapped[datetime | None] = mapped_column(Instant)


class FormQuestion(Model):
    """One question of the form, with its type, limits, and who reads its answer."""

    __tablename__ = "form_question"
    __table_args__ = (
        CheckConstraint("audience IN ('jury','staff','public')", name="audience_is_known"),
        UniqueConstraint("edition_id", "code"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"), index=True)
    section_id: Mapped[int] = mapped_column(ForeignKey("form_section.id"), index=True)
    code: Mapped[str] = mapped_column(String(60))
    kind: Mapped[str] = mapped_column(String(20))
    label: Mapped[str] = mapped_column(Text)
    help: Mapped[str] = mapped_column(Text, default="")
    example: Mapped[str] = mapped_column(Text, default="")
    # Signs for text; unit for numbers; choices for choices; accepted types, MiB and count for files.
    limit: Mapped[int | None]
    unit: Mapped[str] = mapped_column(String(20), default="")
    choices: Mapped[list[dict[str, str]]] = mapped_column(JSON, default=list)
    accepts: Mapped[list[str]] = mapped_column(JSON, default=list)
    max_mib: Mapped[int | None]
    max_count: Mapped[int | None]
    required: Mapped[bool] = mapped_column(default=False)
    theme_code: Mapped[str | None] = mapped_column(String(20))
    audience: Mapped[str] = mapped_column(String(10), default="jury")
    criterion_code: Mapped[str | None] = mapped_column(String(40))
    position: Mapped[int]
    # What only some kinds have: bounds and decimals of numbers, registers of identifiers, columns of tables.
    settings: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    condition: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    retired_at: Mapped[datetime | None] = mapped_column(Instant)


class Wording(Model):
    """A reason or sentence that staff may edit: admissibility reasons, checklist lines, message templates."""

    __tablename__ = "wording"
    __table_args__ = (UniqueConstraint("edition_id", "kind", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"), index=True)
    # admissibility_rule, admissibility_reason, message
    kind: Mapped[str] = mapped_column(String(30))
    code: Mapped[str] = mapped_column(String(60))
    title: Mapped[str] = mapped_column(Text, default="")
    body: Mapped[str] = mapped_column(Text)
    position: Mapped[int] = mapped_column(default=0)
