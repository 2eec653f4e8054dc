"""Readings of a file sent up: by its own people once they may know, by the national jury beside the frozen copy."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import aliased

from awards_app.database import db
from awards_app.domain.holder import Holder
from awards_app.domain.national import additions_are_open, entry_is_known
from awards_app.domain.permissions import Permission
from awards_app.domain.phases import Phase
from awards_app.domain.refusals import DoesNotExist
from awards_app.models.candidacies import Attachment, Candidacy, Filing
from awards_app.models.deliberations import Decision
from awards_app.models.editions import Round, Theme
from awards_app.models.honours import NationalEntry
from awards_app.models.national import NationalAddition, NationalCalendar
from awards_app.models.publication import EmbargoNotice
from awards_app.queries.access import CandidacyFacts, open_candidacy


@dataclass(frozen=True, slots=True)
class Addition:
    """One thing added to a file after its region judged it: a note, or a piece."""

    key: str
    note: str
    attachment_key: str | None
    name: str
    size: int
    sha256: str
    added_at: datetime


@dataclass(frozen=True, slots=True)
class OwnEntry:
    """A file sent up as its own people see it, who know of it; ``is_open`` says whether they may still add."""

    id: int
    key: str
    candidacy_id: int
    candidacy_key: str
    title: str
    theme: str
    national_id: int
    zone: str
    receipt: str
    sha256: str
    filed_at: datetime
    received_at: datetime
    closes_at: datetime | None
    published_at: datetime | None
    is_open: bool
    additions: tuple[Addition, ...]


def own_entry(holder: Holder, key: str, now: datetime) -> OwnEntry:
    """Return the live entry of one's own candidacy with what was added to it, for who may know of it.

    Raises `DoesNotExist` for anybody else, exactly as when nothing was sent up.
    """
    facts = open_candidacy(holder, key, Permission.READ_OWN_CANDIDACY, now)
    entry = known_entry(holder, facts, now)
    if entry is None:
        raise DoesNotExist
    return replace(entry, additions=_additions(NationalEntry.id == entry.id))


def known_entry(holder: Holder, facts: CandidacyFacts, now: datetime) -> OwnEntry | None:
    """Return the live entry of a candidacy of the person's own if they may know of it (one query, none before P5).

    That is once the region has published, or under embargo for a person who was told and accepted it.
    """
    if facts.round.phase < Phase.DECIDED:
        return None
    row = db.session.execute(
        _ENTRY,
        {"candidacy_id": facts.id, "account_id": holder.account_id, "round_id": facts.own_round_id},
    ).one_or_none()
    if row is None or not (entry_is_known(facts.round.phase) or row.is_told):
        return None
    return OwnEntry(
        id=row.id,
        key=row.key,
        candidacy_id=facts.id,
        candidacy_key=facts.key,
        title=facts.title,
        theme=row.theme,
        national_id=row.national_id,
        zone=facts.round.zone,
        receipt=row.receipt,
        sha256=row.sha256,
        filed_at=row.submitted_at,
        received_at=row.received_at,
        closes_at=row.additions_close_at,
        published_at=row.published_at,
        is_open=additions_are_open(Phase(row.phase), row.additions_close_at, now),
        additions=(),
    )


def _entry_query() -> Any:
    national = aliased(Round)
    told = (
        select(EmbargoNotice.id)
        .where(
            EmbargoNotice.account_id == bindparam("account_id"),
            EmbargoNotice.candidacy_id == bindparam("candidacy_id"),
            EmbargoNotice.round_id == bindparam("round_id"),
            EmbargoNotice.accepted_at.is_not(None),
            EmbargoNotice.told_at >= Decision.confirmed_at,
            Decision.id == NationalEntry.decision_id,
        )
        .correlate(NationalEntry)
        .exists()
    )
    return (
        select(
            NationalEntry.id,
            NationalEntry.key,
            NationalEntry.round_id.label("national_id"),
            NationalEntry.received_at,
            Filing.receipt,
            Filing.sha256,
            Filing.submitted_at,
            Theme.name.label("theme"),
            national.phase,
            national.published_at,
            NationalCalendar.additions_close_at,
            told.label("is_told"),
        )
        .join(Filing, Filing.id == NationalEntry.filing_id)
        .join(Theme, Theme.id == NationalEntry.theme_id)
        .join(national, national.id == NationalEntry.round_id)
        .join(Candidacy, Candidacy.id == NationalEntry.candidacy_id)
        .outerjoin(NationalCalendar, NationalCalendar.round_id == NationalEntry.round_id)
        .where(
            NationalEntry.candidacy_id == bindparam("candidacy_id"),
            NationalEntry.ended_at.is_(None),
            Candidacy.state == "submitted",
        )
    )


_ENTRY = _entry_query()


def additions_of(candidacy_id: int, national_id: int) -> tuple[Addition, ...]:
    """Return what was added to a file of the national round; its right was settled by the caller (one query)."""
    return _additions(
        (NationalEntry.candidacy_id == candidacy_id)
        & (NationalEntry.round_id == national_id)
        & NationalEntry.ended_at.is_(None)
    )


def added_keys(candidacy_key: str, national_id: int) -> set[str]:
    """Return the attachments added to a file of the national round (one query)."""
    return set(
        db.session.scalars(
            select(Attachment.key)
            .join(NationalAddition, NationalAddition.attachment_id == Attachment.id)
            .join(NationalEntry, NationalEntry.id == NationalAddition.entry_id)
            .join(Candidacy, Candidacy.id == NationalEntry.candidacy_id)
            .where(
                Candidacy.key == candidacy_key,
                NationalEntry.round_id == national_id,
                NationalEntry.ended_at.is_(None),
            )
        )
    )


def _additions(where: object) -> tuple[Addition, ...]:
    rows = db.session.execute(
        select(
            NationalAddition.key,
            NationalAddition.note,
            Attachment.key.label("attachment_key"),
            Attachment.clean_name,
            Attachment.size,
            Attachment.sha256,
            NationalAddition.added_at,
        )
        .join(NationalEntry, NationalEntry.id == NationalAddition.entry_id)
        .outerjoin(Attachment, Attachment.id == NationalAddition.attachment_id)
        .where(where)  # type: ignore[arg-type]  # a condition
        .order_by(NationalAddition.added_at, NationalAddition.id)
    )
    return tuple(
        Addition(
            row.key,
            row.note,
            row.attachment_key,
            row.clean_name or "",
            row.size or 0,
            row.sha256 or "",
            row.added_at,
        )
        for row in rows
    )
