"""Everything that the ranking of a round rests on, as it stands now: read for the lock and for nobody's screen."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, literal, select, union_all

from awards_app.database import db, read
from awards_app.domain.ranking import Ballot, Sheet
from awards_app.models.assignments import Assignment
from awards_app.models.candidacies import Candidacy, Filing
from awards_app.models.editions import Criterion
from awards_app.models.honours import NationalEntry
from awards_app.models.juries import Interest, Seat
from awards_app.models.scoring import Mark, Scoresheet, Waiver
from awards_app.models.structures import Structure
from awards_app.queries.grids import theme_grids
from awards_app.queries.juries import candidate_seats, judged_by


@dataclass(frozen=True, slots=True)
class BallotFile:
    """A candidacy in the running: its public number, and what a person needs to recognise it."""

    id: int
    key: str
    number: str
    title: str
    structure: str
    theme_id: int


@dataclass(frozen=True, slots=True)
class BallotSeat:
    """A seat that is called to read, or was and left sheets behind."""

    id: int
    key: str
    name: str
    theme_id: int | None
    has_left: bool


@dataclass(frozen=True, slots=True)
class RoundBallots:
    """The ballots of a round by theme code; jurors are seat identifiers, files candidacy identifiers."""

    by_theme: dict[str, Ballot]
    theme_ids: dict[str, int]
    files: dict[int, BallotFile]
    seats: dict[int, BallotSeat]

    @property
    def numbers(self) -> dict[Any, str]:
        """Return the public number of each file."""
        return {key: file.number for key, file in self.files.items()}


def ballots_of_round(round_id: int, edition_id: int, *, is_national: bool) -> RoundBallots:
    """Return the ballots of a round from its rows, for its lock and its progress (six queries)."""
    files = _files(round_id, is_national=is_national)
    seats = _seats(round_id)
    sheets = _sheets(round_id)
    pairs = _pairs(round_id)
    recused, waived = pairs["recused"], pairs["waived"]
    readers: dict[int, frozenset[int]] = {}
    for seat_id, candidacy_id in pairs["given"]:
        readers[candidacy_id] = readers.get(candidacy_id, frozenset()) | {seat_id}
    members = candidate_seats(round_id, is_national=is_national)
    themes = theme_grids(edition_id, "national" if is_national else "regional")
    found = {}
    for theme in themes:
        grid = theme.exact
        own = [file for file in files.values() if file.theme_id == theme.theme_id]
        panel, given = _panel(own, seats.values(), sheets, recused, members, readers)
        complete = {
            (sheet.juror, sheet.candidacy)
            for sheet in given
            if all(sheet.levels.get(code) is not None for code in grid.codes)
        }
        found[theme.code] = Ballot(
            grid=grid,
            panel=panel,
            sheets=tuple(_of_grid(sheet, grid.codes) for sheet in given),
            waivers=frozenset(waived - complete),
        )
    return RoundBallots(found, {theme.code: theme.theme_id for theme in themes}, files, seats)


def _of_grid(sheet: Sheet, codes: frozenset[str]) -> Sheet:
    levels = {code: level for code, level in sheet.levels.items() if code in codes}
    return Sheet(sheet.juror, sheet.candidacy, levels, sheet.recused, sheet.set_aside)


def _panel(
    files: list[BallotFile],
    seats: Iterable[BallotSeat],
    sheets: dict[tuple[int, int], Sheet],
    recused: set[tuple[int, int]],
    members: frozenset[tuple[int, int]],
    readers: Mapping[int, frozenset[int]],
) -> tuple[dict[Any, frozenset[Any]], list[Sheet]]:
    """Return who is called to read each file, and the sheets; a sheet set aside stays visible as such."""
    panel: dict[Any, frozenset[Any]] = {}
    given = []
    for file in files:
        called = set()
        for seat in seats:
            if seat.theme_id not in (None, file.theme_id) or seat.id not in readers.get(file.id, {seat.id}):
                continue
            sheet = sheets.get((seat.id, file.id))
            stands_aside = (seat.id, file.id) in recused or (seat.id, file.theme_id) in members
            if seat.has_left and sheet is None:
                continue
            called.add(seat.id)
            if sheet is not None and (sheet.set_aside or seat.has_left or stands_aside):
                given.append(Sheet(seat.id, file.id, sheet.levels, set_aside=True))
            elif stands_aside:
                given.append(Sheet(seat.id, file.id, {}, recused=True))
            elif sheet is not None:
                given.append(sheet)
        panel[file.id] = frozenset(called)
    return panel, given


def _files(round_id: int, *, is_national: bool) -> dict[int, BallotFile]:
    query = (
        select(
            Candidacy.id, Candidacy.key, Filing.receipt, Candidacy.title, Structure.name, Candidacy.theme_id
        )
        .join(Structure, Structure.id == Candidacy.structure_id)
        .where(*judged_by(round_id, is_national=is_national))
    )
    if is_national:
        query = query.join(
            NationalEntry,
            (NationalEntry.candidacy_id == Candidacy.id)
            & (NationalEntry.round_id == round_id)
            & NationalEntry.ended_at.is_(None),
        ).join(Filing, Filing.id == NationalEntry.filing_id)
    else:
        query = query.join(Filing, (Filing.candidacy_id == Candidacy.id) & Filing.replaced_at.is_(None))
    return {
        row.id: BallotFile(row.id, row.key, row.receipt, row.title, row.name, row.theme_id)
        for row in db.session.execute(query)
    }


def _seats(round_id: int) -> dict[int, BallotSeat]:
    rows = db.session.execute(
        select(Seat.id, Seat.key, Seat.name, Seat.theme_id, Seat.left_at).where(
            Seat.round_id == round_id, Seat.accepted_at.is_not(None), Seat.function != "secretary"
        )
    )
    return {
        row.id: BallotSeat(row.id, row.key, row.name, row.theme_id, row.left_at is not None) for row in rows
    }


def _sheets(round_id: int) -> dict[tuple[int, int], Sheet]:
    rows = db.session.execute(
        select(
            Scoresheet.seat_id,
            Scoresheet.candidacy_id,
            Scoresheet.set_aside_at,
            Criterion.code,
            Mark.level,
        )
        .join(Mark, Mark.scoresheet_id == Scoresheet.id)
        .join(Criterion, Criterion.id == Mark.criterion_id)
        .where(Scoresheet.round_id == round_id)
    )
    levels: dict[tuple[int, int], dict[str, int | None]] = {}
    aside = set()
    for row in rows:
        levels.setdefault((row.seat_id, row.candidacy_id), {})[row.code] = row.level
        if row.set_aside_at is not None:
            aside.add((row.seat_id, row.candidacy_id))
    return {key: Sheet(*key, given, set_aside=key in aside) for key, given in levels.items()}


# One result for what is known of a seat and a file together; the first column says what.
_PAIRS = union_all(
    select(literal("recused").label("what"), Interest.seat_id, Interest.candidacy_id)
    .join(Seat, Seat.id == Interest.seat_id)
    .where(
        Seat.round_id == bindparam("round_id"),
        Interest.verdict == "recused",
        Interest.replaced_at.is_(None),
    ),
    select(literal("waived"), Waiver.seat_id, Waiver.candidacy_id)
    .join(Seat, Seat.id == Waiver.seat_id)
    .where(Seat.round_id == bindparam("round_id")),
    select(literal("given"), Assignment.seat_id, Assignment.candidacy_id).where(
        Assignment.round_id == bindparam("round_id"), Assignment.ended_at.is_(None)
    ),
)


def _pairs(round_id: int) -> dict[str, set[tuple[int, int]]]:
    """Return the (seat, file) where the seat stands aside, is excused, or was given the file to read."""
    found: dict[str, set[tuple[int, int]]] = {"recused": set(), "waived": set(), "given": set()}
    for what, seat_id, candidacy_id in read(_PAIRS, {"round_id": round_id}):
        found[what].add((seat_id, candidacy_id))
    return found
