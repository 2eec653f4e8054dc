"""Printing certificates: many laid out together, each kept alone, once however many workers try."""

import hashlib
import logging
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from sqlalchemy import select

from awards_app.adapters import pdf, storage
from awards_app.adapters.faults import fault_point
from awards_app.adapters.pdf.child import PrintingFailed, printed_apart
from awards_app.adapters.queue import enqueue, is_idle
from awards_app.adapters.signing import platform_seal
from awards_app.adapters.signing_keys import KeyIsUnusable
from awards_app.database import after_commit, atomic, db
from awards_app.domain.certificates import MOST_TRIES
from awards_app.domain.holder import SCHEDULER
from awards_app.domain.papers import CertificateText
from awards_app.models.certificates import Certificate
from awards_app.models.editions import Round
from awards_app.services.certificate_claims import claim, forget_gone, free_certificates, give_back, held
from awards_app.services.certificate_letters import tell_ready
from awards_app.services.journal import write_entry
from awards_app.services.signers import signer_id

ISSUE = "certificates.issue"
# As many as are laid out together; two workers share the batches of a round.
BATCH = 25
# How long a printing may take before it is ended: together, then each alone.
TOGETHER_SECONDS = 120.0
ALONE_SECONDS = 40.0
# After so many that take too long in one turn, the others are left to the next one.
MOST_SLOW = 3
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Claimed:
    """A certificate that waits, as its paper is made from it."""

    id: int
    text: CertificateText
    ordered_at: datetime


@dataclass(frozen=True, slots=True)
class _Paper:
    """A paper that was printed: its number, and where its file is."""

    number: str
    storage_key: str
    sha256: str


def issue_certificate(certificate_id: int, now: datetime) -> str:
    """Print one certificate; see `issue_certificates`."""
    return issue_certificates([certificate_id], now)[certificate_id]


def issue_certificates(certificate_ids: Sequence[int], now: datetime) -> dict[int, str]:
    """Print certificates and keep their files; return their states. Harmless to call again, or twice at once.

    Each is printed in a process of its own, bounded in time and memory. After three failures one stays « failed » with
    the reason until somebody asks again; the others do not wait for it.
    """
    states, rows = claim(certificate_ids, now)
    claimed = [
        # The fields were frozen from one.
        _Claimed(row.id, CertificateText(**row.content), row.ordered_at)  # type: ignore[arg-type]  # as said above
        for row in rows
    ]
    states |= dict.fromkeys((one.id for one in claimed), "waiting")
    try:
        seal = platform_seal()
    except KeyIsUnusable:
        return states | {one.id: _failed(one, KeyIsUnusable.__name__) for one in claimed}
    papers: dict[int, _Paper] = {}
    tried = set()
    for one, paper in _printed(claimed, seal):
        tried.add(one.id)
        try:
            if isinstance(paper, PrintingFailed):
                raise paper
            # Signed here: no key goes where pages are laid out.
            paper = paper if seal is None else pdf.signed(paper, seal)
            papers[one.id] = _Paper(one.text.number, storage.put(paper), hashlib.sha256(paper).hexdigest())
        except (PrintingFailed, OSError) as fault:
            reason = fault.reason if isinstance(fault, PrintingFailed) else type(fault).__name__
            log.warning("certificate %s was not printed: %s", one.id, reason)
            states[one.id] = _failed(one, reason)
    left = [one.id for one in claimed if one.id not in tried]
    if left:
        give_back(left)
    signer = signer_id(seal, now) if seal is not None and papers else None
    return states | _keep(papers, signer, now)


def order_printing(certificate_ids: Sequence[int]) -> None:
    """Leave certificates to the workers once the transaction commits, in batches."""
    for batch in batches(certificate_ids):
        after_commit(enqueue, ISSUE, _words(batch))


