"""Lists of published honours that answer a filter, whole or page by page."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Integer, Select, bindparam, func, select

from awards_app.database import read
from awards_app.domain.text import sort_key
from awards_app.models.editions import Region
from awards_app.models.honours import Honour
from awards_app.queries.honours import PLACES, HonourLine, rank_of, select_honours

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class HonoursFilter:
    """What is asked of a list of honours; None and « » ask for nothing.

    ``highest`` keeps, of a structure distinguished several times by one jury in one theme, its highest distinction.
    """

    year: int | None = None
    level: str | None = None
    region_slug: str | None = None
    theme: str | None = None
    words: str = ""
    highest: bool = False


@dataclass(frozen=True, slots=True)
class HonoursPage:
    """One page of a list of honours: how many answer in all, which page it is, of how many."""

    lines: tuple[HonourLine, ...]
    total: int
    page: int
    pages: int


def list_honours(asked: HonoursFilter) -> tuple[HonourLine, ...]:
    """Return the published distinctions that answer the filter, latest year first and national before regional."""
    rows = read(_listing(_Shape.of(asked), is_paged=False), _values(asked))
    return tuple(HonourLine(*row) for row in rows)


def page_of_honours(asked: HonoursFilter, page: int) -> HonoursPage:
    """Return one page of what `list_honours` returns, the last one for a number past the end (one query)."""
    rows = _page(asked, page)
    if not rows and page > 1:
        total = next((row.total for row in _page(asked, 1)), 0)
        page = max(1, -(-total // PAGE_SIZE))
        rows = _page(asked, page)
    total = rows[0].total if rows else 0
    return HonoursPage(
        tuple(HonourLine(*row[:-1]) for row in rows), total, page, max(1, -(-total // PAGE_SIZE))
    )


def _page(asked: HonoursFilter, page: int) -> Sequence[Any]:
    places = {"size": PAGE_SIZE, "skipped": (page - 1) * PAGE_SIZE}
    return read(_listing(_Shape.of(asked), is_paged=True), _values(asked) | places)


class _Shape(NamedTuple):
    """Which conditions a filter makes: the statement is put together once for each, its values come after."""

    by_year: bool
    by_level: bool
    by_region: bool
    by_theme: bool
    words: int
    highest: bool

    @classmethod
    def of(cls, asked: HonoursFilter) -> "_Shape":
        return cls(
            asked.year is not None,
            asked.level is not None,
            asked.region_slug is not None,
            asked.theme is not None,
            len(sort_key(asked.words).split()),
            asked.highest,
        )


def _values(asked: HonoursFilter) -> dict[str, object]:
    """Return the values of a filter's conditions."""
    given = {"year": asked.year, "level": asked.level, "region": asked.region_slug, "theme": asked.theme}
    found: dict[str, object] = {name: value for name, value in given.items() if value is not None}
    for place, word in enumerate(sort_key(asked.words).split()):
        for sign in "/%_":
            word = word.replace(sign, "/" + sign)
        found[f"word_{place}"] = f"%{word}%"
    return found


@lru_cache(maxsize=64)
def _listing(shape: _Shape, *, is_paged: bool) -> Select[Any]:
    """Return the listing of a filter; « total » comes last on each line of a page.

    The highest distinction is looked for among all that one jury gave one structure in a year and theme: every condition
    is on what those have in common, so that none of them is left out. Lines are sorted by what sorts them alone, and
    read whole once the page is known.
    """
    places = [column.label(f"place_{place}") for place, column in enumerate(PLACES)]
    found = select(*places).outerjoin(Region, Region.code == Honour.region_code).where(*_conditions(shape))
    if shape.highest:
        one_jury = (Honour.year, Honour.level, Honour.theme, Honour.sort_key)
        best = func.min(rank_of(Honour.distinction)).over(
            partition_by=(*one_jury, func.coalesce(Honour.region_code, ""))
        )
        ranked = found.add_columns(best.label("best")).subquery()
        found = select(*list(ranked.c)[: len(PLACES)]).where(ranked.c.place_3 == ranked.c.best)
        order = [ranked.c[label.name] for label in places]
    else:
        order = list(PLACES)
    order[0] = order[0].desc()
    if is_paged:
        found = found.add_columns(func.count().over().label("total"))
        found = found.limit(bindparam("size", type_=Integer)).offset(bindparam("skipped", type_=Integer))
        found = found.order_by(*order)
    page = found.subquery()
    query = select_honours().join(page, page.c[f"place_{len(PLACES) - 1}"] == Honour.id)
    if is_paged:
        query = query.add_columns(page.c.total)
    return query.order_by(page.c.place_0.desc(), *list(page.c)[1 : len(PLACES)])


def _conditions(shape: _Shape) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [Honour.retracted_at.is_(None)]
    if shape.by_year:
        found.append(Honour.year == bindparam("year"))
    if shape.by_level:
        found.append(Honour.level == bindparam("level"))
    if shape.by_region:
        found.append(Region.slug == bindparam("region"))
    if shape.by_theme:
        found.append(Honour.theme == bindparam("theme"))
    # Each word typed must be found somewhere in the name, whatever the case and the accents.
    found.extend(Honour.sort_key.like(bindparam(f"word_{place}"), escape="/") for place in range(shape.words))
    return found
