"""The calculations that the bench times: what they are, on small juries. No test asserts a time."""

from awards_app.domain.advice_work import work_out
from tests.bench.calculations import Timed, _solved, _works, a_ballot, a_problem, scores_of


def test_each_calculation_has_the_limit_that_was_promised() -> None:
    assert [(code, limit) for code, _label, limit, _act in _works()] == [
        ("ranking", None),
        ("advice-500", None),
        ("advice-1000", 2.0),
        ("assignment-36", 1.0),
        ("assignment-500", 20.0),
    ]


def test_a_jury_is_whole_and_always_the_same() -> None:
    ballot = a_ballot(12, 4, jurors=6)
    assert {len(panel) for panel in ballot.panel.values()} == {4}
    assert len(ballot.sheets) == 48
    assert ballot == a_ballot(12, 4, jurors=6)
    found = work_out(scores_of(ballot), 3).estimates
    assert [line.readers for line in found.files] == [4] * 12
    assert [line.sheets for line in found.jurors] == [8] * 6


def test_who_reads_what_is_solved_to_a_proven_optimum() -> None:
    problem = a_problem(12, 6, 3)
    assert _solved(problem) == "optimum prouvé"


def test_a_limit_is_met_by_the_processor() -> None:
    assert Timed("x", "X", 1.0, 9.0, 2.0, "").is_met
    assert not Timed("x", "X", 2.5, 1.0, 2.0, "").is_met
    assert Timed("x", "X", 2.5, 1.0, None, "").is_met
