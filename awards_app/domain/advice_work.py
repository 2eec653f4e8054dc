"""Works out all that the locked marks of a theme say. Loads numpy: see `estimated` for what a page reads."""

from collections.abc import Mapping

from awards_app.domain.agreement import Form, intraclass
from awards_app.domain.estimated import Agreement, Estimates, WorkedOut
from awards_app.domain.estimates import estimate
from awards_app.domain.grid import Criterion, Grid
from awards_app.domain.jury_advice import contest_of, disagreements
from awards_app.domain.ranking import weighted_total
from awards_app.domain.score_display import DISTRIBUTION_READERS
from awards_app.domain.snapshot import COUNTED, ThemeScores


def work_out(scores: ThemeScores, places: int) -> WorkedOut:
    """Return what the marks of a theme say, for a jury that gives ``places`` places."""
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
    return WorkedOut(
        estimates=found,
        contest=contest_of(found),
        is_complete=is_complete,
        alone=alone,
        together=together,
        gaps={fewest: disagreements(levels, criteria, fewest) for fewest in (2, DISTRIBUTION_READERS)},
    )


def _correlations(
    found: Estimates, marks: Mapping[tuple[str, str], int]
) -> tuple[bool, Agreement | None, Agreement | None]:
    """Return whether everybody read everything, and the correlations of one mark and of the mean."""
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
        tuple(Criterion(one["code"], one["weight"]) for one in line["criteria"]),
        line["top_level"],
        line["shown_out_of"],
    )
