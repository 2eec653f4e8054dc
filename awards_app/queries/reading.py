"""Readings for one juror at their desk: a file beside its grid, and their own marks side by side."""

from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from sqlalchemy import select

from awards_app.database import db
from awards_app.domain.filed_copy import Filed, FiledCopy, read_copy
from awards_app.domain.holder import Holder
from awards_app.domain.permissions import Permission
from awards_app.domain.phases import PHASE_LABELS, Phase
from awards_app.domain.ranking import sheet_score
from awards_app.domain.refusals import DoesNotExist, IsNotThePhase
from awards_app.domain.score_display import show
from awards_app.domain.scoring import SheetIsNotOpen, StoredMark, shuffled
from awards_app.models.candidacies import Candidacy, Filing
from awards_app.models.editions import Criterion, CriterionLevel, CriterionWeight, Round
from awards_app.models.honours import NationalEntry
from awards_app.models.juries import Interest
from awards_app.models.scoring import Mark, Scoresheet
from awards_app.queries.juries import SeatFacts, judged_by, open_seat
from awards_app.queries.scoring import FileLine, SeatGrid, files_of_seat, grids_of_seat
from awards_app.queries.sheets import OpenSheet, open_sheet

NEAR = Fraction(1, 50)


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

    ``is_under_embargo`` while the file's own region has decided and not published.
    """

    sheet: OpenSheet
    copy: FiledCopy
    criteria: tuple[CriterionWords, ...]
    previous: str | None
    following: str | None
    place: int
    total: int
    is_under_embargo: bool


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
    """Return a file and one's own sheet on it (four queries).

    Raises `SheetIsNotOpen` before the absence of ties is declared, and as `open_sheet` does.
    """
    sheet = open_sheet(holder, seat_key, candidacy_key, Permission.READ_CANDIDACY, now)
    if not sheet.is_open:
        raise SheetIsNotOpen
    keys = _open_keys(sheet, holder)
    place = keys.index(candidacy_key)
    copy, is_under_embargo = _copy(sheet)
    return OpenFile(
        sheet=sheet,
        copy=copy,
        criteria=_criteria(sheet),
        previous=keys[place - 1] if place else None,
        following=keys[place + 1] if place + 1 < len(keys) else None,
        place=place + 1,
        total=len(keys),
        is_under_embargo=is_under_embargo,
    )


def _copy(sheet: OpenSheet) -> tuple[FiledCopy, bool]:
    """Return the copy that is judged, and whether its own region holds its results under embargo."""
    query = (
        select(Filing.receipt, Filing.sha256, Filing.submitted_at, Filing.number, Filing.content, Round.phase)
        .join(Candidacy, Candidacy.id == Filing.candidacy_id)
        .join(Round, Round.id == Candidacy.round_id)
    )
    if sheet.region_code is None:
        query = query.join(NationalEntry, NationalEntry.filing_id == Filing.id).where(
            NationalEntry.candidacy_id == sheet.candidacy_id,
            NationalEntry.round_id == sheet.round_id,
            NationalEntry.ended_at.is_(None),
        )
    else:
        query = query.where(Filing.candidacy_id == sheet.candidacy_id, Filing.replaced_at.is_(None))
    row = db.session.execute(query).one_or_none()
    if row is None:
        raise DoesNotExist
    filed = Filed(sheet.candidacy_key, row.receipt, row.sha256, row.submitted_at, row.number, "submitted")
    return read_copy(row.content, filed, "jury"), row.phase == Phase.DECIDED


def _criteria(sheet: OpenSheet) -> tuple[CriterionWords, ...]:
    rows = db.session.execute(
        select(
            Criterion.code,
            Criterion.name,
            Criterion.question,
            CriterionWeight.weight,
            CriterionLevel.value,
            CriterionLevel.words,
        )
        .select_from(Criterion)
        .join(CriterionWeight, CriterionWeight.criterion_id == Criterion.id)
        .join(CriterionLevel, CriterionLevel.criterion_id == Criterion.id)
        .where(Criterion.id.in_(sheet.criteria.values()), CriterionWeight.theme_id == sheet.theme_id)
        .order_by(Criterion.position, CriterionLevel.value)
    )
    words: dict[str, list[tuple[int, str]]] = {}
    heads: dict[str, tuple[str, str, int]] = {}
    for row in rows:
        words.setdefault(row.code, []).append((row.value, row.words))
        heads[row.code] = (row.name, row.question, row.weight)
    return tuple(CriterionWords(code, *head, tuple(words[code])) for code, head in heads.items())


def _open_keys(sheet: OpenSheet, holder: Holder) -> list[str]:
    """Return the keys of the files the juror may open, in their own order: a file they left leaves no gap."""
    query = (
        select(Candidacy.key, Candidacy.theme_id, Candidacy.structure_id)
        .join(
            Interest,
            (Interest.candidacy_id == Candidacy.id)
            & (Interest.seat_id == sheet.seat_id)
            & Interest.replaced_at.is_(None)
            & (Interest.verdict == "none"),
        )
        .where(*judged_by(sheet.round_id, is_national=sheet.region_code is None))
    )
    if sheet.seat_theme_id is not None:
        query = query.where(Candidacy.theme_id == sheet.seat_theme_id)
    rows = db.session.execute(query).all()
    barred = {row.theme_id for row in rows if row.structure_id in holder.structure_ids}
    return shuffled((row.key for row in rows if row.theme_id not in barred), sheet.shuffle)


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
    found = []
    for place, (line, own, score) in enumerate(scored):
        following = scored[place + 1][2] if place + 1 < len(scored) else None
        near = (
            score is not None and following is not None and (score - following) <= NEAR * grid.exact.top_level
        )
        shown = "" if score is None else show(score, grid.exact, 0 if score.denominator == 1 else 2)
        found.append(MarkedFile(line, own, score, shown, near))
    return tuple(found)
