"""Readings of attachments: which bytes a reader may have, and what a page may say of each file."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select

from awards_app.database import db, read
from awards_app.domain.holder import Holder
from awards_app.domain.permissions import Permission, Subject, authorise, is_allowed
from awards_app.domain.refusals import DoesNotExist
from awards_app.domain.uploads import INFECTED, WAITING, FileIsBeingScanned, FileIsQuarantined
from awards_app.models.candidacies import Attachment, Candidacy, Filing
from awards_app.models.honours import NationalEntry
from awards_app.models.uploads import Preview, PreviewPage
from awards_app.queries.access import CandidacyFacts, find_candidacy
from awards_app.queries.filed_copies import OWN, STAFF, check_audience
from awards_app.queries.national_entries import added_keys
from awards_app.queries.sheets import open_sheet

DESK = STAFF | {Subject.AUDITOR}
# Pages drawn beforehand; the others are drawn when somebody turns to them.
PAGES_BEFOREHAND = 10


@dataclass(frozen=True, slots=True)
class AttachmentFacts:
    """Where the bytes of an attachment are, and under which name this reader receives it."""

    id: int
    storage_key: str
    sha256: str
    name: str
    media_type: str


@dataclass(frozen=True, slots=True, order=True)
class Mark:
    """What a page says of an attachment beside its name: the scanner's state, and whether its pages are drawn."""

    scan_state: str
    preview: str
    pages: int

    @property
    def is_held_back(self) -> bool:
        """Say whether readers other than its own people do not get it."""
        return self.scan_state in (WAITING, INFECTED)

    @property
    def is_readable(self) -> bool:
        """Say whether its pages can be shown."""
        return self.preview == "done" and not self.is_held_back


@dataclass(frozen=True, slots=True)
class PictureFacts:
    """One stored picture of a page."""

    storage_key: str
    sha256: str


_ATTACHMENT = (
    select(
        Attachment.id,
        Attachment.key,
        Attachment.audience,
        Attachment.file_name,
        Attachment.clean_name,
        Attachment.media_type,
        Attachment.sha256,
        Attachment.storage_key,
        Attachment.deleted_at,
        Attachment.scan_state,
    )
    .join(Candidacy, Candidacy.id == Attachment.candidacy_id)
    .where(Attachment.key == bindparam("attachment_key"), Candidacy.key == bindparam("candidacy_key"))
)
_FILED = (
    select(Filing.content)
    .join(Candidacy, Candidacy.id == Filing.candidacy_id)
    .where(Candidacy.key == bindparam("candidacy_key"), Filing.replaced_at.is_(None))
)
_ENTERED = (
    select(Filing.content)
    .join(NationalEntry, NationalEntry.filing_id == Filing.id)
    .join(Candidacy, Candidacy.id == NationalEntry.candidacy_id)
    .where(
        Candidacy.key == bindparam("candidacy_key"),
        NationalEntry.round_id == bindparam("round_id"),
        NationalEntry.ended_at.is_(None),
    )
)
_MARKS = (
    select(Attachment.key, Attachment.scan_state, Preview.state, Preview.pages)
    .join(Candidacy, Candidacy.id == Attachment.candidacy_id)
    .outerjoin(Preview, Preview.attachment_id == Attachment.id)
    .where(Candidacy.key == bindparam("candidacy_key"))
)
_PICTURE = select(PreviewPage.storage_key, PreviewPage.sha256).where(
    PreviewPage.attachment_id == bindparam("attachment_id"), PreviewPage.number == bindparam("number")
)


