"""The sweep's watch over the clock: it beats while the clock is believed, and tells people when it is not."""

import logging
from datetime import datetime

from sqlalchemy import select

from awards_app.adapters import clock
from awards_app.adapters.public_address import public_address
from awards_app.database import atomic
from awards_app.domain.holder import SCHEDULER, Holder
from awards_app.domain.instants_fr import instant_fr
from awards_app.models.accounts import Account, RoleGrant
from awards_app.services.journal import write_entry
from awards_app.services.messages import queue_message

log = logging.getLogger(__name__)


def watch_clock(now: datetime) -> bool:
    """Note a beat while the clock is believed; else write once to the national staff. Return whether it is believed.

    ``now`` is the hour that counts: the counter's while the clock is doubted.
    """
    doubt = clock.doubt()
    if doubt is None:
        clock.beat()
        return True
    minutes = round(doubt.jump.total_seconds() / 60)
    with atomic() as session:
        people = session.execute(
            select(Account.id, Account.name, Account.email)
            .join(RoleGrant, RoleGrant.account_id == Account.id)
            .where(
                RoleGrant.role == "national_staff",
                RoleGrant.revoked_at.is_(None),
                Account.disabled_at.is_(None),
            )
            .order_by(Account.id)
        ).all()
        told = [
            queue_message(
                "clock_alert",
                person.email,
                dedupe=f"clock_alert:{doubt.since.isoformat()}:{person.id}",
                values={
                    "person": person.name,
                    "machine_hour": instant_fr(now + doubt.jump),
                    "steady_hour": instant_fr(now),
                    "link": public_address("/coordination"),
                },
                now=now,
                account_id=person.id,
            )
            for person in people
        ]
        if any(told):
            log.error("the clock jumped by %s minutes: calls are closed by the machine's counter", minutes)
            write_entry(SCHEDULER, "doubt_clock", "clock", "", now, detail={"minutes": minutes})
    return False


def trust_clock(holder: Holder) -> datetime:
    """Believe the machine's clock as it stands, journal it, and return its hour; calls it passed close next."""
    doubt = clock.doubt()
    with atomic():
        shown = clock.trust()
        minutes = 0 if doubt is None else round(doubt.jump.total_seconds() / 60)
        write_entry(holder, "trust_clock", "clock", "", shown, detail={"minutes": minutes})
    return shown
