"""A batch of certificates: ordered in one press, printed by the workers, paused, resumed, its failures tried again."""

from collections import Counter
from datetime import datetime

from sqlalchemy import select, update

from awards_app.database import atomic, db
from awards_app.domain.holder import Holder
from awards_app.domain.permissions import Permission
from awards_app.domain.refusals import DoesNotExist
from awards_app.models.certificate_batches import CertificateBatch, CertificatePrint
from awards_app.models.certificates import Certificate
from awards_app.queries.deliberations import desk_of
from awards_app.services.certificate_printing import order_printing
from awards_app.services.certificates import missing_of, order_missing
from awards_app.services.held_rooms import take_room
from awards_app.services.journal import write_entry

RUNNING = "running"
PAUSED = "paused"


def lacking_of(round_id: int) -> tuple[tuple[str, int], ...]:
    """Return what a round still has to order: the label of each kind and how many; the caller has settled the right."""
    found = Counter(one.kind.label for one in missing_of(desk_of(round_id)))
    return tuple(found.items())


def start_batch(holder: Holder, round_key: str, now: datetime) -> str | None:
    """Order every certificate that a round lacks, in one batch; return its key.

    What waits already joins it. Where there is nothing to print, return the key of the last batch, None if there was
    none: a second press changes nothing. Raises the matrix's refusal.
    """
    with atomic() as session:
        _room, row = take_room(holder, round_key, Permission.DOWNLOAD_CERTIFICATE, now)
        order_missing(row, now, holder)
        session.flush()
        ids = _without_batch(row.id)
        if not ids:
            return db.session.scalar(
                select(CertificateBatch.key)
                .where(CertificateBatch.round_id == row.id)
                .order_by(CertificateBatch.id.desc())
                .limit(1)
            )
        batch = CertificateBatch(
            round_id=row.id,
            state=RUNNING,
            created_at=now,
            created_by_id=holder.account_id or None,
            changed_at=now,
        )
        session.add(batch)
        session.flush()
        _join(ids, batch.id)
        write_entry(
            holder,
            "order_certificates",
            "round",
            round_key,
            now,
            round_id=row.id,
            detail={"count": len(ids)},
        )
        order_printing(ids)
        return batch.key


def pause_batch(holder: Holder, round_key: str, batch_key: str, now: datetime) -> None:
    """Keep the workers from what is left of a batch; what one has in hand is finished. Harmless to call again."""
    _move(holder, round_key, batch_key, now, PAUSED, "pause_certificates")


def resume_batch(holder: Holder, round_key: str, batch_key: str, now: datetime) -> None:
    """Let the workers go on with a batch. Harmless to call again."""
    with atomic():
        batch = _move(holder, round_key, batch_key, now, RUNNING, "resume_certificates")
        order_printing(_of_state(batch.id, "waiting"))


def retry_batch(holder: Holder, round_key: str, batch_key: str, now: datetime) -> int:
    """Try the failures of a batch again from their first try; return how many."""
    with atomic() as session:
        batch = _held_batch(holder, round_key, batch_key, now)
        ids = _of_state(batch.id, "failed")
        if not ids:
            return 0
        session.execute(
            update(Certificate)
            .where(Certificate.id.in_(ids), Certificate.state == "failed")
            .values(state="waiting", attempts=0, failure="")
        )
        session.execute(
            update(CertificatePrint)
            .where(CertificatePrint.certificate_id.in_(ids))
            .values(claimed_by=None, claimed_until=None, interruptions=0)
        )
        batch.state, batch.changed_at = RUNNING, now
        write_entry(
            holder,
            "retry_certificates",
            "round",
            round_key,
            now,
            round_id=batch.round_id,
            detail={"count": len(ids)},
        )
        order_printing(_of_state(batch.id, "waiting"))
        return len(ids)


def _move(
    holder: Holder, round_key: str, batch_key: str, now: datetime, state: str, act: str
) -> CertificateBatch:
    with atomic():
        batch = _held_batch(holder, round_key, batch_key, now)
        if batch.state != state:
            batch.state, batch.changed_at = state, now
            write_entry(holder, act, "round", round_key, now, round_id=batch.round_id)
        return batch


def _held_batch(holder: Holder, round_key: str, batch_key: str, now: datetime) -> CertificateBatch:
    _room, row = take_room(holder, round_key, Permission.DOWNLOAD_CERTIFICATE, now)
    batch = db.session.scalar(
        select(CertificateBatch)
        .where(CertificateBatch.key == batch_key, CertificateBatch.round_id == row.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if batch is None:
        raise DoesNotExist
    return batch


def _without_batch(round_id: int) -> list[int]:
    return list(
        db.session.scalars(
            select(Certificate.id)
            .outerjoin(CertificatePrint, CertificatePrint.certificate_id == Certificate.id)
            .where(
                Certificate.round_id == round_id,
                Certificate.state == "waiting",
                CertificatePrint.batch_id.is_(None),
            )
            .order_by(Certificate.id)
        )
    )


def _join(certificate_ids: list[int], batch_id: int) -> None:
    known = set(
        db.session.scalars(
            select(CertificatePrint.certificate_id).where(
                CertificatePrint.certificate_id.in_(certificate_ids)
            )
        )
    )
    db.session.execute(
        update(CertificatePrint).where(CertificatePrint.certificate_id.in_(known)).values(batch_id=batch_id)
    )
    db.session.add_all(
        CertificatePrint(certificate_id=one, batch_id=batch_id, interruptions=0)
        for one in certificate_ids
        if one not in known
    )
    db.session.flush()


def _of_state(batch_id: int, state: str) -> list[int]:
    return list(
        db.session.scalars(
            select(Certificate.id)
            .join(CertificatePrint, CertificatePrint.certificate_id == Certificate.id)
            .where(CertificatePrint.batch_id == batch_id, Certificate.state == state)
            .order_by(Certificate.id)
        )
    )
