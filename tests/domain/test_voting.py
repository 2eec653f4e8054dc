"""Counting ballots: worked examples, and what holds for any papers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from awards_app.domain.voting import (
    BORDA,
    HANDS,
    JUDGEMENT,
    SECRET,
    PaperIsInvalid,
    check_paper,
    count,
    majority_value,
)

OPTIONS = ["a", "b", "c"]


def places(counted):
    return [(line.option, line.rank, line.is_tied, line.figure) for line in counted.lines]


def papers_of(kind):
    if kind == BORDA:
        return st.lists(st.permutations(OPTIONS), max_size=9)
    if kind == JUDGEMENT:
        return st.lists(st.fixed_dictionaries({o: st.integers(0, 5) for o in OPTIONS}), max_size=9)
    return st.lists(st.lists(st.sampled_from(OPTIONS), max_size=1), max_size=9)


ANY = st.sampled_from([HANDS, SECRET, BORDA, JUDGEMENT]).flatmap(
    lambda kind: st.tuples(st.just(kind), papers_of(kind))
)


def test_hands_and_blanks():
    counted = count(HANDS, OPTIONS, [["b"], ["b"], [], ["a"], ["c"]])
    assert places(counted) == [("b", 1, False, 2), ("a", 2, True, 1), ("c", 2, True, 1)]
    assert (counted.papers, counted.blank, counted.first) == (5, 1, ("b",))


def test_nobody_is_first_when_all_papers_are_blank():
    assert count(SECRET, OPTIONS, [[], []]).first == ()


def test_borda_of_the_memoire_of_1781():
    """Borda's own example: 21 voters, the plurality winner A comes last, and C first."""
    papers = [["a", "b", "c"]] * 1 + [["a", "c", "b"]] * 7 + [["b", "c", "a"]] * 7 + [["c", "b", "a"]] * 6
    assert places(count(BORDA, OPTIONS, papers)) == [
        ("c", 1, False, 26),
        ("b", 2, False, 21),
        ("a", 3, False, 16),
    ]


def test_majority_value_takes_the_lower_median_out_first():
    assert majority_value([5, 5, 0, 3]) == (3, 5, 0, 5)
    assert majority_value([1, 4, 2]) == (2, 1, 4)


def test_judgement_parts_equal_medians_by_the_grades_beside():
    papers = [{"a": 3, "b": 3, "c": 0}, {"a": 3, "b": 4, "c": 5}, {"a": 2, "b": 2, "c": 5}]
    counted = count(JUDGEMENT, OPTIONS, papers)
    assert places(counted) == [("c", 1, False, 5), ("b", 2, False, 3), ("a", 3, False, 3)]
    assert counted.lines[0].spread == (1, 0, 0, 0, 0, 2)


@pytest.mark.parametrize(
    ("kind", "paper"),
    [
        (HANDS, ["a", "b"]),
        (SECRET, ["d"]),
        (BORDA, ["a", "b"]),
        (BORDA, ["a", "b", "b"]),
        (JUDGEMENT, {"a": 1, "b": 1}),
        (JUDGEMENT, {"a": 1, "b": 1, "c": 6}),
        (JUDGEMENT, {"a": 1, "b": 1, "c": True}),
        (JUDGEMENT, ["a", "b", "c"]),
    ],
)
def test_a_paper_of_another_kind_is_refused(kind, paper):
    with pytest.raises(PaperIsInvalid):
        check_paper(kind, OPTIONS, paper)


@given(ANY, st.randoms())
def test_the_order_of_papers_changes_nothing(ballot, random):
    kind, papers = ballot
    shuffled = list(papers)
    random.shuffle(shuffled)
    assert count(kind, OPTIONS, shuffled) == count(kind, OPTIONS, papers)


@given(ANY, st.permutations(OPTIONS))
def test_no_option_is_favoured_by_its_name(ballot, renamed):
    kind, papers = ballot
    names = dict(zip(OPTIONS, renamed, strict=True))
    turned = [
        {names[o]: grade for o, grade in paper.items()}
        if isinstance(paper, dict)
        else [names[o] for o in paper]
        for paper in papers
    ]
    before = {names[line.option]: (line.rank, line.figure) for line in count(kind, OPTIONS, papers).lines}
    after = {line.option: (line.rank, line.figure) for line in count(kind, OPTIONS, turned).lines}
    assert after == before


@given(papers_of(BORDA), st.data())
def test_rising_in_one_paper_never_costs_a_place(papers, data):
    if not papers:
        return
    which = data.draw(st.integers(0, len(papers) - 1))
    option = data.draw(st.sampled_from(OPTIONS))
    place = papers[which].index(option)
    better = [list(paper) for paper in papers]
    better[which].insert(max(place - 1, 0), better[which].pop(place))
    rank = {line.option: line.rank for line in count(BORDA, OPTIONS, papers).lines}
    assert {line.option: line.rank for line in count(BORDA, OPTIONS, better).lines}[option] <= rank[option]


@given(papers_of(JUDGEMENT), st.data())
def test_a_better_grade_never_costs_a_place(papers, data):
    if not papers:
        return
    which = data.draw(st.integers(0, len(papers) - 1))
    option = data.draw(st.sampled_from(OPTIONS))
    better = [dict(paper) for paper in papers]
    better[which][option] = min(5, better[which][option] + 1)
    rank = {line.option: line.rank for line in count(JUDGEMENT, OPTIONS, papers).lines}
    assert {line.option: line.rank for line in count(JUDGEMENT, OPTIONS, better).lines}[option] <= rank[
        option
    ]
