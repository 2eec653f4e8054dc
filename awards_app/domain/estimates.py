"""What the marks say beside the official ranking: calibrated estimates with their uncertainty. Advice, never a rank.

A mark is taken as file + juror + chance, all three random (crossed, unbalanced: nobody has to read everything). The
spreads are weighed by `variance_grid`; given them, files and jurors have the estimates of Henderson's mixed model
equations, drawn towards the mean as far as they are uncertain (Efron and Morris, JASA 70, 1975; Robinson, Statistical
Science 6, 1991). Intervals and chances come from draws of the joint distribution (Gelman and others, Bayesian Data
Analysis, chapter 5), always the same ones for the same marks.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from awards_app.domain.estimated import (
    ALL_EQUAL,
    NO_SHARED_FILE,
    NOTHING,
    ONE_FILE,
    ONE_JUROR,
    Agreement,
    Estimate,
    Estimates,
    Key,
    Severity,
    Spreads,
)
from awards_app.domain.juror_groups import juror_groups
from awards_app.domain.variance_grid import Cell, Floats, Table, weigh

DRAWS = 4000
SEED = 1979
LOW, HIGH = 0.025, 0.975


def estimate(marks: Mapping[tuple[Key, Key], int], places: int = 1) -> Estimates:
    """Return the estimates from whole marks by (file, juror), in hundredths of a level, files and jurors in order.

    ``places`` is the number of places the jury gives. The same marks give the same answer, to the last digit.
    """
    files, jurors = (tuple(dict.fromkeys(pair[side] for pair in marks)) for side in (0, 1))
    groups = juror_groups(marks)
    reason = _reason(marks, files, jurors)
    if reason is not None:
        return Estimates((), (), None, groups, places, reason)
    table, mean, scale = _table(marks, files, jurors)
    cells, spreads = weigh(table)
    draws, severities = _draw(table, cells)
    centre, leaning = _expected(table, cells)
    draws += centre - draws.mean(axis=0)
    severities += leaning - severities.mean(axis=0)
    first, among = _chances(draws, places)
    low, high = np.quantile(draws, [LOW, HIGH], axis=0)
    under, over = np.quantile(severities, [LOW, HIGH], axis=0)
    read, given = table.met.sum(axis=1), table.met.sum(axis=0)
    return Estimates(
        files=tuple(
            Estimate(
                file,
                int(read[i]),
                value=float(mean + scale * centre[i]),
                low=float(mean + scale * low[i]),
                high=float(mean + scale * high[i]),
                first=float(first[i]),
                among=float(among[i]),
            )
            for i, file in enumerate(files)
        ),
        jurors=tuple(
            Severity(
                juror,
                int(given[j]),
                value=float(scale * leaning[j]),
                low=float(scale * under[j]),
                high=float(scale * over[j]),
            )
            for j, juror in enumerate(jurors)
        ),
        spreads=Spreads(scale * spreads.files, scale * spreads.jurors, scale * spreads.noise),
        groups=groups,
        places=places,
        alone=_correlation(cells, spreads, 1.0),
        together=_correlation(cells, spreads, len(marks) / len(files)),
    )


def _correlation(cells: Sequence[Cell], spreads: Spreads, readings: float) -> Agreement:
    """Return the share of the files in the variance of a mean of ``readings`` marks, with its interval."""

    def share(files: float, jurors: float, noise: float) -> float:
        return files**2 / (files**2 + (jurors**2 + noise**2) / readings)

    values = np.array([share(cell.part.a, cell.b, 1.0) for cell in cells])
    order = values.argsort()
    upto = np.cumsum([cells[place].weight for place in order])
    low, high = np.interp([LOW, HIGH], upto / upto[-1], values[order])
    return Agreement(share(spreads.files, spreads.jurors, spreads.noise), float(low), float(high))


def _reason(marks: Mapping[tuple[Key, Key], int], files: Sequence[Key], jurors: Sequence[Key]) -> str | None:
    if not marks:
        return NOTHING
    if len(files) == 1:
        return ONE_FILE
    if len(jurors) == 1:
        return ONE_JUROR
    if len(files) == len(marks):
        return NO_SHARED_FILE
    return ALL_EQUAL if len(set(marks.values())) == 1 else None


def _table(
    marks: Mapping[tuple[Key, Key], int], files: Sequence[Key], jurors: Sequence[Key]
) -> tuple[Table, float, float]:
    """Return the sums of the marks brought to mean 0 and spread 1, with the mean and the spread."""
    places = {file: i for i, file in enumerate(files)}
    seats = {juror: j for j, juror in enumerate(jurors)}
    met = np.zeros((len(files), len(jurors)))
    given = np.zeros((len(files), len(jurors)))
    for (file, juror), mark in marks.items():
        met[places[file], seats[juror]] = 1.0
        given[places[file], seats[juror]] = mark
    count = met.sum()
    mean = float(given.sum() / count)
    squares = float((met * (given - mean) ** 2).sum())
    scale = float(np.sqrt(squares / (count - 1)))
    # Whole sums first: files of equal sums stay equal to the last bit.
    return (
        Table(
            met,
            (given.sum(axis=1) - met.sum(axis=1) * mean) / scale,
            (given.sum(axis=0) - met.sum(axis=0) * mean) / scale,
            squares / scale**2,
        ),
        mean,
        scale,
    )


def _solve(cell: Cell) -> tuple[Floats, Floats]:
    """Return the estimates of μ and of the jurors for a pair of ratios, and the root of their covariance over σe²."""
    part = cell.part
    size = len(part.values)
    inner = (part.vectors * part.values) @ part.vectors.T
    equations = np.empty((size + 1, size + 1))
    equations[0, 0] = part.ones
    equations[0, 1:] = equations[1:, 0] = part.jurors_ones
    equations[1:, 1:] = inner + np.eye(size) / max(cell.b, 1e-9) ** 2
    inverse = np.linalg.inv(equations)
    inverse = (inverse + inverse.T) / 2
    root = np.linalg.cholesky(inverse + np.eye(size + 1) * 1e-14 * np.trace(inverse))
    return inverse @ np.concatenate(([part.ones_marks], part.jurors_marks)), root


def _leverage(table: Table, cell: Cell) -> Floats:
    """Return how each file's level follows from μ and the jurors: μ, the jury's mean severity, less what it received."""
    size = table.met.shape[1]
    weights = np.empty((table.met.shape[0], size + 1))
    weights[:, 0] = 1 - cell.part.shrink * table.met.sum(axis=1)
    weights[:, 1:] = 1 / size - cell.part.met_shrunk
    return weights


def _expected(table: Table, cells: Sequence[Cell]) -> tuple[Floats, Floats]:
    files, jurors = np.zeros(table.met.shape[0]), np.zeros(table.met.shape[1])
    for cell in cells:
        found, _root = _solve(cell)
        files += cell.weight * (cell.part.shrink * table.file_sums + _leverage(table, cell) @ found)
        jurors += cell.weight * (found[1:] - found[1:].mean())
    total = sum(cell.weight for cell in cells)
    return files / total, jurors / total


def _draw(table: Table, cells: Sequence[Cell]) -> tuple[Floats, Floats]:
    """Draw the levels of the files and the severities of the jurors, each pair of ratios as often as it weighs."""
    chance = np.random.default_rng(SEED)
    shares = np.cumsum([cell.weight for cell in cells])
    turns = np.searchsorted(shares / shares[-1], (np.arange(DRAWS) + 0.5) / DRAWS)
    levels = np.empty((DRAWS, table.met.shape[0]))
    severities = np.empty((DRAWS, table.met.shape[1]))
    for place, cell in enumerate(cells):
        at = slice(*np.searchsorted(turns, [place, place + 1]))
        count = at.stop - at.start
        if count == 0:
            continue
        found, root = _solve(cell)
        noise = np.sqrt(cell.squares / chance.chisquare(table.readings - 1, count))[:, None]
        drawn = found + noise * (chance.standard_normal((count, len(found))) @ root.T)
        own = np.sqrt(cell.part.shrink) * chance.standard_normal((count, table.met.shape[0]))
        levels[at] = cell.part.shrink * table.file_sums + drawn @ _leverage(table, cell).T + noise * own
        severities[at] = drawn[:, 1:] - drawn[:, 1:].mean(axis=1, keepdims=True)
    return levels, severities


def _chances(draws: Floats, places: int) -> tuple[Floats, Floats]:
    """Return how often each file comes first, and how often among the first ``places``."""
    count = draws.shape[1]
    first = np.bincount(draws.argmax(axis=1), minlength=count) / len(draws)
    if places <= 1:
        return first, first
    if places >= count:
        return first, np.ones(count)
    best = np.argpartition(draws, count - places, axis=1)[:, count - places :]
    return first, np.bincount(best.ravel(), minlength=count) / len(draws)
