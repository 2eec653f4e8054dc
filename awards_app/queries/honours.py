"""What anybody may read of the honours: published distinctions, nothing else.

These readings take no holder: their table holds only what a publication or an import wrote.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    case,
    func,
    or_,
    select,
)
from sqlalchemy.orm import aliased

from awards_app.database import read
from awards_app.domain.text import sort_key
from awards_app.models.editions import Region
from awards_app.models.honours import Honour

# The order in which a palmarès is read: those who won, then those who were chosen along the way.
PRIZES = ("laureate", "favourite", "public_vote", "special")
DISTINCTIONS = (*PRIZES, "nominee", "selected")


@dataclass(frozen=True, slots=True)
class HonourLine:
    """A distinction as the public reads it; a blank is something that is not known."""

    slug: str
    key: str
    year: int
    level: str
    distinction: str
    prize_name: str
    theme: str
    theme_code: str
    region_code: str | None
    region_name: str | None
    region_slug: str | None
    structure_name: str
    sort_key: str
    siren: str | None
    city: str
    department: str
    project_title: str
    summary: str
    citation: str
    amount: int | None
    website: str
    source_url: str
    published_at: datetime | None
    erratum: str
    retracted_at: datetime | None


@dataclass(frozen=True, slots=True)
class Facets:
    """What a list of honours may be filtered by: themes by name, regions as (slug, name)."""

    themes: tuple[str, ...]
    regions: tuple[tuple[str, str], ...]


COLUMNS = (
    Honour.slug,
    Honour.key,
    Honour.year,
    Honour.level,
    Honour.distinction,
    Honour.prize_name,
    Honour.theme,
    Honour.theme_code,
    Honour.region_code,
    Region.name.label("region_name"),
    Region.slug.label("region_slug"),
    Honour.structure_name,
    Honour.sort_key,
    Honour.siren,
    Honour.city,
    Honour.department,
    Honour.project_title,
    Honour.summary,
    Honour.citation,
    Honour.amount,
    Honour.website,
    Honour.source_url,
    Honour.published_at,
    Honour.erratum,
    Honour.retracted_at,
)


def rank_of(distinction: Any) -> Any:
    """Return the place of a distinction among the others, the highest first."""
    places = {name: rank for rank, name in enumerate(DISTINCTIONS)}
    return case(places, value=distinction, else_=len(DISTINCTIONS))


def _is_highest() -> ColumnElement[bool]:
    """Return the condition that the same jury gave the structure nothing higher in that year and theme."""
    other = aliased(Honour)
    return ~(
        select(other.id)
        .where(
            other.year == Honour.year,
            other.level == Honour.level,
            other.theme == Honour.theme,
            other.sort_key == Honour.sort_key,
            func.coalesce(other.region_code, "") == func.coalesce(Honour.region_code, ""),
            other.retracted_at.is_(None),
            rank_of(other.distinction) < rank_of(Honour.distinction),
        )
        .exists()
    )


PLACES = (
    Honour.year,
    Honour.level == "regional",
    case((Honour.level == "regional", Region.position), else_=0),
    rank_of(Honour.distinction),
    Honour.theme,
    Honour.sort_key,
    Honour.id,
)
READING_ORDER = (Honour.year.desc(), *PLACES[1:])
_PRIZED = (Honour.distinction.in_(PRIZES), Honour.retracted_at.is_(None))


def _lines(query: Select[Any]) -> tuple[HonourLine, ...]:
    return tuple(HonourLine(*row) for row in read(query))


def select_honours() -> Any:
    return select(*COLUMNS).outerjoin(Region, Region.code == Honour.region_code)


def honours_with_retracted() -> tuple[HonourLine, ...]:
    """Return every distinction ever published, retracted ones included, for the feed that must say so."""
    return _lines(select_honours().order_by(*READING_ORDER))


def latest_laureates(limit: int = 6) -> tuple[HonourLine, ...]:
    """Return the latest laureates: latest year first, national ones before regional ones."""
    return _lines(select_honours().where(*_PRIZED).order_by(*READING_ORDER).limit(limit))


def national_laureates() -> tuple[HonourLine, ...]:
    """Return the national laureates of every year, latest first."""
    return _lines(select_honours().where(Honour.level == "national", *_PRIZED).order_by(*READING_ORDER))


def find_honour(slug: str) -> HonourLine | None:
    """Return the distinction at that address, retracted or not, or None."""
    found = _lines(select_honours().where(Honour.slug == slug))
    return found[0] if found else None


def honours_beside(honour: HonourLine) -> tuple[HonourLine, ...]:
    """Return the other distinctions of the same structure: same SIREN, or same name where one is not known.

    What one jury gave it below its highest distinction of the year is left out.
    """
    same = and_(Honour.sort_key == honour.sort_key, Honour.siren.is_(None))
    if honour.siren is None:
        same = Honour.sort_key == honour.sort_key
    else:
        same = or_(same, Honour.siren == honour.siren)
    return _lines(
        select_honours()
        .where(same, Honour.slug != honour.slug, Honour.retracted_at.is_(None), _is_highest())
        .order_by(*READING_ORDER)
    )


_FACETS = (
    select(Honour.theme, Region.slug, Region.name, Region.position)
    .outerjoin(Region, Region.code == Honour.region_code)
    .where(Honour.retracted_at.is_(None))
    .distinct()
)


def facets() -> Facets:
    """Return the themes and regions found among the published distinctions of all years."""
    rows = read(_FACETS)
    places = {(row.position, row.slug, row.name) for row in rows if row.slug is not None}
    return Facets(
        themes=tuple(sorted({row.theme for row in rows if row.theme}, key=sort_key)),
        regions=tuple((slug, name) for _position, slug, name in sorted(places)),
    )
