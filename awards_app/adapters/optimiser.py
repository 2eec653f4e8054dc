"""Who reads what, by HiGHS: one mixed-integer problem, links asked for only where an answer lacks them.

The model: x(file, juror) is 0 or 1; a file has at least its readers; a juror has between t and t + spread files, t
being whatever suits; the sum of the lots is least. An answer in which some jurors share no file with the others is
sent back with one more demand (a cut): one reading must cross between them, with the files that only they read, and the
rest. The cuts are exact, as each file has a reader, so that the last answer is proven best among the linked ones, and
no answer means that there is none.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from awards_app.domain.assignment import (
    AssignmentIsImpossible,
    Demand,
    Impossible,
    Pair,
    Plan,
    Problem,
    carried_over,
    groups,
    loads,
    lots,
    possible_files,
    possible_readers,
)

SECONDS = 120.0
_MOST_CUTS = 200
# A reading costs more than any lot: none is given beyond what is asked, unless the work is then better parted.
_READING = 1000
# Jurors and the files that only they read: the others must be reached by one reading at least.
Side = tuple[frozenset[str], frozenset[str]]


@dataclass(slots=True)
class _Rows:
    """Rows and columns of the model, gathered before they are handed over whole."""

    costs: list[float] = field(default_factory=list)
    bounds: list[tuple[float, float]] = field(default_factory=list)
    whole: list[bool] = field(default_factory=list)
    limits: list[tuple[float, float]] = field(default_factory=list)
    places: list[list[int]] = field(default_factory=list)
    values: list[list[float]] = field(default_factory=list)

    def column(self, cost: float, low: float, high: float, *, whole: bool) -> int:
        """Add a variable and return its place."""
        self.costs.append(cost)
        self.bounds.append((low, high))
        self.whole.append(whole)
        return len(self.costs) - 1

    def row(self, places: list[int], values: list[float], low: float, high: float) -> None:
        """Add low ≤ Σ value × variable ≤ high."""
        self.places.append(places)
        self.values.append(values)
        self.limits.append((low, high))


INFINITE = float("inf")


def solve(problem: Problem, seconds: float = SECONDS) -> Plan:
    """Return the plan of the least lots. Raises `AssignmentIsImpossible` with the demand that cannot hold.

    The same problem gives the same plan. A plan that the time did not let prove best says so.
    """
    if not problem.jurors:
        raise AssignmentIsImpossible(Impossible(Demand.NOBODY))
    if not problem.files:
        return Plan(problem.standing, is_proven=True)
    found = _linked(problem, seconds, free_spread=False)
    if found is None:
        raise AssignmentIsImpossible(_why(problem, seconds))
    return found


def _linked(problem: Problem, seconds: float, *, free_spread: bool) -> Plan | None:
    """Return the best plan in which all jurors are linked; None when there is none."""
    cuts: list[Side] = []
    while len(cuts) < _MOST_CUTS:
        answer = _answer(problem, cuts, seconds, free_spread=free_spread, linked=bool(cuts))
        if answer is None:
            return None
        pairs, is_proven = answer
        parts = groups(problem.jurors, pairs)
        if len(parts) == 1:
            return Plan(pairs, is_proven, len(cuts))
        cuts += [_side(part, pairs) for part in parts[1:]]
    raise AssignmentIsImpossible(Impossible(Demand.TIME))


def _side(jurors: Sequence[str], pairs: frozenset[Pair]) -> Side:
    return frozenset(jurors), frozenset(file for file, juror in pairs if juror in jurors)


def _answer(
    problem: Problem,
    cuts: Sequence[Side],
    seconds: float,
    *,
    free_spread: bool = False,
    short: bool = False,
    linked: bool = False,
) -> tuple[frozenset[Pair], bool] | None:
    """Solve once: with lots, with the least spread, or with the least shortage of readers; None if it cannot be."""
    rows = _Rows()
    drawn = lots(problem, problem.open_pairs)
    priced = not (free_spread or short)
    given = {
        pair: rows.column(_READING + drawn[pair] if priced else 0, 0, 1, whole=True)
        for pair in problem.open_pairs
    }
    standing = problem.standing
    by_file, by_juror = _by_side(given)
    held_by_file = loads(problem.files, ((juror, file) for file, juror in standing))
    for file in problem.files:
        places = list(by_file.get(file, []))
        if short:
            places.append(rows.column(1, 0, problem.readers, whole=False))
        low = max(0, problem.readers - held_by_file[file])
        rows.row(places, [1.0] * len(places), low, INFINITE)
    held = loads(problem.jurors, standing)
    if problem.most is not None:
        for juror in problem.jurors:
            places = by_juror.get(juror, [])
            rows.row(list(places), [1.0] * len(places), -INFINITE, max(0, problem.most - held[juror]))
    if not short:
        _balance(rows, problem, by_juror, held, free_spread=free_spread)
    if linked:
        _span(rows, problem, given, standing)
    for side in cuts:
        if not _link(rows, problem, given, side):
            return None
    solved = _run(rows, seconds)
    if solved is None:
        return None
    values, is_proven = solved
    chosen = frozenset(pair for pair, place in given.items() if values[place] > 0.5)
    return standing | chosen, is_proven


def _by_side(given: dict[Pair, int]) -> tuple[dict[str, list[int]], dict[str, list[int]]]:
    by_file: dict[str, list[int]] = {}
    by_juror: dict[str, list[int]] = {}
    for (file, juror), place in given.items():
        by_file.setdefault(file, []).append(place)
        by_juror.setdefault(juror, []).append(place)
    return by_file, by_juror


def _balance(
    rows: _Rows,
    problem: Problem,
    by_juror: dict[str, list[int]],
    held: dict[str, int],
    *,
    free_spread: bool,
) -> None:
    """Ask for t ≤ load ≤ t + spread; who carries more already is given nothing more."""
    above = carried_over(problem)
    lowest = rows.column(0, 0, len(problem.files), whole=True)
    gap = rows.column(1, 0, len(problem.files), whole=True) if free_spread else None
    for juror in problem.jurors:
        places = by_juror.get(juror, [])
        ones = [1.0] * len(places)
        if juror in above:
            rows.row(list(places), ones, 0, 0)
            continue
        rows.row([*places, lowest], [*ones, -1.0], -held[juror], INFINITE)
        if gap is None:
            rows.row([*places, lowest], [*ones, -1.0], -INFINITE, problem.spread - held[juror])
        else:
            rows.row([*places, lowest, gap], [*ones, -1.0, -1.0], -INFINITE, -held[juror])


def _span(rows: _Rows, problem: Problem, given: dict[Pair, int], standing: frozenset[Pair]) -> None:
    """Ask for as many readings as a tree over all files and jurors has: a linked jury has no fewer."""
    places = list(given.values())
    least = len(problem.files) + len(problem.jurors) - 1 - len(standing)
    rows.row(places, [1.0] * len(places), least, INFINITE)


def _link(rows: _Rows, problem: Problem, given: dict[Pair, int], side: Side) -> bool:
    """Ask for a reading across: a juror of this side with a file of the other, or the reverse; False when none can be."""
    jurors, files = side
    across = [place for (file, juror), place in given.items() if (juror in jurors) != (file in files)]
    if not across:
        return False
    rows.row(across, [1.0] * len(across), 1, INFINITE)
    return True


def _run(rows: _Rows, seconds: float) -> tuple[Sequence[float], bool] | None:
    """Hand the model to HiGHS; return the values and whether they are proven best, None if there are none."""
    import highspy
    import numpy as np

    solver: Any = highspy.Highs()
    solver.silent()
    for option, value in (
        ("threads", 1),
        ("random_seed", 0),
        ("mip_rel_gap", 0.0),
        ("mip_abs_gap", 0.5),
        ("time_limit", seconds),
    ):
        solver.setOptionValue(option, value)
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = len(rows.costs), len(rows.limits)
    model.col_cost_ = np.array(rows.costs, dtype=np.float64)
    model.col_lower_, model.col_upper_ = _sides(rows.bounds)
    model.row_lower_, model.row_upper_ = _sides(rows.limits)
    model.integrality_ = [
        highspy.HighsVarType.kInteger if whole else highspy.HighsVarType.kContinuous for whole in rows.whole
    ]
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.start_ = np.cumsum([0, *(len(places) for places in rows.places)], dtype=np.int32)
    model.a_matrix_.index_ = np.array([place for places in rows.places for place in places], dtype=np.int32)
    model.a_matrix_.value_ = np.array([one for values in rows.values for one in values], dtype=np.float64)
    solver.passModel(model)
    solver.run()
    status = solver.getModelStatus()
    is_proven = status == highspy.HighsModelStatus.kOptimal
    if not is_proven:
        if status != highspy.HighsModelStatus.kTimeLimit:
            return None
        if solver.getInfo().primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
            raise AssignmentIsImpossible(Impossible(Demand.TIME))
    return list(solver.getSolution().col_value), is_proven


def _sides(bounds: Sequence[tuple[float, float]]) -> tuple[Any, Any]:
    import numpy as np

    low, high = (np.array([bound[side] for bound in bounds], dtype=np.float64) for side in (0, 1))
    return low, high


def _why(problem: Problem, seconds: float) -> Impossible:
    """Say which demand cannot hold: the readers, then how the work is parted, then the links."""
    short = _short_files(problem, seconds)
    if short:
        return _short_of_readers(problem, short, seconds)
    apart = _answer(problem, (), seconds, free_spread=True)
    if apart is not None and (gap := _gap(problem, apart[0])) > problem.spread:
        able = possible_files(problem)
        work = loads(problem.jurors, apart[0])
        top = max(work.values())
        return Impossible(
            Demand.BALANCE,
            jurors=tuple((juror, able[juror]) for juror in problem.jurors if able[juror] < top),
            possible=gap,
        )
    linked = _linked(problem, seconds, free_spread=True)
    return Impossible(Demand.LINKS, possible=None if linked is None else _gap(problem, linked.pairs))


def _gap(problem: Problem, pairs: frozenset[Pair]) -> int:
    above = carried_over(problem)
    work = [count for juror, count in loads(problem.jurors, pairs).items() if juror not in above]
    return max(work) - min(work) if work else 0


def _short_files(problem: Problem, seconds: float) -> tuple[str, ...]:
    """Return the files that lack readers when as few as possible are lacking, whatever the balance."""
    answer = _answer(problem, (), seconds, short=True)
    if answer is None:
        return problem.files
    readers = loads(problem.files, ((juror, file) for file, juror in answer[0]))
    return tuple(file for file in problem.files if readers[file] < problem.readers)


def _short_of_readers(problem: Problem, short: tuple[str, ...], seconds: float) -> Impossible:
    able = possible_readers(problem)
    possible = next(
        (
            fewer
            for fewer in range(problem.readers - 1, 0, -1)
            if not _short_files(_with_readers(problem, fewer), seconds)
        ),
        None,
    )
    alone = tuple((file, able[file]) for file in problem.files if able[file] < problem.readers)
    if alone:
        return Impossible(Demand.READERS, files=alone, possible=possible)
    if problem.most is not None and problem.most * len(problem.jurors) < problem.readers * len(problem.files):
        return Impossible(Demand.MOST, possible=possible)
    return Impossible(Demand.TOGETHER, files=tuple((file, able[file]) for file in short), possible=possible)


def _with_readers(problem: Problem, readers: int) -> Problem:
    return Problem(
        problem.files,
        problem.jurors,
        readers,
        problem.closed,
        problem.kept,
        problem.most,
        problem.spread,
        problem.seed,
    )
