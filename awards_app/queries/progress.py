"""How far a jury is: who has finished and how many sheets are complete, never a value."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ScalarSelect, Select, Subquery, and_, case, func, or_, select

from awards_app.database import db
from awards_app.domain.holder import Holder
from awards_app.domain.permissions import Permission, Subject
from awards_app.domain.scoring import SheetState, state_of_sheet
from awards_app.models.candidacies import Candidacy
from awards_app.models.editions import Criterion, CriterionWeight, Round
from awards_app.models.juries import Interest, Seat
from awards_app.models.scoring import Mark, Scoresheet, Waiver
from awards_app.models.structures import Membership, Structure
from awards_app.queries.access import RoundFacts
from awards_app.queries.called import is_called
from awards_app.queries.juries import JuryRoom, judged_by, open_room
from awards_app.queries.sheets import TOP_LEVEL


@dataclass(frozen=True, slots=True)
class SeatProgress:
    """One seat: files it is called to read, how many are done; the name is empty for who may read counts only."""

    key: str
    name: str
    function: str
    total: int
    done: int
    undeclared: int
    unsure: int
    recused: int
    has_accepted: bool
    finished_at: datetime | None


@dataclass(frozen=True, slots=True)
class FileProgress:
    """One file: how many jurors are called to read it and how many sheets are complete."""

    key: str
    structure: str
    title: str
    theme_id: int
    called: int
    done: int


@dataclass(frozen=True, slots=True)
class MissingPair:
    """A sheet that the lock still waits for, or one that is final; ``why`` says which."""

    seat_key: str
    juror: str
    candidacy_key: str
    structure: str
    why: str


@dataclass(frozen=True, slots=True)
class Progress:
    """The progress of a jury; ``is_nominative`` says whether names are in it."""

    room: JuryRoom
    closes_at: datetime | None
    is_nominative: bool
    seats: tuple[SeatProgress, ...]
    files: tuple[FileProgress, ...]
    missing: tuple[MissingPair, ...]
    finals: tuple[MissingPair, ...]

    @property
    def expected(self) -> int:
        """Return the number of sheets expected."""
        return sum(seat.total for seat in self.seats)

    @property
    def done(self) -> int:
        """Return the number of sheets that are complete."""
        return sum(seat.done for seat in self.seats)


def progress(holder: Holder, round_key: str | int, now: datetime) -> Progress:
    """Return the progress of a jury while it scores (SCO-6), in the themes the person may follow.

    One query beside the person's rights. Raises the matrix's refusal.
    """
    room = open_room(holder, round_key, Permission.READ_PROGRESS, now)
    rows = db.session.execute(_pairs(room)).all()
    named = bool(room.round.subjects & {Subject.CHAIR, Subject.COORDINATOR})
    seats: dict[str, list[Any]] = {}
    files: dict[str, list[Any]] = {}
    for row in rows:
        seats.setdefault(row.seat_key, []).append(row)
        if row.key is not None and _is_called(row):
            files.setdefault(row.key, []).append(row)
    return Progress(
        room=room,
        closes_at=rows[0].scoring_closes_at if rows else None,
        is_nominative=named,
        seats=tuple(_seat(own, named) for own in seats.values()),
        files=tuple(_file(own) for own in files.values()),
        missing=tuple(_missing(row) for own in files.values() for row in own if not _is_settled(row))
        if named
        else (),
        finals=tuple(
            MissingPair(row.seat_key, row.juror, row.key, row.structure, "final")
            for own in files.values()
            for row in own
            if row.final_at is not None
        )
        if Subject.CHAIR in room.round.subjects
        else (),
    )


_PAIR_COLUMNS = (
    Seat.key.label("seat_key"),
    Seat.name.label("juror"),
    Seat.function,
    Seat.accepted_at,
    Seat.finished_at,
    Round.scoring_closes_at,
    Candidacy.key,
    Candidacy.title,
    Candidacy.theme_id,
    Structure.name.label("structure"),
    Interest.verdict,
    Scoresheet.is_later,
    Scoresheet.final_at,
    Waiver.id.label("waiver"),
)


def _marks_by_sheet(round_id: int) -> Subquery:
    """Return the counts of each sheet of a round: marks, answers, levels, extremes without a reason."""
    return (
        select(
            Mark.scoresheet_id,
            func.count().label("marks"),
            func.sum(case((or_(Mark.level.is_not(None), Mark.cannot_judge), 1), else_=0)).label("answered"),
            func.sum(case((Mark.level.is_not(None), 1), else_=0)).label("levels"),
            func.sum(case((and_(Mark.level.in_((0, TOP_LEVEL)), Mark.reason == ""), 1), else_=0)).label(
                "unexplained"
            ),
        )
        .join(Criterion, Criterion.id == Mark.criterion_id)
        .join(Scoresheet, Scoresheet.id == Mark.scoresheet_id)
        .where(Scoresheet.round_id == round_id)
        .group_by(Mark.scoresheet_id)
        .subquery()
    )


def _criteria_of_theme(facts: RoundFacts) -> ScalarSelect[int]:
    return (
        select(func.count())
        .select_from(CriterionWeight)
        .join(Criterion, Criterion.id == CriterionWeight.criterion_id)
        .where(
            CriterionWeight.theme_id == Candidacy.theme_id,
            CriterionWeight.weight > 0,
            Criterion.level == facts.level,
        )
        .scalar_subquery()
    )


def _pairs(room: JuryRoom) -> Select[*tuple[Any, ...]]:
    """Return each seat with each file it could be called to read, and how far its sheet is."""
    facts = room.round
    marks = _marks_by_sheet(facts.id)
    in_contest = and_(
        Candidacy.theme_id.in_([theme.id for theme in room.themes]),
        or_(Seat.theme_id.is_(None), Seat.theme_id == Candidacy.theme_id),
        is_called(Seat.id, Candidacy.id, facts.id),
        *judged_by(facts.id, is_national=facts.region_code is None),
    )
    of_pair = and_(Interest.seat_id == Seat.id, Interest.candidacy_id == Candidacy.id)
    sheet_of_pair = and_(Scoresheet.seat_id == Seat.id, Scoresheet.candidacy_id == Candidacy.id)
    return (
        select(
            *_PAIR_COLUMNS,
            marks.c.marks,
            marks.c.answered,
            marks.c.levels,
            marks.c.unexplained,
            _criteria_of_theme(facts).label("criteria"),
            _is_member().label("is_member"),
        )
        .select_from(Seat)
        .join(Round, Round.id == Seat.round_id)
        .outerjoin(Candidacy, in_contest)
        .outerjoin(Structure, Structure.id == Candidacy.structure_id)
        .outerjoin(Interest, and_(of_pair, Interest.replaced_at.is_(None)))
        .outerjoin(Scoresheet, and_(sheet_of_pair, Scoresheet.set_aside_at.is_(None)))
        .outerjoin(marks, marks.c.scoresheet_id == Scoresheet.id)
        .outerjoin(Waiver, and_(Waiver.seat_id == Seat.id, Waiver.candidacy_id == Candidacy.id))
        .where(Seat.round_id == facts.id, Seat.left_at.is_(None), Seat.function != "secretary")
        .order_by(Seat.function != "chair", Seat.name, Structure.sort_key, Candidacy.key)
    )


def _is_member() -> Any:
    """Say whether the seat's person is a member of a structure that has a file of the same category in the round."""
    other = Candidacy.__table__.alias("rival")
    return (
        select(Membership.id)
        .join(other, other.c.structure_id == Membership.structure_id)
        .where(
            Membership.account_id == Seat.account_id,
            Membership.left_at.is_(None),
            Membership.accepted_at.is_not(None),
            other.c.theme_id == Candidacy.theme_id,
            other.c.round_id == Candidacy.round_id,
            other.c.state == "submitted",
        )
        .correlate(Seat, Candidacy)
        .exists()
    )


