"""Scores in words: the only rounding there is."""

from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from awards_app.domain.grid import Criterion, Grid
from awards_app.domain.score_display import distribution, show, show_all
from tests.domain.golden import GRID, ballot

OUT_OF_100 = Grid((Criterion("a", 100),), 4, 100)


def test_halves_go_up_with_a_french_comma():
    shown = [show(Fraction(steps, 1000), GRID) for steps in (3745, 3744, 3755, 0, 5000, 4999)]
    assert shown == ["3,75", "3,74", "3,76", "0,00", "5,00", "5,00"]


def test_levels_are_shown_out_of_what_the_grid_says():
    assert (show(Fraction(31, 8), OUT_OF_100), show(Fraction(4), OUT_OF_100)) == ("96,88", "100,00")


def test_unequal_values_never_look_equal():
    values = [Fraction(3725, 1000), Fraction(373, 100), Fraction(36, 10), None, Fraction(373, 100)]
    assert show_all(values, GRID) == ("3,725", "3,730", "3,60", None, "3,730")


def test_one_more_digit_is_enough_only_when_it_parts_them():
    values = [Fraction(37251, 10000), Fraction(37252, 10000), Fraction(1, 3)]
    assert show_all(values, GRID) == ("3,7251", "3,7252", "0,33")


@settings(max_examples=60, deadline=None)
@given(st.lists(st.fractions(0, 5, max_denominator=4000), max_size=12))
def test_what_is_shown_is_in_the_order_of_what_is_exact(values):
    shown = [Fraction(text.replace(",", ".")) for text in show_all(values, GRID)]
    pairs = [(one, other) for one in range(len(values)) for other in range(len(values))]
    assert [shown[a] < shown[b] for a, b in pairs] == [values[a] < values[b] for a, b in pairs]


def test_the_distribution_counts_levels_and_needs_three_readers():
    held = ballot({"x": ("5500", "5040", "5234", "R"), "y": ("5500", "5040", "R", "S1111")})
    assert distribution(held, "x") == {
        "a": (0, 0, 0, 0, 0, 3),
        "b": (1, 0, 1, 0, 0, 1),
        "c": (1, 0, 0, 1, 1, 0),
        "d": (2, 0, 0, 0, 1, 0),
    }
    assert distribution(held, "y") is None
