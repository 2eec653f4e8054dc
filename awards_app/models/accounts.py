"""Accounts, their sessions and links, and the roles people are granted."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from awards_app.database import Model
from awards_app.models.types import KEY, Instant, new_key


class Role(StrEnum):
    """A role granted by a row; jury seats and structure memberships are rows of their own rooms."""

    COORDINATOR = "coordinator"
    NATIONAL_STAFF = "national_staff"
    AUDITOR = "auditor"


class LinkPurpose(StrEnum):
    """What a one-time link is for."""

    CONFIRM = "confirm"
    SIGN_IN = "sign_in"
    RESET = "reset"
    JURY_INVITATION = "jury_invitation"
    STRUCTURE_INVITATION = "structure_invitation"


class Account(Model):
    __tablename__ = "account"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(KEY, unique=True, default=new_key)
    name: Mapped[str] = mapped_column(String(200))
    # The address as typed, to which mail goes, and the same folded, which is unique.
    email: Mapped[str] = mapped_column(String(320))
    email_folded: Mapped[str] = mapped_column(String(320), unique=True)
    password_hash: Mapped[str | None] = mapped_column(String(200))
    locale: Mapped[str] = mapped_column(String(5), default="fr")
    created_at: Mapped[datetime] = mapped_column(Instant)
    confirmed_at: Mapped[datetime | None] = mapped_column(Instant)
    disabled_at: Mapped[datetime | None] = mapped_column(Instant)
    signed_in_at: Mapped[datetime | None] = mapped_column(Instant)


class AccountSession(Model):
    """One signed-in browser; ending the row signs it out at the next request."""

    __tablename__ = "account_session"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(Instant)
    expires_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    agent: Mapped[str] = mapped_column(String(200), default="")


class AccountLink(Model):
    """A one-time link: the hash of 256 random bits, shown by a page with a button and consumed by its POST."""

    __tablename__ = "account_link"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    purpose: Mapped[str] = mapped_column(String(30))
    email_folded: Mapped[str] = mapped_column(String(320), index=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    # What the link opens when it is an invitation: the key of a seat or of a membership.
    object_key: Mapped[str | None] = mapped_column(KEY)
    created_at: Mapped[datetime] = mapped_column(Instant)
    expires_at: Mapped[datetime] = mapped_column(Instant)
    used_at: Mapped[datetime | None] = mapped_column(Instant)
    revoked_at: Mapped[datetime | None] = mapped_column(Instant)


class RoleGrant(Model):
    """A role of one account: a coordinator's is for one region, the others are for the whole country."""

    __tablename__ = "role_grant"
    __table_args__ = (
        CheckConstraint(
            "(role = 'coordinator') = (region_code IS NOT NULL)", name="coordinator_has_a_region"
        ),
        Index(
            "uq_role_grant_live",
            "account_id",
            "role",
            text("coalesce(region_code, '')"),
            unique=True,
            sqlite_where=text("revoked_at IS NULL"),
            postgresql_where=text("revoked_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(KEY, unique=True, default=new_key)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    role: Mapped[str] = mapped_column(String(20))
    region_code: Mapped[str | None] = mapped_column(ForeignKey("region.code"))
    granted_at: Mapped[datetime] = mapped_column(Instant)
    granted_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    revoked_at: Mapped[datetime | None] = mapped_column(Instant)
    revoked_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))


class PendingAct(Model):
    """An act proposed by one person that a second one must confirm within a day."""

    __tablename__ = "pending_act"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(KEY, unique=True, default=new_key)
    verb: Mapped[str] = mapped_column(String(40))
    round_id: Mapped[int | None] = mapped_column(ForeignKey("round.id"), index=True)
    object_key: Mapped[str] = mapped_column(KEY)
    # The act's arguments as JSON of plain values.
    arguments: Mapped[str] = mapped_column(Text, default="{}")
    reason: Mapped[str] = mapped_column(Text, default="")
    proposed_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    # As which subject of the matrix the first person acted (JP, RC, NS): the second must bring the other one.
    proposed_as: Mapped[str] = mapped_column(String(3))
    proposed_at: Mapped[datetime] = mapped_column(Instant)
    expires_at: Mapped[datetime] = mapped_column(Instant)
    settled_at: Mapped[datetime | None] = mapped_column(Instant)
    settled_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    outcome: Mapped[str | None] = mapped_column(String(12))
