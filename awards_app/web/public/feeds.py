"""Open data of the honours: Atom, JSON, CSV; and what search engines read. Only the fields named here leave."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring

from flask import Response, request
from flask import json as flask_json
from flask_babel import gettext as _

from awards_app.domain.csv_cells import csv_lines
from awards_app.domain.permissions import Permission
from awards_app.queries.edition_records import RecordLine, records
from awards_app.queries.editions import regions
from awards_app.queries.honour_lists import HonoursFilter, list_honours
from awards_app.queries.honours import HonourLine, honours_with_retracted
from awards_app.queries.method_accounts import explained_rounds
from awards_app.web.doors import open_to_all
from awards_app.web.public import blueprint
from awards_app.web.public.addresses import site, whole
from awards_app.web.public.honours_routes import NATIONAL, PUBLISHED, open_honours
from awards_app.web.public.presenters import honour_view
from awards_app.web.public.typography import safe_address

LICENCE = "Licence Ouverte 2.0 (Etalab)"
LICENCE_ADDRESS = "https://www.etalab.gouv.fr/licence-ouverte-open-licence/"
ATOM = "http://www.w3.org/2005/Atom"
SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
LATEST = 50
STANDING = ("home", "prize", "calendar", "honours", "legal", "accessibility", "privacy")


def open_fields(line: HonourLine) -> dict[str, Any]:
    """Return the fields of a distinction that open data may carry, and no other."""
    return {
        "annee": line.year,
        "niveau": line.level,
        "distinction": line.distinction,
        "prix": honour_view(line).prize,
        "thematique": line.theme,
        "region_code": line.region_code,
        "region": line.region_name,
        "structure": line.structure_name,
        "siren": line.siren,
        "ville": line.city,
        "departement": line.department,
        "projet": line.project_title,
        "resume": line.summary,
        "motivation": line.citation,
        "dotation_eur": line.amount,
        "site": safe_address(line.website),
        "source": safe_address(line.source_url),
        "rectificatif": line.erratum,
        "page": whole("public.laureate", slug=line.slug),
    }


@blueprint.get("/palmares.json")
@open_to_all(PUBLISHED, Permission.READ_OPEN_DATA)
def open_data_json() -> Response:
    """Give every published distinction as JSON."""
    lines = list_honours(HonoursFilter())
    return _finished(_json(lines, _("Palmarès du Prix de l’ESS")), lines)


@blueprint.get("/palmares/<int(fixed_digits=4):year>/<region_slug>.json")
@open_to_all(PUBLISHED, Permission.READ_OPEN_DATA)
def open_data_of_region(year: int, region_slug: str) -> Response:
    """Give the published distinctions of one region and year as JSON; before publication there is no such address."""
    _here, lines = open_honours(year, region_slug)
    return _finished(_json(lines, _("Palmarès du Prix de l’ESS %(year)s", year=year)), lines)


def _json(lines: tuple[HonourLine, ...], title: str) -> Response:
    body = {
        "titre": title,
        "licence": LICENCE,
        "licence_adresse": LICENCE_ADDRESS,
        "distinctions": [open_fields(line) for line in lines],
    }
    return Response(flask_json.dumps(body, ensure_ascii=False, sort_keys=False), mimetype="application/json")


@blueprint.get("/palmares.csv")
@open_to_all(PUBLISHED, Permission.READ_OPEN_DATA)
def open_data_csv() -> Response:
    """Give every published distinction as CSV that a French spreadsheet opens at once."""
    lines = list_honours(HonoursFilter())
    names = list(open_fields(lines[0])) if lines else ["annee", "structure"]
    fields = (open_fields(line) for line in lines)
    written = csv_lines([*names, "licence"], ([*(one[name] for name in names), LICENCE] for one in fields))
    response = Response("".join(written).encode(), mimetype="text/csv")
    response.headers["Content-Disposition"] = 'attachment; filename="palmares-prix-ess.csv"'
    return _finished(response, lines)


@blueprint.get("/palmares.atom")
@open_to_all(PUBLISHED, Permission.READ_OPEN_DATA)
def atom() -> Response:
    """Give the latest distinctions as Atom; a retracted one keeps its identifier and says that it is."""
    every = honours_with_retracted()
    newest = sorted(every, key=updated_at, reverse=True)[:LATEST]
    feed = Element("feed", {"xmlns": ATOM, "xml:lang": "fr"})
    SubElement(feed, "title").text = _("Palmarès du Prix de l’ESS")
    SubElement(feed, "id").text = whole("public.honours")
    SubElement(feed, "link", {"rel": "self", "href": whole("public.atom")})
    SubElement(feed, "link", {"rel": "alternate", "href": whole("public.honours")})
    SubElement(feed, "link", {"rel": "license", "href": LICENCE_ADDRESS})
    SubElement(feed, "rights").text = LICENCE
    SubElement(feed, "updated").text = _stamp(max(map(updated_at, every), default=_FIRST))
    author = SubElement(feed, "author")
    SubElement(author, "name").text = "ESS France"
    for line in newest:
        _entry(feed, line)
    return _finished(_xml(feed, "application/atom+xml"), every)


def _entry(feed: Element, line: HonourLine) -> None:
    view = honour_view(line)
    address = whole("public.laureate", slug=line.slug)
    entry = SubElement(feed, "entry")
    said = _("Distinction retirée : %(name)s", name=view.name) if line.retracted_at else view.name
    SubElement(entry, "title").text = f"{said} · {view.prize} {view.year}"
    SubElement(entry, "id").text = address
    SubElement(entry, "link", {"rel": "alternate", "href": address})
    SubElement(entry, "updated").text = _stamp(updated_at(line))
    words = line.erratum if line.retracted_at else " ".join(filter(None, (view.telling, line.erratum)))
    if words:
        SubElement(entry, "summary").text = words


# The prize began in 2015; nothing of it is older.
_FIRST = datetime(2015, 1, 1, tzinfo=UTC)


def updated_at(line: HonourLine) -> datetime:
    """Return when a distinction last changed; one of a past edition counts from the end of its Mois de l'ESS."""
    return line.retracted_at or line.published_at or datetime(line.year, 12, 1, tzinfo=UTC)


