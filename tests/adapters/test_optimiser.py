"""Who reads what: a proven optimum, whatever holds for any jury, and which demand cannot hold."""

import random
from dataclasses import replace

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from awards_app.adapters.optimiser import solve
from awards_app.domain.assignment import (
    AssignmentIsImpossible,
    Demand,
    Impossible,
    Plan,
    Problem,
    faults,
    groups,
    loads,
    lots,
)


def a_problem(
    files: int, jurors: int, readers: int, closed: float = 0.0, seed: int = 1, **demands
) -> Problem:
    chance = random.Random(seed)
    names = tuple(f"f{n}" for n in range(files))
    people = tuple(f"j{n}" for n in range(jurors))
    shut = frozenset((file, juror) for file in names for juror in people if chance.random() < closed)
    return Problem(names, people, readers, shut, seed=str(seed), **demands)


def refused(problem: Problem) -> Impossible:
    with pytest.raises(AssignmentIsImpossible) as caught:
        solve(problem)
    return caught.value.why


def cost(problem: Problem, plan: Plan) -> int:
    return sum(lots(problem, plan.pairs).values())


def test_the_jury_of_a_region_is_solved_to_a_proven_optimum():
    problem = a_problem(36, 9, 5, 0.1)
    plan = solve(problem)
    assert faults(problem, plan) == ()
    assert plan.is_proven
    assert set(loads(problem.jurors, plan.pairs).values()) == {20}


@st.composite
def problems(draw):
    files, jurors = draw(st.integers(1, 9)), draw(st.integers(1, 6))
    problem = a_problem(
        files,
        jurors,
        draw(st.integers(1, min(4, jurors))),
        draw(st.sampled_from([0.0, 0.1, 0.3])),
        draw(st.integers(0, 99)),
        spread=draw(st.integers(1, 3)),
        most=draw(st.sampled_from([None, 4, 8])),
    )
    pairs = [(file, juror) for file in problem.files for juror in problem.jurors]
    return replace(problem, kept=frozenset(draw(st.lists(st.sampled_from(pairs), max_size=6))))


@given(problems())
@settings(max_examples=60, deadline=None)
def test_a_plan_holds_every_demand_or_there_is_a_reason(problem):
    try:
        plan = solve(problem)
    except AssignmentIsImpossible:
        return
    assert faults(problem, plan) == ()
    assert plan.is_proven


@given(problems(), st.randoms())
@settings(max_examples=25, deadline=None)
def test_the_order_of_files_and_people_changes_nothing(problem, chance):
    try:
        plan = solve(problem)
    except AssignmentIsImpossible:
        assume(False)
    files, jurors = list(problem.files), list(problem.jurors)
    chance.shuffle(files)
    chance.shuffle(jurors)
    other = solve(replace(problem, files=tuple(files), jurors=tuple(jurors)))
    assert cost(problem, other) == cost(problem, plan)
    assert solve(problem) == plan


@given(st.integers(0, 99), st.integers(4, 7))
@settings(max_examples=25, deadline=None)
def test_nothing_given_is_lost_when_somebody_leaves(seed, jurors):
    problem = a_problem(10, jurors, 3, 0.05, seed, spread=2)
    try:
        before = solve(problem)
    except AssignmentIsImpossible:
        assume(False)
    left = replace(problem, jurors=problem.jurors[:-1], kept=before.pairs, seed="later")
    kept = frozenset(pair for pair in before.pairs if pair[1] != problem.jurors[-1])
    try:
        after = solve(left)
    except AssignmentIsImpossible:
        assume(False)
    assert kept <= after.pairs
    assert faults(left, after) == ()


def test_of_all_plans_the_one_of_the_least_lots_is_taken():
    problem = a_problem(3, 3, 2)
    plan = solve(problem)
    every_pair = problem.open_pairs
    plans = [
        Plan(frozenset(pair for n, pair in enumerate(every_pair) if bits >> n & 1), is_proven=True)
        for bits in range(2 ** len(every_pair))
    ]
    good = [one for one in plans if faults(problem, one) == () and len(one.pairs) == 6]
    assert cost(problem, plan) == min(cost(problem, one) for one in good)


def test_a_jury_that_would_fall_apart_is_linked():
    """Two readers a file and as many files as people: the lots alone would leave groups."""
    asked = 0
    for seed in range(12):
        problem = a_problem(6, 6, 2, seed=seed)
        plan = solve(problem)
        assert len(groups(problem.jurors, plan.pairs)) == 1
        asked += plan.links_asked
    assert asked > 0


def test_another_seed_gives_another_plan():
    problem = a_problem(12, 6, 3)
    assert solve(problem) != solve(replace(problem, seed="other"))


def test_a_file_that_too_few_may_read_is_named():
    problem = a_problem(6, 5, 3)
    shut = frozenset(("f2", juror) for juror in ("j0", "j1", "j2"))
    assert refused(replace(problem, closed=shut)) == Impossible(
        Demand.READERS, files=(("f2", 2),), possible=2
    )


def test_a_limit_that_is_too_low_is_said():
    assert refused(a_problem(10, 5, 4, most=7)) == Impossible(Demand.MOST, possible=3)


def test_files_that_want_the_same_people_are_named():
    problem = a_problem(6, 4, 2, most=3)
    shut = frozenset((file, juror) for file in ("f0", "f1", "f2", "f3") for juror in ("j2", "j3"))
    why = refused(replace(problem, closed=shut))
    assert (why.demand, why.possible) == (Demand.TOGETHER, 1)
    assert {file for file, _able in why.files} <= {"f0", "f1", "f2", "f3"}


def test_a_person_who_cannot_carry_as_much_is_named_with_the_gap_that_holds():
    problem = a_problem(8, 4, 3)
    shut = frozenset((f"f{n}", "j3") for n in range(6))
    why = refused(replace(problem, closed=shut))
    assert (why.demand, why.jurors) == (Demand.BALANCE, (("j3", 2),))
    assert (
        faults(
            replace(problem, closed=shut, spread=why.possible),
            solve(replace(problem, closed=shut, spread=why.possible)),
        )
        == ()
    )


def test_one_reader_a_file_and_more_where_the_links_ask_for_it():
    problem = a_problem(4, 4, 1)
    assert len(solve(problem).pairs) == 4 + 4 - 1


def test_links_that_cannot_be_are_said():
    parted = frozenset(
        (file, juror)
        for file in ("f0", "f1", "f2", "f3")
        for juror in ("j0", "j1", "j2", "j3")
        if (file in ("f0", "f1")) != (juror in ("j0", "j1"))
    )
    assert refused(replace(a_problem(4, 4, 2), closed=parted)) == (Impossible(Demand.LINKS, possible=None))


def test_a_jury_of_nobody_and_a_round_without_files():
    assert refused(a_problem(3, 0, 1)) == Impossible(Demand.NOBODY)
    assert solve(a_problem(0, 3, 1)) == Plan(frozenset(), is_proven=True)
