"""The calculations of a jury, timed alone: the exact ranking, the advice, who reads what. Each has a limit, not a floor."""

import random
import time
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median

from awards_app.adapters.estimating import work_out_here
from awards_app.adapters.optimiser import solve
from awards_app.domain.assignment import Problem, faults
from awards_app.domain.grid import Criterion, Grid
from awards_app.domain.ranking import Ballot, Sheet, rank
from awards_app.domain.snapshot import ThemeScores

GRID = Grid((Criterion("need", 40), Criterion("social_impact", 30), Criterion("governance", 30)), 4, 5)
TIES = 0.1


@dataclass(frozen=True)
class Timed:
    """One calculation: seconds of CPU and of the clock (medians), what they may be at most, and what was found."""

    code: str
    label: str
    cpu: float
    wall: float
    limit: float | None
    found: str

    @property
    def is_met(self) -> bool:
        """Say whether the CPU stayed within the limit; true where there is none."""
        return self.limit is None or self.cpu <= self.limit


def a_ballot(files: int, readers: int, jurors: int = 60) -> Ballot:
    """Return whole marks of ``readers`` jurors a file, in turn."""
    chance = random.Random(files)
    panel: dict[Hashable, frozenset[Hashable]] = {
        f"{file:04d}": frozenset(f"J{(file * readers + turn) % jurors:02d}" for turn in range(readers))
        for file in range(files)
    }
    codes = [criterion.code for criterion in GRID.criteria]
    sheets = tuple(
        Sheet(juror, file, {code: chance.randint(0, GRID.top_level) for code in codes})
        for file, panel_of in panel.items()
        for juror in sorted(panel_of, key=str)
    )
    return Ballot(GRID, panel, sheets, frozenset())


def scores_of(ballot: Ballot) -> ThemeScores:
    """Return the marks as a snapshot holds them."""
    return {
        "grid": {
            "criteria": [{"code": one.code, "weight": one.weight} for one in ballot.grid.criteria],
            "top_level": ballot.grid.top_level,
            "shown_out_of": ballot.grid.shown_out_of,
        },
        "candidacies": [str(file) for file in ballot.panel],
        "sheets": [
            {
                "candidacy": str(sheet.candidacy),
                "juror": str(sheet.juror),
                "state": "counted",
                "levels": dict(sheet.levels),
            }
            for sheet in ballot.sheets
        ],
    }


def a_problem(files: int, jurors: int, readers: int) -> Problem:
    """Return who may read what, a tenth of the pairs being ties."""
    chance = random.Random(files * jurors)
    names = tuple(f"f{number:04d}" for number in range(files))
    people = tuple(f"j{number:02d}" for number in range(jurors))
    closed = frozenset((file, juror) for file in names for juror in people if chance.random() < TIES)
    return Problem(names, people, readers, closed=closed, seed="bench")


def calculate(rounds: int, say: Callable[[str], None] = lambda sentence: None) -> Iterator[Timed]:
    """Time each calculation ``rounds`` times."""
    for code, label, limit, act in _works():
        say(f"{label}…")
        spent: list[tuple[float, float]] = []
        found = ""
        for _round in range(rounds):
            with _timing(spent):
                found = act()
        yield Timed(
            code,
            label,
            median(cpu for cpu, _wall in spent),
            median(wall for _cpu, wall in spent),
            limit,
            found,
        )


def _works() -> Iterator[tuple[str, str, float | None, Callable[[], str]]]:
    ballot = a_ballot(500, 8)
    yield (
        "ranking",
        "classement exact, 500 dossiers × 8 lectures",
        None,
        lambda: f"{len(rank(ballot, order=str))} rangs",
    )
    for files, limit in ((500, None), (1000, 2.0)):
        scores = scores_of(a_ballot(files, 8))
        yield (
            f"advice-{files}",
            f"avis, {files} dossiers × 8 lectures, 60 membres",
            limit,
            lambda scores=scores: (
                f"{len(work_out_here({'us': scores}, 3)['us'].estimates.files)} estimations"
            ),  # type: ignore[misc]  # bound now
        )
    for files, jurors, readers, limit in ((36, 9, 5, 1.0), (500, 60, 5, 20.0)):
        problem = a_problem(files, jurors, readers)
        yield (
            f"assignment-{files}",
            f"répartition, {files} dossiers × {jurors} membres × {readers} lectures, un lien sur dix",
            limit,
            lambda problem=problem: _solved(problem),  # type: ignore[misc]  # bound now
        )


def _solved(problem: Problem) -> str:
    plan = solve(problem)
    broken = faults(problem, plan)
    return ", ".join(broken) or ("optimum prouvé" if plan.is_proven else "sans preuve d’optimum")


@contextmanager
def _timing(spent: list[tuple[float, float]]) -> Iterator[None]:
    cpu, wall = time.process_time(), time.perf_counter()
    yield
    spent.append((time.process_time() - cpu, time.perf_counter() - wall))
