"""Who has a certificate in hand: a process takes a few, and gives them back by ending, however it ends."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from sqlalchemy import Select, select, update

from awards_app.adapters.processes import has_ended, this_process
from awards_app.database import atomic, db
from awards_app.domain.certificates import MOST_TRIES
from awards_app.models.certificate_batches import CertificateBatch, CertificatePrint
from awards_app.models.certificates import Certificate

# Of another machine nothing is known: what it has in hand is taken again after this long.
LONGEST = timedelta(minutes=6)
# A certificate whose process ends each time is not tried for ever, even if nobody saw why.
MOST_INTERRUPTIONS = 20


def claim(certificate_ids: Collection[int], now: datetime) -> tuple[dict[int, str], list[Certificate]]:
    """Take those that nobody has in hand; return the states of the others, and those taken.

    States are those of the certificate, with `paused` where its batch waits and `claimed` where another prints it.
    """
    states: dict[int, str] = dict.fromkeys(certificate_ids, "unknown")
    taken = []
    with atomic() as session:
        rows = list(session.scalars(held(certificate_ids)))
        prints = _prints_of(row.id for row in rows)
        paused = _paused_of(certificate_ids)
        for row in rows:
            states[row.id] = row.state
            if row.state != "waiting":
                continue
            if row.id in paused:
                states[row.id] = "paused"
                continue
            mark = prints.get(row.id) or CertificatePrint(certificate_id=row.id, interruptions=0)
            if _is_in_hand(mark, now):
                states[row.id] = "claimed"
                continue
            mark.interruptions += mark.claimed_by is not None
            if mark.interruptions > MOST_INTERRUPTIONS or row.attempts >= MOST_TRIES:
                row.state, row.failure, states[row.id] = "failed", row.failure or "interrupted", "failed"
                mark.claimed_by = mark.claimed_until = None
                continue
            mark.claimed_by, mark.claimed_until = this_process(), now + LONGEST
            session.add(mark)
            taken.append(row)
    return states, taken


def give_back(certificate_ids: Collection[int]) -> None:
    """Say that nobody has these in hand any more. Joins the caller's transaction."""
    with atomic() as session:
        session.execute(
            update(CertificatePrint)
            .where(CertificatePrint.certificate_id.in_(certificate_ids))
            .values(claimed_by=None, claimed_until=None)
        )


def forget_gone(certificate_ids: Collection[int]) -> None:
    """Take from processes that are gone what they had in hand, and count that they were."""
    with atomic() as session:
        session.execute(
            update(CertificatePrint)
            .where(
                CertificatePrint.certificate_id.in_(certificate_ids), CertificatePrint.claimed_by.is_not(None)
            )
            .values(claimed_by=None, claimed_until=None, interruptions=CertificatePrint.interruptions + 1)
        )


def free_certificates(now: datetime) -> tuple[list[int], list[int]]:
    """Return those that wait and that nobody has in hand: the ones that were never taken, and the ones given up."""
    rows = db.session.execute(
        select(Certificate.id, CertificatePrint.claimed_by, CertificatePrint.claimed_until)
        .outerjoin(CertificatePrint, CertificatePrint.certificate_id == Certificate.id)
        .outerjoin(CertificateBatch, CertificateBatch.id == CertificatePrint.batch_id)
        .where(
            Certificate.state == "waiting",
            CertificateBatch.state.is_(None) | (CertificateBatch.state == "running"),
        )
        .order_by(Certificate.id)
    ).all()
    ended = {name: has_ended(name) for name in {row.claimed_by for row in rows if row.claimed_by}}
    fresh = [row.id for row in rows if row.claimed_by is None]
    given_up = [
        row.id for row in rows if row.claimed_by and (ended[row.claimed_by] or row.claimed_until <= now)
    ]
    return fresh, given_up


def held(certificate_ids: Iterable[int]) -> Select[Certificate]:
    """Return the query of certificates that holds their rows until the transaction ends, in one order for all."""
    return (
        select(Certificate)
        .where(Certificate.id.in_(list(certificate_ids)))
        .order_by(Certificate.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def _is_in_hand(mark: CertificatePrint, now: datetime) -> bool:
    if mark.claimed_by is None or mark.claimed_until is None or mark.claimed_until <= now:
        return False
    return not has_ended(mark.claimed_by)


def _prints_of(certificate_ids: Iterable[int]) -> dict[int, CertificatePrint]:
    rows = db.session.scalars(
        select(CertificatePrint)
        .where(CertificatePrint.certificate_id.in_(list(certificate_ids)))
        .execution_options(populate_existing=True)
    )
    return {row.certificate_id: row for row in rows}


def _paused_of(certificate_ids: Collection[int]) -> set[int]:
    return set(
        db.session.scalars(
            select(CertificatePrint.certificate_id)
            .join(CertificateBatch, CertificateBatch.id == CertificatePrint.batch_id)
            .where(CertificatePrint.certificate_id.in_(certificate_ids), CertificateBatch.state == "paused")
        )
    )
