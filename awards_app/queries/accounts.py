"""Readings of accounts: the holder of a session, people by address."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import CTE, CompoundSelect, Integer, String, bindparam, cast, literal, null, select, union_all

from awards_app.database import read
from awards_app.domain.holder import HeldGrant, HeldMembership, HeldSeat, Holder
from awards_app.models.accounts import Account, AccountSession, RoleGrant
from awards_app.models.editions import Round
from awards_app.models.juries import Seat
from awards_app.models.structures import Membership, Structure
from awards_app.models.types import Instant


def holder_of_session(token_hash: str, now: datetime) -> Holder | None:
    """Return who holds the live session of this hash, with every right they have now (one query)."""
    return _holder(read(_OF_SESSION, {"token_hash": token_hash, "now": now}))


def holder_of_account(account_id: int) -> Holder | None:
    """Return the account as a holder without a session, for jobs and commands; None if disabled or unknown."""
    return _holder(read(_OF_ACCOUNT, {"account_id": account_id}))


def _holder(rows: Sequence[Any]) -> Holder | None:
    """Return the holder of rows made by `_with_rights`: the person, then one row a right."""
    person = next((row for row in rows if row.what == "person"), None)
    if person is None:
        return None
    return Holder(
        account_id=person.id,
        key=person.key,
        name=person.name,
        email=person.word,
        locale=person.locale,
        session_id=person.round_id,
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


def _with_rights(who: CTE) -> CompoundSelect[Any]:
    """Return the person of ``who`` and their rights in one result, whose first column says what a row is.

    Built once: putting such a statement together costs more than asking it.
    """
    nothing = cast(null(), String)
    person = select(
        literal("person").label("what"),
        who.c.id.label("id"),
        who.c.key.label("key"),
        who.c.session_id.label("round_id"),
        nothing.label("region_code"),
        literal(0).label("theme_id"),
        who.c.email.label("word"),
        who.c.name.label("name"),
        who.c.locale.label("locale"),
    )
    grants = (
        select(
            literal("grant"),
            RoleGrant.id,
            RoleGrant.key,
            literal(0),
            RoleGrant.region_code,
            literal(0),
            cast(RoleGrant.role, String),
            nothing,
            nothing,
        )
        .join(who, who.c.id == RoleGrant.account_id)
        .where(RoleGrant.revoked_at.is_(None))
    )
    seats = (
        select(
            literal("seat"),
            Seat.id,
            Seat.key,
            Seat.round_id,
            Round.region_code,
            Seat.theme_id,
            cast(Seat.function, String),
            nothing,
            nothing,
        )
        .join(who, who.c.id == Seat.account_id)
        .join(Round, Round.id == Seat.round_id)
        .where(Seat.left_at.is_(None), Seat.accepted_at.is_not(None))
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
            nothing,
            nothing,
        )
        .select_from(Membership)
        .join(who, who.c.id == Membership.account_id)
        .join(Structure, Structure.id == Membership.structure_id)
        .where(Membership.left_at.is_(None), Membership.accepted_at.is_not(None))
    )
    return union_all(person, grants, seats, memberships)


_PERSON = (Account.id, Account.key, Account.name, Account.email, Account.locale)
_OF_SESSION = _with_rights(
    select(*_PERSON, AccountSession.id.label("session_id"))
    .join(AccountSession, AccountSession.account_id == Account.id)
    .where(
        AccountSession.token_hash == bindparam("token_hash"),
        AccountSession.ended_at.is_(None),
        AccountSession.expires_at > bindparam("now", type_=Instant),
        Account.disabled_at.is_(None),
    )
    .cte("who")
)
_OF_ACCOUNT = _with_rights(
    select(*_PERSON, literal(None, Integer).label("session_id"))
    .where(Account.id == bindparam("account_id"), Account.disabled_at.is_(None))
    .cte("who")
)
