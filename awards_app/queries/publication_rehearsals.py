"""What is kept of the rehearsal of a publication, for who may preview it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from awards_app.database import db
from awards_app.domain.holder import Holder
from awards_app.domain.permissions import Permission
from awards_app.models.accounts import Account
from awards_app.models.publication import PublicationRehearsal
from awards_app.queries.access import RoundFacts, open_round


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """A rehearsal: by whom, when, until when it is kept, and what the publication would make."""

    made_by: str
    made_at: datetime
    expires_at: datetime
    content: dict[str, Any]


def rehearsal_of(holder: Holder, round_key: str, now: datetime) -> tuple[RoundFacts, Rehearsal | None]:
    """Return the round and its rehearsal, None when there is none. Raises the matrix's refusal (PUB-3)."""
    facts = open_round(holder, round_key, Permission.PREVIEW_HONOURS, now)
    row = db.session.execute(
        select(
            Account.name,
            PublicationRehearsal.made_at,
            PublicationRehearsal.expires_at,
            PublicationRehearsal.content,
        )
        .join(Account, Account.id == PublicationRehearsal.made_by_id)
        .where(PublicationRehearsal.round_id == facts.id, PublicationRehearsal.expires_at > now)
    ).one_or_none()
    return facts, Rehearsal(*row) if row else None
