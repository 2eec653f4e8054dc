"""Messages of one kind released together, once they have been read."""

from datetime import datetime

from sqlalchemy import select

from awards_app.database import atomic, db
from awards_app.domain.admissibility_acts import SelectionHasChanged, check_typed
from awards_app.domain.holder import Holder
from awards_app.domain.permissions import Permission
from awards_app.models.messages import Message
from awards_app.queries.access import open_round
from awards_app.queries.held_messages import digest_of
from awards_app.services.deliveries import let_leave
from awards_app.services.journal import write_entry


def release_kind(holder: Holder, round_key: str, kind: str, digest: str, typed: str, now: datetime) -> int:
    """Let every held message of a kind leave; return how many. Pressed twice, or by two, none leaves twice.

    Whom each goes to is asked again when it leaves. Raises `SelectionHasChanged` when they are no longer those that were
    read, `NumberIsNotTyped` above twenty, or the matrix's refusal.
    """
    with atomic():
        facts = open_round(holder, round_key, Permission.SEND_BULK_MESSAGE, now)
        rows = db.session.scalars(
            select(Message)
            .where(Message.round_id == facts.id, Message.kind == kind, Message.state == "held")
            .order_by(Message.id)
            .with_for_update()
            .execution_options(populate_existing=True)
        ).all()
        held = [row for row in rows if row.state == "held"]
        if not held:
            return 0
        if digest_of([row.key for row in held]) != digest:
            raise SelectionHasChanged
        check_typed(len(held), typed)
        for row in held:
            let_leave(row, holder)
            write_entry(holder, "release_message", "message", row.key, now, round_id=facts.id)
        return len(held)
