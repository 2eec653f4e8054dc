"""Readings of a person's own account: sessions, profile, and everything the platform knows of them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from awards_app.database import db
from awards_app.domain.holder import Holder
from awards_app.models.accounts import Account, AccountSession, RoleGrant
from awards_app.models.candidacies import Candidacy
from awards_app.models.editions import Round
from awards_app.models.juries import Seat
from awards_app.models.messages import Message
from awards_app.models.structures import Membership, Structure


@dataclass(frozen=True, slots=True)
class SessionLine:
    """A live session of the person; ``here`` marks the one of this browser."""

    id: int
    agent: str
    created_at: datetime
    here: bool


@dataclass(frozen=True, slots=True)
class Profile:
    """What the account page shows."""

    name: str
    email: str
    locale: str
    has_password: bool
    created_at: datetime
    sessions: tuple[SessionLine, ...]


def profile_of(holder: Holder, now: datetime) -> Profile:
    """Return the person's own profile with their live sessions (two queries)."""
    account = db.session.execute(
        select(Account.name, Account.email, Account.locale, Account.password_hash, Account.created_at).where(
            Account.id == holder.account_id
        )
    ).one()
    sessions = db.session.execute(
        select(AccountSession.id, AccountSession.agent, AccountSession.created_at)
        .where(
            AccountSession.account_id == holder.account_id,
            AccountSession.ended_at.is_(None),
            AccountSession.expires_at > now,
        )
        .order_by(AccountSession.created_at.desc())
    )
    return Profile(
        name=account.name,
        email=account.email,
        locale=account.locale,
        has_password=account.password_hash is not None,
        created_at=account.created_at,
        sessions=tuple(
            SessionLine(row.id, row.agent, row.created_at, row.id == holder.session_id) for row in sessions
        ),
    )


def own_data(holder: Holder) -> dict[str, object]:
    """Return everything kept of the person by name, as plain values; no mark of a jury on their files is in it."""
    account = db.session.get_one(Account, holder.account_id)
    memberships = db.session.execute(
        select(Structure.name, Membership.standing, Membership.created_at, Membership.left_at)
        .join(Structure, Structure.id == Membership.structure_id)
        .where(Membership.account_id == holder.account_id)
        .order_by(Membership.id)
    )
    candidacies = db.session.execute(
        select(Candidacy.title, Candidacy.state, Candidacy.created_at, Candidacy.submitted_at)
        .where(Candidacy.created_by_id == holder.account_id)
        .order_by(Candidacy.id)
    )
    seats = db.session.execute(
        select(Seat.function, Seat.college, Seat.invited_at, Seat.accepted_at, Round.region_code)
        .join(Round, Round.id == Seat.round_id)
        .where(Seat.account_id == holder.account_id)
        .order_by(Seat.id)
    )
    grants = db.session.execute(
        select(RoleGrant.role, RoleGrant.region_code, RoleGrant.granted_at, RoleGrant.revoked_at)
        .where(RoleGrant.account_id == holder.account_id)
        .order_by(RoleGrant.id)
    )
    messages = db.session.execute(
        select(Message.kind, Message.subject, Message.created_at, Message.sent_at)
        .where(Message.account_id == holder.account_id)
        .order_by(Message.id)
    )
    return {
        "account": {
            "name": account.name,
            "email": account.email,
            "locale": account.locale,
            "created_at": account.created_at.isoformat(),
            "confirmed_at": account.confirmed_at.isoformat() if account.confirmed_at else None,
        },
        "structures": [_plain(row._mapping) for row in memberships],
        "candidacies": [_plain(row._mapping) for row in candidacies],
        "seats": [_plain(row._mapping) for row in seats],
        "roles": [_plain(row._mapping) for row in grants],
        "messages": [_plain(row._mapping) for row in messages],
    }


def _plain(values: object) -> dict[str, object]:
    return {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in dict(values).items()  # type: ignore[call-overload]  # a row's mapping
    }
