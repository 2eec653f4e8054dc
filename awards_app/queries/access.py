"""The second lock: what a person asks for is loaded with the person, and is not there if it is not theirs.

Each `open_…` returns frozen facts, or raises the refusal that the permission matrix gives. Nothing here writes.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, select

from awards_app.database import db
from awards_app.domain.holder import Holder
from awards_app.domain.permissions import Permission, Subject, authorise
from awards_app.domain.phases import Phase, phase_at
from awards_app.domain.refusals import DoesNotExist
from awards_app.domain.subjects import Place, subjects_of
from awards_app.models.candidacies import AdmissibilityDecision, Candidacy
from awards_app.models.editions import Edition, Region, Round
from awards_app.models.honours import NationalEntry
from awards_app.models.juries import Interest, Seat


@dataclass(frozen=True, slots=True)
class RoundFacts:
    """A round at an instant: ``phase`` is the one that counts now; ``region_code`` None is the national round."""

    id: int
    key: str
    edition_id: int
    year: int
    region_code: str | None
    region_name: str | None
    zone: str
    phase: Phase
    takes_part: bool
    subjects: frozenset[Subject]

    @property
    def level(self) -> str:
        """Return « regional » or « national », as grids and prizes say it."""
        return "national" if self.region_code is None else "regional"


@dataclass(frozen=True, slots=True)
class CandidacyFacts:
    """A candidacy seen from a round (its own, or the national one that received it)."""

    id: int
    key: str
    title: str
    state: str
    verdict: str | None
    theme_id: int | None
    structure_id: int
    own_round_id: int
    round: RoundFacts
    subjects: frozenset[Subject]

    @property
    def is_in_contest(self) -> bool:
        """Say whether jurors may read it: submitted, admissible, not withdrawn."""
        return self.state == "submitted" and self.verdict == "admissible"


_ROUND_COLUMNS = (
    Round.id,
    Round.key,
    Round.edition_id,
    Round.region_code,
    Round.zone,
    Round.phase,
    Round.takes_part,
    Round.opens_at,
    Round.closes_at,
    Edition.year,
    Region.name.label("region_name"),
)


def candidacy_query(seen_from: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    """Return what `facts_of_row` needs of the candidacy ``:key``; a reading may add columns to ask for more at once."""
    return (
        select(
            Candidacy.id.label("candidacy_id"),
            Candidacy.key.label("candidacy_key"),
            Candidacy.title,
            Candidacy.state,
            Candidacy.theme_id,
            Candidacy.structure_id,
            Candidacy.round_id.label("own_round_id"),
            AdmissibilityDecision.verdict,
            *_ROUND_COLUMNS,
            NationalEntry.round_id.label("national_round_id"),
        )
        .select_from(Candidacy)
        .join(Round, seen_from)
        .join(Edition, Edition.id == Round.edition_id)
        .outerjoin(Region, Region.code == Round.region_code)
        .outerjoin(
            AdmissibilityDecision,
            (AdmissibilityDecision.candidacy_id == Candidacy.id)
            & AdmissibilityDecision.replaced_at.is_(None),
        )
        .outerjoin(
            NationalEntry,
            (NationalEntry.candidacy_id == Candidacy.id) & NationalEntry.ended_at.is_(None),
        )
        .where(Candidacy.key == bindparam("key"), Candidacy.state != "deleted")
    )


# Put together once: each page and each act asks one of these.
_ROUND = (
    select(*_ROUND_COLUMNS)
    .join(Edition, Edition.id == Round.edition_id)
    .outerjoin(Region, Region.code == Round.region_code)
    .where(Round.key == bindparam("key"))
)
_CANDIDACY = candidacy_query(Round.id == Candidacy.round_id)
_CANDIDACY_SEEN = candidacy_query(Round.id == bindparam("round_id"))


def _round_facts(row: Any, now: datetime, subjects: frozenset[Subject]) -> RoundFacts:
    phase = phase_at(Phase(row.phase), now, row.opens_at, row.closes_at)
    return RoundFacts(
        id=row.id,
        key=row.key,
        edition_id=row.edition_id,
        year=row.year,
        region_code=row.region_code,
        region_name=row.region_name,
        zone=row.zone,
        phase=phase,
        takes_part=row.takes_part,
        subjects=subjects,
    )


def open_round(
    holder: Holder | None,
    key: str,
    permission: Permission,
    now: datetime,
    *,
    theme_id: int | None = None,
) -> RoundFacts:
    """Return the round ``key`` if ``holder`` may do ``permission`` there now.

    With ``theme_id`` the object is that category of the round: a recusal on one of its candidacies counts; without, one
    anywhere in the round does. Raises `DoesNotExist`, `IsForbidden`, `IsNotThePhase` or `SignInIsNeeded`.
    """
    facts = find_round(holder, key, now, theme_id=theme_id)
    if facts is None:
        if holder is None:
            authorise(permission, Phase.PREPARATION, {Subject.PUBLIC})
        raise DoesNotExist
    authorise(permission, facts.phase, facts.subjects)
    return facts


def find_round(
    holder: Holder | None, key: str, now: datetime, *, theme_id: int | None = None
) -> RoundFacts | None:
    """Return the round with the subjects ``holder`` is there, without asking whether anything is allowed."""
    row = db.session.execute(_ROUND, {"key": key}).one_or_none()
    if row is None:
        return None
    return _round_facts(row, now, round_subjects(holder, row.id, row.region_code, theme_id))


def round_subjects(
    holder: Holder | None, round_id: int, region_code: str | None, theme_id: int | None = None
) -> frozenset[Subject]:
    """Return the subjects ``holder`` is for a round, or for one theme of it."""
    place = Place(round_id=round_id, region_code=region_code, theme_id=theme_id)
    if holder is not None and any(seat.round_id == round_id for seat in holder.seats):
        place = Place(
            round_id=round_id,
            region_code=region_code,
            theme_id=theme_id,
            recused_seats=_recused_seats(holder, round_id, theme_id),
            candidate_structures=_candidate_structures(holder, round_id, theme_id),
            chair_is_recused=_chair_is_recused(round_id, theme_id, None),
        )
    return subjects_of(holder, place)


def open_candidacy(
    holder: Holder | None,
    key: str,
    permission: Permission,
    now: datetime,
    *,
    round_id: int | None = None,
) -> CandidacyFacts:
    """Return the candidacy ``key`` if ``holder`` may do ``permission`` with it now.

    ``round_id`` is the round to see it from when that is the national one. Raises the matrix's refusal.
    """
    facts = find_candidacy(holder, key, now, round_id=round_id)
    if facts is None:
        if holder is None:
            authorise(permission, Phase.PREPARATION, {Subject.PUBLIC})
        raise DoesNotExist
    authorise(permission, facts.round.phase, facts.subjects)
    return facts


def find_candidacy(
    holder: Holder | None, key: str, now: datetime, *, round_id: int | None = None
) -> CandidacyFacts | None:
    """Return the candidacy with the subjects ``holder`` is for it; None if there is none, or not in that round."""
    if round_id is None:
        row = db.session.execute(_CANDIDACY, {"key": key}).one_or_none()
    else:
        row = db.session.execute(_CANDIDACY_SEEN, {"key": key, "round_id": round_id}).one_or_none()
    if row is None or row.id not in (row.own_round_id, row.national_round_id):
        return None
    return facts_of_row(holder, row, now)


def facts_of_row(holder: Holder | None, row: Any, now: datetime) -> CandidacyFacts:
    """Return the facts of a row of `candidacy_query` with the subjects ``holder`` is for it."""
    subjects = subjects_of(holder, _candidacy_place(holder, row))
    return CandidacyFacts(
        id=row.candidacy_id,
        key=row.candidacy_key,
        title=row.title,
        state=row.state,
        verdict=row.verdict,
        theme_id=row.theme_id,
        structure_id=row.structure_id,
        own_round_id=row.own_round_id,
        round=_round_facts(row, now, subjects),
        subjects=subjects,
    )


def _candidacy_place(holder: Holder | None, row: Any) -> Place:
    round_id: int = row.id
    national: int | None = row.national_round_id
    theme_id: int | None = row.theme_id
    candidacy_id: int = row.candidacy_id
    concerned = (round_id, national)
    seats = [seat for seat in holder.seats if seat.round_id in concerned] if holder else []
    place = Place(
        round_id=round_id,
        region_code=row.region_code,
        theme_id=theme_id,
        structure_id=row.structure_id,
        national_round_id=national if national != round_id and _national_scores(national) else None,
    )
    if holder is None or not seats:
        return place
    recused = db.session.scalars(
        select(Interest.seat_id).where(
            Interest.seat_id.in_([seat.id for seat in seats]),
            Interest.candidacy_id == candidacy_id,
            Interest.verdict != "none",
            Interest.replaced_at.is_(None),
        )
    )
    return Place(
        round_id=place.round_id,
        region_code=place.region_code,
        theme_id=place.theme_id,
        structure_id=place.structure_id,
        national_round_id=place.national_round_id,
        recused_seats=frozenset(recused),
        candidate_structures=_candidate_structures(holder, round_id, theme_id),
        chair_is_recused=any(seat.function == "deputy" for seat in seats)
        and _chair_is_recused(round_id, theme_id, candidacy_id),
    )


def _national_scores(national_round_id: int | None) -> bool:
    if national_round_id is None:
        return False
    phase = db.session.scalar(select(Round.phase).where(Round.id == national_round_id))
    return phase is not None and phase >= Phase.SCORING.value


def _in_category(round_id: int, theme_id: int | None) -> list[ColumnElement[bool]]:
    """Return the conditions for the candidacies that a round judges, in one theme or in all."""
    entries = select(NationalEntry.candidacy_id).where(
        NationalEntry.round_id == round_id, NationalEntry.ended_at.is_(None)
    )
    conditions: list[ColumnElement[bool]] = [
        (Candidacy.round_id == round_id) | Candidacy.id.in_(entries),
        Candidacy.state.in_(("submitted", "withdrawn")),
    ]
    if theme_id is not None:
        conditions.append(Candidacy.theme_id == theme_id)
    return conditions


def _recused_seats(holder: Holder, round_id: int, theme_id: int | None) -> frozenset[int]:
    seats = [seat.id for seat in holder.seats if seat.round_id == round_id]
    query = (
        select(Interest.seat_id)
        .join(Candidacy, Candidacy.id == Interest.candidacy_id)
        .where(
            Interest.seat_id.in_(seats),
            Interest.verdict == "recused",
            Interest.replaced_at.is_(None),
            *_in_category(round_id, theme_id),
        )
    )
    return frozenset(db.session.scalars(query))


def _candidate_structures(holder: Holder, round_id: int, theme_id: int | None) -> frozenset[int]:
    if not holder.memberships:
        return frozenset()
    query = select(Candidacy.structure_id).where(
        Candidacy.structure_id.in_(holder.structure_ids),
        *_in_category(round_id, theme_id),
    )
    return frozenset(db.session.scalars(query))


def _chair_is_recused(round_id: int, theme_id: int | None, candidacy_id: int | None) -> bool:
    query = (
        select(Interest.id)
        .join(Seat, Seat.id == Interest.seat_id)
        .join(Candidacy, Candidacy.id == Interest.candidacy_id)
        .where(
            Seat.round_id == round_id,
            Seat.function == "chair",
            Seat.left_at.is_(None),
            Interest.verdict == "recused",
            Interest.replaced_at.is_(None),
        )
    )
    if candidacy_id is not None:
        query = query.where(Interest.candidacy_id == candidacy_id)
    elif theme_id is not None:
        query = query.where(Candidacy.theme_id == theme_id)
    return db.session.scalar(query.limit(1)) is not None
