"""The honours: the list of years, one year, one region of a year, one laureate."""

from collections.abc import Callable
from typing import Any

from flask import Response, make_response, render_template, request, url_for

from awards_app.domain.permissions import Permission, authorise
from awards_app.domain.phases import Phase
from awards_app.domain.refusals import DoesNotExist
from awards_app.domain.text import slugify, sort_key
from awards_app.queries.access import find_round
from awards_app.queries.edition_records import RecordLine, records
from awards_app.queries.editions import RegionFacts, edition_of_year, regions, round_of_region
from awards_app.queries.honour_lists import HonoursFilter, list_honours, page_of_honours
from awards_app.queries.honour_photos import photo_of
from awards_app.queries.honours import (
    Facets,
    HonourLine,
    facets,
    find_honour,
    honours_beside,
    national_laureates,
)
from awards_app.queries.honours_of_year import page_of_palmares, palmares_of
from awards_app.queries.method_accounts import account_of, account_places
from awards_app.queries.public_calls import ANNOUNCED
from awards_app.services.share_cards import card_version
from awards_app.web.doors import open_to_all
from awards_app.web.moment import the_now
from awards_app.web.people import the_holder
from awards_app.web.public import blueprint
from awards_app.web.public.presenters import (
    by_region,
    honour_view,
    honour_views,
    record_ceremony,
    record_figures,
    record_sources,
)
from awards_app.web.public.structured_data import laureate_data

PUBLISHED = "published honours only; before publication they do not exist"
LONGEST_SEARCH = 100
NATIONAL = "national"


@blueprint.get("/palmares")
@open_to_all(PUBLISHED, Permission.READ_HONOURS)
def honours() -> str:
    """Show the years of the prize, or what answers the filters of the address."""
    found = facets()
    asked = _asked(found)
    if _is_filtered(asked):
        return _results(found, asked, None)
    national: dict[int, list[Any]] = {}
    for view in honour_views(national_laureates()):
        national.setdefault(view.year, []).append(view)
    return render_template(
        "public/honours.html",
        **_filter_values(found, asked, None),
        editions=[_edition(record, national.get(record.year, [])) for record in records()],
    )


@blueprint.get("/palmares/<int(fixed_digits=4):year>")
@open_to_all(PUBLISHED, Permission.READ_HONOURS)
def honours_of_year(year: int) -> str:
    """Show the honours of a year: laureates, nominees, then region by region."""
    palmares = palmares_of(year)
    if palmares is None:
        refuse_unpublished(year, None)
        raise DoesNotExist
    asked = _asked(palmares.facets, year)
    if _is_filtered(asked):
        return _results(palmares.facets, asked, year)
    listed = page_of_palmares(palmares, _asked_page())
    return render_template(
        "public/honours_of_year.html",
        **_filter_values(palmares.facets, asked, year),
        edition=_edition(palmares.record, []),
        lines=listed.lines,
        parts_of=_parts_of_year,
        has_guide=palmares.record.has_guide,
        is_explained=palmares.record.is_explained,
        later=palmares.later,
        earlier=palmares.earlier,
        page=listed.page,
        pages=listed.pages,
        href_for=_href_for("public.honours_of_year", year=year),
    )


def _parts_of_year(lines: tuple[HonourLine, ...]) -> dict[str, list[Any]]:
    views = honour_views(lines)
    return {
        "winners": [view for view in views if view.level == NATIONAL and view.is_winner],
        "others": [view for view in views if view.level == NATIONAL and not view.is_winner],
        "regional": by_region(view for view in views if view.level != NATIONAL),
    }


@blueprint.get("/palmares/<int(fixed_digits=4):year>/<region_slug>")
@open_to_all(PUBLISHED, Permission.READ_HONOURS)
def honours_of_region(year: int, region_slug: str) -> str:
    """Show the honours of one region in one year (« national »: those of the national jury)."""
    here, lines = open_honours(year, region_slug)
    views = honour_views(lines)
    return render_template(
        "public/honours_of_region.html",
        year=year,
        region=here,
        winners=[view for view in views if view.is_winner],
        others=[view for view in views if not view.is_winner],
        region_slug=region_slug,
        is_explained=account_of(year, here.code if here else None) is not None,
    )


