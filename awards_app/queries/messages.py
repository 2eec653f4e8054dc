"""The outbox as staff read it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from awards_app.database import db
from awards_app.domain.holder import Holder
from awards_app.domain.permissions import Permission
from awards_app.domain.refusals import DoesNotExist
from awards_app.models.messages import Message
from awards_app.queries.access import RoundFacts, open_round

PAGE = 50


@dataclass(frozen=True, slots=True)
class MessageLine:
    """A message in the outbox."""

    key: str
    kind: str
    recipient: str
    subject: str
    state: str
    created_at: datetime
    sent_at: datetime | None
    failure: str


@dataclass(frozen=True, slots=True)
class Outbox:
    """A page of a round's outbox, with how many there are of each state."""

    round: RoundFacts
    lines: tuple[MessageLine, ...]
    counts: dict[str, int]
    page: int
    pages: int
    # Of each kind that waits to be read: its code, the subject of one of them, how many.
    held_kinds: tuple[tuple[str, str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class MessageFacts:
    """A whole message; personal links are not in it."""

    round: RoundFacts
    line: MessageLine
    body: str


_COLUMNS = (
    Message.key,
    Message.kind,
    Message.recipient,
    Message.subject,
    Message.state,
    Message.created_at,
    Message.sent_at,
    Message.failure,
)


def outbox_of(holder: Holder, round_key: str, now: datetime, *, state: str = "", page: int = 1) -> Outbox:
    """Return a page of the messages of a round, newest first (three queries, four where some are held). Raises the matrix's refusal."""
    facts = open_round(holder, round_key, Permission.READ_MESSAGES, now)
    rows = db.session.execute(
        select(Message.state, func.count()).where(Message.round_id == facts.id).group_by(Message.state)
    )
    counts: dict[str, int] = {row[0]: row[1] for row in rows}
    total = counts.get(state, 0) if state else sum(counts.values())
    pages = max(1, -(-total // PAGE))
    page = min(max(1, page), pages)
    query = select(*_COLUMNS).where(Message.round_id == facts.id)
    if state:
        query = query.where(Message.state == state)
    lines = db.session.execute(
        query.order_by(Message.created_at.desc(), Message.id.desc()).limit(PAGE).offset((page - 1) * PAGE)
    )
    return Outbox(
        facts, tuple(MessageLine(*row) for row in lines), counts, page, pages, _held_kinds(facts.id, counts)
    )


def _held_kinds(round_id: int, counts: dict[str, int]) -> tuple[tuple[str, str, int], ...]:
    if not counts.get("held"):
        return ()
    rows = db.session.execute(
        select(Message.kind, func.min(Message.subject), func.count())
        .where(Message.round_id == round_id, Message.state == "held")
        .group_by(Message.kind)
        .order_by(Message.kind)
    )
    return tuple((row[0], row[1], row[2]) for row in rows)


def message_of(holder: Holder, round_key: str, message_key: str, now: datetime) -> MessageFacts:
    """Return one message of a round. Raises `DoesNotExist`."""
    facts = open_round(holder, round_key, Permission.READ_MESSAGES, now)
    row = db.session.execute(
        select(*_COLUMNS, Message.body).where(Message.round_id == facts.id, Message.key == message_key)
    ).one_or_none()
    if row is None:
        raise DoesNotExist
    return MessageFacts(facts, MessageLine(*row[:-1]), row.body)


def round_of_messages(holder: Holder, round_key: str, now: datetime) -> RoundFacts:
    """Return the round that a person may write from. Raises the matrix's refusal."""
    return open_round(holder, round_key, Permission.SEND_BULK_MESSAGE, now)
