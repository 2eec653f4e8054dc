"""Readings of accounts: the holder of a session, people by address."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import String, cast, literal, null, select, union_all
from sqlalchemy.orm import aliased

from awards_app.database import db
from awards_app.domain.holder import HeldGrant, HeldMembership, HeldSeat, Holder
from awards_app.models.accounts import Account, AccountSession, RoleGrant
from awards_app.models.editions import Round
from awards_app.models.juries import Seat
from awards_app.models.structures import Membership, Structure


def holder_of_session(token_hash: str, now: datetime) -> Holder | None:
    """Return who holds the live session of this hash, with every right they have now (two queries)."""
    row = db.session.execute(
        select(
            AccountSession.id.label("session_id"),
            Account.id,
            Account.key,
            Account.name,
            Account.email,
            Account.locale,
        )
        .join(Account, Account.id == AccountSession.account_id)
        .where(
            AccountSession.token_hash == token_hash,
            AccountSession.ended_at.is_(None),
            AccountSession.expires_at > now,
            Account.disabled_at.is_(None),
        )
    ).one_or_none()
    if row is None:
        return None
    return _with_rights(row.id, row.key, row.name, row.email, row.locale, row.session_id)


def holder_of_account(account_id: int) -> Holder | None:
    """Return the account as a holder without a session, for jobs and commands; None if disabled or unknown."""
    row = db.session.execute(
        select(Account.id, Account.key, Account.name, Account.email, Account.locale).where(
            Account.id == account_id, Account.disabled_at.is_(None)
        )
    ).one_or_none()
    return _with_rights(row.id, row.key, row.name, row.email, row.locale, None) if row else None


def _with_rights(
    account_id: int, key: str, name: str, email: str, locale: str, session_id: int | None
) -> Holder:
    seat_round = aliased(Round)
    nothing = cast(null(), String)
    grants = select(
        literal("grant").label("what"),
        RoleGrant.id.label("id"),
        RoleGrant.key.label("key"),
        literal(0).label("round_id"),
        RoleGrant.region_code.label("region_code"),
        literal(0).label("theme_id"),
        cast(RoleGrant.role, String).label("word"),
    ).where(RoleGrant.account_id == account_id, RoleGrant.revoked_at.is_(None))
    seats = (
        select(
            literal("seat"),
            Seat.id,
            Seat.key,
            Seat.round_id,
            seat_round.region_code,
            Seat.theme_id,
            cast(Seat.function, String),
        )
        .join(seat_round, seat_round.id == Seat.round_id)
        .where(Seat.account_id == account_id, Seat.left_at.is_(None), Seat.accepted_at.is_not(None))
    )
    memberships = (
        select(
            literal("membership"),
            Structure.id,
            Structure.key,
            literal(0),
            nothing,
            literal(0),
            cast(Membership.standing, String),
        )
        .join(Structure, Structure.id == Membership.structure_id)
        .where(
            Membership.account_id == account_id,
            Membership.left_at.is_(None),
            Membership.accepted_at.is_not(None),
        )
    )
    rows: Sequence[Any] = db.session.execute(union_all(grants, seats, memberships)).all()
    return Holder(
        account_id=account_id,
        key=key,
        name=name,
        email=email,
        locale=locale,
        session_id=session_id,
        grants=tuple(HeldGrant(row.word, row.region_code) for row in rows if row.what == "grant"),
        seats=tuple(
            HeldSeat(row.id, row.key, row.round_id, row.region_code, row.theme_id, row.word)
            for row in rows
            if row.what == "seat"
        ),
        memberships=tuple(
            HeldMembership(row.id, row.key, row.word == "responsible")
            for row in rows
            if row.what == "membership"
        ),
    )
