"""How far a jury agrees: Krippendorff's alpha and the intraclass correlations, each with a 95 % interval.

Sources: K. Krippendorff, Content Analysis, 2004, chapter 11 (alpha, its metrics and its worked example); interval by
resampling units (Zapf and others, BMC Medical Research Methodology 16, 2016). P. E. Shrout and J. L. Fleiss, Intraclass
correlations, Psychological Bulletin 86, 1979 (the six forms and their intervals).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import isfinite

import numpy as np
from numpy.typing import NDArray

from awards_app.domain.distributions import fisher_quantile
from awards_app.domain.estimated import Agreement

Floats = NDArray[np.float64]
Units = Sequence[Sequence[float]]

RESAMPLES = 1000
SEED = 2004
_TAIL = 0.975


class Metric(StrEnum):
    """How far apart two values are."""

    NOMINAL = "nominal"
    ORDINAL = "ordinal"
    INTERVAL = "interval"
    RATIO = "ratio"


def krippendorff(units: Units, metric: Metric) -> Agreement | None:
    """Return Krippendorff's alpha of units of values (one value a judge, those missing left out).

    None where it has no meaning: under two values to pair, or values that are all the same.
    """
    paired = [unit for unit in units if len(unit) > 1]
    values = sorted({value for unit in paired for value in unit})
    if len(values) < 2:
        return None
    met = _coincidences(paired, values)
    whole = _alphas(np.ones((1, len(paired))), met, np.array(values), metric)[0]
    chance = np.random.default_rng(SEED)
    drawn = chance.multinomial(len(paired), np.full(len(paired), 1 / len(paired)), RESAMPLES)
    resampled = _alphas(drawn.astype(np.float64), met, np.array(values), metric)
    resampled = resampled[np.isfinite(resampled)]
    if len(paired) < 2 or resampled.size == 0:
        return Agreement(float(whole), -1.0, 1.0)
    low, high = np.quantile(resampled, [1 - _TAIL, _TAIL])
    return Agreement(float(whole), float(low), float(high))


def _coincidences(units: Units, values: Sequence[float]) -> Floats:
    """Return, unit by unit, how often each pair of values meets, flat."""
    places = {value: place for place, value in enumerate(values)}
    met = np.zeros((len(units), len(values), len(values)))
    for number, unit in enumerate(units):
        counts = np.bincount([places[value] for value in unit], minlength=len(values)).astype(np.float64)
        met[number] = (np.outer(counts, counts) - np.diag(counts)) / (len(unit) - 1)
    return met.reshape(len(units), -1)


def _alphas(weights: Floats, met: Floats, values: Floats, metric: Metric) -> Floats:
    """Return alpha for each row of weights of the units; not a number where all values are the same."""
    size = len(values)
    observed = (weights @ met).reshape(-1, size, size)
    totals = observed.sum(axis=2)
    count = totals.sum(axis=1)
    apart = _distances(totals, values, metric)
    expected = np.einsum("bi,bj,bij->b", totals, totals, apart)
    disagreement = (observed * apart).sum(axis=(1, 2))
    with np.errstate(divide="ignore", invalid="ignore"):
        return 1 - (count - 1) * disagreement / expected


def _distances(totals: Floats, values: Floats, metric: Metric) -> Floats:
    if metric is Metric.ORDINAL:
        upto = totals.cumsum(axis=1) - totals / 2
        return (upto[:, :, None] - upto[:, None, :]) ** 2
    gap = values[:, None] - values[None, :]
    if metric is Metric.NOMINAL:
        apart = (gap != 0).astype(np.float64)
    elif metric is Metric.INTERVAL:
        apart = gap**2
    else:
        both = values[:, None] + values[None, :]
        apart = np.divide(gap, both, out=np.zeros_like(gap), where=both != 0) ** 2
    return np.broadcast_to(apart, (len(totals), *apart.shape))


class Form(StrEnum):
    """The six forms of Shrout and Fleiss: model (1, 2 or 3), then one judge's mark or the mean of k."""

    ONE_WAY = "1,1"
    RANDOM_JUDGES = "2,1"
    FIXED_JUDGES = "3,1"
    MEAN_ONE_WAY = "1,k"
    MEAN_RANDOM_JUDGES = "2,k"
    MEAN_FIXED_JUDGES = "3,k"


