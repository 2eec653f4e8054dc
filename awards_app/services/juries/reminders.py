"""One button for those who are late: each juror who has files left gets one message a day at most."""

from datetime import datetime

from sqlalchemy import select

from awards_app.database import atomic, db
from awards_app.domain.holder import Holder
from awards_app.domain.permissions import Permission, authorise
from awards_app.models.juries import Seat
from awards_app.queries.progress import progress
from awards_app.services.journal import write_entry
from awards_app.services.juries.notices import notice_reminder


def remind_jurors(holder: Holder, round_key: str, now: datetime) -> int:
    """Queue a reminder to each juror who has sheets left, and return how many were queued.

    Those reminded today are left in peace. Raises the matrix's refusal (SCO-6, MAI-1).
    """
    with atomic():
        found = progress(holder, round_key, now)
        facts = found.room.round
        authorise(Permission.SEND_BULK_MESSAGE, facts.phase, facts.subjects)
        left = {
            seat.key: seat.total - seat.done
            for seat in found.seats
            if seat.has_accepted and seat.finished_at is None and seat.total > seat.done
        }
        seats = db.session.scalars(select(Seat).where(Seat.key.in_(left)))
        sent = sum(notice_reminder(seat, left[seat.key], now) for seat in seats)
        if sent:
            write_entry(
                holder, "remind_jurors", "round", facts.key, now, round_id=facts.id, detail={"count": sent}
            )
        return sent
