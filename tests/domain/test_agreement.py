"""Agreement: the published examples of Shrout and Fleiss (1979) and of Krippendorff, then what has no meaning."""

import pytest

from awards_app.domain.agreement import Agreement, Form, Metric, intraclass, krippendorff

# Shrout and Fleiss, Psychological Bulletin 86 (1979), table 2: six targets, four judges.
SHROUT_AND_FLEISS = [
    [9, 2, 5, 8],
    [6, 1, 3, 2],
    [8, 4, 6, 8],
    [7, 1, 2, 6],
    [10, 5, 6, 9],
    [6, 2, 4, 7],
]
# Krippendorff, Content Analysis, chapter 11: four observers, twelve units, some values missing.
FOUR_OBSERVERS = (
    "1 2 3 3 2 1 4 1 2 . . .",
    "1 2 3 3 2 2 4 1 2 5 . 3",
    ". 3 3 3 2 3 4 2 2 5 1 .",
    "1 2 3 3 2 4 4 1 2 5 1 .",
)
# The same author's example of three coders and fifteen units.
THREE_CODERS = (
    ". . . . . 3 4 1 2 1 1 3 3 . 3",
    "1 . 2 1 3 3 4 3 . . . . . . .",
    ". . 2 1 3 4 4 . 2 1 1 3 3 . 4",
)


def units(rows):
    return [
        [float(value) for value in column if value != "."]
        for column in zip(*map(str.split, rows), strict=True)
    ]


def test_the_six_forms_of_shrout_and_fleiss():
    found = intraclass(SHROUT_AND_FLEISS)
    assert {form: round(found[form].value, 2) for form in Form} == {
        Form.ONE_WAY: 0.17,
        Form.RANDOM_JUDGES: 0.29,
        Form.FIXED_JUDGES: 0.71,
        Form.MEAN_ONE_WAY: 0.44,
        Form.MEAN_RANDOM_JUDGES: 0.62,
        Form.MEAN_FIXED_JUDGES: 0.91,
    }


def test_their_intervals_are_those_that_statistical_packages_print_for_the_same_data():
    found = intraclass(SHROUT_AND_FLEISS)
    assert {form: (round(found[form].low, 2), round(found[form].high, 2)) for form in Form} == {
        Form.ONE_WAY: (-0.13, 0.72),
        Form.RANDOM_JUDGES: (0.02, 0.76),
        Form.FIXED_JUDGES: (0.34, 0.95),
        Form.MEAN_ONE_WAY: (-0.88, 0.91),
        Form.MEAN_RANDOM_JUDGES: (0.07, 0.93),
        Form.MEAN_FIXED_JUDGES: (0.68, 0.99),
    }


@pytest.mark.parametrize(
    ("rows", "metric", "published"),
    [
        (FOUR_OBSERVERS, Metric.NOMINAL, 0.743),
        (FOUR_OBSERVERS, Metric.ORDINAL, 0.815),
        (FOUR_OBSERVERS, Metric.INTERVAL, 0.849),
        (FOUR_OBSERVERS, Metric.RATIO, 0.797),
        (THREE_CODERS, Metric.NOMINAL, 0.691),
        (THREE_CODERS, Metric.INTERVAL, 0.811),
    ],
)
def test_the_examples_of_krippendorff(rows, metric, published):
    found = krippendorff(units(rows), metric)
    assert round(found.value, 3) == published
    assert found.low < found.value < found.high <= 1


def test_perfect_agreement_is_one_and_its_interval_too():
    assert krippendorff([[0, 0], [1, 1], [2, 2], [2, 2]], Metric.ORDINAL) == Agreement(1.0, 1.0, 1.0)


def test_the_same_marks_give_the_same_interval():
    assert krippendorff(units(FOUR_OBSERVERS), Metric.ORDINAL) == krippendorff(
        units(FOUR_OBSERVERS), Metric.ORDINAL
    )


@pytest.mark.parametrize("nothing", [[], [[1.0]], [[2.0, 2.0], [2.0, 2.0]], [[1.0], [2.0]]])
def test_what_has_nothing_to_pair_or_no_variation_has_no_alpha(nothing):
    assert krippendorff(nothing, Metric.ORDINAL) is None


def test_one_unit_has_an_alpha_but_no_interval_to_speak_of():
    found = krippendorff([[1.0, 2.0]], Metric.INTERVAL)
    assert (found.low, found.high) == (-1.0, 1.0)


@pytest.mark.parametrize(
    "table",
    [[[3, 4]], [[3], [4]], [[2, 2], [2, 2]], [[1, 2], [2, 3], [3, 4]], [[1, 2, 3], [1, 2, 3]]],
)
def test_tables_that_say_nothing_have_no_correlation(table):
    assert intraclass(table) is None


def test_a_table_with_holes_is_refused():
    with pytest.raises(ValueError, match="complete"):
        intraclass([[1, float("nan")], [2, 3]])
