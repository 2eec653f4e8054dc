"""What a locked snapshot says of each file, worked out once: a content never changes, and is found again by itself."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from awards_app.domain.grid import Criterion as GridCriterion
from awards_app.domain.grid import Grid
from awards_app.domain.ranking import sheet_score
from awards_app.domain.score_display import DISTRIBUTION_READERS, show
from awards_app.domain.snapshot import COUNTED, SET_ASIDE, ThemeScores

# Some 200 kB each for a region of three hundred files.
MOST_SNAPSHOTS = 16


@dataclass(frozen=True, slots=True)
class Spread:
    """How the jurors of a file differ, from three readers on: the lowest and highest mean, jurors at each level.

    ``distribution`` counts them by criterion, without saying who. All is None under three readers.
    """

    low: str | None = None
    high: str | None = None
    low_score: Fraction | None = None
    high_score: Fraction | None = None
    distribution: Mapping[str, tuple[int, ...]] | None = None
    set_aside: int = 0


@dataclass(frozen=True, slots=True)
class LockedTheme:
    """A theme's grid, and the spread of each file by its public number."""

    grid: Grid
    spreads: dict[str, Spread]


def themes_of(content: str) -> dict[str, ThemeScores]:
    """Return the themes of a snapshot's content."""
    found: dict[str, ThemeScores] = json.loads(content)["themes"]
    return found


@lru_cache(maxsize=MOST_SNAPSHOTS)
def locked_themes(content: str) -> dict[str, LockedTheme]:
    """Return what a snapshot's content says of each file, by theme code. Nothing of it is to be changed."""
    found = {}
    for code, scores in themes_of(content).items():
        grid = grid_in(scores)
        files: dict[str, list[tuple[str, Mapping[str, int | None]]]] = {}
        for sheet in scores["sheets"]:
            files.setdefault(sheet["candidacy"], []).append((sheet["state"], sheet["levels"]))
        found[code] = LockedTheme(grid, {file: _spread(sheets, grid) for file, sheets in files.items()})
    return found


def grid_in(scores: ThemeScores) -> Grid:
    """Return the grid that a theme was scored with."""
    line = scores["grid"]
    return Grid(
        criteria=tuple(GridCriterion(one["code"], one["weight"]) for one in line["criteria"]),
        top_level=line["top_level"],
        shown_out_of=line["shown_out_of"],
    )


def _spread(sheets: list[tuple[str, Mapping[str, int | None]]], grid: Grid) -> Spread:
    set_aside = sum(state == SET_ASIDE for state, _levels in sheets)
    counted = [levels for state, levels in sheets if state == COUNTED]
    shares = sorted(found for found in (sheet_score(grid, levels) for levels in counted) if found is not None)
    if len(shares) < DISTRIBUTION_READERS:
        return Spread(set_aside=set_aside)
    return Spread(
        low=show(shares[0], grid),
        high=show(shares[-1], grid),
        low_score=shares[0],
        high_score=shares[-1],
        distribution=_distribution(grid, counted),
        set_aside=set_aside,
    )


def _distribution(grid: Grid, counted: list[Mapping[str, int | None]]) -> dict[str, tuple[int, ...]]:
    return {
        criterion.code: tuple(
            sum(levels.get(criterion.code) == level for levels in counted)
            for level in range(grid.top_level + 1)
        )
        for criterion in grid.criteria
    }
