"""Readings of a locked ranking: the standings, and who gave what for the two who may know."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, String, cast, func, select

from awards_app.database import db
from awards_app.domain.grid import Criterion as GridCriterion
from awards_app.domain.grid import Grid
from awards_app.domain.holder import Holder
from awards_app.domain.permissions import Permission, Subject
from awards_app.domain.ranking import sheet_score
from awards_app.domain.score_display import DISTRIBUTION_READERS, show
from awards_app.domain.snapshot import COUNTED, SET_ASIDE, ThemeScores
from awards_app.models.candidacies import Candidacy, Filing
from awards_app.models.editions import Criterion, Prize
from awards_app.models.juries import Seat
from awards_app.models.scoring import Scoresheet, Snapshot, StandingRow
from awards_app.models.structures import Structure
from awards_app.queries.access import RoundFacts
from awards_app.queries.juries import JuryRoom, JuryTheme, open_room

CUT_OUTCOMES = {"regional": "national_entry", "national": "nominee"}


@dataclass(frozen=True, slots=True)
class StandingLine:
    """A candidacy in a locked ranking; no rank means « non classable », and ``note`` says why.

    ``shown`` is empty where the person may not know the mean (they are one of fewer than three readers). ``low``,
    ``high`` and ``distribution`` (by criterion, jurors at each level) are None under three readers; ``set_aside``
    counts sheets put aside, for chair and auditor only.
    """

    candidacy_key: str
    number: str
    title: str
    structure: str
    city: str
    rank: int | None
    is_tied: bool
    score: Fraction | None
    shown: str
    readers: int
    note: str
    is_withdrawn: bool
    is_at_cut: bool
    low: str | None
    high: str | None
    low_score: Fraction | None
    high_score: Fraction | None
    distribution: Mapping[str, tuple[int, ...]] | None
    set_aside: int


@dataclass(frozen=True, slots=True)
class Ranking:
    """A locked round's ranking, in the themes that the person may read."""

    room: JuryRoom
    sha256: str
    locked_at: datetime
    number: int
    lines: dict[str, list[StandingLine]]
    grids: dict[str, Grid]
    criteria: dict[str, str]

    @property
    def themes(self) -> tuple[JuryTheme, ...]:
        """Return the themes the person may read, in order."""
        return self.room.themes


@dataclass(frozen=True, slots=True)
class AttributedSheet:
    """One juror's sheet in the snapshot, with their name."""

    juror: str
    alias: str
    structure: str
    candidacy_key: str
    state: str
    shown: str
    levels: Mapping[str, int | None]


def standings(holder: Holder, round_key: str, now: datetime) -> dict[str, list[StandingLine]]:
    """Return the standings of a locked round by theme code, in the themes ``holder`` may read (RNK-1).

    A juror who stands aside from one file of a theme gets nothing of it. Raises the matrix's refusal.
    """
    return ranking_of(holder, round_key, now).lines


def ranking_of(holder: Holder, round_key: str | int, now: datetime) -> Ranking:
    """Return the whole ranking with its snapshot's hash (four queries beside the person's rights)."""
    room = open_room(holder, round_key, Permission.READ_RANKING, now)
    snapshot = _live_snapshot(room.round)
    scores: dict[str, ThemeScores] = json.loads(snapshot.content)["themes"]
    rows = _rows(snapshot.id, holder, room)
    codes = {theme.id: theme.code for theme in room.themes}
    lines: dict[str, list[StandingLine]] = {code: [] for code in codes.values()}
    by_theme: dict[int, list[Any]] = {theme_id: [] for theme_id in codes}
    for row in rows:
        by_theme[row.theme_id].append(row)
    grids = {}
    for theme in room.themes:
        grids[theme.code] = _grid(scores[theme.code])
        sheets = _sheets_by_file(scores[theme.code])
        cut = _tied_at_cut(by_theme[theme.id])
        leads = bool(room.subjects[theme.id] & {Subject.CHAIR, Subject.AUDITOR})
        for row in by_theme[theme.id]:
            own = sheets.get(row.receipt, [])
            lines[theme.code].append(_line(row, own, grids[theme.code], row.id in cut, leads=leads))
    names = _names(snapshot.criteria)
    return Ranking(room, snapshot.sha256, snapshot.locked_at, snapshot.number, lines, grids, names)