def open_honours(year: int, region_slug: str) -> tuple[RegionFacts | None, tuple[Any, ...]]:
    """Return a region (None: the national jury) and its published honours of a year.

    Raises `DoesNotExist`, or `IsNotThePhase` for those the matrix says it to, when the round is not published; and
    `DoesNotExist` when nothing is known.
    """
    here = None
    if region_slug != NATIONAL:
        here = next((region for region in regions() if region.slug == region_slug), None)
        if here is None:
            raise DoesNotExist
    published = refuse_unpublished(year, here.code if here else None)
    lines = list_honours(
        HonoursFilter(
            year=year,
            level="regional" if here else NATIONAL,
            region_slug=here.slug if here else None,
            highest=True,
        )
    )
    if not lines and not published:
        raise DoesNotExist
    return here, lines


def refuse_unpublished(year: int, region_code: str | None) -> bool:
    """Return whether a published round stands behind the honours; refuse if there is one that is not published."""
    now = the_now()
    edition = edition_of_year(year)
    line = round_of_region(edition.id, region_code, now) if edition else None
    if line is None:
        return False
    if line.phase in ANNOUNCED:
        return True
    facts = find_round(the_holder(), line.key, now)
    if facts is None:
        raise DoesNotExist
    authorise(Permission.READ_HONOURS, Phase(facts.phase), facts.subjects)
    return False


@blueprint.get("/laureats/<slug>")
@open_to_all(PUBLISHED, Permission.READ_HONOURS)
def laureate(slug: str) -> Response:
    """Show one distinction as a ceremony; a retracted one says so, with 410."""
    line = find_honour(slug)
    if line is None:
        raise DoesNotExist
    view = honour_view(line)
    if line.retracted_at is not None:
        return make_response(
            render_template("public/retracted.html", honour=view, retracted_at=line.retracted_at), 410
        )
    photo = photo_of(slug)
    return make_response(
        render_template(
            "public/laureate.html",
            slug=slug,
            honour=view,
            beside=honour_views(honours_beside(line)),
            photo=photo,
            card_version=card_version(line, photo),
            data=laureate_data(line, view, photo),
            place=line.region_slug if line.level != NATIONAL else NATIONAL,
            is_explained=(line.region_code if line.level != NATIONAL else NATIONAL)
            in account_places(line.year),
        )
    )


def _edition(record: RecordLine, laureates: list[Any]) -> dict[str, Any]:
    return {
        "year": record.year,
        "number": record.number,
        "figures": record_figures(record),
        "ceremony": record_ceremony(record),
        "note": record.note,
        "sources": record_sources(record),
        "honours": record.honours,
        "laureates": laureates,
    }


def _asked(found: Facets, year: int | None = None) -> HonoursFilter:
    theme_slug = request.args.get("thematique", "")
    theme = next((name for name in found.themes if slugify(name) == theme_slug), None)
    region_slug = request.args.get("region", "")
    known = any(slug == region_slug for slug, _name in found.regions)
    return HonoursFilter(
        year=year,
        region_slug=region_slug if known else None,
        theme=theme,
        words=" ".join(request.args.get("recherche", "").split())[:LONGEST_SEARCH],
        highest=True,
    )


def _is_filtered(asked: HonoursFilter) -> bool:
    return bool(asked.region_slug or asked.theme or sort_key(asked.words))


def _filter_values(found: Facets, asked: HonoursFilter, year: int | None) -> dict[str, Any]:
    return {
        "year": year,
        "theme_choices": [(slugify(name), name) for name in found.themes],
        "region_choices": list(found.regions),
        "asked": asked,
        "asked_theme": slugify(asked.theme) if asked.theme else "",
    }


def _results(found: Facets, asked: HonoursFilter, year: int | None) -> str:
    listed = page_of_honours(asked, _asked_page())
    endpoint = "public.honours_of_year" if year else "public.honours"
    kept = {
        "region": asked.region_slug,
        "thematique": slugify(asked.theme) if asked.theme else None,
        "recherche": asked.words or None,
    }
    values = {"year": year} if year else {}
    return render_template(
        "public/honours_found.html",
        **_filter_values(found, asked, year),
        total=listed.total,
        lines=listed.lines,
        views_of=honour_views,
        page=listed.page,
        pages=listed.pages,
        href_for=_href_for(endpoint, **values, **kept),
    )


def _asked_page() -> int:
    # No list goes further, and no database counts beyond its integers.
    return min(max(request.args.get("page", 1, type=int), 1), 100_000)


def _href_for(endpoint: str, **values: Any) -> Callable[[int], str]:
    return lambda page: url_for(endpoint, **values, page=page if page > 1 else None)
