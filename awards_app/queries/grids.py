"""Readings of the grid that a theme is scored with."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, select

from awards_app.database import db, read
from awards_app.domain.grid import Criterion as GridCriterion
from awards_app.domain.grid import Grid
from awards_app.models.editions import Criterion, CriterionLevel, CriterionWeight, Edition, Theme


@dataclass(frozen=True, slots=True)
class CriterionFacts:
    """A criterion as a juror reads it: its weight in the theme and the words of each level from 0 up."""

    id: int
    code: str
    name: str
    question: str
    weight: int
    levels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GridFacts:
    """The grid of one level and theme: for people in ``criteria``, for arithmetic in ``exact``."""

    criteria: tuple[CriterionFacts, ...]
    exact: Grid

    def by_code(self, code: str) -> CriterionFacts | None:
        """Return the criterion of that code, or None."""
        return next((criterion for criterion in self.criteria if criterion.code == code), None)


_RULES = select(Edition.rules).where(Edition.id == bindparam("edition_id"))
_GRID = (
    select(
        Criterion.id,
        Criterion.code,
        Criterion.name,
        Criterion.question,
        CriterionWeight.weight,
        CriterionLevel.words,
    )
    .join(CriterionWeight, CriterionWeight.criterion_id == Criterion.id)
    .join(CriterionLevel, CriterionLevel.criterion_id == Criterion.id)
    .where(
        Criterion.edition_id == bindparam("edition_id"),
        Criterion.level == bindparam("level"),
        CriterionWeight.theme_id == bindparam("theme_id"),
        CriterionWeight.weight > 0,
    )
    .order_by(Criterion.position, CriterionLevel.value)
)


@dataclass(frozen=True, slots=True)
class ThemeGrid:
    """A theme of an edition, with the exact grid of one level."""

    theme_id: int
    code: str
    exact: Grid


def theme_grids(edition_id: int, level: str) -> tuple[ThemeGrid, ...]:
    """Return the exact grid of ``level`` for each theme of an edition, in the order of themes (one query)."""
    rows: dict[int, list[Any]] = {}
    for row in read(_THEME_GRIDS, {"edition_id": edition_id, "level": level}):
        rows.setdefault(row.theme_id, []).append(row)
    return tuple(
        ThemeGrid(
            theme_id,
            own[0].theme_code,
            Grid(
                tuple(GridCriterion(row.code, row.weight) for row in own if row.code is not None),
                own[0].rules["grids"][level]["top_level"],
                own[0].rules["grids"][level]["shown_out_of"],
            ),
        )
        for theme_id, own in rows.items()
    )


_WEIGHED = (
    select(Criterion.code, Criterion.position, CriterionWeight.theme_id, CriterionWeight.weight)
    .join(CriterionWeight, CriterionWeight.criterion_id == Criterion.id)
    .where(
        Criterion.edition_id == bindparam("edition_id"),
        Criterion.level == bindparam("level"),
        CriterionWeight.weight > 0,
    )
    .subquery()
)
_THEME_GRIDS = (
    select(
        Theme.id.label("theme_id"),
        Theme.code.label("theme_code"),
        Edition.rules,
        _WEIGHED.c.code,
        _WEIGHED.c.weight,
    )
    .join(Edition, Edition.id == Theme.edition_id)
    .outerjoin(_WEIGHED, _WEIGHED.c.theme_id == Theme.id)
    .where(Theme.edition_id == bindparam("edition_id"))
    .order_by(Theme.position, _WEIGHED.c.position)
)


def grid_of(edition_id: int, level: str, theme_id: int) -> GridFacts:
    """Return the grid of ``level`` (« regional », « national ») for a theme (two queries).

    Criteria of weight 0 in the theme are left out: nothing is asked that counts for nothing.
    """
    rules: dict[str, Any] = db.session.scalar(_RULES, {"edition_id": edition_id}) or {}
    rows = db.session.execute(_GRID, {"edition_id": edition_id, "level": level, "theme_id": theme_id})
    words: dict[int, list[str]] = {}
    heads: dict[int, tuple[str, str, str, int]] = {}
    for row in rows:
        words.setdefault(row.id, []).append(row.words)
        heads[row.id] = (row.code, row.name, row.question, row.weight)
    criteria = tuple(
        CriterionFacts(key, code, name, question, weight, tuple(words[key]))
        for key, (code, name, question, weight) in heads.items()
    )
    settings = rules["grids"][level]
    exact = Grid(
        criteria=tuple(GridCriterion(criterion.code, criterion.weight) for criterion in criteria),
        top_level=settings["top_level"],
        shown_out_of=settings["shown_out_of"],
    )
    return GridFacts(criteria, exact)