def attachment_facts(
    holder: Holder,
    key: str,
    attachment_key: str,
    now: datetime,
    *,
    round_id: int | None = None,
    desk_of: str | None = None,
) -> AttachmentFacts:
    """Return where an attachment's bytes are, if ``holder`` may read it: ATT-1, or ATT-2 when it is administrative.

    Members read what their draft or their submission holds; others only what the submission they read holds, once the
    scanner let it through. ``desk_of`` is the round on whose desk it is asked: only its staff reads there.
    Raises `DoesNotExist`, `FileIsBeingScanned`, `FileIsQuarantined` or the matrix's refusal.
    """
    facts = find_candidacy(holder, key, now, round_id=round_id)
    if facts is None or (desk_of is not None and desk_of != facts.round.key):
        raise DoesNotExist
    row = db.session.execute(
        _ATTACHMENT, {"attachment_key": attachment_key, "candidacy_key": key}
    ).one_or_none()
    administrative = row is not None and row.audience == "staff"
    permission = Permission.READ_ADMINISTRATIVE_ATTACHMENT if administrative else Permission.READ_ATTACHMENT
    authorise(permission, facts.round.phase, facts.subjects)
    if row is None or (desk_of is not None and not facts.subjects & DESK):
        raise DoesNotExist
    own = bool(facts.subjects & OWN) and desk_of is None
    if not own:
        check_audience(facts, "staff" if administrative else "jury")
    if not (own and row.deleted_at is None) and attachment_key not in _held(key, _seen_from(facts, round_id)):
        raise DoesNotExist
    _check_scan(row.scan_state, own=own)
    with_name = own or is_allowed(
        Permission.READ_ADMINISTRATIVE_ATTACHMENT, facts.round.phase, facts.subjects
    )
    return _facts(row, row.file_name if with_name else row.clean_name)


def jury_attachment_facts(
    holder: Holder, seat_key: str, candidacy_key: str, attachment_key: str, now: datetime
) -> AttachmentFacts:
    """Return where an attachment's bytes are for the juror of a seat, whose file must be open to them (four queries).

    Raises `DoesNotExist`, `FileIsBeingScanned`, `FileIsQuarantined` or the matrix's refusal.
    """
    sheet = open_sheet(holder, seat_key, candidacy_key, Permission.READ_ATTACHMENT, now)
    if not sheet.is_open:
        raise DoesNotExist
    row = db.session.execute(
        _ATTACHMENT, {"attachment_key": attachment_key, "candidacy_key": candidacy_key}
    ).one_or_none()
    if row is None or row.audience == "staff":
        raise DoesNotExist
    if attachment_key not in _held(candidacy_key, sheet.round_id if sheet.region_code is None else None):
        raise DoesNotExist
    _check_scan(row.scan_state, own=False)
    return _facts(row, row.clean_name)


def marks_of(candidacy_key: str) -> Mapping[str, Mark]:
    """Return what to say of each attachment of a candidacy, by key; its right was settled by the caller (one query)."""
    rows = read(_MARKS, {"candidacy_key": candidacy_key})
    return {row.key: Mark(row.scan_state, row.state or "none", row.pages or 0) for row in rows}


def find_picture(attachment_id: int, number: int) -> PictureFacts | None:
    """Return the picture of a page (0: the thumbnail) if it was drawn; its right was settled by the caller."""
    row = db.session.execute(_PICTURE, {"attachment_id": attachment_id, "number": number}).one_or_none()
    return PictureFacts(row.storage_key, row.sha256) if row else None


def held_attachments(content: str) -> list[dict[str, Any]]:
    """Return the attachments of a frozen content."""
    found: list[dict[str, Any]] = json.loads(content)["attachments"]
    return found


def _seen_from(facts: CandidacyFacts, round_id: int | None) -> int | None:
    return round_id if round_id is not None and round_id != facts.own_round_id else None


def _held(candidacy_key: str, national_round_id: int | None) -> set[str]:
    if national_round_id is None:
        content = db.session.scalar(_FILED, {"candidacy_key": candidacy_key})
        return {attachment["key"] for attachment in held_attachments(content)} if content else set()
    content = db.session.scalar(_ENTERED, {"candidacy_key": candidacy_key, "round_id": national_round_id})
    if not content:
        return set()
    # What the candidate added since is read beside the copy, never in it.
    filed = {attachment["key"] for attachment in held_attachments(content)}
    return filed | added_keys(candidacy_key, national_round_id)


def _check_scan(state: str, *, own: bool) -> None:
    if state == INFECTED:
        raise FileIsQuarantined
    if state == WAITING and not own:
        raise FileIsBeingScanned


def _facts(row: Any, name: str) -> AttachmentFacts:
    return AttachmentFacts(row.id, row.storage_key, row.sha256, name, row.media_type)
