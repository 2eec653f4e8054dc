"""Around a published palmarès: how it was decided, the press kit, the guide of the year."""

from typing import Any

from flask import Blueprint, Response, render_template, request, url_for
from flask_babel import format_decimal
from flask_babel import gettext as _

from awards_app.domain.permissions import Permission
from awards_app.domain.refusals import DoesNotExist
from awards_app.queries.editions import RegionFacts
from awards_app.queries.guides import GuideLine, guide_of, readable
from awards_app.queries.honour_lists import HonoursFilter, list_honours
from awards_app.queries.honour_photos import photos_of
from awards_app.queries.honours import HonourLine
from awards_app.queries.method_accounts import account_of
from awards_app.services.guides import read_guide
from awards_app.services.press_kit import press_kit
from awards_app.web.attached import disposition
from awards_app.web.doors import open_to_all
from awards_app.web.limits import limiter
from awards_app.web.public.honours_routes import NATIONAL, PUBLISHED, open_honours, refuse_unpublished
from awards_app.web.public.keeping import let_visitors_keep
from awards_app.web.public.presenters import honour_views

blueprint = Blueprint("publications", __name__, url_prefix="/palmares/<int(fixed_digits=4):year>")
blueprint.after_request(let_visitors_keep)
FUNCTIONS = ("chair", "deputy", "juror", "secretary")
KEPT_SECONDS = 60
KITS_A_MINUTE = "20 per minute"


@blueprint.get("/<region_slug>/comment")
@open_to_all(PUBLISHED, Permission.READ_HONOURS)
def method(year: int, region_slug: str) -> str:
    """Show how a published round was decided."""
    here, _lines = open_honours(year, region_slug)
    account = account_of(year, here.code if here else None)
    if account is None:
        raise DoesNotExist
    return render_template(
        "public/decided.html",
        year=year,
        region=here,
        region_slug=region_slug,
        account=account.content,
        published_at=account.published_at,
        panel=_panel(account.content["panel"]),
    )


def _panel(people: list[dict[str, str]] | None) -> list[tuple[str, str, str]] | None:
    """Return the panel as name, function in words and college; the chair first."""
    if people is None:
        return None
    words = {
        "chair": _("Présidence du jury"),
        "deputy": _("Suppléance de la présidence"),
        "juror": "",
        "secretary": _("Secrétariat du jury"),
    }
    ordered = sorted(people, key=lambda one: (FUNCTIONS.index(one["function"]), one["name"].casefold()))
    return [(one["name"], words[one["function"]], one["college"]) for one in ordered]


@blueprint.get("/dossier-de-presse")
@open_to_all(PUBLISHED, Permission.READ_HONOURS)
def press(year: int) -> str:
    """Show what the press may take: one archive for the year, one for each region."""
    lines = _lines_of_year(year)
    regions: dict[str, list[Any]] = {}
    for line in lines:
        place = (line.region_slug, line.region_name) if line.level != NATIONAL else (NATIONAL, "")
        if place[0]:
            regions.setdefault(place[0], [place[1] or "", 0])[1] += 1
    guide = guide_of(year)
    return render_template(
        "public/press.html",
        year=year,
        total=len(lines),
        photos=len(photos_of(line.slug for line in lines)),
        places=[(slug, name, count) for slug, (name, count) in regions.items()],
        has_guide=guide is not None,
    )


def _lines_of_year(year: int) -> tuple[HonourLine, ...]:
    lines = list_honours(HonoursFilter(year=year))
    if not lines:
        refuse_unpublished(year, None)
        raise DoesNotExist
    return lines


@blueprint.get("/dossier-de-presse.zip")
@open_to_all(PUBLISHED, Permission.READ_HONOURS)
@limiter.limit(KITS_A_MINUTE)
def kit(year: int) -> Response:
    """Give the press kit of a year."""
    return _kit(year, "France entière", f"presse-prix-ess-{year}.zip", _lines_of_year(year))


@blueprint.get("/<region_slug>/dossier-de-presse.zip")
@open_to_all(PUBLISHED, Permission.READ_HONOURS)
@limiter.limit(KITS_A_MINUTE)
def kit_of_region(year: int, region_slug: str) -> Response:
    """Give the press kit of one region of a year (« national »: of the national jury)."""
    here, lines = open_honours(year, region_slug)
    return _kit(year, _place(here), f"presse-prix-ess-{year}-{region_slug}.zip", lines)


def _place(here: RegionFacts | None) -> str:
    return here.name if here else "Jury national"


def _kit(year: int, place: str, name: str, lines: tuple[HonourLine, ...]) -> Response:
    content, version = press_kit(year, place, lines)
    response = Response(content, mimetype="application/zip")
    response.headers["Content-Disposition"] = disposition(name)
    return _kept(response, version)


@blueprint.get("/guide")
@open_to_all("a guide is made of published pages; before publication it does not exist")
def guide(year: int) -> tuple[str, int]:
    """Show the guide of a year: to download, or in the making."""
    line = _guide(year)
    return (
        render_template(
            "public/guide.html",
            year=year,
            guide=line,
            weight=_weight(line.size or 0),
            is_readable=readable(line),
            shown=honour_views(
                one for one in list_honours(HonoursFilter(year=year, highest=True)) if one.slug in line.shows
            ),
        ),
        200,
    )


def _weight(size: int) -> str:
    return _("%(mib)s Mo", mib=format_decimal(max(size / 1_000_000, 0.1), format="#,##0.#"))


def _guide(year: int) -> GuideLine:
    line = guide_of(year)
    if line is None:
        raise DoesNotExist
    return line


@blueprint.get("/guide.pdf")
@open_to_all("a guide is made of published pages; before publication it does not exist")
def guide_file(year: int) -> Response:
    """Give the guide of a year as PDF."""
    content, sha256 = read_guide(year)
    response = Response(content, mimetype="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="guide-prix-ess-{year}.pdf"'
    response.headers["Link"] = f'<{url_for("publications.guide", year=year)}>; rel="canonical"'
    return _kept(response, sha256)


def _kept(response: Response, version: str) -> Response:
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Cache-Control"] = f"public, max-age={KEPT_SECONDS}"
    response.set_etag(version)
    response.make_conditional(request, accept_ranges=True, complete_length=response.content_length)
    return response
