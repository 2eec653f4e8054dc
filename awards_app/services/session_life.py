"""How long a session still lives, and how a person makes it live longer without signing in again."""

from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import bindparam, select, update

from awards_app.database import atomic, db
from awards_app.domain.holder import Holder
from awards_app.domain.refusals import SignInIsNeeded
from awards_app.models.accounts import AccountSession

# Whatever use is made of it, a session ends ninety days after its sign-in.
LONGEST_LIFE = timedelta(days=90)
_TABLE = AccountSession.metadata.tables[AccountSession.__tablename__]
_LIFE = select(AccountSession.created_at, AccountSession.expires_at).where(
    AccountSession.id == bindparam("session_id")
)
_EXTEND = (
    update(_TABLE)
    .where(_TABLE.c.id == bindparam("session_id"), _TABLE.c.ended_at.is_(None))
    .values(expires_at=bindparam("new_expires_at"))
)


def ends_at(holder: Holder) -> datetime:
    """Return when the session of ``holder`` ends if nothing is done (one query). Raises `SignInIsNeeded` without one."""
    row = db.session.execute(_LIFE, {"session_id": holder.session_id}).one_or_none()
    if row is None:
        raise SignInIsNeeded
    expires_at: datetime = row.expires_at
    return expires_at


def extend_session(holder: Holder, now: datetime) -> datetime:
    """Let the session of ``holder`` live as long again from now, and return when it ends."""
    with atomic() as session:
        row = session.execute(_LIFE, {"session_id": holder.session_id}).one_or_none()
        if row is None:
            raise SignInIsNeeded
        wanted = now + timedelta(days=current_app.config["AWARDS_SESSION_DAYS"])
        until: datetime = max(row.expires_at, min(wanted, row.created_at + LONGEST_LIFE))
        session.execute(_EXTEND, {"session_id": holder.session_id, "new_expires_at": until})
        return until
