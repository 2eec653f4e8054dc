"""The advice beside a locked ranking: estimates, chances, agreement, in the measure of who may read what.

Who may read the ranking of a theme (RNK-1, from the lock on) reads its advice; a juror who stands aside in the theme
reads nothing of it. What rests on fewer than three readings is for the chair and the auditor alone, as the
distribution is (SCO-5). The severity of a juror is an attributed score (SCO-4): see `severities_of`.
"""

import json
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from awards_app.database import db
from awards_app.domain.grid import Criterion as GridCriterion
from awards_app.domain.grid import Grid
from awards_app.domain.holder import Holder
from awards_app.domain.permissions import Subject
from awards_app.domain.ranking import weighted_total
from awards_app.domain.score_display import DISTRIBUTION_READERS
from awards_app.domain.snapshot import COUNTED, ThemeScores
from awards_app.models.editions import Prize
from awards_app.models.scoring import Snapshot
from awards_app.queries.access import RoundFacts
from awards_app.queries.juries import JuryRoom
from awards_app.queries.ranking import CUT_OUTCOMES, AttributedSheet, Ranking, StandingLine, ranking_of

if TYPE_CHECKING:
    from awards_app.domain.agreement import Agreement
    from awards_app.domain.estimates import Estimate, Estimates, Severity
    from awards_app.domain.jury_advice import Contest, Disagreement

_KEPT = 64
# Estimates depend on the locked marks alone: worked out once a process, found again by the snapshot's hash.
_known: OrderedDict[tuple[int, str, str], "_Work"] = OrderedDict()


@dataclass(frozen=True, slots=True)
class AdviceLine:
    """A file in the official order with its estimate; None where the reader may not have it, or there is none."""

    standing: StandingLine
    estimate: "Estimate | None"


@dataclass(frozen=True, slots=True)
class ThemeAdvice:
    """The advice of one theme. ``names`` are the structures by public number; ``is_whole`` where nothing is held back.

    ``disagreements`` is empty where the reader may not have them. ``alone`` and ``together`` are the intraclass
    correlations, exact for a jury that read everything (``is_complete``), from the model otherwise.
    """

    code: str
    lines: tuple[AdviceLine, ...]
    found: "Estimates"
    contest: "Contest | None"
    disagreements: "tuple[Disagreement, ...]"
    alone: "Agreement | None"
    together: "Agreement | None"
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


def advice_of(holder: Holder, round_key: str | int, now: datetime) -> AdvicePage:
    """Return the advice of a locked round in the themes ``holder`` may read.

    One query beside the ranking's, none once a process has worked it out. Raises the matrix's refusal.
    """
    ranking = ranking_of(holder, round_key, now)
    return AdvicePage(ranking, advice_beside(ranking))


def advice_beside(ranking: Ranking) -> dict[str, ThemeAdvice]:
    """Return the advice by theme code beside a ranking that was read; queries as `advice_of`."""
    locked = _Locked(ranking.room.round, ranking.sha256)
    return {theme.code: _theme(ranking, theme.code, theme.id, locked) for theme in ranking.themes}


def severities_of(
    room: JuryRoom, sheets: Mapping[str, list[AttributedSheet]]
) -> "dict[str, tuple[Severity, ...]]":
    """Return, by theme code, how severe each juror is, by name, the most severe first (two queries).

    For who was given the attributed sheets (SCO-4): a severity is worked out from them.
    """
    sha256 = db.session.scalars(
        select(Snapshot.sha256).where(Snapshot.round_id == room.round.id, Snapshot.released_at.is_(None))
    ).one()
    locked = _Locked(room.round, sha256)
    found = {}
    for theme in room.themes:
        names = {sheet.alias: sheet.juror for sheet in sheets[theme.code]}
        jurors = locked.work(theme.code).estimates.jurors
        lines = (replace(line, juror=names.get(line.juror, line.juror)) for line in jurors)
        found[theme.code] = tuple(sorted(lines, key=lambda line: line.value))
    return found


@dataclass(frozen=True, slots=True)
class _Work:
    """All that the marks of one theme say, to whomever: held back by `_theme` from who may not have it."""

    estimates: "Estimates"
    contest: "Contest | None"
    is_complete: bool
    alone: "Agreement | None"
    together: "Agreement | None"
    gaps: "dict[int, tuple[Disagreement, ...]]"


class _Locked:
    """The marks of a locked round, read only if this process has not worked on them yet."""

    def __init__(self, facts: RoundFacts, sha256: str) -> None:
        self.facts = facts
        self.sha256 = sha256

    def work(self, code: str) -> _Work:
        """Return what the marks of a theme say; the themes worked on longest ago are forgotten."""
        key = (self.facts.id, self.sha256, code)
        found = _known.get(key)
        if found is None:
            scores, places = self._content
            found = _known[key] = _work(scores[code], places)
            while len(_known) > _KEPT:
                _known.popitem(last=False)
        return found

    @cached_property
    def _content(self) -> tuple[dict[str, ThemeScores], int]:
        facts = self.facts
        places = (
            select(func.max(Prize.places))
            .where(
                Prize.edition_id == facts.edition_id,
                Prize.level == facts.level,
                Prize.outcome == CUT_OUTCOMES[facts.level],
            )
            .scalar_subquery()
        )
        row = db.session.execute(
            select(Snapshot.content, places.label("places")).where(
                Snapshot.round_id == facts.id, Snapshot.sha256 == self.sha256
            )
        ).first()
        assert row is not None
        return json.loads(row.content)["themes"], row.places or 1


def _work(scores: ThemeScores, places: int) -> _Work:
    # numpy is loaded by the first page that needs it: most processes never do.
    from awards_app.domain.estimates import estimate
    from awards_app.domain.jury_advice import contest_of, disagreements

    grid = _grid(scores)
    counted = [sheet for sheet in scores["sheets"] if sheet["state"] == COUNTED]
    marks = {
        (sheet["candidacy"], sheet["juror"]): weighted_total(grid, sheet["levels"]) or 0 for sheet in counted
    }
    levels: dict[str, list[Mapping[str, int | None]]] = {}
    for sheet in counted:
        levels.setdefault(sheet["candidacy"], []).append(sheet["levels"])
    criteria = [criterion.code for criterion in grid.criteria if criterion.weight]
    found = estimate(dict(sorted(marks.items())), places)
    is_complete, alone, together = _correlations(found, marks)
    return _Work(
        estimates=found,
        contest=contest_of(found),
        is_complete=is_complete,
        alone=alone,
        together=together,
        gaps={fewest: disagreements(levels, criteria, fewest) for fewest in (2, DISTRIBUTION_READERS)},
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


def _correlations(
    found: "Estimates", marks: Mapping[tuple[str, str], int]
) -> "tuple[bool, Agreement | None, Agreement | None]":
    """Return whether everybody read everything, and the correlations of one mark and of the mean."""
    from awards_app.domain.agreement import Form, intraclass

    files, jurors = (sorted({pair[side] for pair in marks}) for side in (0, 1))
    if len(marks) < len(files) * len(jurors) or not marks:
        return False, found.alone, found.together
    forms = intraclass([[marks[file, juror] for juror in jurors] for file in files])
    if forms is None:
        return True, None, None
    return True, forms[Form.RANDOM_JUDGES], forms[Form.MEAN_RANDOM_JUDGES]


def _grid(scores: ThemeScores) -> Grid:
    line = scores["grid"]
    return Grid(
        tuple(GridCriterion(one["code"], one["weight"]) for one in line["criteria"]),
        line["top_level"],
        line["shown_out_of"],
    )
