"""The map of regions with how many distinctions each has: of a year, or of every year."""

from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from awards_app.domain.permissions import Permission
from awards_app.queries.edition_records import records
from awards_app.queries.editions import regions
from awards_app.queries.honour_counts import counts_by_region
from awards_app.web.doors import open_to_all
from awards_app.web.public.honours_routes import PUBLISHED
from awards_app.web.public.keeping import let_visitors_keep

blueprint = Blueprint("public_map", __name__)
blueprint.after_request(let_visitors_keep)


@blueprint.get("/palmares/carte")
@open_to_all(PUBLISHED, Permission.READ_HONOURS)
def honours_map() -> str:
    """Show the regions with their published distinctions."""
    years = [line.year for line in records() if line.honours]
    asked = request.args.get("annee", type=int)
    year = asked if asked in years else None
    counts = counts_by_region(year)
    return render_template(
        "public/honours_map.html",
        year=year,
        years=years,
        cells=_cells(counts, year),
        legend=[("active", _("Des structures distinguées")), ("none", _("Aucune à ce jour"))],
        total=sum(counts.values()),
    )


def _cells(counts: dict[str, int], year: int | None) -> list[dict[str, Any]]:
    return [
        _cell(region.code, region.name, region.slug, counts.get(region.code, 0), year) for region in regions()
    ]


def _cell(code: str, name: str, slug: str, count: int, year: int | None) -> dict[str, Any]:
    listed = (
        url_for("public.honours_of_year", year=year, region=slug)
        if year
        else url_for("public.honours", region=slug)
    )
    return {
        "code": code,
        "name": name,
        "href": listed if count else url_for("public.region", slug=slug),
        "state": "active" if count else "none",
        "text": (
            ngettext("%(num)s distinction", "%(num)s distinctions", count)
            if count
            else _("aucune distinction")
        ),
    }