def enqueue_waiting(now: datetime) -> int:
    """Ask the queue again for what it has not done; return for how many.

    What a worker had in hand when it ended is asked for at once. What was never taken is asked for when the queue is
    empty: until then it may still be in it.
    """
    fresh, given_up = free_certificates(now)
    if given_up:
        forget_gone(given_up)
    lost = given_up + (fresh if fresh and is_idle() else [])
    for batch in batches(lost):
        enqueue(ISSUE, _words(batch))
    return len(lost)


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


def _printed(
    claimed: list[_Claimed], seal: pdf.Seal | None
) -> Iterator[tuple[_Claimed, bytes | PrintingFailed]]:
    """Yield each with its paper, or with why it has none: one that cannot be printed keeps no other from it."""
    slow = 0
    for moment in sorted({one.ordered_at for one in claimed}):
        together = [one for one in claimed if one.ordered_at == moment]
        try:
            if len(together) == 1:
                raise PrintingFailed("alone")
            papers = printed_apart(partial(_print, together, seal), seconds=TOGETHER_SECONDS)
        except PrintingFailed:
            for one in together:
                if slow >= MOST_SLOW:
                    return
                try:
                    yield one, printed_apart(partial(_print, [one], seal), seconds=ALONE_SECONDS)[0]
                except PrintingFailed as fault:
                    slow += fault.reason == "time"
                    yield one, fault
        else:
            yield from zip(together, papers, strict=True)


def _print(certificates: list[_Claimed], seal: pdf.Seal | None) -> list[bytes]:
    """Return the papers of certificates ordered at one instant; called in the child."""
    for one in certificates:
        fault_point(f"certificates.print.{one.text.number}")
    return pdf.render_certificates(
        [one.text for one in certificates],
        identifiers=[one.text.number for one in certificates],
        created_at=certificates[0].ordered_at,
        seal=seal,
    )


def _keep(papers: dict[int, _Paper], signer: int | None, now: datetime) -> dict[int, str]:
    """Write where the papers are kept, those of a round together; one that another worker kept first is let go.

    So is one whose certificate was forgotten meanwhile: SQLite may have given its identifier to another.
    """
    rounds = db.session.scalars(
        select(Certificate.round_id)
        .where(Certificate.id.in_(papers))
        .distinct()
        .order_by(Certificate.round_id)
    ).all()
    states: dict[int, str] = dict.fromkeys(papers, "unknown")
    kept: set[int] = set()
    fault_point("certificates.keep")
    for round_id in rounds:
        with atomic() as session:
            # The round first, as a publication holds it: of the two, the last one tells the structure.
            session.execute(select(Round.id).where(Round.id == round_id).with_for_update())
            issued = []
            for row in session.scalars(held(papers).where(Certificate.round_id == round_id)):
                if row.number != papers[row.id].number:
                    continue
                if row.state == "waiting":
                    row.signer_id = signer
                    _issue(row, papers[row.id], now)
                    issued.append(row.id)
                states[row.id] = row.state
            give_back(issued)
            tell_ready(round_id, now, certificate_ids=issued)
        kept.update(issued)
    for certificate_id in papers.keys() - kept:
        storage.delete(papers[certificate_id].storage_key)
    return states


def _issue(row: Certificate, paper: _Paper, now: datetime) -> None:
    row.sha256, row.storage_key = paper.sha256, paper.storage_key
    row.state, row.issued_at, row.failure = "issued", now, ""
    write_entry(
        SCHEDULER,
        "issue_certificate",
        "certificate",
        row.key,
        now,
        round_id=row.round_id,
        detail={"sha256": paper.sha256},
    )


def _failed(one: _Claimed, reason: str) -> str:
    with atomic() as session:
        row = session.scalar(held([one.id]))
        if row is None or row.number != one.text.number:
            return "unknown"
        if row.state != "waiting":
            return str(row.state)
        row.attempts += 1
        row.failure = reason
        give_back([one.id])
        if row.attempts >= MOST_TRIES:
            row.state = "failed"
        else:
            after_commit(enqueue, ISSUE, str(one.id))
        return str(row.state)
