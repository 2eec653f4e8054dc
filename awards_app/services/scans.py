"""Use cases of the antivirus: ask again about what waits, ask anew about what is old, put aside what is infected."""

import logging
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from awards_app.adapters import antivirus, storage
from awards_app.adapters.public_address import public_address
from awards_app.adapters.queue import enqueue
from awards_app.database import after_commit, atomic, db
from awards_app.domain.uploads import CLEAN, INFECTED, UNSCANNED, WAITING
from awards_app.models.accounts import Account, RoleGrant
from awards_app.models.candidacies import Attachment, Candidacy
from awards_app.models.editions import Region, Round
from awards_app.models.structures import Structure
from awards_app.models.uploads import SealedOriginal
from awards_app.queries.responsible_people import people_responsible
from awards_app.services.attachments import DRAW
from awards_app.services.journal import write_entry
from awards_app.services.messages import queue_message

log = logging.getLogger(__name__)

# A signature of tomorrow finds what those of today let through.
RESCAN_AFTER = timedelta(days=7)
BATCH = 200
# A scanner silent so many times in a row is down; once or twice, it is the file.
MOST_SILENT = 3


def scan_attachment(attachment_id: int, now: datetime) -> str:
    """Ask the scanner about an attachment and settle its state; return it. Safe to repeat.

    A scanner that is silent leaves the state as it was. What is found infected is read by nobody any more, its
    submission stays valid, and the chamber and the structure are told.
    """
    try:
        return _scan(attachment_id, now)
    except antivirus.ScannerIsSilent:
        return str(db.session.scalar(select(Attachment.scan_state).where(Attachment.id == attachment_id)))


def _scan(attachment_id: int, now: datetime) -> str:
    row = db.session.execute(
        select(
            Attachment.scan_state,
            Attachment.storage_key,
            Attachment.sha256,
            SealedOriginal.storage_key.label("sealed_key"),
        )
        .outerjoin(SealedOriginal, SealedOriginal.attachment_id == Attachment.id)
        .where(Attachment.id == attachment_id)
    ).one_or_none()
    if row is None or row.scan_state == INFECTED or not antivirus.is_configured():
        return row.scan_state if row else ""
    try:
        finding = _finding(row.sealed_key, row.storage_key)
    except (antivirus.ScannerIsSilent, storage.FileIsDamaged, OSError) as fault:
        log.warning("attachment %s could not be scanned: %s", attachment_id, type(fault).__name__)
        if isinstance(fault, antivirus.ScannerIsSilent):
            raise
        return str(row.scan_state)
    with atomic() as session:
        attachment = session.get(Attachment, attachment_id, with_for_update=True)
        if attachment is None:
            return ""
        attachment.scanned_at = now
        if finding:
            _quarantine(session, attachment, finding, now)
        elif attachment.scan_state != INFECTED:
            attachment.scan_state = CLEAN
            after_commit(enqueue, DRAW, attachment_id)
        return attachment.scan_state


def _finding(*keys: str | None) -> str:
    """Scan what was sent and what is served of it: one is not the other."""
    for key in keys:
        if key is not None and storage.exists(key):
            verdict = antivirus.scan(storage.get(key))
            if verdict.is_infected:
                return verdict.finding
    return ""


def scan_waiting(now: datetime) -> int:
    """Ask about every file that waits, and about those received before there was a scanner; return how many were settled.

    A scanner that is silent is asked little in a turn. A file that cannot be read, or on which the scanner chokes, keeps
    none of the others.
    """
    if not antivirus.is_configured():
        return 0
    rows = db.session.scalars(
        select(Attachment.id)
        .where(Attachment.scan_state.in_((WAITING, UNSCANNED)))
        .order_by(Attachment.id)
        .limit(BATCH)
    ).all()
    settled = silent = 0
    for attachment_id in rows:
        try:
            is_settled = _scan(attachment_id, now) in (CLEAN, INFECTED)
        except antivirus.ScannerIsSilent:
            silent += 1
            if silent == MOST_SILENT:
                break
            continue
        silent = 0
        settled += is_settled
    return settled


def rescan_old(now: datetime, *, everything: bool = False) -> int:
    """Ask anew about files found clean more than a week ago (or about all); return how many were infected."""
    if not antivirus.is_configured():
        return 0
    query = select(Attachment.id).where(Attachment.scan_state == CLEAN)
    if not everything:
        query = query.where(Attachment.scanned_at < now - RESCAN_AFTER).limit(BATCH)
    rows = db.session.scalars(query.order_by(Attachment.scanned_at)).all()
    return sum(scan_attachment(attachment_id, now) == INFECTED for attachment_id in rows)


def _quarantine(session: Session, attachment: Attachment, finding: str, now: datetime) -> None:
    if attachment.scan_state == INFECTED:
        return
    attachment.scan_state = INFECTED
    attachment.scan_finding = finding[:120]
    place = session.execute(
        select(
            Candidacy.key,
            Candidacy.title,
            Candidacy.round_id,
            Round.key.label("round_key"),
            Round.region_code,
            Structure.name,
            Region.chamber,
        )
        .join(Round, Round.id == Candidacy.round_id)
        .join(Structure, Structure.id == Candidacy.structure_id)
        .join(Region, Region.code == Round.region_code)
        .where(Candidacy.id == attachment.candidacy_id)
    ).one()
    write_entry(
        None,
        "quarantine_attachment",
        "attachment",
        attachment.key,
        now,
        round_id=place.round_id,
        detail={"candidacy": place.key, "finding": attachment.scan_finding, "sha256": attachment.sha256},
    )
    _tell(session, attachment, place, now)


def _tell(session: Session, attachment: Attachment, place: Any, now: datetime) -> None:
    """Write to those responsible for the structure and to the coordinators of its region."""
    desk = public_address(f"/coordination/{place.round_key}/recevabilite/{place.key}")
    own = public_address(f"/candidatures/{place.key}")
    people = [
        (account_id, name, email, own)
        for account_id, email, name in people_responsible([attachment.candidacy_id]).get(
            attachment.candidacy_id, []
        )
    ]
    people += [(*person, desk) for person in _coordinators(session, place.region_code)]
    for account_id, name, email, link in people:
        queue_message(
            "attachment_infected",
            email,
            dedupe=f"infected:{attachment.key}:{account_id}",
            values={
                "person": name,
                "structure": place.name,
                "title": place.title,
                "file": attachment.clean_name,
                "link": link,
                "chamber": place.chamber,
            },
            now=now,
            account_id=account_id,
            round_id=place.round_id,
            object_key=place.key,
        )


def _coordinators(session: Session, region_code: str) -> list[tuple[int, str, str]]:
    rows = session.execute(
        select(Account.id, Account.name, Account.email)
        .join(RoleGrant, RoleGrant.account_id == Account.id)
        .where(
            RoleGrant.role == "coordinator",
            RoleGrant.region_code == region_code,
            RoleGrant.revoked_at.is_(None),
        )
        .order_by(Account.id)
    )
    return [(row.id, row.name, row.email) for row in rows]