def _state(row: Any) -> SheetState:
    if row.is_member or row.verdict == "recused":
        return SheetState.RECUSED
    return state_of_sheet(
        is_later=bool(row.is_later),
        marks=row.marks or 0,
        answered=row.answered or 0,
        unexplained=row.unexplained or 0,
        criteria=row.criteria,
    )


def _is_called(row: Any) -> bool:
    return row.accepted_at is not None and _state(row) is not SheetState.RECUSED


def _is_settled(row: Any) -> bool:
    """Say whether the lock no longer waits for this pair: every level given, or waived."""
    return row.waiver is not None or (row.criteria and (row.levels or 0) >= row.criteria)


def _seat(rows: list[Any], named: bool) -> SeatProgress:
    first = rows[0]
    pairs = [row for row in rows if row.key is not None]
    called = [row for row in pairs if _is_called(row)]
    return SeatProgress(
        key=first.seat_key,
        name=first.juror if named else "",
        function=first.function,
        total=len(called),
        done=sum(_state(row) is SheetState.DONE for row in called),
        undeclared=sum(row.verdict is None for row in called),
        unsure=sum(row.verdict == "unsure" for row in called),
        recused=sum(_state(row) is SheetState.RECUSED for row in pairs),
        has_accepted=first.accepted_at is not None,
        finished_at=first.finished_at,
    )


def _file(rows: list[Any]) -> FileProgress:
    first = rows[0]
    return FileProgress(
        key=first.key,
        structure=first.structure,
        title=first.title,
        theme_id=first.theme_id,
        called=len(rows),
        done=sum(_state(row) is SheetState.DONE for row in rows),
    )


def _missing(row: Any) -> MissingPair:
    if row.verdict == "unsure":
        why = "unsure"
    elif row.verdict is None:
        why = "undeclared"
    elif (row.answered or 0) > (row.levels or 0):
        why = "cannot_judge"
    else:
        why = "unmarked"
    return MissingPair(row.seat_key, row.juror, row.key, row.structure, why)