def intraclass(table: Sequence[Sequence[float]]) -> dict[Form, Agreement] | None:
    """Return the six intraclass correlations of a complete table, a row a target and a column a judge.

    None where they have no meaning: under two rows or columns, a table without variation, or judges who differ by a
    constant only. Raises ValueError for a table with holes.
    """
    marks = np.array(table, dtype=np.float64)
    if marks.ndim != 2 or not np.isfinite(marks).all():
        raise ValueError("a complete table is needed")
    n, k = marks.shape
    if n < 2 or k < 2:
        return None
    centred = marks - marks.mean()
    targets = k * float((centred.mean(axis=1) ** 2).sum())
    judges = n * float((centred.mean(axis=0) ** 2).sum())
    whole = float((centred**2).sum())
    squares = _Squares(
        n,
        k,
        targets / (n - 1),
        judges / (k - 1),
        max(whole - targets - judges, 0.0) / ((n - 1) * (k - 1)),
        max(whole - targets, 0.0) / (n * (k - 1)),
    )
    if squares.error <= 1e-12 * whole or squares.targets <= 1e-12 * whole:
        return None
    return {
        Form.ONE_WAY: _one_way(squares),
        Form.RANDOM_JUDGES: _random_judges(squares),
        Form.FIXED_JUDGES: _fixed_judges(squares),
        Form.MEAN_ONE_WAY: _averaged(_one_way(squares), k),
        Form.MEAN_RANDOM_JUDGES: _averaged(_random_judges(squares), k),
        Form.MEAN_FIXED_JUDGES: _averaged(_fixed_judges(squares), k),
    }


@dataclass(frozen=True, slots=True)
class _Squares:
    """The mean squares of the two-way analysis: between targets, between judges, error, within targets."""

    n: int
    k: int
    targets: float
    judges: float
    error: float
    within: float


def _from_ratio(ratio: float, k: int) -> float:
    return (ratio - 1) / (ratio + k - 1) if isfinite(ratio) else 1.0


def _one_way(s: _Squares) -> Agreement:
    ratio, between, within = s.targets / s.within, s.n - 1, s.n * (s.k - 1)
    low = ratio / fisher_quantile(_TAIL, between, within)
    high = ratio * fisher_quantile(_TAIL, within, between)
    return Agreement(_from_ratio(ratio, s.k), _from_ratio(low, s.k), _from_ratio(high, s.k))


def _fixed_judges(s: _Squares) -> Agreement:
    ratio, between, error = s.targets / s.error, s.n - 1, (s.n - 1) * (s.k - 1)
    low = ratio / fisher_quantile(_TAIL, between, error)
    high = ratio * fisher_quantile(_TAIL, error, between)
    return Agreement(_from_ratio(ratio, s.k), _from_ratio(low, s.k), _from_ratio(high, s.k))


def _random_judges(s: _Squares) -> Agreement:
    n, k = s.n, s.k
    value = (s.targets - s.error) / (s.targets + (k - 1) * s.error + k * (s.judges - s.error) / n)
    ratio = s.judges / s.error
    lean = n * (1 + (k - 1) * value) - k * value
    freedom = (
        (k - 1) * (n - 1) * (k * value * ratio + lean) ** 2 / ((n - 1) * k**2 * value**2 * ratio**2 + lean**2)
    )
    over = fisher_quantile(_TAIL, n - 1, freedom)
    under = fisher_quantile(_TAIL, freedom, n - 1)
    rest = k * s.judges + (k * n - k - n) * s.error
    low = n * (s.targets - over * s.error) / (over * rest + n * s.targets)
    high = n * (under * s.targets - s.error) / (rest + n * under * s.targets)
    return Agreement(value, low, high)


def _averaged(single: Agreement, k: int) -> Agreement:
    """Return the correlation of the mean of k judges from that of one (Spearman and Brown)."""
    value, low, high = (k * one / (1 + (k - 1) * one) for one in (single.value, single.low, single.high))
    return Agreement(value, low, high)