def attributed_sheets(
    holder: Holder, round_key: str | int, now: datetime
) -> tuple[JuryRoom, dict[str, list[AttributedSheet]]]:
    """Return who gave what, by theme, to the chair and the auditor (SCO-4). The caller journals the reading."""
    room = open_room(holder, round_key, Permission.READ_ATTRIBUTED_SCORES, now)
    snapshot = _live_snapshot(room.round)
    scores: dict[str, ThemeScores] = json.loads(snapshot.content)["themes"]
    names = {
        row.key: row.name
        for row in db.session.execute(select(Seat.key, Seat.name).where(Seat.round_id == room.round.id))
    }
    people = {alias: names.get(key, alias) for key, alias in snapshot.juror_names.items()}
    files = {row.receipt: row for row in _rows(snapshot.id, holder, room)}
    found: dict[str, list[AttributedSheet]] = {}
    for theme in room.themes:
        grid = _grid(scores[theme.code])
        found[theme.code] = [
            AttributedSheet(
                juror=people.get(sheet["juror"], sheet["juror"]),
                alias=sheet["juror"],
                structure=files[sheet["candidacy"]].structure,
                candidacy_key=files[sheet["candidacy"]].key,
                state=sheet["state"],
                shown=_shown(grid, sheet["levels"]),
                levels=sheet["levels"],
            )
            for sheet in scores[theme.code]["sheets"]
        ]
    return room, found


def _live_snapshot(facts: RoundFacts) -> Any:
    """Return the live snapshot, with the names of the criteria folded in one column: position, code, name a line."""
    names = (
        select(
            func.aggregate_strings(
                cast(Criterion.position, String) + "\t" + Criterion.code + "\t" + Criterion.name, "\n"
            )
        )
        .where(Criterion.edition_id == facts.edition_id, Criterion.level == facts.level)
        .scalar_subquery()
    )
    return db.session.execute(
        select(
            Snapshot.id,
            Snapshot.content,
            Snapshot.sha256,
            Snapshot.locked_at,
            Snapshot.number,
            Snapshot.juror_names,
            names.label("criteria"),
        ).where(Snapshot.round_id == facts.id, Snapshot.released_at.is_(None))
    ).one()


def _names(folded: str | None) -> dict[str, str]:
    lines = [line.split("\t") for line in (folded or "").split("\n") if line]
    return {code: name for _position, code, name in sorted(lines, key=lambda line: int(line[0]))}


def _places(facts: RoundFacts) -> ScalarSelect[int | None]:
    return (
        select(func.max(Prize.places))
        .where(
            Prize.edition_id == facts.edition_id,
            Prize.level == facts.level,
            Prize.outcome == CUT_OUTCOMES[facts.level],
        )
        .scalar_subquery()
    )


def _is_reader(seat_ids: list[int]) -> ColumnElement[bool]:
    return (
        select(Scoresheet.id)
        .where(
            Scoresheet.candidacy_id == Candidacy.id,
            Scoresheet.seat_id.in_(seat_ids),
            Scoresheet.set_aside_at.is_(None),
        )
        .exists()
    )


