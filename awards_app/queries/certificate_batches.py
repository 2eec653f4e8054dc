"""Readings of the batches of certificates of a round: the counts as they are, the failures with their reasons."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from awards_app.database import db
from awards_app.domain.holder import Holder
from awards_app.domain.permissions import Permission
from awards_app.domain.refusals import DoesNotExist
from awards_app.models.accounts import Account
from awards_app.models.certificate_batches import CertificateBatch, CertificatePrint
from awards_app.models.certificates import Certificate
from awards_app.models.messages import Message
from awards_app.queries.access import RoundFacts, open_round

SHOWN_FAILURES = 50


@dataclass(frozen=True, slots=True)
class BatchCounts:
    """How far a batch is; the four numbers add up to its certificates at one instant."""

    waiting: int = 0
    in_hand: int = 0
    issued: int = 0
    failed: int = 0

    @property
    def total(self) -> int:
        """Return how many certificates the batch holds."""
        return self.waiting + self.in_hand + self.issued + self.failed

    @property
    def is_over(self) -> bool:
        """Say whether a worker has nothing left to do."""
        return not (self.waiting or self.in_hand)


@dataclass(frozen=True, slots=True)
class BatchFailure:
    """A certificate that could not be printed."""

    key: str
    number: str
    name: str
    distinction: str
    reason: str
    attempts: int


@dataclass(frozen=True, slots=True)
class Batch:
    """A batch as its page shows it."""

    round: RoundFacts
    key: str
    state: str
    created_at: datetime
    created_by: str
    counts: BatchCounts
    failures: tuple[BatchFailure, ...]
    held_letters: int

    @property
    def token(self) -> str:
        """Return what changes whenever the page would."""
        one = self.counts
        return f"{self.state}-{one.waiting}-{one.in_hand}-{one.issued}-{one.failed}"


def batch_of(holder: Holder, round_key: str, batch_key: str, now: datetime) -> Batch:
    """Return a batch of a round (five queries). Raises `DoesNotExist` or the matrix's refusal."""
    facts = open_round(holder, round_key, Permission.DOWNLOAD_CERTIFICATE, now)
    row = db.session.execute(
        select(
            CertificateBatch.id,
            CertificateBatch.key,
            CertificateBatch.state,
            CertificateBatch.created_at,
            Account.name,
        )
        .outerjoin(Account, Account.id == CertificateBatch.created_by_id)
        .where(CertificateBatch.key == batch_key, CertificateBatch.round_id == facts.id)
    ).one_or_none()
    if row is None:
        raise DoesNotExist
    return Batch(
        round=facts,
        key=row.key,
        state=row.state,
        created_at=row.created_at,
        created_by=row.name or "",
        counts=_counts(row.id),
        failures=_failures(row.id),
        held_letters=_held_letters(facts.id),
    )


def last_batch(round_id: int) -> tuple[str, BatchCounts] | None:
    """Return the key and the counts of the last batch of a round, None where there was none (two queries)."""
    row = db.session.execute(
        select(CertificateBatch.id, CertificateBatch.key)
        .where(CertificateBatch.round_id == round_id)
        .order_by(CertificateBatch.id.desc())
        .limit(1)
    ).one_or_none()
    return (row.key, _counts(row.id)) if row is not None else None


def _counts(batch_id: int) -> BatchCounts:
    in_hand = CertificatePrint.claimed_by.is_not(None)
    rows = db.session.execute(
        select(Certificate.state, in_hand.label("in_hand"), func.count().label("many"))
        .join(CertificatePrint, CertificatePrint.certificate_id == Certificate.id)
        .where(CertificatePrint.batch_id == batch_id)
        .group_by(Certificate.state, in_hand)
    ).all()
    waiting = sum(row.many for row in rows if row.state == "waiting" and not row.in_hand)
    taken = sum(row.many for row in rows if row.state == "waiting" and row.in_hand)
    failed = sum(row.many for row in rows if row.state == "failed")
    # One that was revoked since was issued all the same.
    issued = sum(row.many for row in rows) - waiting - taken - failed
    return BatchCounts(waiting, taken, issued, failed)


def _failures(batch_id: int) -> tuple[BatchFailure, ...]:
    rows = db.session.execute(
        select(
            Certificate.key,
            Certificate.number,
            Certificate.content,
            Certificate.failure,
            Certificate.attempts,
        )
        .join(CertificatePrint, CertificatePrint.certificate_id == Certificate.id)
        .where(CertificatePrint.batch_id == batch_id, Certificate.state == "failed")
        .order_by(Certificate.id)
        .limit(SHOWN_FAILURES)
    )
    return tuple(
        BatchFailure(
            row.key,
            row.number,
            str(row.content["structure_name"]),
            str(row.content["distinction"]),
            row.failure,
            row.attempts,
        )
        for row in rows
    )


def _held_letters(round_id: int) -> int:
    return (
        db.session.scalar(
            select(func.count()).where(
                Message.round_id == round_id, Message.kind == "certificate_ready", Message.state == "held"
            )
        )
        or 0
    )
