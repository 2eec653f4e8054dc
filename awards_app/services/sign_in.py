"""How people come in: registering, confirming, signing in by password or by link, choosing a new password."""

import hashlib
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import func, select, update

from awards_app.adapters.passwords import hash_password, password_matches
from awards_app.adapters.public_address import public_address
from awards_app.database import atomic, db
from awards_app.domain.addresses import clean_address, fold_address
from awards_app.domain.holder import SCHEDULER
from awards_app.domain.passwords import check_password
from awards_app.domain.refusals import Refusal
from awards_app.domain.text import clean_line
from awards_app.domain.words import N_
from awards_app.models.accounts import Account, AccountLink, LinkPurpose
from awards_app.models.journal import JournalEntry
from awards_app.services.accounts import create_link, end_sessions, hash_token, holder_for, start_session
from awards_app.services.journal import write_entry
from awards_app.services.messages import queue_message

TRIES = 10
TRIES_WINDOW = timedelta(minutes=15)
MAILS_AN_HOUR = 3


class SignInFailed(Refusal):
    """The address and the password do not go together; which of the two is wrong is not said."""

    sentence = N_("L’adresse et le mot de passe ne vont pas ensemble.")
    status = 422
    field = "password"


class TooManyTries(Refusal):
    """Too many tries on one account."""

    sentence = N_("Trop de tentatives. Patientez quinze minutes, ou demandez un lien de connexion.")
    status = 429


class LinkIsSpent(Refusal):
    """The link was used, replaced, or has expired."""

    sentence = N_("Ce lien a déjà servi ou n’est plus valable. Vous pouvez en demander un autre.")
    status = 410


def register(email: str, name: str, password: str | None, now: datetime) -> None:
    """Open an account that its link will confirm; a known address gets a message instead, and nobody is told which.

    An address registered twice before it is confirmed, with two passwords, has none: its owner chooses one once inside.

    Raises the refusals of the address and of the password.
    """
    address = clean_address(email)
    if password:
        check_password(password)
    kept = hash_password(password) if password else None
    with atomic() as session:
        known = _account(address)
        if known is not None and known.confirmed_at is not None:
            _write(known, "address_already_known", "", now)
            return
        if known is None:
            known = Account(
                name=clean_line(name),
                email=address,
                email_folded=fold_address(address),
                password_hash=kept,
                created_at=now,
            )
            session.add(known)
            session.flush()
            write_entry(SCHEDULER, "register", "account", known.key, now)
        else:
            # Two who register one address may be two people: neither password is proved to be its owner's.
            if known.password_hash is not None and not (
                password and password_matches(known.password_hash, password)
            ):
                known.password_hash = None
            known.name = clean_line(name)
        _write(known, "account_confirmation", LinkPurpose.CONFIRM, now)


def sign_in_with_password(email: str, password: str, now: datetime, agent: str = "") -> str:
    """Return the token of a new session. Raises `SignInFailed` or `TooManyTries`; a failure is journaled."""
    address = clean_address(email)
    account = _account(address)
    tried = account.key if account is not None else _shadow_key(address)
    if failures(tried, now) >= TRIES:
        raise TooManyTries
    matches = len(password) <= 1024 and password_matches(account.password_hash if account else None, password)
    if account is None or not matches or account.disabled_at is not None or account.confirmed_at is None:
        write_entry(SCHEDULER, "sign_in", "account", tried, now, outcome="refused")
        raise SignInFailed
    return start_session(account.id, now, agent)


def ask_link(email: str, purpose: LinkPurpose, now: datetime) -> None:
    """Write a sign-in or a reset link to a known address; do nothing for another. Never within the answer to who asks."""
    kinds = {LinkPurpose.SIGN_IN: "sign_in_link", LinkPurpose.RESET: "password_reset"}
    with atomic():
        account = _account(clean_address(email))
        if account is None or account.disabled_at is not None:
            return
        _write(account, kinds[purpose], purpose, now)


def find_link(token: str, purposes: tuple[LinkPurpose, ...], now: datetime) -> AccountLink:
    """Return the live link of a token, without using it. Raises `LinkIsSpent`."""
    link = db.session.scalar(
        select(AccountLink).where(
            AccountLink.token_hash == hash_token(token),
            AccountLink.purpose.in_([purpose.value for purpose in purposes]),
            AccountLink.used_at.is_(None),
            AccountLink.revoked_at.is_(None),
            AccountLink.expires_at > now,
        )
    )
    if link is None:
        raise LinkIsSpent
    return link


def use_link(token: str, purposes: tuple[LinkPurpose, ...], now: datetime) -> AccountLink:
    """Spend the link of a token and return it. Raises `LinkIsSpent` for all but the first."""
    with atomic() as session:
        link = session.scalar(
            select(AccountLink)
            .where(AccountLink.token_hash == hash_token(token))
            .with_for_update()
            .execution_options(populate_existing=True)
        )
        if link is None or link.used_at is not None:
            raise LinkIsSpent
        find_link(token, purposes, now)
        link.used_at = now
        return link


