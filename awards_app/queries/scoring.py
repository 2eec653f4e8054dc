"""A juror's own list of files, in their own order, each in one of five states."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import BindParameter, Select, and_, bindparam, case, func, or_, select

from awards_app.database import read
from awards_app.domain.grid import Criterion as GridCriterion
from awards_app.domain.grid import Grid
from awards_app.domain.holder import Holder
from awards_app.domain.phases import Phase
from awards_app.domain.scoring import SheetState, shuffled, state_of_sheet
from awards_app.models.candidacies import Candidacy
from awards_app.models.editions import Criterion, CriterionWeight, Edition, Round, Theme
from awards_app.models.juries import Interest
from awards_app.models.scoring import Mark, Scoresheet
from awards_app.models.structures import Structure
from awards_app.queries.called import is_called
from awards_app.queries.juries import SeatFacts, judged_by, open_seat
from awards_app.queries.sheets import TOP_LEVEL


@dataclass(frozen=True, slots=True)
class FileLine:
    """A candidacy in a juror's own list; ``is_under_embargo`` while its region has decided and not published."""

    key: str
    title: str
    structure: str
    city: str
    theme_id: int
    state: SheetState
    is_open: bool
    is_final: bool
    answered: int
    criteria: int
    saved_at: datetime | None
    is_under_embargo: bool


@dataclass(frozen=True, slots=True)
class SeatGrid:
    """The grid of a seat in one theme: (code, name) of each criterion, and what arithmetic needs."""

    theme_name: str
    names: dict[str, str]
    exact: Grid


def grids_of_seat(seat: SeatFacts) -> dict[int, SeatGrid]:
    """Return the grid of each theme of the seat's edition and level (one query)."""
    rows = read(_grids_query("national" if seat.is_national else "regional"), {"edition_id": seat.edition_id})
    found: dict[int, list[Any]] = {}
    for row in rows:
        found.setdefault(row.theme_id, []).append(row)
    return {
        theme_id: SeatGrid(
            own[0].theme_name,
            {row.code: row.name for row in own},
            Grid(
                tuple(GridCriterion(row.code, row.weight) for row in own),
                own[0].top_level,
                own[0].shown_out_of,
            ),
        )
        for theme_id, own in found.items()
    }


@cache
def _grids_query(level: str) -> Select[Any]:
    return (
        select(
            CriterionWeight.theme_id,
            Theme.name.label("theme_name"),
            Criterion.code,
            Criterion.name,
            CriterionWeight.weight,
            TOP_LEVEL.label("top_level"),
            Edition.rules[("grids", level, "shown_out_of")].as_integer().label("shown_out_of"),
        )
        .select_from(CriterionWeight)
        .join(Criterion, Criterion.id == CriterionWeight.criterion_id)
        .join(Theme, Theme.id == CriterionWeight.theme_id)
        .join(Edition, Edition.id == Criterion.edition_id)
        .where(
            Criterion.edition_id == bindparam("edition_id"),
            Criterion.level == level,
            CriterionWeight.weight > 0,
        )
        .order_by(Criterion.position)
    )


def candidacies_to_judge(
    holder: Holder, seat_key: str, now: datetime
) -> tuple[SeatFacts, tuple[FileLine, ...]]:
    """Return the seat and its files in the juror's own stable order, without those they stand aside from.

    Empty before scoring opens. A file « à voir avec la CRESS » stays closed and is left out until it is settled.
    """
    seat = open_seat(holder, seat_key, now)
    return seat, files_of_seat(holder, seat)


def files_of_seat(
    holder: Holder, seat: SeatFacts, grids: dict[int, SeatGrid] | None = None
) -> tuple[FileLine, ...]:
    """Return the files of an opened seat, as `candidacies_to_judge` does (one query, two without ``grids``)."""
    if not has_files(seat):
        return ()
    grids = grids_of_seat(seat) if grids is None else grids
    query = files_query(is_national=seat.is_national, in_theme=seat.theme_id is not None)
    rows = {row.key: row for row in read(query, values_of_seat(seat, grids))}
    mine = holder.structure_ids
    barred = {row.theme_id for row in rows.values() if row.structure_id in mine}
    lines = []
    for key in shuffled(rows, seat.shuffle):
        row = rows[key]
        if row.theme_id in barred or row.interest in ("recused", "unsure"):
            continue
        lines.append(file_line(row, len(grids[row.theme_id].names), seat))
    return tuple(lines)


