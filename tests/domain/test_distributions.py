"""Quantiles of F, against scipy, which shares no code with ours."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import betainc
from scipy.stats import f

from awards_app.domain.distributions import fisher_quantile, incomplete_beta

shapes = st.floats(0.5, 400)


@given(shapes, shapes, st.floats(0, 1))
@settings(max_examples=200, deadline=None)
def test_the_incomplete_beta_function_agrees_with_scipy(a, b, x):
    assert incomplete_beta(a, b, x) == pytest.approx(betainc(a, b, x), abs=1e-11)


@given(st.floats(0.001, 0.999), st.floats(1, 300), st.floats(1, 300))
@settings(max_examples=100, deadline=None)
def test_the_quantiles_of_f_agree_with_scipy(probability, numerator, denominator):
    expected = f.ppf(probability, numerator, denominator)
    assert fisher_quantile(probability, numerator, denominator) == pytest.approx(expected, rel=1e-7)


def test_the_ends():
    assert fisher_quantile(0, 3, 4) == 0
    assert fisher_quantile(1, 3, 4) == float("inf")
