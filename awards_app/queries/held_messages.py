"""The messages of one kind that wait to be read, as they are released together."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from awards_app.database import db
from awards_app.domain.holder import Holder
from awards_app.domain.permissions import Permission
from awards_app.models.messages import Message
from awards_app.queries.access import RoundFacts, open_round

SHOWN = 50


@dataclass(frozen=True, slots=True)
class HeldLine:
    """A message that waits."""

    key: str
    recipient: str
    subject: str
    body: str


@dataclass(frozen=True, slots=True)
class HeldMessages:
    """The messages of one kind that wait: how many, the first of them whole, a mark of which ones they are."""

    round: RoundFacts
    kind: str
    count: int
    lines: tuple[HeldLine, ...]
    digest: str


def held_of_kind(holder: Holder, round_key: str, kind: str, now: datetime) -> HeldMessages:
    """Return the held messages of a kind of a round (three queries). Raises the matrix's refusal."""
    facts = open_round(holder, round_key, Permission.SEND_BULK_MESSAGE, now)
    wanted = (Message.round_id == facts.id, Message.kind == kind, Message.state == "held")
    keys = list(db.session.scalars(select(Message.key).where(*wanted).order_by(Message.id)))
    rows = db.session.execute(
        select(Message.key, Message.recipient, Message.subject, Message.body)
        .where(*wanted)
        .order_by(Message.id)
        .limit(SHOWN)
    )
    return HeldMessages(facts, kind, len(keys), tuple(HeldLine(*row) for row in rows), digest_of(keys))


def digest_of(keys: list[str]) -> str:
    """Return the mark of a list of messages: another list has another."""
    return hashlib.sha256("\n".join(keys).encode()).hexdigest()[:16]