def has_files(seat: SeatFacts) -> bool:
    """Say whether the phase gives the seat files to read."""
    return seat.phase in (Phase.SCORING, Phase.DELIBERATION, Phase.DECIDED, Phase.PUBLISHED)


def values_of_seat(seat: SeatFacts, grids: dict[int, SeatGrid]) -> dict[str, object]:
    """Return the values of `files_query` for a seat."""
    return {
        "seat_id": seat.id,
        "round_id": seat.round_id,
        "theme_id": seat.theme_id,
        "top": max((grid.exact.top_level for grid in grids.values()), default=4),
    }


@cache
def files_query(*, is_national: bool, in_theme: bool) -> Select[*tuple[Any, ...]]:
    """Return the query of a seat's files, put together once; its values are seat_id, round_id, theme_id and top."""
    seat_id: BindParameter[int] = bindparam("seat_id")
    is_extreme = or_(Mark.level == 0, Mark.level == bindparam("top"))
    marks = (
        select(
            Mark.scoresheet_id,
            func.count().label("marks"),
            func.sum(case((or_(Mark.level.is_not(None), Mark.cannot_judge), 1), else_=0)).label("answered"),
            func.sum(case((and_(is_extreme, Mark.reason == ""), 1), else_=0)).label("unexplained"),
        )
        .join(Scoresheet, Scoresheet.id == Mark.scoresheet_id)
        .where(Scoresheet.seat_id == seat_id)
        .group_by(Mark.scoresheet_id)
        .subquery()
    )
    query = (
        select(
            Candidacy.key,
            Candidacy.title,
            Candidacy.theme_id,
            Candidacy.structure_id,
            Structure.name.label("structure"),
            Structure.city,
            Interest.verdict.label("interest"),
            Scoresheet.is_later,
            Scoresheet.final_at,
            Scoresheet.saved_at,
            marks.c.marks,
            marks.c.answered,
            marks.c.unexplained,
            (Round.phase == Phase.DECIDED).label("is_under_embargo"),
        )
        .join(Round, Round.id == Candidacy.round_id)
        .join(Structure, Structure.id == Candidacy.structure_id)
        .outerjoin(
            Interest,
            (Interest.seat_id == seat_id)
            & (Interest.candidacy_id == Candidacy.id)
            & Interest.replaced_at.is_(None),
        )
        .outerjoin(Scoresheet, (Scoresheet.seat_id == seat_id) & (Scoresheet.candidacy_id == Candidacy.id))
        .outerjoin(marks, marks.c.scoresheet_id == Scoresheet.id)
        .where(
            *judged_by(bindparam("round_id"), is_national=is_national),
            is_called(seat_id, Candidacy.id, bindparam("round_id")),
        )
    )
    return query.where(Candidacy.theme_id == bindparam("theme_id")) if in_theme else query


def file_line(row: Any, criteria: int, seat: SeatFacts) -> FileLine:
    """Return the line of a row of `files_query`, whose theme has that many criteria."""
    return FileLine(
        key=row.key,
        title=row.title,
        structure=row.structure,
        city=row.city,
        theme_id=row.theme_id,
        state=state_of(row, criteria),
        is_open=is_open(row, seat),
        is_final=row.final_at is not None,
        answered=row.answered or 0,
        criteria=criteria,
        saved_at=row.saved_at,
        is_under_embargo=row.is_under_embargo,
    )


def state_of(row: Any, criteria: int) -> SheetState:
    """Return the state of the sheet of a row of `files_query`."""
    return state_of_sheet(
        is_later=bool(row.is_later),
        marks=row.marks or 0,
        answered=row.answered or 0,
        unexplained=row.unexplained or 0,
        criteria=criteria,
    )


def is_open(row: Any, seat: SeatFacts) -> bool:
    """Say whether the file of a row of `files_query` may be read: charter accepted, absence of ties declared."""
    return seat.charter_at is not None and row.interest == "none"
