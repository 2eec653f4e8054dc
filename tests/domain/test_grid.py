"""The grid: what is refused, and why."""

import pytest

from awards_app.domain.grid import (
    Criterion,
    CriterionIsRepeated,
    Grid,
    GridIsEmpty,
    GridIsTooLong,
    ScaleIsInvalid,
    WeightIsInvalid,
    WeightsDoNotSumTo100,
    check_grid,
)


def of(*weights):
    return [Criterion(f"c{place}", weight) for place, weight in enumerate(weights)]


def test_a_sound_grid_is_returned_in_its_order():
    assert check_grid(of(60, 0, 40), 4, 100) == Grid(tuple(of(60, 0, 40)), 4, 100)


@pytest.mark.parametrize(
    ("weights", "refusal"),
    [
        ((), GridIsEmpty),
        ((50, 49), WeightsDoNotSumTo100),
        ((50, 51), WeightsDoNotSumTo100),
        ((150, -50), WeightIsInvalid),
        ((33.33, 33.33, 33.34), WeightIsInvalid),
        ((50.0, 50.0), WeightIsInvalid),
        (("100",), WeightIsInvalid),
        ((True, 99), WeightIsInvalid),
        ((1,) * 100 + (0,) * 100, GridIsTooLong),
    ],
)
def test_weights_that_are_refused(weights, refusal):
    with pytest.raises(refusal):
        check_grid(of(*weights), 4, 100)


def test_forty_criteria_are_taken_and_forty_one_are_not():
    assert len(check_grid(of(100, *[0] * 39), 4, 100).criteria) == 40
    with pytest.raises(GridIsTooLong) as caught:
        check_grid(of(100, *[0] * 40), 4, 100)
    assert str(caught.value) == "La grille comporte 41 critères ; le maximum est de 40."


@pytest.mark.parametrize("codes", [("a", "a"), ("a", " ")])
def test_codes_are_filled_and_used_once(codes):
    with pytest.raises(CriterionIsRepeated):
        check_grid([Criterion(code, 50) for code in codes], 4, 100)


@pytest.mark.parametrize(
    ("top", "out_of"), [(0, 100), (-1, 100), (4.0, 100), (True, 100), (101, 100), (4, 0)]
)
def test_scales_that_are_refused(top, out_of):
    with pytest.raises(ScaleIsInvalid):
        check_grid(of(100), top, out_of)