def _rows(snapshot_id: int, holder: Holder, room: JuryRoom) -> list[Any]:
    """Return the standings with what a person recognises; one row a file, in the order of the ranking."""
    facts = room.round
    own_seats = [seat.id for seat in holder.seats if seat.round_id == facts.id]
    receipt = (
        select(func.max(Filing.receipt))
        .where(Filing.candidacy_id == Candidacy.id, Filing.replaced_at.is_(None))
        .scalar_subquery()
    )
    rows = db.session.execute(
        select(
            Candidacy.id,
            Candidacy.key,
            Candidacy.title,
            Candidacy.state,
            Candidacy.theme_id,
            Structure.name.label("structure"),
            Structure.city,
            StandingRow.rank,
            StandingRow.is_tied,
            StandingRow.numerator,
            StandingRow.denominator,
            StandingRow.shown,
            StandingRow.readers,
            StandingRow.note,
            receipt.label("receipt"),
            _places(facts).label("places"),
            _is_reader(own_seats).label("is_reader"),
        )
        .select_from(StandingRow)
        .join(Candidacy, Candidacy.id == StandingRow.candidacy_id)
        .join(Structure, Structure.id == Candidacy.structure_id)
        .where(
            StandingRow.snapshot_id == snapshot_id,
            StandingRow.theme_id.in_([theme.id for theme in room.themes]),
        )
        .order_by(StandingRow.rank.is_(None), StandingRow.rank, Structure.sort_key, Candidacy.key)
    )
    return list(rows)


def _line(row: Any, sheets: list[Any], grid: Grid, is_at_cut: bool, *, leads: bool) -> StandingLine:
    score = None if row.numerator is None else Fraction(row.numerator, row.denominator)
    counted = [sheet["levels"] for sheet in sheets if sheet["state"] == COUNTED]
    shares = sorted(found for found in (sheet_score(grid, levels) for levels in counted) if found is not None)
    enough = len(shares) >= DISTRIBUTION_READERS
    hidden = row.is_reader and row.readers < DISTRIBUTION_READERS and not leads
    return StandingLine(
        candidacy_key=row.key,
        number=row.receipt,
        title=row.title,
        structure=row.structure,
        city=row.city,
        rank=row.rank,
        is_tied=row.is_tied,
        score=None if hidden else score,
        shown="" if hidden else row.shown,
        readers=row.readers,
        note=row.note,
        is_withdrawn=row.state != "submitted",
        is_at_cut=is_at_cut,
        low=show(shares[0], grid) if enough else None,
        high=show(shares[-1], grid) if enough else None,
        low_score=shares[0] if enough else None,
        high_score=shares[-1] if enough else None,
        distribution=_distribution(grid, counted) if enough else None,
        set_aside=sum(sheet["state"] == SET_ASIDE for sheet in sheets) if leads else 0,
    )


def _distribution(grid: Grid, counted: list[Mapping[str, int | None]]) -> dict[str, tuple[int, ...]]:
    return {
        criterion.code: tuple(
            sum(levels.get(criterion.code) == level for levels in counted)
            for level in range(grid.top_level + 1)
        )
        for criterion in grid.criteria
    }


def _grid(scores: ThemeScores) -> Grid:
    line = scores["grid"]
    return Grid(
        criteria=tuple(GridCriterion(one["code"], one["weight"]) for one in line["criteria"]),
        top_level=line["top_level"],
        shown_out_of=line["shown_out_of"],
    )


def _sheets_by_file(scores: ThemeScores) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for sheet in scores["sheets"]:
        found.setdefault(sheet["candidacy"], []).append(sheet)
    return found


def _shown(grid: Grid, levels: Mapping[str, int | None]) -> str:
    score = sheet_score(grid, levels) if levels else None
    return "" if score is None else show(score, grid)


def _tied_at_cut(rows: list[Any]) -> frozenset[int]:
    """Return the files of the tie that crosses the cut: only some of them fit in the places of the outcome."""
    by_rank: dict[int, list[Any]] = {}
    for row in rows:
        if row.rank is not None:
            by_rank.setdefault(row.rank, []).append(row)
    for first, group in by_rank.items():
        places = group[0].places or 0
        if places and first <= places < first + len(group) - 1:
            return frozenset(row.id for row in group)
    return frozenset()
