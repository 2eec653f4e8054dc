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
from typing import TYPE_CHECKING, Any, TypeVar

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

T = TypeVar("T")

_KEPT = 64
# Estimates depend on the locked marks alone: worked out once a process, found again by the snapshot's hash.
_known: OrderedDict[tuple[str | int, ...], Any] = OrderedDict()


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
    """Return the advice of a locked round in the themes ``holder`` may read (one query beside the ranking's).

    Raises the matrix's refusal.
    """
    ranking = ranking_of(holder, round_key, now)
    return AdvicePage(ranking, advice_beside(ranking))


def advice_beside(ranking: Ranking) -> dict[str, ThemeAdvice]:
    """Return the advice by theme code beside a ranking that was read (one query)."""
    content, _sha256, places = _content(ranking.room.round)
    scores: dict[str, ThemeScores] = json.loads(content)["themes"]
    return {
        theme.code: _theme(ranking, theme.code, theme.id, scores[theme.code], places)
        for theme in ranking.themes
    }


def severities_of(
    room: JuryRoom, sheets: Mapping[str, list[AttributedSheet]]
) -> "dict[str, tuple[Severity, ...]]":
    """Return, by theme code, how severe each juror is, by name, the most severe first (one query).

    For who was given the attributed sheets (SCO-4): a severity is worked out from them.
    """
    content, sha256, places = _content(room.round)
    scores: dict[str, ThemeScores] = json.loads(content)["themes"]
    found = {}
    for theme in room.themes:
        names = {sheet.alias: sheet.juror for sheet in sheets[theme.code]}
        estimates = _estimates(sha256, theme.code, scores[theme.code], places)
        lines = (replace(line, juror=names.get(str(line.juror), line.juror)) for line in estimates.jurors)
        found[theme.code] = tuple(sorted(lines, key=lambda line: line.value))
    return found


def _content(facts: RoundFacts) -> tuple[str, str, int]:
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
        select(Snapshot.content, Snapshot.sha256, places.label("places")).where(
            Snapshot.round_id == facts.id, Snapshot.released_at.is_(None)
        )
    ).one()
    return row.content, row.sha256, row.places or 1


def _remembered(make: Callable[[], T], *key: str | int) -> T:
    """Return what was made for this key, or make it; the oldest leave."""
    found: T | None = _known.get(key)
    if found is None:
        found = _known[key] = make()
        while len(_known) > _KEPT:
            _known.popitem(last=False)
    return found


def _estimates(sha256: str, code: str, scores: ThemeScores, places: int) -> "Estimates":
    # numpy is loaded by the first page that needs it: most processes never do.
    from awards_app.domain.estimates import estimate

    def make() -> "Estimates":
        grid = _grid(scores)
        marks = {
            (sheet["candidacy"], sheet["juror"]): weighted_total(grid, sheet["levels"]) or 0
            for sheet in scores["sheets"]
            if sheet["state"] == COUNTED
        }
        return estimate(dict(sorted(marks.items())), places)

    return _remembered(make, "estimates", sha256, code, places)


def _theme(ranking: Ranking, code: str, theme_id: int, scores: ThemeScores, places: int) -> ThemeAdvice:
    from awards_app.domain.jury_advice import contest_of

    found = _estimates(ranking.sha256, code, scores, places)
    leads = bool(ranking.room.subjects[theme_id] & {Subject.CHAIR, Subject.AUDITOR})
    fewest = 2 if leads else DISTRIBUTION_READERS
    estimates = {line.file: line for line in found.files if leads or line.readers >= DISTRIBUTION_READERS}
    may_tell = bool(estimates) or not found.files
    told = _disagreements(ranking, code, scores, fewest) if may_tell else ()
    is_complete, alone, together = _correlations(found, scores) if may_tell else (False, None, None)
    return ThemeAdvice(
        code=code,
        lines=tuple(AdviceLine(line, estimates.get(line.number)) for line in ranking.lines[code]),
        found=found,
        contest=contest_of(found) if may_tell else None,
        disagreements=told,
        alone=alone,
        together=together,
        names={line.number: line.structure for line in ranking.lines[code]},
        jurors=len(found.jurors),
        grid=ranking.grids[code],
        is_complete=is_complete,
        is_whole=len(estimates) == len(found.files),
    )


def _disagreements(
    ranking: Ranking, code: str, scores: ThemeScores, fewest: int
) -> "tuple[Disagreement, ...]":
    from awards_app.domain.jury_advice import disagreements

    weighed = {line["code"] for line in scores["grid"]["criteria"]}
    criteria = [criterion for criterion in ranking.criteria if criterion in weighed]
    return _remembered(
        lambda: disagreements(_levels(scores), criteria, fewest), "gaps", ranking.sha256, code, fewest
    )


def _levels(scores: ThemeScores) -> dict[str, list[Mapping[str, int | None]]]:
    levels: dict[str, list[Mapping[str, int | None]]] = {}
    for sheet in scores["sheets"]:
        if sheet["state"] == COUNTED:
            levels.setdefault(sheet["candidacy"], []).append(sheet["levels"])
    return levels


def _correlations(
    found: "Estimates", scores: ThemeScores
) -> "tuple[bool, Agreement | None, Agreement | None]":
    """Return whether the table is complete, and the correlations of one mark and of the mean."""
    from awards_app.domain.agreement import Form, intraclass

    grid = _grid(scores)
    rows: dict[str, dict[str, int]] = {}
    for sheet in scores["sheets"]:
        if sheet["state"] == COUNTED:
            total = weighted_total(grid, sheet["levels"]) or 0
            rows.setdefault(sheet["candidacy"], {})[sheet["juror"]] = total
    everybody = {juror for row in rows.values() for juror in row}
    if not rows or any(set(row) != everybody for row in rows.values()):
        return False, found.alone, found.together
    forms = intraclass([[row[juror] for juror in sorted(everybody)] for row in rows.values()])
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
