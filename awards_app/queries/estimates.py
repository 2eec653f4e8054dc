"""The advice beside a locked ranking: estimates, chances, agreement, in the measure of who may read what.

Who may read the ranking of a theme (RNK-1, from the lock on) reads its advice; a juror who stands aside in the theme
reads nothing of it. What rests on fewer than three readings is for the chair and the auditor alone, as the
distribution is (SCO-5). The severity of a juror is an attributed score (SCO-4): see `severities_of`.
"""

import json
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ScalarSelect, case, func, select

from awards_app.database import db
from awards_app.domain.estimated import (
    Agreement,
    Contest,
    Disagreement,
    Estimate,
    Estimates,
    Severity,
    WorkedOut,
    from_data,
)
from awards_app.domain.grid import Grid
from awards_app.domain.holder import Holder
from awards_app.domain.permissions import Subject
from awards_app.domain.score_display import DISTRIBUTION_READERS
from awards_app.models.editions import Prize
from awards_app.models.scoring import Snapshot
from awards_app.models.worked_advice import WorkedAdvice
from awards_app.queries.access import RoundFacts
from awards_app.queries.juries import JuryRoom
from awards_app.queries.ranking import CUT_OUTCOMES, AttributedSheet, Ranking, StandingLine, ranking_of

# Works out the advice of each theme from the snapshot's scores and the number of places.
WorkOut = Callable[[Mapping[str, Any], int], Mapping[str, WorkedOut]]

_KEPT = 64
# What is said depends on the locked marks alone: read once a process, found again by the snapshot's hash.
_known: OrderedDict[tuple[int, str], Mapping[str, WorkedOut]] = OrderedDict()


@dataclass(frozen=True, slots=True)
class AdviceLine:
    """A file in the official order with its estimate; None where the reader may not have it, or there is none."""

    standing: StandingLine
    estimate: Estimate | None


@dataclass(frozen=True, slots=True)
class ThemeAdvice:
    """The advice of one theme. ``names`` are the structures by public number; ``is_whole`` where nothing is held back.

    ``disagreements`` is empty where the reader may not have them. ``alone`` and ``together`` are the intraclass
    correlations, exact for a jury that read everything (``is_complete``), from the model otherwise.
    """

    code: str
    lines: tuple[AdviceLine, ...]
    found: Estimates
    contest: Contest | None
    disagreements: tuple[Disagreement, ...]
    alone: Agreement | None
    together: Agreement | None
    names: Mapping[str, str]
    jurors: int
    grid: Grid
    is_complete: bool
    is_whole: bool


@dataclass(frozen=True, slots=True)
class AdvicePage:
    """The ranking with its advice by theme code."""

    ranking: Ranking
    themes: dict[str, ThemeAdvice]


def advice_of(holder: Holder, round_key: str | int, now: datetime, work_out: WorkOut) -> AdvicePage:
    """Return the advice of a locked round in the themes ``holder`` may read.

    One query beside the ranking's, none once a process knows it; ``work_out`` where nothing was kept yet. Raises the matrix's refusal.
    """
    ranking = ranking_of(holder, round_key, now)
    return AdvicePage(ranking, advice_beside(ranking, work_out))


def advice_beside(ranking: Ranking, work_out: WorkOut) -> dict[str, ThemeAdvice]:
    """Return the advice by theme code beside a ranking that was read; queries as `advice_of`."""
    locked = _Locked(ranking.room.round, ranking.sha256, work_out)
    return {theme.code: _theme(ranking, theme.code, theme.id, locked) for theme in ranking.themes}


def severities_of(
    room: JuryRoom, sheets: Mapping[str, list[AttributedSheet]], work_out: WorkOut
) -> dict[str, tuple[Severity, ...]]:
    """Return, by theme code, how severe each juror is, by name, the most severe first (two queries).

    For who was given the attributed sheets (SCO-4): a severity is worked out from them.
    """
    sha256 = db.session.scalars(
        select(Snapshot.sha256).where(Snapshot.round_id == room.round.id, Snapshot.released_at.is_(None))
    ).one()
    locked = _Locked(room.round, sha256, work_out)
    found = {}
    for theme in room.themes:
        names = {sheet.alias: sheet.juror for sheet in sheets[theme.code]}
        jurors = locked.work(theme.code).estimates.jurors
        lines = (replace(line, juror=names.get(line.juror, line.juror)) for line in jurors)
        found[theme.code] = tuple(sorted(lines, key=lambda line: line.value))
    return found


class _Locked:
    """The marks of a locked round, read only if this process does not know what they say yet."""

    def __init__(self, facts: RoundFacts, sha256: str, work_out: WorkOut) -> None:
        self.facts = facts
        self.sha256 = sha256
        self.work_out = work_out

    def work(self, code: str) -> WorkedOut:
        """Return what the marks of a theme say; the rounds asked for longest ago are forgotten."""
        key = (self.facts.id, self.sha256)
        found = _known.get(key)
        if found is None:
            found = _known[key] = self._kept_or_worked_out()
            while len(_known) > _KEPT:
                _known.popitem(last=False)
        return found[code]

    def _kept_or_worked_out(self) -> Mapping[str, WorkedOut]:
        facts = self.facts
        row = db.session.execute(
            select(
                WorkedAdvice.content.label("kept"),
                case((WorkedAdvice.snapshot_id.is_(None), Snapshot.content)).label("scores"),
                places_of(facts.edition_id, facts.level).label("places"),
            )
            .outerjoin(WorkedAdvice, WorkedAdvice.snapshot_id == Snapshot.id)
            .where(Snapshot.round_id == facts.id, Snapshot.sha256 == self.sha256)
            .order_by(Snapshot.number.desc())
            .limit(1)
        ).one()
        if row.kept is not None:
            return {code: from_data(data) for code, data in row.kept.items()}
        return self.work_out(json.loads(row.scores)["themes"], row.places or 1)


def places_of(edition_id: int, level: str) -> ScalarSelect[int | None]:
    """Return, as a part of a query, how many places the jury of a level gives."""
    return (
        select(func.max(Prize.places))
        .where(Prize.edition_id == edition_id, Prize.level == level, Prize.outcome == CUT_OUTCOMES[level])
        .scalar_subquery()
    )


def _theme(ranking: Ranking, code: str, theme_id: int, locked: _Locked) -> ThemeAdvice:
    work = locked.work(code)
    found = work.estimates
    leads = bool(ranking.room.subjects[theme_id] & {Subject.CHAIR, Subject.AUDITOR})
    estimates = {line.file: line for line in found.files if leads or line.readers >= DISTRIBUTION_READERS}
    may_tell = bool(estimates) or not found.files
    order = {code: place for place, code in enumerate(ranking.criteria)}
    gaps = work.gaps[2 if leads else DISTRIBUTION_READERS] if may_tell else ()
    return ThemeAdvice(
        code=code,
        lines=tuple(AdviceLine(line, estimates.get(line.number)) for line in ranking.lines[code]),
        found=found,
        contest=work.contest if may_tell else None,
        disagreements=tuple(sorted(gaps, key=lambda line: order[line.criterion])),
        alone=work.alone if may_tell else None,
        together=work.together if may_tell else None,
        names={line.number: line.structure for line in ranking.lines[code]},
        jurors=len(found.jurors),
        grid=ranking.grids[code],
        is_complete=work.is_complete,
        is_whole=len(estimates) == len(found.files),
    )
