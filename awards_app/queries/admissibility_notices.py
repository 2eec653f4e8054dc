"""Letters of the desk that wait to be read before they leave."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from awards_app.database import db
from awards_app.domain.holder import Holder
from awards_app.domain.permissions import Permission
from awards_app.models.candidacies import Candidacy
from awards_app.models.messages import Message
from awards_app.models.structures import Structure
from awards_app.queries.access import RoundFacts, open_round

KINDS = ("admissible", "not_admissible", "correction_requested")


@dataclass(frozen=True, slots=True)
class NoticeLine:
    """A held letter as it would leave."""

    key: str
    kind: str
    recipient: str
    subject: str
    body: str
    created_at: datetime
    candidacy_key: str
    structure_name: str


@dataclass(frozen=True, slots=True)
class NoticeList:
    """The held letters of a round, kind by kind."""

    round: RoundFacts
    lines: tuple[NoticeLine, ...]

    def of_kind(self, kind: str) -> tuple[NoticeLine, ...]:
        """Return those of one kind."""
        return tuple(line for line in self.lines if line.kind == kind)


def held_notices(holder: Holder, round_key: str, now: datetime) -> NoticeList:
    """Return the letters of the desk that a person of the round reads and releases (two queries).

    Raises the matrix's refusal.
    """
    facts = open_round(holder, round_key, Permission.READ_MESSAGES, now)
    rows = db.session.execute(
        select(
            Message.key,
            Message.kind,
            Message.recipient,
            Message.subject,
            Message.body,
            Message.created_at,
            Candidacy.key.label("candidacy_key"),
            Structure.name,
        )
        .join(Candidacy, Candidacy.key == Message.object_key)
        .join(Structure, Structure.id == Candidacy.structure_id)
        .where(Message.round_id == facts.id, Message.state == "held", Message.kind.in_(KINDS))
        .order_by(Message.kind, Structure.sort_key, Message.id)
    )
    return NoticeList(facts, tuple(NoticeLine(*row) for row in rows))