def _stamp(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _xml(root: Element, mimetype: str) -> Response:
    return Response(tostring(root, encoding="utf-8", xml_declaration=True), mimetype=mimetype)


def _finished(response: Response, lines: tuple[HonourLine, ...]) -> Response:
    """Add the licence and what lets a reader ask only for what is new."""
    response.headers["Link"] = f'<{LICENCE_ADDRESS}>; rel="license"'
    if lines:
        response.last_modified = max(map(updated_at, lines))
    response.add_etag()
    # A date alone does not tell: what is retracted is no line any more, and the newest of those left is no newer.
    if "If-None-Match" in request.headers:
        response.make_conditional(request)
    return response


@blueprint.get("/sitemap.xml")
@open_to_all("addresses of public pages only", Permission.READ_HONOURS)
def sitemap() -> Response:
    """Give search engines the public pages: those that always stand, and what is published."""
    root = Element("urlset", {"xmlns": SITEMAP})
    lines = list_honours(HonoursFilter())
    addresses = [whole(f"public.{name}") for name in STANDING]
    places = {region.code: region.slug for region in regions()}
    years = records()
    addresses += [whole("public.region", slug=slug) for slug in places.values()]
    addresses += _around(years, places)
    addresses += [whole("public.honours_of_year", year=record.year) for record in years]
    addresses += [whole("public.laureate", slug=line.slug) for line in lines]
    for address in addresses:
        SubElement(SubElement(root, "url"), "loc").text = address
    response = _xml(root, "application/xml")
    response.add_etag()
    response.make_conditional(request)
    return response


def _around(years: Iterable[RecordLine], places: Mapping[str, str]) -> list[str]:
    """Return what stands around a published palmarès and nothing before: map, press kits, guides, how it was decided."""
    found = [record for record in years if record.honours]
    addresses = [whole("public_map.honours_map")] if found else []
    addresses += [whole("publications.press", year=record.year) for record in found]
    addresses += [whole("publications.guide", year=record.year) for record in found if record.has_guide]
    return addresses + [
        whole("publications.method", year=year, region_slug=places.get(place, NATIONAL))
        for year, place in explained_rounds()
    ]


@blueprint.get("/robots.txt")
@open_to_all("what crawlers ask first; the same on every day")
def robots() -> Response:
    """Let crawlers read what is public and keep out of the rooms of people."""
    rooms = (
        "/compte",
        "/structure",
        "/candidatures",
        "/jury",
        "/coordination",
        "/apercus",
        "/invitations",
        "/demonstration",
    )
    lines = ["User-agent: *", *(f"Disallow: {room}" for room in rooms), f"Sitemap: {site()}/sitemap.xml", ""]
    response = Response("\n".join(lines), mimetype="text/plain")
    response.add_etag()
    response.make_conditional(request)
    return response
