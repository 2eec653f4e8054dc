"""The face of the prize: home, calendar, regions, rules, and what the law asks a site to say."""

from flask import render_template

from awards_app.domain.refusals import DoesNotExist
from awards_app.queries.editions import current_edition, prizes_of, regions, round_of_region, themes_of
from awards_app.queries.honour_lists import HonoursFilter, list_honours
from awards_app.queries.honours import latest_laureates
from awards_app.queries.public_calls import public_call, public_calls, published_weights
from awards_app.web.doors import open_to_all
from awards_app.web.moment import the_now
from awards_app.web.public import blueprint, calendars, eligibility_routes, feeds, honours_routes
from awards_app.web.public.addresses import site
from awards_app.web.public.calls import (
    calendar_steps,
    call_news,
    call_state,
    closing_groups,
    map_cells,
    map_legend,
    told_closing,
)
from awards_app.web.public.keeping import let_visitors_keep
from awards_app.web.public.legal import admitted_families, prizes_in_words, retention_lines
from awards_app.web.public.presenters import by_year, honour_views
from awards_app.web.public.typography import day, day_there, moment

__all__ = ["blueprint", "calendars", "eligibility_routes", "feeds", "honours_routes"]

READ_BY_ALL = "public pages: what is published and the dates of calls"


@blueprint.app_context_processor
def where_the_site_is() -> dict[str, object]:
    """Give public templates the site's address and the ways of saying dates."""
    return {"site_address": site, "day_words": day, "day_there": day_there, "moment_words": moment}


blueprint.after_request(let_visitors_keep)


@blueprint.get("/")
@open_to_all(READ_BY_ALL)
def home() -> str:
    """Show the prize, where the call stands, the regions and the latest laureates."""
    now = the_now()
    edition = current_edition()
    calls = public_calls(edition.id, now) if edition else None
    laureates = honour_views(latest_laureates())
    return render_template(
        "public/home.html",
        edition=edition,
        news=call_news(edition, calls, now),
        themes=themes_of(edition.id) if edition else (),
        cells=map_cells(regions(), calls),
        legend=map_legend(calls),
        laureates=laureates,
    )


@blueprint.get("/calendrier")
@open_to_all(READ_BY_ALL)
def calendar() -> str:
    """Show the dates of the edition, in words, with the regions whose clocks differ."""
    now = the_now()
    edition = current_edition()
    calls = public_calls(edition.id, now) if edition else None
    return render_template(
        "public/calendar.html",
        edition=edition,
        news=call_news(edition, calls, now),
        steps=calendar_steps(edition, calls, now) if edition and calls else [],
        groups=closing_groups(calls) if calls else [],
    )


@blueprint.get("/regions/<slug>")
@open_to_all(READ_BY_ALL)
def region(slug: str) -> str:
    """Show a region: its chamber, its call, its honours by year."""
    here = next((found for found in regions() if found.slug == slug), None)
    if here is None:
        raise DoesNotExist
    edition = current_edition()
    line = round_of_region(edition.id, here.code, the_now()) if edition else None
    call = public_call(line) if line else None
    return render_template(
        "public/region.html",
        region=here,
        edition=edition,
        call=call,
        state=call_state(call) if call else "",
        closes=told_closing(call.closes_at) if call and call.closes_at else None,
        years=by_year(honour_views(list_honours(HonoursFilter(region_slug=slug, highest=True)))),
    )


@blueprint.get("/le-prix")
@open_to_all(READ_BY_ALL)
def prize() -> str:
    """Show who may apply, the themes, the grid and what the prize gives."""
    edition = current_edition()
    themes = themes_of(edition.id) if edition else ()
    return render_template(
        "public/prize.html",
        edition=edition,
        rules=edition.rules if edition else {},
        families=admitted_families(edition.rules) if edition else [],
        themes=themes,
        heads=[(theme.name, "num") for theme in themes],
        weights=published_weights(edition.id) if edition else (),
        given=prizes_in_words(prizes_of(edition.id)) if edition else [],
    )


@blueprint.get("/mentions-legales")
@open_to_all("what the law asks a site to say")
def legal() -> str:
    """Show who publishes the site."""
    return render_template("public/legal.html")


@blueprint.get("/accessibilite")
@open_to_all("what the law asks a site to say")
def accessibility() -> str:
    """Show the state of accessibility: a goal, no audit yet."""
    return render_template("public/accessibility.html")


@blueprint.get("/donnees-personnelles")
@open_to_all("what the law asks a site to say")
def privacy() -> str:
    """Show which personal data are used, why, how long, and the rights on them."""
    edition = current_edition()
    return render_template(
        "public/privacy.html",
        retentions=retention_lines(edition.rules if edition else {}),
    )
