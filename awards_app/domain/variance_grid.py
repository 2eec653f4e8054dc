"""How likely each pair of spreads is: the restricted likelihood of a mark = file + juror + chance, on a grid.

The model is y = μ + f(file) + s(juror) + e, with f, s and e normal and independent. Its spreads enter by two ratios,
a = σf/σe and b = σs/σe. The restricted likelihood (Patterson and Thompson, Biometrika 58, 1971; Harville, JASA 72,
1977) profiles μ and σe out; files are eliminated first, as in Henderson's mixed model equations (Biometrics 31,
1975), so that what is left to solve has the size of the jury. Before any mark, the share u = a²/(1 + a²) of what is
not chance is held as likely to be anything from 0 to 1 (the uniform shrinkage prior: Daniels, Canadian Journal of
Statistics 27, 1999), for files and for jurors: equal steps of u weigh the same.
"""

from dataclasses import dataclass
from math import sqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray

from awards_app.domain.estimated import Spreads

Floats = NDArray[np.float64]

_POINTS = 16
_LAST_POINTS = 20
_SEARCH_POINTS = 7
_MOST_ZOOMS = 8
_SEARCHES = 9
# What is this much less likely than the best, on a scale of logarithms, weighs nothing.
_NEGLIGIBLE = 9.0
_NEARLY_ONE = 1.0 - 1e-6


@dataclass(frozen=True, slots=True)
class Table:
    """Who read what and gave what, as sums: ``met[i, j]`` is 1 where juror j read file i; marks have mean 0, spread 1."""

    met: Floats
    file_sums: Floats
    juror_sums: Floats
    squares: float

    @property
    def readings(self) -> int:
        """Return the number of marks."""
        return int(self.met.sum())


@dataclass(frozen=True, slots=True)
class FileSlice:
    """What one ratio a leaves of the equations once files are eliminated."""

    a: float
    shrink: Floats
    met_shrunk: Floats
    ones: float
    ones_marks: float
    marks: float
    jurors_ones: Floats
    jurors_marks: Floats
    values: Floats
    vectors: Floats
    log_files: float


@dataclass(frozen=True, slots=True)
class Cell:
    """A pair of ratios with its share of the whole, and the sum of squares its noise is estimated from."""

    part: FileSlice
    b: float
    weight: float
    squares: float


def ratio(share: float) -> float:
    """Return the ratio of spreads whose share this is."""
    return sqrt(share / (1 - share))


def slice_files(table: Table, share: float) -> FileSlice:
    """Eliminate the files for one share of the ratio a."""
    a = ratio(share)
    read = table.met.sum(axis=1)
    shrink = a * a / (1 + a * a * read)
    met_shrunk = table.met * shrink[:, None]
    inner = np.diag(table.met.sum(axis=0)) - table.met.T @ met_shrunk
    values, vectors = np.linalg.eigh(inner)
    return FileSlice(
        a=a,
        shrink=shrink,
        met_shrunk=met_shrunk,
        ones=float((read - shrink * read**2).sum()),
        ones_marks=float((table.file_sums * (1 - shrink * read)).sum()),
        marks=float(table.squares - (shrink * table.file_sums**2).sum()),
        jurors_ones=table.met.sum(axis=0) - met_shrunk.T @ read,
        jurors_marks=table.juror_sums - met_shrunk.T @ table.file_sums,
        values=np.maximum(values, 0.0),
        vectors=vectors,
        log_files=float(np.log1p(a * a * read).sum()),
    )


def log_likelihoods(table: Table, part: FileSlice, shares: Floats) -> tuple[Floats, Floats]:
    """Return, for each share of the ratio b, the restricted log-likelihood and the sum of squares it leaves."""
    b2 = (shares / (1 - shares))[:, None]
    factors = b2 / (1 + b2 * part.values)
    ones, marks = part.vectors.T @ part.jurors_ones, part.vectors.T @ part.jurors_marks
    one_one = part.ones - factors @ ones**2
    one_mark = part.ones_marks - factors @ (ones * marks)
    mark_mark = part.marks - factors @ marks**2
    squares = np.maximum(mark_mark - one_mark**2 / one_one, 1e-12)
    logs = part.log_files + np.log1p(b2 * part.values).sum(axis=1) + np.log(one_one)
    return -0.5 * (logs + (table.readings - 1) * np.log(squares)), squares


def weigh(table: Table) -> tuple[list[Cell], Spreads]:
    """Return the pairs of ratios that matter with their shares, and the most likely spreads (REML)."""
    box = ((0.0, 1.0), (0.0, 1.0))
    for _zoom in range(_MOST_ZOOMS):
        first, second, logs, _squares, _parts = _evaluate(table, box, _POINTS)
        kept = np.argwhere(logs > logs.max() - _NEGLIGIBLE)
        closer = (_around(first, kept[:, 0]), _around(second, kept[:, 1]))
        shrunk = _area(closer) < 0.8 * _area(box)
        box = closer
        if not shrunk:
            break
    first, second, logs, squares, parts = _evaluate(table, box, _LAST_POINTS)
    shares = np.exp(logs - logs.max())
    shares /= shares.sum()
    cells = [
        Cell(parts[i], ratio(float(second[j])), float(shares[i, j]), float(squares[i, j]))
        for i, j in np.argwhere(shares > np.exp(-_NEGLIGIBLE) * shares.max())
    ]
    best = np.unravel_index(int(logs.argmax()), logs.shape)
    return cells, _most_likely(table, first, second, (int(best[0]), int(best[1])))


Box = tuple[tuple[float, float], tuple[float, float]]


def _area(box: Box) -> float:
    return (box[0][1] - box[0][0]) * (box[1][1] - box[1][0])


def _middles(low: float, high: float, points: int) -> Floats:
    return low + (high - low) * (np.arange(points) + 0.5) / points


def _around(middles: Floats, kept: NDArray[Any]) -> tuple[float, float]:
    half = (middles[1] - middles[0]) / 2
    return max(0.0, float(middles[kept.min()] - half)), min(1.0, float(middles[kept.max()] + half))


def _evaluate(table: Table, box: Box, points: int) -> tuple[Floats, Floats, Floats, Floats, list[FileSlice]]:
    first, second = (_middles(*side, points) for side in box)
    parts = [slice_files(table, float(share)) for share in first]
    found = [log_likelihoods(table, part, second) for part in parts]
    return first, second, np.array([logs for logs, _s in found]), np.array([s for _l, s in found]), parts


def _most_likely(table: Table, first: Floats, second: Floats, best: tuple[int, int]) -> Spreads:
    """Return the spreads at the top of the restricted likelihood, sought closer and closer around ``best``."""
    centre = [float(first[best[0]]), float(second[best[1]])]
    reach = [2 * float(side[1] - side[0]) for side in (first, second)]
    found = (0.0, 0.0, 1.0)
    for _search in range(_SEARCHES):
        sides = [
            np.linspace(max(0.0, at - by), min(_NEARLY_ONE, at + by), _SEARCH_POINTS)
            for at, by in zip(centre, reach, strict=True)
        ]
        top = -np.inf
        for share in sides[0]:
            part = slice_files(table, float(share))
            logs, squares = log_likelihoods(table, part, sides[1])
            place = int(logs.argmax())
            if logs[place] > top:
                top = logs[place]
                centre = [float(share), float(sides[1][place])]
                found = (part.a, ratio(centre[1]), float(squares[place]))
        reach = [0.4 * by for by in reach]
    noise = float(np.sqrt(found[2] / (table.readings - 1)))
    return Spreads(found[0] * noise, found[1] * noise, noise)
