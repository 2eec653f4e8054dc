"""One year of honours: its record, what it may be filtered by, and its lines page by page, whatever their number."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import Integer, String, bindparam, cast, exists, func, select

from awards_app.database import read
from awards_app.domain.text import sort_key
from awards_app.models.editions import Region
from awards_app.models.honours import EditionRecord, Honour
from awards_app.models.public_pages import Guide, MethodAccount
from awards_app.queries.edition_records import RecordLine
from awards_app.queries.honour_lists import PAGE_SIZE, HonoursPage
from awards_app.queries.honours import DISTINCTIONS, Facets, HonourLine, select_honours

# Signs that no text holds part the lines, and the values of each.
_BETWEEN, _WITHIN = "\x1e", "\x1f"
_RANKS = {name: rank for rank, name in enumerate(DISTINCTIONS)}


@dataclass(frozen=True, slots=True)
class Palmares:
    """A year as the public reads it: its record, what its list may be filtered by, the years around it that have a page,
    and the identifiers of the distinctions to show, in reading order."""

    record: RecordLine
    facets: Facets
    earlier: int | None
    later: int | None
    shown: tuple[int, ...]


_ASKED = select(bindparam("year", type_=Integer).label("year")).subquery("asked")
_YEAR = _ASKED.c.year
_PUBLISHED = Honour.retracted_at.is_(None)


def _joined(first: Any, *others: Any) -> Any:
    line = first
    for one in others:
        line = line + _WITHIN + one
    return func.aggregate_strings(line, _BETWEEN)


def _alone(column: Any, *conditions: Any) -> Any:
    return select(column).where(*conditions).correlate(_ASKED).scalar_subquery()


_PALMARES = select(
    EditionRecord.year,
    EditionRecord.number,
    EditionRecord.ceremony_on,
    EditionRecord.ceremony_place,
    EditionRecord.candidacies,
    EditionRecord.national_entries,
    EditionRecord.note,
    EditionRecord.source_urls,
    exists().where(Guide.year == _YEAR).label("has_guide"),
    exists().where(MethodAccount.year == _YEAR, MethodAccount.place == "national").label("is_explained"),
    _alone(func.max(EditionRecord.year), EditionRecord.year < _YEAR).label("earlier_record"),
    _alone(func.max(Honour.year), Honour.year < _YEAR, _PUBLISHED).label("earlier_honour"),
    _alone(func.min(EditionRecord.year), EditionRecord.year > _YEAR).label("later_record"),
    _alone(func.min(Honour.year), Honour.year > _YEAR, _PUBLISHED).label("later_honour"),
    _alone(
        _joined(
            cast(Honour.id, String),
            Honour.level,
            func.coalesce(Honour.region_code, ""),
            Honour.distinction,
            Honour.theme,
            Honour.sort_key,
        ),
        Honour.year == _YEAR,
        _PUBLISHED,
    ).label("lines"),
    select(_joined(Region.code, cast(Region.position, String), Region.slug, Region.name))
    .scalar_subquery()
    .label("regions"),
).select_from(_ASKED.outerjoin(EditionRecord, EditionRecord.year == _YEAR))


def palmares_of(year: int) -> Palmares | None:
    """Return a year that has a record or a published distinction, None for any other (one query)."""
    row = read(_PALMARES, {"year": year})[0]
    if row.year is None and not row.lines:
        return None
    shown, facets = _read(row.lines or "", row.regions or "")
    record = RecordLine(
        year=year,
        number=row.number,
        ceremony_on=row.ceremony_on,
        ceremony_place=row.ceremony_place or "",
        candidacies=row.candidacies,
        national_entries=row.national_entries,
        note=row.note or "",
        source_urls=tuple(row.source_urls or ()),
        honours=len(shown),
        has_guide=bool(row.has_guide),
        is_explained=bool(row.is_explained),
    )
    before = [one for one in (row.earlier_record, row.earlier_honour) if one is not None]
    after = [one for one in (row.later_record, row.later_honour) if one is not None]
    return Palmares(record, facets, max(before, default=None), min(after, default=None), shown)


@lru_cache(maxsize=32)
def _read(lines: str, regions: str) -> tuple[tuple[int, ...], Facets]:
    """Return what is shown of a year's lines, in reading order, and their facets: found again by the lines themselves.

    Of what one jury gave one structure in a theme, the highest is shown.
    """
    known = {}
    for words in filter(None, regions.split(_BETWEEN)):
        code, placed, slug, named = words.split(_WITHIN)
        known[code] = (int(placed), slug, named)
    rows = [tuple(line.split(_WITHIN)) for line in lines.split(_BETWEEN)] if lines else []
    best: dict[tuple[str, ...], int] = {}
    for _number, level, region, distinction, theme, name in rows:
        jury, rank = (level, theme, name, region), _RANKS.get(distinction, len(_RANKS))
        best[jury] = min(best.get(jury, rank), rank)
    places = []
    for number, level, region, distinction, theme, name in rows:
        rank = _RANKS.get(distinction, len(_RANKS))
        if rank == best[level, theme, name, region]:
            position = known[region][0] if level == "regional" and region else 0
            places.append((level == "regional", position, rank, theme, name, int(number)))
    found = sorted({known[row[2]] for row in rows if row[2]})
    facets = Facets(
        themes=tuple(sorted({row[4] for row in rows if row[4]}, key=sort_key)),
        regions=tuple((slug, name) for _position, slug, name in found),
    )
    return tuple(place[-1] for place in sorted(places)), facets


_SOME = select_honours().where(Honour.id.in_(bindparam("keys", expanding=True)), _PUBLISHED)
_SOME = _SOME.add_columns(Honour.id.label("place"))


def page_of_palmares(palmares: Palmares, page: int) -> HonoursPage:
    """Return one page of a year's distinctions, the last one for a number past the end (one query, or none)."""
    total = len(palmares.shown)
    pages = max(1, -(-total // PAGE_SIZE))
    page = min(max(page, 1), pages)
    keys = palmares.shown[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
    rows = {row.place: row for row in read(_SOME, {"keys": keys})} if keys else {}
    # What was retracted since it was counted is left out.
    lines = tuple(HonourLine(*rows[key][:-1]) for key in keys if key in rows)
    return HonoursPage(lines, total, page, pages)
