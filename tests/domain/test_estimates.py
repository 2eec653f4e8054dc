"""The calibrated estimates: known parameters found again, the mean's order kept, nothing broken by a small jury."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize

from awards_app.domain.estimates import (
    ALL_EQUAL,
    NO_SHARED_FILE,
    NOTHING,
    ONE_FILE,
    ONE_JUROR,
    estimate,
)
from awards_app.domain.juror_groups import juror_groups
from awards_app.domain.jury_advice import FEW_READERS, Lead, contest_of, disagreements, mean_gap


def a_jury(chance, files, jurors, readers, spreads):
    """Return marks and the true levels and severities they were made from."""
    of_files, of_jurors, noise = spreads
    quality = chance.normal(0, of_files, files)
    severity = chance.normal(0, of_jurors, jurors)
    marks = {}
    for file in range(files):
        for juror in range(jurors) if readers >= jurors else chance.choice(jurors, readers, replace=False):
            value = 250 + quality[file] + severity[juror] + chance.normal(0, noise)
            marks[f"f{file:03d}", f"j{int(juror):02d}"] = value
    return marks, 250 + quality + severity.mean(), severity - severity.mean()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("files", "jurors", "readers", "spreads"),
    [(36, 9, 9, (60, 40, 60)), (36, 9, 5, (60, 40, 60)), (60, 12, 4, (80, 60, 50))],
)
def test_known_parameters_are_found_again(files, jurors, readers, spreads):
    """Over simulated juries: no bias, intervals that hold the truth 95 times in 100, within the error of the draw."""
    chance = np.random.default_rng(1979)
    rounds = 120
    held, bias, severe, found = [], [], [], []
    for _round in range(rounds):
        marks, levels, severities = a_jury(chance, files, jurors, readers, spreads)
        result = estimate(marks)
        truth = {f"f{n:03d}": level for n, level in enumerate(levels)}
        lean = {f"j{n:02d}": value for n, value in enumerate(severities)}
        held.append(np.mean([line.low <= truth[line.file] <= line.high for line in result.files]))
        bias.append(np.mean([line.value - truth[line.file] for line in result.files]))
        severe.append(np.mean([line.low <= lean[line.juror] <= line.high for line in result.jurors]))
        found.append([result.spreads.files**2, result.spreads.jurors**2, result.spreads.noise**2])

    def within(values, expected, sigmas=3.3):
        error = np.std(values, ddof=1) / np.sqrt(rounds)
        return abs(np.mean(values) - expected) <= sigmas * error

    assert within(held, 0.95)
    assert within(severe, 0.95)
    assert within(bias, 0)
    for place, spread in enumerate(spreads):
        assert within(np.array(found)[:, place], spread**2)


@pytest.mark.slow
def test_the_chances_are_kept():
    """Of the files said to be first with a chance of p, the share p is: calibration over simulated juries."""
    chance = np.random.default_rng(7)
    said, was = [], []
    for _round in range(150):
        marks, levels, _severities = a_jury(chance, 12, 6, 4, (50, 40, 60))
        best = f"f{int(np.argmax(levels)):03d}"
        result = estimate(marks)
        said += [line.first for line in result.files]
        was += [line.file == best for line in result.files]
    said, was = np.array(said), np.array(was)
    for low, high in ((0.0, 0.1), (0.1, 0.3), (0.3, 0.6), (0.6, 1.01)):
        chosen = (said >= low) & (said < high)
        error = np.sqrt(np.mean(said[chosen]) * (1 - np.mean(said[chosen])) / chosen.sum())
        assert abs(was[chosen].mean() - said[chosen].mean()) <= 3.3 * error


def dense_restricted_deviance(log_spreads, values, files, jurors):
    """The restricted likelihood written down as it is defined, on whole matrices: shares nothing with ours."""
    of_files, of_jurors, noise = np.exp(2 * np.asarray(log_spreads))
    covariance = (
        noise * np.eye(len(values))
        + of_files * (files[:, None] == files[None, :])
        + of_jurors * (jurors[:, None] == jurors[None, :])
    )
    inverse = np.linalg.inv(covariance)
    ones = np.ones(len(values))
    information = ones @ inverse @ ones
    rest = values - ones * (ones @ inverse @ values) / information
    return np.linalg.slogdet(covariance)[1] + np.log(information) + rest @ inverse @ rest


def test_the_spreads_are_those_of_the_restricted_likelihood_written_whole():
    marks, _levels, _severities = a_jury(np.random.default_rng(3), 14, 6, 4, (60, 40, 50))
    files, jurors = (np.array([pair[side] for pair in marks]) for side in (0, 1))
    values = np.array(list(marks.values()))
    best = minimize(
        dense_restricted_deviance,
        np.log([50, 50, 50]),
        (values, files, jurors),
        method="Nelder-Mead",
        options={"xatol": 1e-8, "fatol": 1e-10, "maxiter": 5000},
    )
    found = estimate(marks).spreads
    assert (found.files, found.jurors, found.noise) == pytest.approx(tuple(np.exp(best.x)), rel=1e-4)


whole_tables = st.integers(2, 9).flatmap(
    lambda files: st.integers(2, 6).flatmap(
        lambda jurors: st.lists(
            st.lists(st.integers(0, 400), min_size=jurors, max_size=jurors), min_size=files, max_size=files
        )
    )
)


@given(whole_tables)
@settings(max_examples=40, deadline=None)
def test_where_everybody_read_everything_the_order_is_that_of_the_mean(table):
    marks = {(f"f{i}", f"j{j}"): mark for i, row in enumerate(table) for j, mark in enumerate(row)}
    found = estimate(marks)
    if found.reason is not None:
        assert found.reason == ALL_EQUAL
        return
    sums = {f"f{i}": sum(row) for i, row in enumerate(table)}
    for one in found.files:
        assert np.isfinite([one.value, one.low, one.high, one.first, one.among]).all()
        assert one.low <= one.value <= one.high
        for other in found.files:
            if sums[one.file] > sums[other.file]:
                assert one.value >= other.value
            elif sums[one.file] == sums[other.file]:
                assert one.value == pytest.approx(other.value, abs=1e-9)


sparse = st.dictionaries(
    st.tuples(st.sampled_from([f"f{n}" for n in range(8)]), st.sampled_from([f"j{n}" for n in range(5)])),
    st.integers(0, 400),
    max_size=40,
)


@given(sparse, st.integers(1, 4))
@settings(max_examples=50, deadline=None)
def test_no_jury_breaks_the_arithmetic(marks, places):
    found = estimate(marks, places)
    assert (found.reason is None) == bool(found.files)
    if found.reason is None:
        assert sum(line.first for line in found.files) == pytest.approx(1)
        assert sum(line.among for line in found.files) == pytest.approx(min(places, len(found.files)))
        figures = [value for line in found.files for value in (line.value, line.low, line.high)]
        figures += [value for line in found.jurors for value in (line.value, line.low, line.high)]
        assert np.isfinite(figures).all()
        assert contest_of(found) is not None
    else:
        assert contest_of(found) is None


@pytest.mark.parametrize(
    ("marks", "reason"),
    [
        ({}, NOTHING),
        ({("a", "1"): 3, ("a", "2"): 4}, ONE_FILE),
        ({("a", "1"): 3, ("b", "1"): 4}, ONE_JUROR),
        ({("a", "1"): 3, ("b", "2"): 4}, NO_SHARED_FILE),
        ({("a", "1"): 3, ("b", "1"): 3, ("a", "2"): 3}, ALL_EQUAL),
    ],
)
def test_what_says_nothing_says_why(marks, reason):
    assert estimate(marks).reason == reason


def test_jurors_who_share_no_file_are_in_groups_and_the_estimates_still_stand():
    marks = {
        ("a", "1"): 3,
        ("a", "2"): 2,
        ("b", "1"): 1,
        ("b", "2"): 1,
        ("c", "3"): 4,
        ("c", "4"): 2,
        ("d", "3"): 1,
    }
    found = estimate(marks)
    assert found.groups == (("1", "2"), ("3", "4"))
    assert len(found.files) == 4


def test_a_chain_of_shared_files_is_one_group():
    assert juror_groups([("a", "1"), ("a", "2"), ("b", "2"), ("b", "3")]) == (("1", "2", "3"),)


def test_the_same_marks_in_any_order_give_the_same_figures():
    marks, _levels, _severities = a_jury(np.random.default_rng(5), 10, 5, 3, (60, 40, 50))
    marks = {pair: round(mark) for pair, mark in marks.items()}
    assert estimate(dict(sorted(marks.items()))) == estimate(dict(sorted(marks.items())))


def test_a_stretched_scale_stretches_the_figures_and_keeps_the_chances():
    marks, _levels, _severities = a_jury(np.random.default_rng(6), 10, 5, 3, (60, 40, 50))
    one, ten = estimate(marks, 3), estimate({pair: 10 * mark + 7 for pair, mark in marks.items()}, 3)
    for plain, stretched in zip(one.files, ten.files, strict=True):
        assert stretched.value == pytest.approx(10 * plain.value + 7, rel=1e-6)
        assert stretched.first == pytest.approx(plain.first, abs=0.002)


def test_the_contest_is_told_as_open_or_settled():
    near, _levels, _severities = a_jury(np.random.default_rng(8), 4, 3, 3, (5, 40, 60))
    apart = {(f"f{n}", f"j{j}"): 60 * n + j + (n * j) % 3 for n in range(6) for j in range(5)}
    opened, settled = contest_of(estimate(near)), contest_of(estimate(apart))
    assert opened.lead is Lead.OPEN
    assert len(opened.rivals) > 1
    assert opened.few == ("f000", "f001", "f002", "f003")
    assert settled.lead is Lead.CLEAR
    assert settled.rivals == ("f5",)
    assert settled.few == ()
    assert FEW_READERS == 4


def test_disagreement_by_criterion_names_the_widest_file():
    levels = {
        "x": [{"a": 0, "b": 2}, {"a": 4, "b": 2}, {"a": 2, "b": 2}],
        "y": [{"a": 1, "b": 3}, {"a": 1, "b": 3}],
    }
    a, b = disagreements(levels, ["a", "b"])
    assert (a.criterion, a.widest, a.gap) == ("a", "x", pytest.approx((8 / 3 + 0) / 2))
    assert (b.alpha.value, b.widest, b.gap) == (1.0, None, 0.0)
    (only, _b) = disagreements(levels, ["a", "b"], 3)
    assert only.files == 1
    assert disagreements({"x": [{"a": 1}]}, ["a"]) == ()
    assert mean_gap([1]) is None
