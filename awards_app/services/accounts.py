"""Accounts, sessions and one-time links."""

import hashlib
import secrets
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import select, update

from awards_app.adapters.passwords import hash_password
from awards_app.database import atomic, db
from awards_app.domain.addresses import clean_address, fold_address
from awards_app.domain.holder import SCHEDULER, Holder
from awards_app.domain.refusals import Refusal
from awards_app.domain.text import clean_line
from awards_app.domain.words import N_
from awards_app.models.accounts import Account, AccountLink, AccountSession, LinkPurpose, RoleGrant
from awards_app.queries.accounts import holder_of_account, holder_of_session
from awards_app.services.journal import write_entry

LINK_LIFETIMES = {
    LinkPurpose.CONFIRM: timedelta(days=1),
    LinkPurpose.SIGN_IN: timedelta(hours=1),
    LinkPurpose.RESET: timedelta(hours=1),
    LinkPurpose.JURY_INVITATION: timedelta(days=14),
    LinkPurpose.STRUCTURE_INVITATION: timedelta(days=14),
}


class AccountIsDisabled(Refusal):
    """The account was closed."""

    sentence = N_("Ce compte est fermé.")
    status = 403


def hash_token(token: str) -> str:
    """Return how a session's or a link's token is kept."""
    return hashlib.sha256(token.encode()).hexdigest()


def ensure_account(
    email: str,
    name: str,
    now: datetime,
    *,
    password: str | None = None,
    confirmed: bool = True,
) -> int:
    """Return the account of an address, made if there is none. Raises `AddressIsInvalid`."""
    address = clean_address(email)
    folded = fold_address(address)
    with atomic() as session:
        known = session.scalar(select(Account.id).where(Account.email_folded == folded))
        if known is not None:
            return known
        account = Account(
            name=clean_line(name) or address,
            email=address,
            email_folded=folded,
            password_hash=hash_password(password) if password else None,
            created_at=now,
            confirmed_at=now if confirmed else None,
        )
        session.add(account)
        session.flush()
        write_entry(SCHEDULER, "register", "account", account.key, now)
        return account.id


def holder_for(account_id: int) -> Holder:
    """Return the account as a holder, for commands and the demonstration. Raises `AccountIsDisabled`."""
    holder = holder_of_account(account_id)
    if holder is None:
        raise AccountIsDisabled
    return holder


def holder_of_token(token: str, now: datetime) -> Holder:
    """Return who holds the live session of a token. Raises `AccountIsDisabled`."""
    holder = holder_of_session(hash_token(token), now)
    if holder is None:
        raise AccountIsDisabled
    return holder


def start_session(account_id: int, now: datetime, agent: str = "") -> str:
    """Open a session for an account and return its token, which only the browser keeps."""
    token = secrets.token_urlsafe(32)
    with atomic() as session:
        account = session.get_one(Account, account_id)
        if account.disabled_at is not None:
            raise AccountIsDisabled
        account.signed_in_at = now
        session.add(
            AccountSession(
                token_hash=hash_token(token),
                account_id=account_id,
                created_at=now,
                expires_at=now + timedelta(days=current_app.config["AWARDS_SESSION_DAYS"]),
                agent=agent[:200],
            )
        )
        write_entry(holder_for(account_id), "sign_in", "account", account.key, now)
    return token


def end_session(token: str, now: datetime) -> None:
    """End the session of a token; a later request with it is a visitor's."""
    with atomic() as session:
        session.execute(
            update(AccountSession)
            .where(AccountSession.token_hash == hash_token(token), AccountSession.ended_at.is_(None))
            .values(ended_at=now)
        )


def end_sessions(account_id: int, now: datetime, *, but: int | None = None) -> int:
    """End every session of an account, except the one of identifier ``but``; return how many ended."""
    query = (
        update(AccountSession)
        .where(AccountSession.account_id == account_id, AccountSession.ended_at.is_(None))
        .values(ended_at=now)
    )
    if but is not None:
        query = query.where(AccountSession.id != but)
    with atomic() as session:
        return session.execute(query).rowcount  # type: ignore[attr-defined]  # an UPDATE's result has it


def end_other_sessions(holder: Holder, now: datetime) -> int:
    """End the person's sessions in every other browser; return how many ended."""
    with atomic():
        ended = end_sessions(holder.account_id, now, but=holder.session_id)
        write_entry(holder, "end_sessions", "account", holder.key, now, detail={"ended": ended})
        return ended


def change_profile(holder: Holder, name: str, locale: str, now: datetime) -> None:
    """Keep the person's own name and language. Raises `TextIsInvalid`."""
    with atomic() as session:
        account = session.get_one(Account, holder.account_id)
        account.name = clean_line(name)
        account.locale = locale if locale in ("fr", "en") else "fr"
        write_entry(holder, "change_profile", "account", holder.key, now)


def create_link(
    purpose: LinkPurpose,
    email: str,
    now: datetime,
    *,
    account_id: int | None = None,
    object_key: str | None = None,
) -> str:
    """Make a one-time link and return its token; a newer link of the same purpose and object ends the older ones."""
    token = secrets.token_urlsafe(32)
    folded = fold_address(clean_address(email))
    with atomic() as session:
        session.execute(
            update(AccountLink)
            .where(
                AccountLink.purpose == purpose.value,
                AccountLink.email_folded == folded,
                AccountLink.object_key.is_(None)
                if object_key is None
                else AccountLink.object_key == object_key,
                AccountLink.used_at.is_(None),
                AccountLink.revoked_at.is_(None),
            )
            .values(revoked_at=now)
        )
        session.add(
            AccountLink(
                token_hash=hash_token(token),
                purpose=purpose.value,
                email_folded=folded,
                account_id=account_id,
                object_key=object_key,
                created_at=now,
                expires_at=now + LINK_LIFETIMES[purpose],
            )
        )
    return token


def grant_role(
    holder: Holder | None, account_id: int, role: str, region_code: str | None, now: datetime
) -> str:
    """Give a role to an account and return the grant's key; the caller has settled who may (ACC-3).

    A live grant of the same role and region is returned as it is.
    """
    same_region = (
        RoleGrant.region_code.is_(None) if region_code is None else RoleGrant.region_code == region_code
    )
    with atomic() as session:
        known = session.scalar(
            select(RoleGrant.key).where(
                RoleGrant.account_id == account_id,
                RoleGrant.role == role,
                same_region,
                RoleGrant.revoked_at.is_(None),
            )
        )
        if known is not None:
            return known
        grant = RoleGrant(
            account_id=account_id,
            role=role,
            region_code=region_code,
            granted_at=now,
            granted_by_id=holder.account_id if holder else None,
        )
        session.add(grant)
        session.flush()
        write_entry(
            holder or SCHEDULER,
            "grant_role",
            "role_grant",
            grant.key,
            now,
            detail={"role": role, "region": region_code or ""},
        )
        return grant.key


def account_by_address(email: str) -> Account | None:
    """Return the account of an address, or None."""
    return db.session.scalar(
        select(Account).where(Account.email_folded == fold_address(clean_address(email)))
    )
