"""Readings for one juror at their desk: a file beside its grid, and their own marks side by side."""

from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import Boolean, Select, String, bindparam, cast, func, or_, select

from awards_app.database import db, read
from awards_app.domain.filed_copy import Filed, FiledCopy, read_copy
from awards_app.domain.holder import Holder
from awards_app.domain.permissions import Permission, authorise
from awards_app.domain.phases import PHASE_LABELS, Phase
from awards_app.domain.ranking import sheet_score
from awards_app.domain.refusals import DoesNotExist, IsNotThePhase
from awards_app.domain.score_display import show_all
from awards_app.domain.scoring import SheetIsNotOpen, StoredMark, shuffled
from awards_app.models.candidacies import Candidacy, Filing
from awards_app.models.editions import Criterion, CriterionLevel, CriterionWeight, Round
from awards_app.models.honours import NationalEntry
from awards_app.models.juries import Interest
from awards_app.models.scoring import Mark, Scoresheet
from awards_app.queries.called import is_called
from awards_app.queries.juries import SeatFacts, judged_by, open_seat
from awards_app.queries.national_entries import Addition, additions_of
from awards_app.queries.scoring import FileLine, SeatGrid, files_of_seat, grids_of_seat, has_files
from awards_app.queries.sheets import OpenSheet, sheet_of_rows, sheet_query

NEAR = Fraction(1, 50)
# Signs that no text holds part the levels of a criterion, and the words of each.
_BETWEEN, _WITHIN = "\x1e", "\x1f"
_SHEET_IN_WORDS = sheet_query().add_columns(
    Criterion.name,
    Criterion.question,
    CriterionWeight.weight,
    select(
        func.aggregate_strings(cast(CriterionLevel.value, String) + _WITHIN + CriterionLevel.words, _BETWEEN)
    )
    .where(CriterionLevel.criterion_id == Criterion.id)
    .scalar_subquery()
    .label("words"),
)


@dataclass(frozen=True, slots=True)
class CriterionWords:
    """A criterion as the juror reads it beside the file."""

    code: str
    name: str
    question: str
    weight: int
    levels: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class OpenFile:
    """A file, its sheet, the grid in words, and the neighbours in the juror's own order.

    ``is_under_embargo`` while the file's own region has decided and not published. ``additions`` came after the region
    judged, to a national juror: they stand beside the copy, never in it.
    """

    sheet: OpenSheet
    copy: FiledCopy
    criteria: tuple[CriterionWords, ...]
    previous: str | None
    following: str | None
    place: int
    total: int
    is_under_embargo: bool
    additions: tuple[Addition, ...] = ()


@dataclass(frozen=True, slots=True)
class MarkedFile:
    """A file with the juror's own marks; ``is_near_next`` says its score is within 2 % of the next one's."""

    line: FileLine
    marks: dict[str, StoredMark]
    score: Fraction | None
    shown: str
    is_near_next: bool


@dataclass(frozen=True, slots=True)
class MyMarks:
    """A juror's own marks by theme, best first, with how often each level was given."""

    seat: SeatFacts
    grids: dict[int, SeatGrid]
    files: dict[int, tuple[MarkedFile, ...]]
    given: dict[int, int]


def open_file(holder: Holder, seat_key: str, candidacy_key: str, now: datetime) -> OpenFile:
    """Return a file and one's own sheet on it (two queries, four when the person is a member of structures, one more at
    national level).

    Raises `SheetIsNotOpen` before the absence of ties is declared, and as `open_sheet` does.
    """
    values = {"seat_key": seat_key, "candidacy_key": candidacy_key, "account_id": holder.account_id}
    rows = read(_SHEET_IN_WORDS, values)
    if not rows:
        raise DoesNotExist
    sheet = sheet_of_rows(holder, rows, now)
    authorise(Permission.READ_CANDIDACY, sheet.phase, sheet.subjects)
    if not sheet.is_open:
        raise SheetIsNotOpen
    filing = _filing(sheet)
    keys = _open_keys(sheet, holder) if holder.memberships else _in_order(filing.keys, sheet.shuffle)
    place = keys.index(candidacy_key)
    filed = Filed(
        candidacy_key, filing.receipt, filing.sha256, filing.submitted_at, filing.number, "submitted"
    )
    return OpenFile(
        sheet=sheet,
        copy=kept_copy(filing.content, filed, "jury"),
        criteria=tuple(_criterion(row) for row in rows),
        previous=keys[place - 1] if place else None,
        following=keys[place + 1] if place + 1 < len(keys) else None,
        place=place + 1,
        total=len(keys),
        is_under_embargo=filing.phase == Phase.DECIDED,
        additions=additions_of(sheet.candidacy_id, sheet.round_id) if sheet.region_code is None else (),
    )


