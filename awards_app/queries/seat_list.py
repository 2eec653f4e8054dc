"""One page of a juror's list of files, with where the whole list stands: only the page is read line by line."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache, lru_cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, ScalarSelect, Select, bindparam, func, select, true

from awards_app.database import read
from awards_app.domain.holder import Holder
from awards_app.domain.scoring import SheetState, shuffled
from awards_app.domain.text import sort_key
from awards_app.models.assignments import Assignment
from awards_app.models.candidacies import Candidacy
from awards_app.queries.juries import SeatFacts, open_seat
from awards_app.queries.scoring import (
    FileLine,
    file_line,
    files_of_seat,
    files_query,
    grids_of_seat,
    has_files,
    is_open,
    state_of,
    values_of_seat,
)

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class SeatList:
    """A page of a juror's files; the counts are of the whole list, ``found`` of what answers the search.

    ``given`` are those that were given to this person, ``by_hand`` those of them that were added by hand: None where
    that was not asked (a search, a member of a structure).
    """

    seat: SeatFacts
    lines: tuple[FileLine, ...]
    page: int
    pages: int
    total: int
    done: int
    undeclared: int
    next_key: str | None
    is_under_embargo: bool
    given: int | None = None
    by_hand: int = 0

    @property
    def left(self) -> int:
        """Return how many files are not fully marked."""
        return self.total - self.done


def page_of_files(holder: Holder, seat_key: str, now: datetime, page: int, words: str = "") -> SeatList:
    """Return a page of the files that `candidacies_to_judge` returns, those that hold ``words`` (four queries, or three).

    Raises `DoesNotExist` for another's seat.
    """
    seat = open_seat(holder, seat_key, now)
    if not has_files(seat):
        return _cut(seat, (), (), page)
    if words or holder.memberships:
        lines = files_of_seat(holder, seat)
        found = [line for line in lines if words in sort_key(f"{line.structure} {line.title} {line.city}")]
        return _cut(seat, lines, found, page)
    return _page(seat, page)


def _cut(seat: SeatFacts, lines: Sequence[FileLine], found: Sequence[FileLine], page: int) -> SeatList:
    pages = max(1, -(-len(found) // PAGE_SIZE))
    page = min(max(page, 1), pages)
    return SeatList(
        seat,
        tuple(found[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]),
        page,
        pages,
        total=len(lines),
        done=sum(line.state is SheetState.DONE for line in lines),
        undeclared=sum(not line.is_open for line in lines),
        next_key=_next((line.key, line.is_open, line.state) for line in lines),
        is_under_embargo=any(line.is_under_embargo for line in lines),
    )


def _next(files: Iterable[tuple[str, bool, SheetState]]) -> str | None:
    return next((key for key, is_open, state in files if is_open and state is not SheetState.DONE), None)


def _page(seat: SeatFacts, page: int) -> SeatList:
    grids = grids_of_seat(seat)
    values = values_of_seat(seat, grids)
    kind = {"is_national": seat.is_national, "in_theme": seat.theme_id is not None}
    shapes: dict[tuple[Any, ...], _Standing | None] = {}
    stand: dict[str, _Standing] = {}
    given = by_hand = 0
    for row in read(_standings(**kind), values):
        key, given, by_hand, *shape = row
        known = tuple(shape)
        if known not in shapes:
            shapes[known] = _standing(row, len(grids[row.theme_id].names), seat)
        found = shapes[known]
        if found is not None:
            stand[key] = found
    order = _in_order(frozenset(stand), seat.shuffle)
    pages = max(1, -(-len(order) // PAGE_SIZE))
    page = min(max(page, 1), pages)
    shown = order[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
    rows = {row.key: row for row in read(_some(**kind), values | {"keys": shown})} if shown else {}
    return SeatList(
        seat,
        # What left the list since it was counted is left out.
        tuple(
            file_line(rows[key], len(grids[rows[key].theme_id].names), seat) for key in shown if key in rows
        ),
        page,
        pages,
        total=len(order),
        done=sum(one.state is SheetState.DONE for one in stand.values()),
        undeclared=sum(not one.is_open for one in stand.values()),
        next_key=_next((key, stand[key].is_open, stand[key].state) for key in order),
        is_under_embargo=any(one.is_under_embargo for one in stand.values()),
        given=given,
        by_hand=by_hand,
    )


class _Standing(NamedTuple):
    """Where a file of the list stands: most of them stand alike."""

    is_open: bool
    state: SheetState
    is_under_embargo: bool


def _standing(row: Any, criteria: int, seat: SeatFacts) -> _Standing | None:
    if row.interest in ("recused", "unsure"):
        return None
    return _Standing(is_open(row, seat), state_of(row, criteria), row.is_under_embargo)


@cache
def _standings(*, is_national: bool, in_theme: bool) -> Select[Any]:
    """Return the query of where each file stands, without its words."""
    files = files_query(is_national=is_national, in_theme=in_theme).subquery().c
    return select(
        files.key,
        _given(true()).label("given"),
        _given(Assignment.origin == "hand").label("by_hand"),
        files.theme_id,
        files.interest,
        files.is_later,
        files.marks,
        files.answered,
        files.unexplained,
        files.is_under_embargo,
    )


def _given(kind: ColumnElement[bool]) -> ScalarSelect[int]:
    """Return how many live readings of this kind the seat was given: asked once, not once a file."""
    return (
        select(func.count())
        .where(
            Assignment.seat_id == bindparam("seat_id"),
            Assignment.round_id == bindparam("round_id"),
            Assignment.ended_at.is_(None),
            kind,
        )
        .scalar_subquery()
    )


@cache
def _some(*, is_national: bool, in_theme: bool) -> Select[Any]:
    query = files_query(is_national=is_national, in_theme=in_theme)
    return query.where(Candidacy.key.in_(bindparam("keys", expanding=True)))


@lru_cache(maxsize=64)
def _in_order(keys: frozenset[str], seed: str) -> list[str]:
    return shuffled(keys, seed)
