"""Readings of submitted candidacies: the frozen copy as one audience reads it."""

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
from awards_app.domain.permissions import Permission, Subject
from awards_app.domain.refusals import DoesNotExist
from awards_app.models.candidacies import Filing
from awards_app.models.honours import NationalEntry
from awards_app.queries.access import CandidacyFacts, open_candidacy

__all__ = [
    "FiledAnswer",
    "FiledAttachment",
    "FiledCopy",
    "FiledSection",
    "FiledStructure",
    "filed_bytes",
    "filed_copy",
]

OWN = frozenset({Subject.MEMBER, Subject.RESPONSIBLE})
STAFF = frozenset({Subject.COORDINATOR, Subject.NATIONAL_STAFF})


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


def filed_bytes(holder: Holder, key: str, now: datetime) -> tuple[str, bytes]:
    """Return the number of the receipt and the frozen copy as it was hashed, for the people of its structure.

    Raises `DoesNotExist` for a draft and for anybody else's.
    """
    facts = open_candidacy(holder, key, Permission.READ_OWN_CANDIDACY, now)
    filing = _filing(facts, None)
    if filing is None:
        raise DoesNotExist
    return filing.receipt, filing.content.encode()


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