# A frozen content never changes: what was read of it is found again by the content itself.
kept_copy = lru_cache(maxsize=128)(read_copy)


def _criterion(row: Any) -> CriterionWords:
    levels = (level.split(_WITHIN) for level in row.words.split(_BETWEEN))
    words = tuple(sorted((int(value), words) for value, words in levels))
    return CriterionWords(row.code, row.name, row.question, row.weight, words)


def _filing(sheet: OpenSheet) -> Any:
    """Return the copy that is judged, the phase of its own region's round, and the keys of the files that are open."""
    query = _filing_query(is_national=sheet.region_code is None, in_theme=sheet.seat_theme_id is not None)
    values = {
        "candidacy_id": sheet.candidacy_id,
        "seat_id": sheet.seat_id,
        "round_id": sheet.round_id,
        "theme_id": sheet.seat_theme_id,
        "reads_all": sheet.phase > Phase.SCORING,
    }
    found = read(query, values)
    if not found:
        raise DoesNotExist
    return found[0]


@cache
def _filing_query(*, is_national: bool, in_theme: bool) -> Select[Any]:
    """Return the query of `_filing`, put together once; it goes in one so that a page asks for it once."""
    keys = (
        _open_files(is_national=is_national, in_theme=in_theme)
        .with_only_columns(func.aggregate_strings(Candidacy.key, " "))
        .correlate(None)
        .scalar_subquery()
    )
    query = (
        select(
            Filing.receipt,
            Filing.sha256,
            Filing.submitted_at,
            Filing.number,
            Filing.content,
            Round.phase,
            keys.label("keys"),
        )
        .join(Candidacy, Candidacy.id == Filing.candidacy_id)
        .join(Round, Round.id == Candidacy.round_id)
    )
    if is_national:
        return query.join(NationalEntry, NationalEntry.filing_id == Filing.id).where(
            NationalEntry.candidacy_id == bindparam("candidacy_id"),
            NationalEntry.round_id == bindparam("round_id"),
            NationalEntry.ended_at.is_(None),
        )
    return query.where(Filing.candidacy_id == bindparam("candidacy_id"), Filing.replaced_at.is_(None))


@cache
def _open_files(*, is_national: bool, in_theme: bool) -> Select[Any]:
    """Return the query of the files that a juror may open: those they are called to read, or all if ``reads_all``."""
    query: Any = (
        select(Candidacy.key, Candidacy.theme_id, Candidacy.structure_id)
        .join(
            Interest,
            (Interest.candidacy_id == Candidacy.id)
            & (Interest.seat_id == bindparam("seat_id"))
            & Interest.replaced_at.is_(None)
            & (Interest.verdict == "none"),
        )
        .where(
            *judged_by(bindparam("round_id"), is_national=is_national),
            or_(
                bindparam("reads_all", type_=Boolean),
                is_called(bindparam("seat_id"), Candidacy.id, bindparam("round_id")),
            ),
        )
    )
    if in_theme:
        query = query.where(Candidacy.theme_id == bindparam("theme_id"))
    return query


@lru_cache(maxsize=64)
def _in_order(keys: str, seed: str) -> list[str]:
    """Return the keys, parted by spaces, in the juror's own order: a file they left leaves no gap."""
    return shuffled(keys.split(" "), seed)


