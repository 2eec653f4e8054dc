"""The second computation of a ranking against the first, and the count of what became of each sheet."""

from fractions import Fraction
from random import Random

import pytest

from awards_app.domain.ranking import rank
from awards_app.domain.recount import Tally, recount, tally
from awards_app.domain.results_rules import ballot_of

GRID = {
    "criteria": [
        {"code": code, "weight": weight} for code, weight in zip("abcd", (40, 30, 20, 10), strict=True)
    ],
    "top_level": 5,
    "shown_out_of": 20,
}
# The golden data of the trust reference, 4.F; None is a juror who stands aside.
GOLDEN = {
    "beta": ((5, 5, 2, 1), None, (4, 4, 4, 4), (4, 3, 4, 5)),
    "alpha": ((4, 3, 5, 2), (5, 4, 4, 3), (3, 3, 4, 4), (4, 4, 3, 3)),
    "gamma": ((4, 4, 4, 4), (4, 4, 4, 4), (4, 4, 4, 3), (3, 3, 3, 3)),
    "epsilon": ((4, 4, 4, 4), (4, 4, 4, 3), (3, 3, 3, 3), (4, 4, 4, 4)),
    "delta": ((2, 5, 5, 5), (5, 2, 2, 5), (5, 5, 2, 2), (2, 3, 5, 3)),
}


def scores(given):
    sheets = [
        {
            "candidacy": name,
            "juror": f"J{place}",
            "state": "recused" if levels is None else "counted",
            "levels": dict(zip("abcd", levels, strict=True)) if levels else {},
        }
        for name, rows in given.items()
        for place, levels in enumerate(rows, 1)
    ]
    return {"grid": GRID, "candidacies": sorted(given), "sheets": sheets}


def test_golden_ranks():
    assert recount(scores(GOLDEN)) == {"beta": 1, "alpha": 2, "gamma": 3, "epsilon": 3, "delta": 5}


def test_golden_count():
    assert tally(scores(GOLDEN), 20) == Tally(expected=20, given=19, recused=1, waived=0)
    assert tally(scores(GOLDEN), 20).is_whole
    assert not tally(scores(GOLDEN), 21).is_whole


def test_no_sheet_no_rank():
    assert recount(scores({"alone": (None, None), "read": ((1, 1, 1, 1), None)})) == {
        "alone": None,
        "read": 1,
    }


def test_a_missing_level_is_refused():
    broken = scores(GOLDEN)
    del broken["sheets"][0]["levels"]["a"]

    with pytest.raises(ValueError, match="beta/J1/a"):
        recount(broken)


def test_both_computations_agree_on_a_thousand_rounds():
    draw = Random(20)
    for _round in range(1000):
        given = {
            f"file{place}": [
                None if draw.random() < 0.2 else tuple(draw.randint(2, 4) for _criterion in "abcd")
                for _juror in range(3)
            ]
            for place in range(draw.randint(1, 7))
        }
        theme = scores(given)
        first = {standing.candidacy: standing.rank for standing in rank(ballot_of(theme))}
        assert recount(theme) == first, given


def test_the_first_computation_is_the_exact_one():
    first = {standing.candidacy: standing.score for standing in rank(ballot_of(scores(GOLDEN)))}

    assert first["beta"] == Fraction(59, 15)
