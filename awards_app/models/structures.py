"""Structures of the ESS and the people who act for them."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from awards_app.database import Model
from awards_app.models.types import KEY, Instant, new_key


class Structure(Model):
    __tablename__ = "structure"
    __table_args__ = (
        CheckConstraint("name <> ''", name="structure_has_a_name"),
        *(
            Index(
                f"uq_structure_{column}",
                column,
                unique=True,
                sqlite_where=text(f"{column} IS NOT NULL"),
                postgresql_where=text(f"{column} IS NOT NULL"),
            )
            for column in ("siren", "rna")
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(KEY, unique=True, default=new_key)
    name: Mapped[str] = mapped_column(String(300))
    sort_key: Mapped[str] = mapped_column(String(300), index=True)
    acronym: Mapped[str] = mapped_column(String(40), default="")
    # association, cooperative, mutual, foundation, endowment_fund, commercial, unknown
    legal_family: Mapped[str] = mapped_column(String(20), default="unknown")
    legal_form: Mapped[str] = mapped_column(String(120), default="")
    siren: Mapped[str | None] = mapped_column(String(9))
    siret: Mapped[str | None] = mapped_column(String(14))
    rna: Mapped[str | None] = mapped_column(String(10))
    court_register: Mapped[str | None] = mapped_column(String(120))
    founded_on: Mapped[date | None] = mapped_column(Date)
    address: Mapped[str] = mapped_column(Text, default="")
    postcode: Mapped[str] = mapped_column(String(10), default="")
    city: Mapped[str] = mapped_column(String(120), default="")
    department: Mapped[str] = mapped_column(String(80), default="")
    region_code: Mapped[str | None] = mapped_column(ForeignKey("region.code"), index=True)
    website: Mapped[str] = mapped_column(String(300), default="")
    is_esus: Mapped[bool] = mapped_column(default=False)
    network: Mapped[str] = mapped_column(String(200), default="")
    created_at: Mapped[datetime] = mapped_column(Instant)
    version: Mapped[int] = mapped_column(default=1)


class Membership(Model):
    """A person who writes (member) or also submits and manages members (responsible) for a structure."""

    __tablename__ = "membership"
    __table_args__ = (
        CheckConstraint("standing IN ('member','responsible')", name="standing_is_known"),
        Index(
            "uq_membership_live",
            "structure_id",
            "account_id",
            unique=True,
            sqlite_where=text("left_at IS NULL"),
            postgresql_where=text("left_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(KEY, unique=True, default=new_key)
    structure_id: Mapped[int] = mapped_column(ForeignKey("structure.id"), index=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    standing: Mapped[str] = mapped_column(String(12))
    invited_email: Mapped[str | None] = mapped_column(String(320))
    created_at: Mapped[datetime] = mapped_column(Instant)
    accepted_at: Mapped[datetime | None] = mapped_column(Instant)
    left_at: Mapped[datetime | None] = mapped_column(Instant)