def confirm_address(token: str, now: datetime, agent: str = "") -> str:
    """Confirm the address that a link was sent to and return the token of a new session."""
    with atomic():
        link = use_link(token, (LinkPurpose.CONFIRM,), now)
        return _enter(link, now, agent)


def sign_in_with_link(token: str, now: datetime, agent: str = "") -> str:
    """Return the token of a new session for the account a link was sent to; the address is thereby confirmed."""
    with atomic():
        link = use_link(token, (LinkPurpose.SIGN_IN,), now)
        return _enter(link, now, agent)


def reset_password(token: str, password: str, now: datetime, agent: str = "") -> str:
    """Keep a new password, end every other session, and return the token of a new one."""
    check_password(password)
    with atomic():
        link = use_link(token, (LinkPurpose.RESET,), now)
        account = _account_of(link)
        account.password_hash = hash_password(password)
        end_sessions(account.id, now)
        _end_links(account, now)
        write_entry(holder_for(account.id), "reset_password", "account", account.key, now)
        return _enter(link, now, agent)


def change_password(account_id: int, session_id: int | None, current: str, new: str, now: datetime) -> None:
    """Replace the password of a signed-in person and end their other sessions. Raises `SignInFailed`."""
    check_password(new)
    with atomic() as session:
        account = session.get_one(Account, account_id)
        if account.password_hash is not None and not password_matches(account.password_hash, current):
            raise SignInFailed
        account.password_hash = hash_password(new)
        end_sessions(account_id, now, but=session_id)
        _end_links(account, now)
        write_entry(holder_for(account_id), "change_password", "account", account.key, now)


def _end_links(account: Account, now: datetime) -> None:
    """End the links that would open the account without its new password; joins the caller's transaction."""
    db.session.execute(
        update(AccountLink)
        .where(
            AccountLink.email_folded == account.email_folded,
            AccountLink.purpose.in_([LinkPurpose.RESET.value, LinkPurpose.SIGN_IN.value]),
            AccountLink.used_at.is_(None),
            AccountLink.revoked_at.is_(None),
        )
        .values(revoked_at=now)
    )


def _enter(link: AccountLink, now: datetime, agent: str) -> str:
    account = _account_of(link)
    if account.confirmed_at is None:
        account.confirmed_at = now
        if link.purpose == LinkPurpose.SIGN_IN:
            # Whoever registered the address with a password may be somebody else.
            account.password_hash = None
        write_entry(holder_for(account.id), "confirm_address", "account", account.key, now)
    db.session.flush()
    return start_session(account.id, now, agent)


def _account_of(link: AccountLink) -> Account:
    account = db.session.scalar(select(Account).where(Account.email_folded == link.email_folded))
    if account is None or account.disabled_at is not None:
        raise LinkIsSpent
    return account


def _account(address: str) -> Account | None:
    return db.session.scalar(select(Account).where(Account.email_folded == fold_address(address)))


def _shadow_key(address: str) -> str:
    """Return what stands for the account of an address that has none, so that tries on both are counted alike."""
    return hashlib.sha256(
        f"{current_app.config['SECRET_KEY']}\0{fold_address(address)}".encode()
    ).hexdigest()[:22]


def failures(object_key: str, now: datetime) -> int:
    """Return how many times the password of an account was wrong of late."""
    return (
        db.session.scalar(
            select(func.count(JournalEntry.seq)).where(
                JournalEntry.object_key == object_key,
                JournalEntry.act == "sign_in",
                JournalEntry.outcome == "refused",
                JournalEntry.at > now - TRIES_WINDOW,
            )
        )
        or 0
    )


def _write(account: Account, kind: str, purpose: LinkPurpose | str, now: datetime) -> None:
    """Put the message of an account in the outbox, at most `MAILS_AN_HOUR` of its kind in an hour."""
    from awards_app.models.messages import Message

    recent = db.session.scalar(
        select(func.count(Message.id)).where(
            Message.account_id == account.id,
            Message.kind == kind,
            Message.created_at > now - timedelta(hours=1),
        )
    )
    if (recent or 0) >= MAILS_AN_HOUR:
        return
    if purpose:
        token = create_link(LinkPurpose(purpose), account.email, now, account_id=account.id)
        path = {
            LinkPurpose.CONFIRM: "confirmer",
            LinkPurpose.SIGN_IN: "lien",
            LinkPurpose.RESET: "reinitialiser",
        }[LinkPurpose(purpose)]
        secret: dict[str, object] | None = {"link": public_address(f"/compte/{path}/{token}")}
        lifetime = "un jour" if purpose == LinkPurpose.CONFIRM else "une heure"
    else:
        secret, lifetime = {"link": public_address("/compte/connexion")}, ""
    queue_message(
        kind,
        account.email,
        dedupe=f"{kind}:{account.key}:{now.isoformat()}",
        values={"person": account.name, "link_lifetime": lifetime},
        secret_values=secret,
        account_id=account.id,
        now=now,
    )
