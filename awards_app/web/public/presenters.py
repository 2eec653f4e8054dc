"""How honours, editions and calls are said on the public pages."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from flask import url_for
from flask_babel import gettext as _

from awards_app.domain.honour_names import distinction_name, theme_code_of
from awards_app.domain.text import sort_key
from awards_app.domain.typesetting import place_of
from awards_app.queries.edition_records import RecordLine
from awards_app.queries.honours import PRIZES, HonourLine
from awards_app.web.filters import french_number
from awards_app.web.public.typography import day, euros, host_of, safe_address, typeset


@dataclass(frozen=True, slots=True)
class Source:
    """An address outside, with the site it leads to."""

    href: str
    host: str


@dataclass(frozen=True, slots=True)
class HonourView:
    """A distinction, ready to be shown; a blank stays blank."""

    name: str
    href: str
    year: int
    level: str
    is_winner: bool
    prize: str
    theme: str
    theme_code: str
    region_code: str | None
    region_name: str
    region_href: str | None
    place: str
    project: str
    citation: str
    summary: str
    amount: str
    website: Source | None
    source: Source | None
    erratum: str

    @property
    def telling(self) -> str:
        """Return the sentence that tells most of it: the jury's words, else the summary."""
        return self.citation or self.summary


def honour_view(line: HonourLine) -> HonourView:
    """Return a distinction in words of the page's language."""
    prize = line.prize_name or _(distinction_name(line.level, line.distinction))
    theme = typeset(line.theme)
    return HonourView(
        name=typeset(line.structure_name),
        href=url_for("public.laureate", slug=line.slug),
        year=line.year,
        level=line.level,
        is_winner=line.distinction in PRIZES,
        prize=prize,
        # Old records sometimes give the name of the prize as its theme: said once.
        theme="" if sort_key(theme) in sort_key(prize) else theme,
        theme_code=theme_code_of(line.theme_code, line.theme),
        region_code=line.region_code,
        region_name=line.region_name or "",
        region_href=url_for("public.region", slug=line.region_slug) if line.region_slug else None,
        place=place_of(line.city, line.department, line.region_name or ""),
        project=typeset(line.project_title),
        citation=typeset(line.citation),
        summary=typeset(line.summary),
        amount=euros(line.amount) if line.amount else "",
        website=source_of(line.website),
        source=source_of(line.source_url),
        erratum=line.erratum,
    )


def honour_views(lines: Iterable[HonourLine]) -> list[HonourView]:
    """Return distinctions in words, in the order given."""
    return [honour_view(line) for line in lines]


def source_of(address: str) -> Source | None:
    """Return an outside address that may be followed, or None."""
    href = safe_address(address)
    return Source(href, host_of(href)) if href else None


def by_region(views: Iterable[HonourView]) -> list[tuple[str, list[HonourView]]]:
    """Return regional distinctions, grouped by region in the order given."""
    return [(name, list(group)) for name, group in groupby(views, key=lambda view: view.region_name)]


def by_year(views: Iterable[HonourView]) -> list[tuple[int, list[HonourView]]]:
    """Return distinctions grouped by year in the order given."""
    return [(year, list(group)) for year, group in groupby(views, key=lambda view: view.year)]


def record_figures(record: RecordLine) -> list[tuple[str, str, str | None, str | None]]:
    """Return the figures of an edition that are known, for the macro `figures`."""
    found: list[tuple[str, str, str | None, str | None]] = []
    if record.candidacies:
        found.append((french_number(record.candidacies), _("candidatures déposées"), None, None))
    if record.national_entries:
        found.append(
            (french_number(record.national_entries), _("retenues pour le jury national"), None, None)
        )
    if record.honours:
        words = _("distinction publiée") if record.honours == 1 else _("distinctions publiées")
        found.append((french_number(record.honours), words, None, None))
    return found


def record_ceremony(record: RecordLine) -> str:
    """Return the day and the place of an edition's ceremony, as far as they are known."""
    parts = [day(record.ceremony_on)] if record.ceremony_on else []
    if record.ceremony_place:
        place = typeset(record.ceremony_place)
        parts.append("en " + place[3:] if place.startswith("En ") else place)
    return ", ".join(parts)


def record_sources(record: RecordLine) -> list[Source]:
    """Return the sources of an edition that may be followed."""
    return [source for source in map(source_of, record.source_urls) if source]
