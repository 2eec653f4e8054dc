"""Readings of submitted candidacies: the frozen copy as one audience reads it, and one of its attachments."""

import json
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from awards_app.database import db
from awards_app.domain.filed_copy import (
    Filed,
    FiledAnswer,
    FiledAttachment,
    FiledCopy,
    FiledSection,
    FiledStructure,
    read_copy,
)
from awards_app.domain.holder import Holder
from awards_app.domain.permissions import Permission, Subject, is_allowed
from awards_app.domain.refusals import DoesNotExist
from awards_app.models.candidacies import Attachment, Filing
from awards_app.models.honours import NationalEntry
from awards_app.queries.access import CandidacyFacts, find_candidacy, open_candidacy

__all__ = [
    "AttachmentFacts",
    "FiledAnswer",
    "FiledAttachment",
    "FiledCopy",
    "FiledSection",
    "FiledStructure",
    "attachment_facts",
    "filed_copy",
]

OWN = frozenset({Subject.MEMBER, Subject.RESPONSIBLE})
STAFF = frozenset({Subject.COORDINATOR, Subject.NATIONAL_STAFF})


@dataclass(frozen=True, slots=True)
class AttachmentFacts:
    """Where the bytes of an attachment are, and under which name this reader receives it."""

    storage_key: str
    sha256: str
    name: str
    media_type: str


def filed_copy(
    holder: Holder, key: str, now: datetime, audience: str, *, round_id: int | None = None
) -> FiledCopy:
    """Return the submitted copy of a candidacy as « own », « staff » or « jury » reads it.

    ``round_id`` is the national round to see it from: the copy is then the one that entered. Raises `DoesNotExist` for a
    draft, and for jurors for what is not in the contest; or the matrix's refusal.
    """
    permission = Permission.READ_OWN_CANDIDACY if audience == "own" else Permission.READ_CANDIDACY
    facts = open_candidacy(holder, key, permission, now, round_id=round_id)
    check_audience(facts, audience)
    filing = _filing(facts, round_id)
    if filing is None:
        raise DoesNotExist
    filed = Filed(key, filing.receipt, filing.sha256, filing.submitted_at, filing.number, facts.state)
    return read_copy(filing.content, filed, _read_as(facts, audience))


def check_audience(facts: CandidacyFacts, audience: str) -> None:
    """Return if the person may read as ``audience``; raise `DoesNotExist` otherwise.

    The matrix knows no state: a draft is nobody else's to read, and jurors read what is in the contest.
    """
    if audience == "own":
        return
    if facts.state not in ("submitted", "withdrawn"):
        raise DoesNotExist
    is_staff = bool(facts.subjects & STAFF)
    if audience == "staff" and not is_staff:
        raise DoesNotExist
    reads_all = is_staff or Subject.AUDITOR in facts.subjects
    if audience == "jury" and not reads_all and not facts.is_in_contest:
        raise DoesNotExist


def _read_as(facts: CandidacyFacts, audience: str) -> str:
    readers = facts.subjects & {Subject.JUROR, Subject.CHAIR, Subject.NATIONAL_JUROR, Subject.NATIONAL_CHAIR}
    if audience == "jury" and Subject.AUDITOR in facts.subjects and not readers:
        return "auditor"
    return audience


def _filing(facts: CandidacyFacts, round_id: int | None) -> Filing | None:
    if round_id is not None and round_id != facts.own_round_id:
        return db.session.scalar(
            select(Filing)
            .join(NationalEntry, NationalEntry.filing_id == Filing.id)
            .where(
                NationalEntry.candidacy_id == facts.id,
                NationalEntry.round_id == round_id,
                NationalEntry.ended_at.is_(None),
            )
        )
    return db.session.scalar(
        select(Filing).where(Filing.candidacy_id == facts.id, Filing.replaced_at.is_(None))
    )


def attachment_facts(
    holder: Holder, key: str, attachment_key: str, now: datetime, *, round_id: int | None = None
) -> AttachmentFacts:
    """Return where an attachment's bytes are, if ``holder`` may read it: ATT-1, or ATT-2 when it is administrative.

    Members read what their draft or their submission holds; others only what the submission they read holds.
    Raises `DoesNotExist` or the matrix's refusal.
    """
    facts = find_candidacy(holder, key, now, round_id=round_id)
    row = None
    if facts is not None:
        row = db.session.execute(
            select(
                Attachment.key,
                Attachment.audience,
                Attachment.file_name,
                Attachment.clean_name,
                Attachment.media_type,
                Attachment.sha256,
                Attachment.storage_key,
                Attachment.deleted_at,
            ).where(Attachment.key == attachment_key, Attachment.candidacy_id == facts.id)
        ).one_or_none()
    administrative = row is not None and row.audience == "staff"
    permission = Permission.READ_ADMINISTRATIVE_ATTACHMENT if administrative else Permission.READ_ATTACHMENT
    facts = open_candidacy(holder, key, permission, now, round_id=round_id)
    if row is None:
        raise DoesNotExist
    own = bool(facts.subjects & OWN)
    if not own:
        check_audience(facts, "staff" if administrative else "jury")
    if not (own and row.deleted_at is None):
        filing = _filing(facts, round_id)
        held = json.loads(filing.content)["attachments"] if filing else []
        if not any(attachment["key"] == attachment_key for attachment in held):
            raise DoesNotExist
    with_name = own or is_allowed(
        Permission.READ_ADMINISTRATIVE_ATTACHMENT, facts.round.phase, facts.subjects
    )
    return AttachmentFacts(
        row.storage_key, row.sha256, row.file_name if with_name else row.clean_name, row.media_type
    )
