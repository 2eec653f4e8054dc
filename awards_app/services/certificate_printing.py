"""Printing certificates: many laid out together, each kept alone, once however many workers try."""

import hashlib
import logging
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, select

from awards_app.adapters import pdf, storage
from awards_app.adapters.queue import enqueue
from awards_app.database import after_commit, atomic, db
from awards_app.domain.certificates import MOST_TRIES
from awards_app.domain.holder import SCHEDULER
from awards_app.domain.papers import CertificateText
from awards_app.models.certificates import Certificate
from awards_app.models.editions import Round
from awards_app.services.certificate_letters import tell_ready
from awards_app.services.journal import write_entry

ISSUE = "certificates.issue"
# As many as are laid out together; two workers share the batches of a round.
BATCH = 25
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Claimed:
    """A certificate that waits, as its paper is made from it."""

    id: int
    text: CertificateText
    ordered_at: datetime


def issue_certificate(certificate_id: int, now: datetime) -> str:
    """Print one certificate; see `issue_certificates`."""
    return issue_certificates([certificate_id], now)[certificate_id]


def issue_certificates(certificate_ids: Sequence[int], now: datetime) -> dict[int, str]:
    """Print certificates and keep their files; return their states. Harmless to call again, or twice at once.

    After three failures one stays « failed » with the reason until somebody asks again; the others do not wait for it.
    """
    states, claimed = _claim(certificate_ids)
    papers: dict[int, tuple[str, str]] = {}
    for one, paper in _printed(claimed):
        try:
            if isinstance(paper, Exception):
                raise paper
            papers[one.id] = storage.put(paper), hashlib.sha256(paper).hexdigest()
        except Exception as fault:
            log.warning("certificate %s was not printed: %s", one.id, type(fault).__name__)
            states[one.id] = _failed(one.id, type(fault).__name__)
    return states | _keep(papers, now)


def order_printing(certificate_ids: Sequence[int]) -> None:
    """Leave certificates to the workers once the transaction commits, in batches."""
    for batch in batches(certificate_ids):
        after_commit(enqueue, ISSUE, _words(batch))


def enqueue_waiting(now: datetime) -> int:
    """Ask the queue again for what it has not done: a job may have been lost, none is done twice."""
    waiting = waiting_certificates()
    for batch in batches(waiting):
        enqueue(ISSUE, _words(batch))
    return len(waiting)


def waiting_certificates(round_id: int | None = None) -> list[int]:
    """Return the certificates that a worker has yet to print, of one round or of all."""
    query = select(Certificate.id).where(Certificate.state == "waiting").order_by(Certificate.id)
    if round_id is not None:
        query = query.where(Certificate.round_id == round_id)
    return list(db.session.scalars(query))


def batches(certificate_ids: Sequence[int]) -> Iterator[Sequence[int]]:
    """Yield the identifiers, as many at a time as are laid out together."""
    for start in range(0, len(certificate_ids), BATCH):
        yield certificate_ids[start : start + BATCH]


def _words(certificate_ids: Iterable[int]) -> str:
    return " ".join(map(str, certificate_ids))


def _claim(certificate_ids: Sequence[int]) -> tuple[dict[int, str], list[_Claimed]]:
    """Return the states of those that do not wait, and the others, each tried once more."""
    states = dict.fromkeys(certificate_ids, "unknown")
    claimed = []
    with atomic() as session:
        for row in session.scalars(_held(certificate_ids)):
            states[row.id] = row.state
            if row.state != "waiting":
                continue
            if row.attempts >= MOST_TRIES:
                row.state, row.failure = "failed", row.failure or "interrompu"
                states[row.id] = row.state
                continue
            row.attempts += 1
            text = CertificateText(**row.content)  # type: ignore[arg-type]  # the fields were frozen from one
            claimed.append(_Claimed(row.id, text, row.ordered_at))
    return states, claimed


def _printed(claimed: list[_Claimed]) -> Iterable[tuple[_Claimed, bytes | Exception]]:
    """Yield each with its paper, or with why it has none: one that cannot be printed keeps no other from it."""
    moments = sorted({one.ordered_at for one in claimed})
    for moment in moments:
        together = [one for one in claimed if one.ordered_at == moment]
        try:
            papers = _print(together, moment)
        except Exception:
            for one in together:
                try:
                    yield one, _print([one], moment)[0]
                except Exception as fault:
                    yield one, fault
        else:
            yield from zip(together, papers, strict=True)


def _print(certificates: list[_Claimed], ordered_at: datetime) -> list[bytes]:
    return pdf.render_certificates(
        [one.text for one in certificates],
        identifiers=[one.text.number for one in certificates],
        created_at=ordered_at,
    )


def _keep(papers: dict[int, tuple[str, str]], now: datetime) -> dict[int, str]:
    """Write where the papers are kept, those of a round together; one that another worker kept first is let go."""
    rounds = db.session.scalars(
        select(Certificate.round_id)
        .where(Certificate.id.in_(papers))
        .distinct()
        .order_by(Certificate.round_id)
    ).all()
    states: dict[int, str] = dict.fromkeys(papers, "unknown")
    kept = set()
    for round_id in rounds:
        with atomic() as session:
            # The round first, as a publication holds it: of the two, the last one tells the structure.
            session.execute(select(Round.id).where(Round.id == round_id).with_for_update())
            for row in session.scalars(_held(papers).where(Certificate.round_id == round_id)):
                if row.state == "waiting":
                    _issue(row, *papers[row.id], now)
                    kept.add(row.id)
                states[row.id] = row.state
    for certificate_id in papers.keys() - kept:
        storage.delete(papers[certificate_id][0])
    return states


def _issue(row: Certificate, storage_key: str, sha256: str, now: datetime) -> None:
    row.sha256, row.storage_key = sha256, storage_key
    row.state, row.issued_at, row.failure = "issued", now, ""
    write_entry(
        SCHEDULER,
        "issue_certificate",
        "certificate",
        row.key,
        now,
        round_id=row.round_id,
        detail={"sha256": sha256},
    )
    db.session.flush()
    tell_ready(row.round_id, now, certificate_id=row.id)


def _held(certificate_ids: Iterable[int]) -> Select[Certificate]:
    return (
        select(Certificate)
        .where(Certificate.id.in_(list(certificate_ids)))
        .order_by(Certificate.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def _failed(certificate_id: int, reason: str) -> str:
    with atomic() as session:
        row = session.scalar(_held([certificate_id]))
        if row is None or row.state != "waiting":
            return row.state if row is not None else "unknown"
        row.failure = reason
        if row.attempts >= MOST_TRIES:
            row.state = "failed"
        else:
            after_commit(enqueue, ISSUE, str(certificate_id))
        return str(row.state)
