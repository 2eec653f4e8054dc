"""One juror's sheet on one candidacy, with the second lock in the same query."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, bindparam, case, func, or_, select

from awards_app.database import db, read
from awards_app.domain.holder import Holder
from awards_app.domain.permissions import Permission, Subject, authorise
from awards_app.domain.phases import Phase, phase_at
from awards_app.domain.refusals import DoesNotExist
from awards_app.domain.scoring import StoredMark
from awards_app.domain.subjects import Place, subjects_of
from awards_app.models.candidacies import AdmissibilityDecision, Candidacy
from awards_app.models.editions import Criterion, CriterionLevel, CriterionWeight, Round
from awards_app.models.honours import NationalEntry
from awards_app.models.juries import Interest, Seat
from awards_app.models.scoring import Mark, Scoresheet
from awards_app.queries.called import is_called
from awards_app.queries.juries import judged_by

LEVEL_OF_ROUND = case((Round.region_code.is_(None), "national"), else_="regional")
TOP_LEVEL = (
    select(func.max(CriterionLevel.value))
    .where(CriterionLevel.criterion_id == Criterion.id)
    .scalar_subquery()
)


@dataclass(frozen=True, slots=True)
class OpenSheet:
    """One juror's sheet on one candidacy, with all that bears on whether it may be read or written.

    ``marks`` has one entry a criterion, in the order of the grid; ``id`` is None while nothing was saved.
    """

    seat_id: int
    seat_key: str
    function: str
    charter_at: datetime | None
    finished_at: datetime | None
    round_id: int
    round_key: str
    edition_id: int
    region_code: str | None
    zone: str
    phase: Phase
    locked_at: datetime | None
    scoring_closes_at: datetime | None
    seat_theme_id: int | None
    shuffle: str
    candidacy_id: int
    candidacy_key: str
    title: str
    theme_id: int
    structure_id: int
    interest: str | None
    id: int | None
    version: int
    is_later: bool
    private_note: str
    shared_comment: str
    saved_at: datetime | None
    final_at: datetime | None
    set_aside_at: datetime | None
    top_level: int
    criteria: dict[str, int]
    marks: dict[str, StoredMark]
    subjects: frozenset[Subject]

    @property
    def level(self) -> str:
        """Return « regional » or « national »."""
        return "national" if self.region_code is None else "regional"

    @property
    def is_open(self) -> bool:
        """Say whether the file may be read: charter accepted, absence of ties declared."""
        return self.charter_at is not None and self.interest == "none"


_COLUMNS = (
    Seat.id.label("seat_id"),
    Seat.key.label("seat_key"),
    Seat.account_id,
    Seat.function,
    Seat.theme_id.label("seat_theme_id"),
    Seat.charter_at,
    Seat.finished_at,
    Round.id.label("round_id"),
    Round.key.label("round_key"),
    Round.edition_id,
    Round.region_code,
    Round.zone,
    Round.phase,
    Round.opens_at,
    Round.closes_at,
    Round.locked_at,
    Round.scoring_closes_at,
    Seat.shuffle,
    Candidacy.id.label("candidacy_id"),
    Candidacy.key.label("candidacy_key"),
    Candidacy.title,
    Candidacy.theme_id,
    Candidacy.structure_id,
    Interest.verdict.label("interest"),
    Scoresheet.id,
    Scoresheet.version,
    Scoresheet.is_later,
    Scoresheet.private_note,
    Scoresheet.shared_comment,
    Scoresheet.saved_at,
    Scoresheet.final_at,
    Scoresheet.set_aside_at,
    Criterion.id.label("criterion_id"),
    Criterion.code,
    TOP_LEVEL.label("top_level"),
    Mark.level,
    Mark.cannot_judge,
    Mark.reason,
    Mark.version.label("mark_version"),
)


def sheet_query(*, hold: bool = False) -> Select[*tuple[Any, ...]]:
    """Return the query of one sheet, a row a criterion; ``hold`` keeps the round from being locked meanwhile."""
    query = (
        select(*_COLUMNS)
        .select_from(Seat)
        .join(Round, Round.id == Seat.round_id)
        .join(
            Candidacy,
            and_(
                Candidacy.state == "submitted",
                or_(Seat.theme_id.is_(None), Seat.theme_id == Candidacy.theme_id),
                or_(
                    and_(Round.region_code.is_not(None), Candidacy.round_id == Round.id),
                    and_(Round.region_code.is_(None), _entry_exists()),
                ),
            ),
        )
        .join(
            AdmissibilityDecision,
            (AdmissibilityDecision.candidacy_id == Candidacy.id)
            & (AdmissibilityDecision.verdict == "admissible")
            & AdmissibilityDecision.replaced_at.is_(None),
        )
        .join(Criterion, (Criterion.edition_id == Round.edition_id) & (Criterion.level == LEVEL_OF_ROUND))
        .join(
            CriterionWeight,
            (CriterionWeight.criterion_id == Criterion.id)
            & (CriterionWeight.theme_id == Candidacy.theme_id)
            & (CriterionWeight.weight > 0),
        )
        .outerjoin(
            Interest,
            (Interest.seat_id == Seat.id)
            & (Interest.candidacy_id == Candidacy.id)
            & Interest.replaced_at.is_(None),
        )
        .outerjoin(Scoresheet, (Scoresheet.seat_id == Seat.id) & (Scoresheet.candidacy_id == Candidacy.id))
        .outerjoin(Mark, (Mark.scoresheet_id == Scoresheet.id) & (Mark.criterion_id == Criterion.id))
        .where(
            Seat.key == bindparam("seat_key"),
            Candidacy.key == bindparam("candidacy_key"),
            Seat.account_id == bindparam("account_id"),
            Seat.left_at.is_(None),
            Seat.accepted_at.is_not(None),
            # While it scores, a juror has the files they are called to read; who deliberates reads them all.
            or_(Round.phase > Phase.SCORING.value, is_called(Seat.id, Candidacy.id, Round.id)),
        )
        .order_by(Criterion.position)
    )
    return query.with_for_update(read=True, of=Round) if hold else query


def _entry_exists() -> Any:
    return (
        select(NationalEntry.id)
        .where(
            NationalEntry.candidacy_id == Candidacy.id,
            NationalEntry.round_id == Round.id,
            NationalEntry.ended_at.is_(None),
        )
        .exists()
    )


_SHEET = sheet_query()
_HELD_SHEET = sheet_query(hold=True)


def open_sheet(
    holder: Holder,
    seat_key: str,
    candidacy_key: str,
    permission: Permission,
    now: datetime,
    *,
    hold: bool = False,
) -> OpenSheet:
    """Return the person's own sheet on a candidacy in the running, if they may do ``permission`` with it now.

    Raises as `find_sheet` does, and the matrix's refusal. One query, two when the person is a member of structures.
    """
    sheet = find_sheet(holder, seat_key, candidacy_key, now, hold=hold)
    authorise(permission, sheet.phase, sheet.subjects)
    return sheet


def find_sheet(
    holder: Holder, seat_key: str, candidacy_key: str, now: datetime, *, hold: bool = False
) -> OpenSheet:
    """Return the person's own sheet on a candidacy in the running, without asking what is allowed now.

    Raises `DoesNotExist` for another's seat and for a file of another theme or round. ``hold`` keeps the round from
    being locked before the transaction ends.
    """
    values = {"seat_key": seat_key, "candidacy_key": candidacy_key, "account_id": holder.account_id}
    rows = read(_HELD_SHEET if hold else _SHEET, values)
    if not rows:
        raise DoesNotExist
    return sheet_of_rows(holder, rows, now)


def sheet_of_rows(holder: Holder, rows: Sequence[Any], now: datetime) -> OpenSheet:
    """Return the sheet of the rows of `sheet_query`; one query more when the person is a member of structures."""
    row = rows[0]
    place = Place(
        round_id=row.round_id,
        region_code=row.region_code,
        theme_id=row.theme_id,
        recused_seats=frozenset({row.seat_id} if row.interest in ("recused", "unsure") else ()),
        candidate_structures=_structures_in(holder, row) if holder.memberships else frozenset(),
    )
    kept = row.id is not None
    return OpenSheet(
        seat_id=row.seat_id,
        seat_key=row.seat_key,
        function=row.function,
        charter_at=row.charter_at,
        finished_at=row.finished_at,
        round_id=row.round_id,
        round_key=row.round_key,
        edition_id=row.edition_id,
        region_code=row.region_code,
        zone=row.zone,
        phase=phase_at(Phase(row.phase), now, row.opens_at, row.closes_at),
        locked_at=row.locked_at,
        scoring_closes_at=row.scoring_closes_at,
        seat_theme_id=row.seat_theme_id,
        shuffle=row.shuffle,
        candidacy_id=row.candidacy_id,
        candidacy_key=row.candidacy_key,
        title=row.title,
        theme_id=row.theme_id,
        structure_id=row.structure_id,
        interest=row.interest,
        id=row.id,
        version=row.version if kept else 0,
        is_later=bool(row.is_later),
        private_note=row.private_note if kept else "",
        shared_comment=row.shared_comment if kept else "",
        saved_at=row.saved_at,
        final_at=row.final_at,
        set_aside_at=row.set_aside_at,
        top_level=row.top_level,
        criteria={line.code: line.criterion_id for line in rows},
        marks={
            line.code: StoredMark()
            if line.mark_version is None
            else StoredMark(line.level, line.cannot_judge, line.reason, line.mark_version)
            for line in rows
        },
        subjects=subjects_of(holder, place),
    )


def _structures_in(holder: Holder, row: Any) -> frozenset[int]:
    query = select(Candidacy.structure_id).where(
        Candidacy.structure_id.in_(holder.structure_ids),
        Candidacy.theme_id == row.theme_id,
        *judged_by(row.round_id, is_national=row.region_code is None),
    )
    return frozenset(db.session.scalars(query))