def _open_keys(sheet: OpenSheet, holder: Holder) -> list[str]:
    """Return the same for a member of structures, to whom a theme where one of those competes is closed."""
    query = _open_files(is_national=sheet.region_code is None, in_theme=sheet.seat_theme_id is not None)
    values = {
        "seat_id": sheet.seat_id,
        "round_id": sheet.round_id,
        "theme_id": sheet.seat_theme_id,
        "reads_all": sheet.phase > Phase.SCORING,
    }
    rows = read(query, values)
    barred = {row.theme_id for row in rows if row.structure_id in holder.structure_ids}
    return shuffled((row.key for row in rows if row.theme_id not in barred), sheet.shuffle)


def files_at_hand(holder: Holder, seat_key: str, now: datetime) -> tuple[SeatFacts, tuple[str, ...]]:
    """Return one's own seat and the keys of the files that `open_file` would open now (two queries).

    Raises `DoesNotExist` for another's seat.
    """
    seat = open_seat(holder, seat_key, now)
    if seat.charter_at is None or not has_files(seat):
        return seat, ()
    query = _open_files(is_national=seat.is_national, in_theme=seat.theme_id is not None)
    values = {
        "seat_id": seat.id,
        "round_id": seat.round_id,
        "theme_id": seat.theme_id,
        "reads_all": seat.phase > Phase.SCORING,
    }
    rows = read(query, values)
    barred = {row.theme_id for row in rows if row.structure_id in holder.structure_ids}
    return seat, tuple(row.key for row in rows if row.theme_id not in barred)


def my_marks(holder: Holder, seat_key: str, now: datetime) -> MyMarks:
    """Return one's own marks side by side (four queries). Raises `IsNotThePhase` before scoring opens."""
    seat = open_seat(holder, seat_key, now)
    if seat.phase < Phase.SCORING:
        raise IsNotThePhase(phase=PHASE_LABELS[seat.phase])
    grids = grids_of_seat(seat)
    lines = files_of_seat(holder, seat, grids)
    marks = _own_marks(seat)
    files: dict[int, tuple[MarkedFile, ...]] = {}
    given: dict[int, int] = {}
    for theme_id, grid in grids.items():
        own = [line for line in lines if line.theme_id == theme_id]
        if own:
            files[theme_id] = _marked(own, marks, grid)
            for level in range(grid.exact.top_level + 1):
                given.setdefault(level, 0)
    for file in (file for own in files.values() for file in own):
        for mark in file.marks.values():
            if mark.level is not None:
                given[mark.level] = given.get(mark.level, 0) + 1
    return MyMarks(seat, grids, files, given)


def _own_marks(seat: SeatFacts) -> dict[str, dict[str, StoredMark]]:
    rows = db.session.execute(
        select(Candidacy.key, Criterion.code, Mark.level, Mark.cannot_judge, Mark.reason, Mark.version)
        .select_from(Scoresheet)
        .join(Candidacy, Candidacy.id == Scoresheet.candidacy_id)
        .join(Mark, Mark.scoresheet_id == Scoresheet.id)
        .join(Criterion, Criterion.id == Mark.criterion_id)
        .where(Scoresheet.seat_id == seat.id, Scoresheet.set_aside_at.is_(None))
    )
    found: dict[str, dict[str, StoredMark]] = {}
    for row in rows:
        found.setdefault(row.key, {})[row.code] = StoredMark(
            row.level, row.cannot_judge, row.reason, row.version
        )
    return found


def _marked(
    lines: list[FileLine], marks: dict[str, dict[str, StoredMark]], grid: SeatGrid
) -> tuple[MarkedFile, ...]:
    scored = []
    for line in lines:
        own = {code: marks.get(line.key, {}).get(code, StoredMark()) for code in grid.names}
        score = sheet_score(grid.exact, {code: mark.level for code, mark in own.items()})
        scored.append((line, own, score))
    scored.sort(key=lambda entry: (entry[2] is None, -(entry[2] or 0)))
    shown = show_all((score for _line, _own, score in scored), grid.exact)
    found = []
    for place, (line, own, score) in enumerate(scored):
        following = scored[place + 1][2] if place + 1 < len(scored) else None
        near = (
            score is not None and following is not None and (score - following) <= NEAR * grid.exact.top_level
        )
        found.append(MarkedFile(line, own, score, shown[place] or "", near))
    return tuple(found)
