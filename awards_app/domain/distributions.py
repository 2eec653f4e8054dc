"""The quantiles that intervals need, in the standard library: Fisher's F by way of the incomplete beta function.

The incomplete beta function is computed by its continued fraction (DLMF 8.17.22) with the method of Lentz; its inverse
by bisection, which cannot fail.
"""

from math import exp, inf, lgamma, log, log1p

_PRECISION = 1e-15
_MOST_TERMS = 10_000
_HALVINGS = 200


def incomplete_beta(a: float, b: float, x: float) -> float:
    """Return the regularised incomplete beta function I_x(a, b), for positive ``a`` and ``b`` and x from 0 to 1."""
    if x <= 0:
        return 0.0
    if x >= 1:
        return 1.0
    if x > (a + 1) / (a + b + 2):
        return 1.0 - incomplete_beta(b, a, 1.0 - x)
    front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x))
    return front * _fraction(a, b, x) / a


def _fraction(a: float, b: float, x: float) -> float:
    upper, lower = 1.0, 1.0 / (1.0 - (a + b) * x / (a + 1))
    value = lower
    for m in range(1, _MOST_TERMS):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        change = 1.0
        for step in (even, odd):
            lower = 1.0 / (1.0 + step * lower)
            upper = 1.0 + step / upper
            change *= upper * lower
        value *= change
        if abs(change - 1.0) < _PRECISION:
            break
    return value


def fisher_quantile(probability: float, numerator: float, denominator: float) -> float:
    """Return the value that Fisher's F with these degrees of freedom stays under with ``probability``."""
    if probability <= 0:
        return 0.0
    if probability >= 1:
        return inf
    low, high = 0.0, 1.0
    for _halving in range(_HALVINGS):
        middle = (low + high) / 2
        if incomplete_beta(numerator / 2, denominator / 2, middle) < probability:
            low = middle
        else:
            high = middle
    return denominator * high / (numerator * (1.0 - high)) if high < 1.0 else inf
