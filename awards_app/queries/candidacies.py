"""Readings of candidacies as lists: those of a person, and what comes next for each."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from awards_app.database import db
from awards_app.domain.holder import Holder
from awards_app.domain.phases import Phase, phase_at
from awards_app.models.admissibility import CompletionRequest
from awards_app.models.candidacies import Candidacy
from awards_app.models.editions import Edition, Region, Round, Theme
from awards_app.models.structures import Structure


@dataclass(frozen=True, slots=True)
class CandidacyLine:
    """A candidacy in the list of its own people; ``phase`` is the one that counts now, ``request`` the demand for completion that waits."""

    key: str
    title: str
    state: str
    taken_back_at: datetime | None
    submitted_at: datetime | None
    touched_at: datetime
    structure_id: int
    structure_name: str
    year: int
    theme_code: str | None
    theme_name: str | None
    zone: str
    opens_at: datetime | None
    closes_at: datetime | None
    phase: Phase
    request_key: str | None
    request_closes_at: datetime | None
    request_zone: str | None


@dataclass(frozen=True, slots=True)
class RoundCalendar:
    """The instants of a round that a candidate may know."""

    region_name: str
    located: str
    chamber: str
    zone: str
    opens_at: datetime | None
    closes_at: datetime | None
    scoring_closes_at: datetime | None
    embargo_at: datetime | None
    published_at: datetime | None
    phase: Phase


def candidacies_of(holder: Holder, now: datetime) -> tuple[CandidacyLine, ...]:
    """Return the candidacies of the structures of ``holder``, the latest edition first (one query)."""
    if not holder.structure_ids:
        return ()
    rows = db.session.execute(
        select(
            Candidacy.key,
            Candidacy.title,
            Candidacy.state,
            Candidacy.taken_back_at,
            Candidacy.submitted_at,
            Candidacy.touched_at,
            Candidacy.structure_id,
            Structure.name.label("structure_name"),
            Edition.year,
            Theme.code.label("theme_code"),
            Theme.name.label("theme_name"),
            Round.zone,
            Round.opens_at,
            Round.closes_at,
            Round.phase,
            CompletionRequest.key.label("request_key"),
            CompletionRequest.closes_at.label("request_closes_at"),
            CompletionRequest.zone.label("request_zone"),
        )
        .join(Structure, Structure.id == Candidacy.structure_id)
        .join(Edition, Edition.id == Candidacy.edition_id)
        .join(Round, Round.id == Candidacy.round_id)
        .outerjoin(Theme, Theme.id == Candidacy.theme_id)
        # One at most is open: its index says so.
        .outerjoin(
            CompletionRequest,
            (CompletionRequest.candidacy_id == Candidacy.id)
            & (CompletionRequest.state == "open")
            & (CompletionRequest.closes_at > now)
            & (Candidacy.state == "submitted"),
        )
        .where(Candidacy.structure_id.in_(holder.structure_ids), Candidacy.state != "deleted")
        .order_by(Edition.year.desc(), Structure.sort_key, Candidacy.id.desc())
    )
    return tuple(_line(row, phase_at(Phase(row.phase), now, row.opens_at, row.closes_at)) for row in rows)


def _line(row: Any, phase: Phase) -> CandidacyLine:
    values = {**row._mapping, "phase": phase}
    if phase is not Phase.ADMISSIBILITY:
        # What was asked and never answered waits for nobody once the jury reads.
        values |= dict.fromkeys(("request_key", "request_closes_at", "request_zone"))
    return CandidacyLine(**values)


def calendar_of(round_id: int, now: datetime) -> RoundCalendar:
    """Return the calendar of a round (one query); its instants are public."""
    row = db.session.execute(
        select(
            Region.name.label("region_name"),
            Region.located,
            Region.chamber,
            Round.zone,
            Round.opens_at,
            Round.closes_at,
            Round.scoring_closes_at,
            Round.embargo_at,
            Round.published_at,
            Round.phase,
        )
        .join(Region, Region.code == Round.region_code)
        .where(Round.id == round_id)
    ).one()
    phase = phase_at(Phase(row.phase), now, row.opens_at, row.closes_at)
    return RoundCalendar(**{**row._mapping, "phase": phase})


def deleted_drafts_of(holder: Holder, since: datetime) -> tuple[tuple[str, str, datetime], ...]:
    """Return key, title and instant of the drafts deleted since an instant that can be restored (one query)."""
    if not holder.structure_ids:
        return ()
    rows = db.session.execute(
        select(Candidacy.key, Candidacy.title, Candidacy.touched_at)
        .where(
            Candidacy.structure_id.in_(holder.structure_ids),
            Candidacy.state == "deleted",
            Candidacy.touched_at > since,
        )
        .order_by(Candidacy.touched_at.desc())
    )
    return tuple((row.key, row.title, row.touched_at) for row in rows)
