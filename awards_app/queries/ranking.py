"""Readings of a locked ranking: the standings, and who gave what for the two who may know."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction
from typing import Any

from sqlalchemy import String, bindparam, cast, func, select

from awards_app.database import read
from awards_app.domain.grid import Grid
from awards_app.domain.holder import Holder
from awards_app.domain.permissions import Permission, Subject
from awards_app.domain.ranking import sheet_score
from awards_app.domain.score_display import DISTRIBUTION_READERS, show
from awards_app.models.candidacies import Candidacy, Filing
from awards_app.models.editions import Criterion, Prize
from awards_app.models.juries import Seat
from awards_app.models.scoring import Scoresheet, Snapshot, StandingRow
from awards_app.models.structures import Structure
from awards_app.queries.access import RoundFacts
from awards_app.queries.juries import JuryRoom, JuryTheme, open_room
from awards_app.queries.locked_scores import Spread, grid_in, locked_themes, themes_of

NO_SPREAD = Spread()
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
    # Told apart by what is equal, hashed by what is quick to hash.
    score: Fraction | None = field(hash=False)
    shown: str
    readers: int
    note: str
    is_withdrawn: bool
    is_at_cut: bool
    low: str | None
    high: str | None
    low_score: Fraction | None = field(hash=False)
    high_score: Fraction | None = field(hash=False)
    distribution: Mapping[str, tuple[int, ...]] | None = field(hash=False)
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
    locked = locked_themes(snapshot.content)
    rows = sorted(_rows(snapshot.id, holder, room), key=lambda row: _place(row, snapshot.sha256))
    by_theme: dict[int, list[Any]] = {theme.id: [] for theme in room.themes}
    for row in rows:
        by_theme[row.theme_id].append(row)
    lines = {}
    for theme in room.themes:
        own = by_theme[theme.id]
        cut = _tied_at_cut(own)
        spreads = locked[theme.code].spreads
        leads = bool(room.subjects[theme.id] & {Subject.CHAIR, Subject.AUDITOR})
        lines[theme.code] = [
            _line(row, spreads.get(row.receipt, NO_SPREAD), row.id in cut, leads=leads) for row in own
        ]
    return Ranking(
        room,
        snapshot.sha256,
        snapshot.locked_at,
        snapshot.number,
        lines,
        {theme.code: locked[theme.code].grid for theme in room.themes},
        _names(snapshot.criteria),
    )


def _place(row: Any, sha256: str) -> tuple[bool, int, str]:
    """Return where a row stands: by rank; inside a tie by lot, the same each time, for want of any order among equals."""
    lot = hashlib.sha256(f"{sha256}{row.key}".encode()).hexdigest() if row.is_tied else ""
    return row.rank is None, row.rank or 0, lot


def attributed_sheets(
    holder: Holder, round_key: str | int, now: datetime
) -> tuple[JuryRoom, dict[str, list[AttributedSheet]]]:
    """Return who gave what, by theme, to the chair and the auditor (SCO-4). The caller journals the reading."""
    room = open_room(holder, round_key, Permission.READ_ATTRIBUTED_SCORES, now)
    snapshot = _live_snapshot(room.round)
    scores = themes_of(snapshot.content)
    names = {
        row.key: row.name for row in read(select(Seat.key, Seat.name).where(Seat.round_id == room.round.id))
    }
    people = {alias: names.get(key, alias) for key, alias in snapshot.juror_names.items()}
    files = {row.receipt: row for row in _rows(snapshot.id, holder, room)}
    found: dict[str, list[AttributedSheet]] = {}
    for theme in room.themes:
        grid = grid_in(scores[theme.code])
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
    (snapshot,) = read(
        _LIVE_SNAPSHOT, {"round_id": facts.id, "edition_id": facts.edition_id, "level": facts.level}
    )
    return snapshot


# Signs that no text of ours may hold: between the parts of a criterion, and between criteria.
_PART, _END = "\x1f", "\x1e"
# The live snapshot, with the names of the criteria folded in one column: position, code and name of each.
_LIVE_SNAPSHOT = select(
    Snapshot.id,
    Snapshot.content,
    Snapshot.sha256,
    Snapshot.locked_at,
    Snapshot.number,
    Snapshot.juror_names,
    select(
        func.aggregate_strings(
            cast(Criterion.position, String) + _PART + Criterion.code + _PART + Criterion.name, _END
        )
    )
    .where(Criterion.edition_id == bindparam("edition_id"), Criterion.level == bindparam("level"))
    .scalar_subquery()
    .label("criteria"),
).where(Snapshot.round_id == bindparam("round_id"), Snapshot.released_at.is_(None))


def _names(folded: str | None) -> dict[str, str]:
    lines = [line.split(_PART) for line in (folded or "").split(_END) if line]
    return {code: name for _position, code, name in sorted(lines, key=lambda line: int(line[0]))}


# One row a file, in the order of the ranking, with what a person recognises.
_ROWS = (
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
        select(func.max(Filing.receipt))
        .where(Filing.candidacy_id == Candidacy.id, Filing.replaced_at.is_(None))
        .scalar_subquery()
        .label("receipt"),
        select(func.max(Prize.places))
        .where(
            Prize.edition_id == bindparam("edition_id"),
            Prize.level == bindparam("level"),
            Prize.outcome == bindparam("outcome"),
        )
        .scalar_subquery()
        .label("places"),
        select(Scoresheet.id)
        .where(
            Scoresheet.candidacy_id == Candidacy.id,
            Scoresheet.seat_id.in_(bindparam("own_seats", expanding=True)),
            Scoresheet.set_aside_at.is_(None),
        )
        .exists()
        .label("is_reader"),
    )
    .select_from(StandingRow)
    .join(Candidacy, Candidacy.id == StandingRow.candidacy_id)
    .join(Structure, Structure.id == Candidacy.structure_id)
    .where(
        StandingRow.snapshot_id == bindparam("snapshot_id"),
        StandingRow.theme_id.in_(bindparam("themes", expanding=True)),
    )
    .order_by(StandingRow.rank.is_(None), StandingRow.rank, Structure.sort_key, Candidacy.key)
)


def _rows(snapshot_id: int, holder: Holder, room: JuryRoom) -> Sequence[Any]:
    facts = room.round
    values = {
        "snapshot_id": snapshot_id,
        "edition_id": facts.edition_id,
        "level": facts.level,
        "outcome": CUT_OUTCOMES[facts.level],
        "own_seats": [seat.id for seat in holder.seats if seat.round_id == facts.id],
        "themes": [theme.id for theme in room.themes],
    }
    return read(_ROWS, values)


def _line(row: Any, spread: Spread, is_at_cut: bool, *, leads: bool) -> StandingLine:
    score = None if row.numerator is None else Fraction(row.numerator, row.denominator)
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
        low=spread.low,
        high=spread.high,
        low_score=spread.low_score,
        high_score=spread.high_score,
        distribution=spread.distribution,
        set_aside=spread.set_aside if leads else 0,
    )


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
