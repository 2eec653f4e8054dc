"""How many distinctions a list shows: of those one jury gave one structure in a year and theme, the highest counts."""

from functools import lru_cache
from typing import Any

from sqlalchemy import Select, bindparam, func, select

from awards_app.database import read
from awards_app.models.editions import Region
from awards_app.models.honours import Honour
from awards_app.queries.honours import rank_of


def highest() -> Any:
    """Return the published distinctions that a list shows, with their year and region, as a subquery."""
    place = rank_of(Honour.distinction)
    best = func.min(place).over(
        partition_by=(
            Honour.year,
            Honour.level,
            Honour.theme,
            Honour.sort_key,
            func.coalesce(Honour.region_code, ""),
        )
    )
    ranked = (
        select(Honour.year, Honour.region_code, place.label("place"), best.label("best"))
        .where(Honour.retracted_at.is_(None))
        .subquery()
    )
    return select(ranked.c.year, ranked.c.region_code).where(ranked.c.place == ranked.c.best).subquery()


@lru_cache(maxsize=2)
def _by_region(*, of_year: bool) -> Select[*tuple[Any, ...]]:
    lines = highest()
    query = (
        select(Region.code, func.count().label("honours"))
        .select_from(lines)
        .join(Region, Region.code == lines.c.region_code)
        .group_by(Region.code)
    )
    return query.where(lines.c.year == bindparam("year")) if of_year else query


def counts_by_region(year: int | None = None) -> dict[str, int]:
    """Return how many distinctions a list shows for each region, of a year or of all, by code (one query)."""
    rows = read(_by_region(of_year=year is not None), {} if year is None else {"year": year})
    return {row.code: row.honours for row in rows}
