"""The ranking: golden data, missing marks, ties, and what holds for any jury."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from awards_app.domain.grid import Criterion, Grid
from awards_app.domain.ranking import (
    ALL_RECUSED,
    NO_JUROR,
    NO_READER,
    Ballot,
    Mark,
    MarksAreMissing,
    MissingSheet,
    Sheet,
    missing_marks,
    rank,
    sheet_score,
    sheets_of,
    ties_at_cut,
)
from awards_app.domain.score_display import show_all
from tests.domain.golden import GRID, NOTES, ballot, sheet


def places(standings):
    return [(s.candidacy, s.rank, s.tied) for s in standings]


def test_golden_data():
    standings = rank(ballot())
    assert [(s.candidacy, s.score, s.rank, s.tied) for s in standings] == [
        ("Béta", Fraction(59, 15), 1, False),
        ("Alpha", Fraction(15, 4), 2, False),
        ("Epsilon", Fraction(149, 40), 3, True),
        ("Gamma", Fraction(149, 40), 3, True),
        ("Delta", Fraction(18, 5), 5, False),
    ]
    assert show_all((s.score for s in standings), GRID) == ("3,93", "3,75", "3,73", "3,73", "3,60")
    assert [(s.readers, s.recused) for s in standings] == [(3, 1), (4, 0), (4, 0), (4, 0), (4, 0)]


def test_golden_trap_a_recusal_is_not_a_zero():
    as_zero = ballot({**NOTES, "Béta": ("5521", "0000", "4444", "4345")})
    last = rank(as_zero)[-1]
    assert (last.candidacy, last.score) == ("Béta", Fraction(59, 20))
    assert rank(ballot())[0].candidacy == "Béta"


def test_golden_trap_a_sheet_that_is_only_missing_blocks():
    held = ballot({**NOTES, "Béta": ("5521", "", "4444", "4345")})
    assert missing_marks(held) == (MissingSheet("J2", "Béta", ("a", "b", "c", "d")),)
    with pytest.raises(MarksAreMissing) as caught:
        rank(held)
    assert caught.value.missing == (MissingSheet("J2", "Béta", ("a", "b", "c", "d")),)
    assert caught.value.status == 409


def test_a_mark_that_cannot_be_judged_makes_the_sheet_missing_and_a_waiver_takes_it_out():
    notes = {"x": ("5555", "55-5", "1111")}
    assert missing_marks(ballot(notes)) == (MissingSheet("J2", "x", ("c",)),)
    (standing,) = rank(ballot(notes, waivers=[("J2", "x")]))
    assert (standing.score, standing.readers, standing.waived) == (Fraction(3), 2, 1)


def test_a_waiver_takes_out_a_complete_sheet_too():
    (standing,) = rank(ballot({"x": ("5555", "1111")}, waivers=[("J2", "x")]))
    assert (standing.score, standing.readers) == (Fraction(5), 1)


def test_a_sheet_set_aside_counts_nowhere_and_owes_nothing():
    (standing,) = rank(ballot({"x": ("5555", "S11-1", "4444")}))
    assert (standing.score, standing.readers, standing.set_aside) == (Fraction(9, 2), 2, 1)


def test_a_sheet_by_somebody_outside_of_the_panel_never_counts():
    held = ballot({"x": ("5555",)})
    stray = Ballot(held.grid, held.panel, (*held.sheets, sheet("J9", "x", "0000"), sheet("J1", "y", "0000")))
    assert rank(stray) == rank(held)


def test_files_that_cannot_be_ranked_say_why_and_come_last():
    notes = {"none": (), "recused": ("R", "R"), "waived": ("R", ""), "low": ("0000", "0000")}
    standings = rank(ballot(notes, waivers=[("J2", "waived")]))
    assert [(s.candidacy, s.score, s.rank, s.reason) for s in standings] == [
        ("low", Fraction(0), 1, None),
        ("none", None, None, NO_JUROR),
        ("recused", None, None, ALL_RECUSED),
        ("waived", None, None, NO_READER),
    ]


def test_no_file_at_all_is_an_empty_ranking():
    assert rank(ballot({})) == ()


def test_competition_ranks_are_1_2_2_4():
    notes = {"d": ("1111",), "b": ("4444",), "a": ("5555",), "c": ("4444",)}
    assert places(rank(ballot(notes))) == [("a", 1, False), ("b", 2, True), ("c", 2, True), ("d", 4, False)]


def test_the_caller_lays_out_equal_files():
    notes = {"b": ("4444",), "c": ("4444",), "a": ("4444",)}
    keys = {"a": 3, "b": 2, "c": 1}
    assert places(rank(ballot(notes), keys.get)) == [("c", 1, True), ("b", 1, True), ("a", 1, True)]


@pytest.mark.parametrize(
    ("number", "crossing"),
    [(0, []), (1, []), (2, []), (3, ["Epsilon", "Gamma"]), (4, []), (5, []), (9, [])],
)
def test_ties_at_cut(number, crossing):
    assert [s.candidacy for s in ties_at_cut(rank(ballot()), number)] == crossing


@pytest.mark.parametrize("level", [-1, 6, 4.0, True, "4"])
def test_a_level_outside_of_the_scale_is_never_worked_around(level):
    with pytest.raises(ValueError, match="outside of the scale"):
        sheet_score(GRID, {"a": 4, "b": 4, "c": 4, "d": level})


def test_rows_that_cannot_be_are_never_worked_around():
    with pytest.raises(ValueError, match="outside of the grid"):
        sheet_score(GRID, {"z": 4})
    held = ballot({"x": ("5555",)})
    with pytest.raises(ValueError, match="two sheets"):
        rank(Ballot(held.grid, held.panel, held.sheets * 2))
    with pytest.raises(ValueError, match="two marks"):
        sheets_of([Mark("x", "J1", "a", 4), Mark("x", "J1", "a", 4)])


def test_marks_are_grouped_into_sheets():
    marks = [Mark("x", "J1", "a", 4), Mark("x", "J2", "a", 0), Mark("x", "J1", "b", None)]
    assert sheets_of(marks) == (Sheet("J1", "x", {"a": 4, "b": None}), Sheet("J2", "x", {"a": 0}))


@st.composite
def juries(draw):
    """A complete ballot with recusals, sheets set aside and waivers."""
    cuts = sorted(draw(st.lists(st.integers(0, 100), min_size=2, max_size=2)))
    weights = (cuts[0], cuts[1] - cuts[0], 100 - cuts[1])
    top = draw(st.integers(1, 5))
    grid = Grid(tuple(Criterion(code, weight) for code, weight in zip("abc", weights, strict=True)), top, 100)
    files, jurors = draw(st.integers(0, 7)), draw(st.integers(0, 4))
    sheets, waivers = [], set()
    for candidacy in range(files):
        for juror in range(jurors):
            state = draw(st.sampled_from(["counted"] * 6 + ["recused", "set_aside", "waived"]))
            levels = {code: draw(st.integers(0, top)) for code in "abc"}
            sheets.append(Sheet(juror, candidacy, levels, state == "recused", state == "set_aside"))
            if state == "waived":
                waivers.add((juror, candidacy))
    panel = {candidacy: frozenset(range(jurors)) for candidacy in range(files)}
    return Ballot(grid, panel, tuple(sheets), frozenset(waivers))


def by_file(standings):
    return {s.candidacy: s for s in standings}


def changed(held, **values):
    return Ballot(**{**{name: getattr(held, name) for name in Ballot.__slots__}, **values})


@settings(max_examples=60, deadline=None)
@given(juries())
def test_agrees_with_a_recomputation_in_a_few_lines(held):
    means = {}
    for candidacy in held.panel:
        given_levels = [
            sum(Fraction(c.weight, 100) * s.levels[c.code] for c in held.grid.criteria)
            for s in held.sheets
            if s.candidacy == candidacy
            and not (s.recused or s.set_aside or (s.juror, candidacy) in held.waivers)
        ]
        means[candidacy] = sum(given_levels) / len(given_levels) if given_levels else None
    scored = [mean for mean in means.values() if mean is not None]
    for candidacy, standing in by_file(rank(held)).items():
        mean = means[candidacy]
        better = None if mean is None else 1 + sum(other > mean for other in scored)
        assert (standing.score, standing.rank, standing.tied) == (mean, better, scored.count(mean) > 1)


@settings(max_examples=40, deadline=None)
@given(juries(), st.randoms(use_true_random=False))
def test_the_order_of_saving_and_the_identifiers_change_nothing(held, chance):
    sheets, files = list(held.sheets), list(held.panel)
    chance.shuffle(sheets)
    chance.shuffle(files)
    assert rank(changed(held, panel={f: held.panel[f] for f in files}, sheets=tuple(sheets))) == rank(held)
    renamed = changed(
        held,
        panel={f: frozenset(f"juror {j}" for j in jurors) for f, jurors in held.panel.items()},
        sheets=tuple(
            Sheet(f"juror {s.juror}", s.candidacy, s.levels, s.recused, s.set_aside) for s in sheets
        ),
        waivers=frozenset((f"juror {j}", f) for j, f in held.waivers),
    )
    assert rank(renamed) == rank(held)


@settings(max_examples=40, deadline=None)
@given(juries())
def test_adding_an_equal_file_ties_it_and_moves_only_those_below(held):
    before = by_file(rank(held))
    if 0 not in before or before[0].rank is None:
        return
    twin = tuple(
        Sheet(s.juror, "twin", s.levels, s.recused, s.set_aside) for s in held.sheets if s.candidacy == 0
    )
    waivers = held.waivers | {(j, "twin") for j, f in held.waivers if f == 0}
    panel = {**held.panel, "twin": held.panel[0]}
    after = by_file(rank(changed(held, panel=panel, sheets=held.sheets + twin, waivers=waivers)))
    assert (after["twin"].rank, after["twin"].tied, after[0].tied) == (before[0].rank, True, True)
    for candidacy, standing in before.items():
        below = standing.rank is not None and standing.rank > before[0].rank
        expected = standing.rank + 1 if below else standing.rank
        assert (after[candidacy].rank, after[candidacy].score) == (expected, standing.score)


@settings(max_examples=40, deadline=None)
@given(juries(), st.integers(1, 5), st.integers(0, 3))
def test_stretching_and_shifting_every_level_keeps_the_ranks(held, factor, shift):
    grid = Grid(held.grid.criteria, held.grid.top_level * factor + shift, 100)
    sheets = tuple(
        Sheet(
            s.juror, s.candidacy, {c: v * factor + shift for c, v in s.levels.items()}, s.recused, s.set_aside
        )
        for s in held.sheets
    )
    after = rank(changed(held, grid=grid, sheets=sheets))
    assert places(after) == places(rank(held))
    assert [s.score for s in after] == [
        None if s.score is None else s.score * factor + shift for s in rank(held)
    ]


@settings(max_examples=60, deadline=None)
@given(st.permutations(NOTES["Gamma"]), st.permutations(NOTES["Epsilon"]))
def test_exact_ties_are_kept_whoever_gave_the_marks(gamma, epsilon):
    standings = rank(ballot({"Gamma": gamma, "Epsilon": epsilon}))
    assert [(s.score, s.rank, s.tied) for s in standings] == [(Fraction(149, 40), 1, True)] * 2
