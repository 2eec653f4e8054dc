"""What machines read of a laureate's page: schema.org as JSON-LD, from the same published fields as the page."""

from typing import Any

from flask import json
from markupsafe import Markup

from awards_app.queries.honour_photos import LARGE, MEDIUM, PhotoLine
from awards_app.queries.honours import HonourLine
from awards_app.web.public.addresses import site, whole
from awards_app.web.public.presenters import HonourView

PRIZE = "Prix de l’Économie sociale et solidaire"


def json_ld(values: dict[str, Any]) -> Markup:
    """Return a block of data for machines; a browser runs nothing of it, and no text can end it early."""
    written = json.dumps(values, ensure_ascii=False)
    for sign in "<>&\u2028\u2029":
        written = written.replace(sign, f"\\u{ord(sign):04x}")
    return Markup('<script type="application/ld+json">{}</script>').format(Markup(written))


def laureate_data(line: HonourLine, view: HonourView, photo: PhotoLine | None) -> Markup:
    """Return the structured data of a laureate's page."""
    page = whole("public.laureate", slug=line.slug)
    structure: dict[str, Any] = {
        "@type": "Organization",
        "name": view.name,
        "award": f"{view.prize} {view.year}, {PRIZE}",
    }
    if view.website:
        structure["url"] = view.website.href
    if line.siren:
        structure["identifier"] = {"@type": "PropertyValue", "propertyID": "SIREN", "value": line.siren}
    address = {
        "addressLocality": line.city,
        "addressRegion": line.region_name or "",
        "addressCountry": "FR",
    }
    if line.city or line.region_name:
        structure["address"] = {"@type": "PostalAddress"} | {
            name: value for name, value in address.items() if value
        }
    values: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "WebPage",
        "@id": page,
        "url": page,
        "name": f"{view.name}, {view.prize} {view.year}",
        "inLanguage": "fr",
        "isPartOf": {"@type": "WebSite", "name": PRIZE, "url": site() + "/"},
        "about": structure,
        "breadcrumb": _breadcrumb(view, page),
    }
    if view.telling:
        values["description"] = view.telling
    if line.published_at is not None:
        values["datePublished"] = line.published_at.isoformat()
    if photo is not None:
        structure["image"] = values["primaryImageOfPage"] = _image(photo)
    return json_ld(values)


def _image(photo: PhotoLine) -> dict[str, Any]:
    width, height = photo.sizes.get(LARGE) or photo.sizes[MEDIUM]
    return {
        "@type": "ImageObject",
        "contentUrl": whole("laureates.photo", slug=photo.slug, photo_key=photo.key, width=LARGE),
        "width": width,
        "height": height,
        "caption": photo.alternative,
        "creditText": photo.credit,
        "copyrightNotice": photo.rights,
    }


def _breadcrumb(view: HonourView, page: str) -> dict[str, Any]:
    steps = [
        ("Palmarès", whole("public.honours")),
        (f"Palmarès {view.year}", whole("public.honours_of_year", year=view.year)),
        (view.name, page),
    ]
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": place, "name": name, "item": address}
            for place, (name, address) in enumerate(steps, start=1)
        ],
    }
