"""A result whose addressee no longer answers for the structure is written again for who does, and read before it leaves."""

from datetime import datetime

from sqlalchemy import select

from awards_app.database import atomic
from awards_app.models.accounts import Account
from awards_app.models.candidacies import Candidacy
from awards_app.models.messages import Message
from awards_app.queries.responsible_people import people_responsible
from awards_app.services.messages import queue_copy

# What a structure must hear, whoever answers for it by then.
RESULTS = frozenset(
    {
        "decision_selected",
        "decision_not_selected",
        "decision_corrected",
        "decision_withdrawn",
        "certificate_ready",
        "account_ready",
    }
)


def pass_on(message: Message, now: datetime) -> int:
    """Put a held copy of a dropped result in the outbox for each responsible person who has none; return how many.

    Joins the caller's transaction. The name of the former addressee becomes theirs where the letter bears it.
    """
    if message.kind not in RESULTS:
        return 0
    with atomic() as session:
        candidacy = session.scalar(select(Candidacy).where(Candidacy.key == message.object_key))
        if candidacy is None or candidacy.state in ("withdrawn", "deleted"):
            return 0
        told = set(
            session.scalars(
                select(Message.account_id).where(
                    Message.kind == message.kind,
                    Message.round_id == message.round_id,
                    Message.object_key == message.object_key,
                    Message.state != "dropped",
                )
            )
        )
        former = session.scalar(select(Account.name).where(Account.id == message.account_id)) or ""
        copies = [
            queue_copy(
                message,
                account_id,
                email,
                message.body.replace(former, name) if former else message.body,
                now,
            )
            for account_id, email, name in people_responsible([candidacy.id]).get(candidacy.id, ())
            if account_id not in told
        ]
        return sum(key is not None for key in copies)
