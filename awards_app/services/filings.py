"""Use cases of a submission: freeze the copy with its fingerprint and receipt, take it back until the deadline."""

import hashlib
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from awards_app.adapters.public_address import public_address
from awards_app.database import atomic, db
from awards_app.domain.candidacies import (
    THEME,
    CandidacyIsIncomplete,
    CandidacyIsNotSubmitted,
    CandidacyIsWithdrawn,
    check_is_not_juror,
)
from awards_app.domain.form_answers import MISSING
from awards_app.domain.holder import Holder
from awards_app.domain.instants_fr import instant_fr
from awards_app.domain.permissions import Permission
from awards_app.domain.receipts import new_receipt
from awards_app.domain.snapshot import canonical_bytes
from awards_app.models.candidacies import Candidacy, Filing
from awards_app.models.editions import Region, Round
from awards_app.queries.drafts import answers_of, attachments_of, progress_through
from awards_app.queries.editions import themes_of
from awards_app.queries.structures import record_of
from awards_app.services.candidacy_locks import hold_candidacy
from awards_app.services.frozen_content import Ground, frozen_content, ground_of, refuse_incomplete
from awards_app.services.idempotency import first_result, keep_result
from awards_app.services.journal import write_entry
from awards_app.services.messages import queue_message

# Messages to candidates are in French, as their wording is.
NO_FILE = "aucun"
_STANDING = select(Filing).where(
    Filing.candidacy_id == bindparam("candidacy_id"), Filing.replaced_at.is_(None)
)


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a submission leaves: its number, the fingerprint of the frozen copy, the instant."""

    number: str
    sha256: str
    submitted_at: datetime


def submit_candidacy(holder: Holder, key: str, now: datetime, *, client_key: str | None = None) -> Receipt:
    """Submit a candidacy: validate, freeze, give a receipt, queue the message.

    A candidacy already submitted and not taken back answers with its receipt again. Raises `CandidacyIsIncomplete`,
    `CallIsClosed`, `CandidacyIsWithdrawn`, `IsForbidden` for a simple member.
    """
    with atomic() as session:
        held = hold_candidacy(holder, key, Permission.SUBMIT_CANDIDACY, now)
        payload = {"candidacy": key}
        first = first_result(holder, "submit_candidacy", client_key, payload)
        if first is not None:
            return Receipt(first["number"], first["sha256"], datetime.fromisoformat(first["submitted_at"]))
        if held.row.state == "withdrawn":
            raise CandidacyIsWithdrawn
        if held.row.state == "submitted" and held.row.taken_back_at is None:
            return _standing(held.row.id)
        receipt = freeze(session, held.row, now, submitted_by_id=holder.account_id, check=True)
        check_is_not_juror(holder, held.row.round_id, held.row.theme_id)
        result = asdict(receipt) | {"submitted_at": receipt.submitted_at.isoformat()}
        keep_result(holder, "submit_candidacy", client_key, payload, result, now)
        write_entry(
            holder,
            "submit_candidacy",
            "candidacy",
            key,
            now,
            round_id=held.row.round_id,
            detail={"receipt": receipt.number, "sha256": receipt.sha256},
        )
        _send_receipt(holder, held.row, receipt)
        return receipt


def take_back_candidacy(holder: Holder, key: str, now: datetime) -> None:
    """Open a submitted candidacy for changes; the submission stands until another replaces it.

    Raises `CandidacyIsNotSubmitted`, `CallIsClosed`, or the matrix's refusal. Taking back twice is once.
    """
    with atomic():
        held = hold_candidacy(holder, key, Permission.SUBMIT_CANDIDACY, now)
        if held.row.state != "submitted":
            raise CandidacyIsNotSubmitted
        if held.row.taken_back_at is not None:
            return
        held.row.taken_back_at = now
        write_entry(holder, "take_back_candidacy", "candidacy", key, now, round_id=held.row.round_id)


def freeze(
    session: Session,
    row: Candidacy,
    now: datetime,
    *,
    submitted_by_id: int | None = None,
    check: bool = False,
    ground: Ground | None = None,
) -> Receipt:
    """Write the frozen copy of a candidacy and make it the one that counts, in the caller's transaction.

    ``check`` refuses what is not complete (`CandidacyIsIncomplete`); an import freezes what it was given, but a theme.
    ``ground`` is given by who freezes several files of one round in one transaction.
    """
    answers = answers_of(row.id)
    attachments = attachments_of(row.id)
    ground = ground or ground_of(row.edition_id, row.round_id)
    chosen = answers[THEME].value if THEME in answers else ""
    theme = next(
        (t for t in ground.themes if t.code == chosen or (not chosen and t.id == row.theme_id)), None
    )
    sections = progress_through(ground.form, answers, attachments, theme)
    structure = record_of(row.structure_id)
    if check:
        refuse_incomplete(sections, structure)
    if theme is None:
        raise CandidacyIsIncomplete({THEME: MISSING})
    row.theme_id = theme.id
    if "title" in answers:
        row.title = answers["title"].value[:300]
    content = frozen_content(
        row, ground.place, structure, theme, sections, answers, has_attachments=bool(attachments)
    )
    return file_content(session, row, content, now, submitted_by_id)


def file_content(
    session: Session, row: Candidacy, content: dict[str, Any], now: datetime, submitted_by_id: int | None
) -> Receipt:
    """Keep a frozen content with its fingerprint and receipt as the copy that counts; the former one is kept."""
    former = session.scalar(_STANDING, {"candidacy_id": row.id})
    if former is not None:
        former.replaced_at = now
    frozen = canonical_bytes(content)
    sha256 = hashlib.sha256(frozen).hexdigest()
    filing = Filing(
        candidacy_id=row.id,
        number=former.number + 1 if former else 1,
        receipt=new_receipt(content["edition"]["year"]),
        content=frozen.decode(),
        sha256=sha256,
        submitted_at=now,
        submitted_by_id=submitted_by_id,
    )
    session.add(filing)
    row.state = "submitted"
    row.submitted_at = now
    row.taken_back_at = None
    row.touched_at = now
    session.flush()
    return Receipt(filing.receipt, sha256, now)


def _standing(candidacy_id: int) -> Receipt:
    row = db.session.execute(
        select(Filing.receipt, Filing.sha256, Filing.submitted_at).where(
            Filing.candidacy_id == candidacy_id, Filing.replaced_at.is_(None)
        )
    ).one()
    return Receipt(row.receipt, row.sha256, row.submitted_at)


def _send_receipt(holder: Holder, row: Candidacy, receipt: Receipt) -> None:
    place = db.session.execute(
        select(Region.chamber, Round.zone)
        .join(Round, Round.region_code == Region.code)
        .where(Round.id == row.round_id)
    ).one()
    theme = next(t for t in themes_of(row.edition_id) if t.id == row.theme_id)
    queue_message(
        "receipt",
        holder.email,
        dedupe=f"receipt:{receipt.number}",
        values={
            "person": holder.name,
            "structure": record_of(row.structure_id).name,
            "title": row.title,
            "theme": theme.name,
            "receipt_number": receipt.number,
            "candidacy_number": row.key,
            "submitted_at": instant_fr(receipt.submitted_at, place.zone),
            "fingerprint": receipt.sha256,
            "files": "\n".join(f"{line.name} : {line.sha256}" for line in attachments_of(row.id)) or NO_FILE,
            "link": public_address(f"/candidatures/{row.key}/accuse"),
            "chamber": place.chamber,
        },
        now=receipt.submitted_at,
        account_id=holder.account_id,
        round_id=row.round_id,
        object_key=row.key,
    )
