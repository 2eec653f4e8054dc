"""How the calls and the calendar of an edition are said on the public pages."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import url_for
from flask_babel import gettext as _

from awards_app.domain.words import N_
from awards_app.queries.editions import EditionFacts, RegionFacts
from awards_app.queries.public_calls import PublicCall, PublicCalls
from awards_app.web.public.typography import PARIS, day, day_there, days, moment

# What the map and the lists say of a region's call: the words, and the way the map is coloured.
CALL_STATES = {
    "open": (N_("appel ouvert"), "active"),
    "coming": (N_("appel à venir"), "waiting"),
    "closed": (N_("appel clos"), "none"),
    "announced": (N_("lauréats annoncés"), "gold"),
    "absent": (N_("ne participe pas cette année"), "none"),
}


@dataclass(frozen=True, slots=True)
class CallNews:
    """What the opening of the home page says of the call: a headline, a sentence, and whether to file now."""

    state: str
    headline: str
    sentence: str
    year: int | None


@dataclass(frozen=True, slots=True)
class ClosingGroup:
    """Regions whose call opens and closes at the same instants, with the local and the Paris reading."""

    names: tuple[str, ...]
    opens: str
    closes: str
    closes_in_paris: str | None


def call_state(call: PublicCall) -> str:
    """Return the state of a region's call in words."""
    return _(CALL_STATES[call.state][0])


def map_cells(regions: Iterable[RegionFacts], calls: PublicCalls | None) -> list[dict[str, Any]]:
    """Return the regions for the macro `map_regions`; without an edition each one still leads to its page."""
    cells = []
    # Where all say the same, the legend says it once.
    differ = calls is not None and len({call.state for call in calls.regions}) > 1
    for region in regions:
        call = calls.of_region(region.code) if calls else None
        words, colour = CALL_STATES[call.state] if call else ("", "active")
        cells.append(
            {
                "code": region.code,
                "name": region.name,
                "href": url_for("public.region", slug=region.slug),
                "state": colour,
                "text": _(words) if words and differ else "",
            }
        )
    return cells


def map_legend(calls: PublicCalls | None) -> list[tuple[str, str]]:
    """Return the legend of the map: the states that are on it, once each."""
    if calls is None:
        return []
    present = {call.state for call in calls.regions} - {"absent"}
    return [(colour, _(words)) for state, (words, colour) in CALL_STATES.items() if state in present]


def told_closing(closes_at: datetime) -> datetime:
    """Return an instant of the last minute in which the call is open, the one that people are told."""
    return closes_at - timedelta(microseconds=1)


def call_news(edition: EditionFacts | None, calls: PublicCalls | None, now: datetime) -> CallNews:
    """Return what to say of the call at ``now``; it depends on dates and published results only."""
    if edition is None or calls is None:
        return CallNews(
            "none",
            _("Le prochain appel à candidatures se prépare"),
            _("Ses dates seront publiées ici dès qu’elles seront fixées."),
            None,
        )
    year, state = edition.year, calls.state
    headline, sentence = {
        "open": (_("L’appel à candidatures %(year)s est ouvert", year=year), _open_sentence(calls)),
        "coming": (_("L’appel à candidatures %(year)s ouvrira bientôt", year=year), _coming_sentence(calls)),
        "closed": (_("L’appel à candidatures %(year)s est clos", year=year), _closed_sentence(calls, now)),
        "announced": (
            _("Les lauréats %(year)s sont annoncés", year=year),
            _("Découvrez les structures distinguées et les mots des jurys."),
        ),
    }[state]
    return CallNews(state, headline, sentence, year)


def _main(calls: PublicCalls, state: str, field: str) -> datetime | None:
    found = Counter(
        getattr(call, field) for call in calls.regions if call.state == state and getattr(call, field)
    )
    return found.most_common(1)[0][0] if found else None


def _same_local_closing(calls: PublicCalls) -> bool:
    closings = {
        call.closes_at.astimezone(ZoneInfo(call.zone)).replace(tzinfo=None)
        for call in calls.regions
        if call.closes_at and call.state != "absent"
    }
    return len(closings) == 1


def _open_sentence(calls: PublicCalls) -> str:
    closes = _main(calls, "open", "closes_at")
    if closes is None:
        return _("La date de clôture sera précisée ici.")
    when = moment(told_closing(closes))
    if _same_local_closing(calls):
        return _("Clôture %(when)s, à l’heure de chaque région.", when=when)
    return _("Clôture %(when)s (heure de Paris) dans la plupart des régions.", when=when)


def _coming_sentence(calls: PublicCalls) -> str:
    opens, closes = _main(calls, "coming", "opens_at"), _main(calls, "coming", "closes_at")
    if opens is None:
        return _("Ses dates seront publiées ici dès qu’elles seront fixées.")
    if closes is None:
        return _("Ouverture %(when)s (heure de Paris).", when=moment(opens))
    return _(
        "Ouverture %(opens)s, clôture %(closes)s (heure de Paris).",
        opens=moment(opens),
        closes=moment(told_closing(closes)),
    )


def _closed_sentence(calls: PublicCalls, now: datetime) -> str:
    planned = calls.national.announced_at if calls.national else None
    if planned is None or planned <= now:
        return _("Les jurys lisent les candidatures. Les lauréats seront annoncés ici.")
    return _(
        "Les jurys lisent les candidatures. Annonce des lauréats nationaux prévue le %(day)s.",
        day=day_there(planned),
    )


def closing_groups(calls: PublicCalls) -> list[ClosingGroup]:
    """Return the regions grouped by the instants of their call, the largest group first."""
    groups: dict[tuple[datetime | None, datetime | None, str], list[PublicCall]] = {}
    for call in calls.regions:
        if call.state != "absent":
            groups.setdefault((call.opens_at, call.closes_at, call.zone), []).append(call)
    found = sorted(groups.items(), key=lambda item: -len(item[1]))
    return [
        ClosingGroup(
            names=tuple(call.region_name for call in group),
            opens=moment(opens, zone, with_year=False) if opens else "",
            closes=moment(told_closing(closes), zone, with_year=False) if closes else "",
            closes_in_paris=(
                moment(told_closing(closes), with_year=False) if closes and zone != PARIS else None
            ),
        )
        for (opens, closes, zone), group in found
    ]


def calendar_steps(
    edition: EditionFacts, calls: PublicCalls, now: datetime
) -> list[tuple[str, str, str, str | None]]:
    """Return the steps of an edition for the macro `timeline`: what is past is past by the clock, never by a decision."""
    planned = {
        row["code"]: datetime.fromisoformat(row["local"]).replace(
            tzinfo=ZoneInfo(PARIS if row["zone"] == "region" else row["zone"])
        )
        for row in edition.rules.get("calendar", ())
    }
    opens = [_there(call.opens_at, call) for call in calls.regions if call.opens_at]
    closes = [_there(told_closing(call.closes_at), call) for call in calls.regions if call.closes_at]
    steps = [
        _step(
            _("Appel à candidatures"),
            (min(opens, default=None), max(closes, default=None)),
            now,
            _("Chaque structure dépose une candidature, dans une thématique."),
        ),
        _step(
            _("Examen de la recevabilité"),
            (planned.get("admissibility_opens"), planned.get("admissibility_closes")),
            now,
            _("La chambre régionale vérifie chaque candidature et peut demander une correction."),
        ),
        _step(
            _("Jurys régionaux"),
            (planned.get("regional_jury_opens"), planned.get("regional_jury_closes")),
            now,
            _("Chaque jury retient au plus une candidature par thématique pour le jury national."),
        ),
        _step(
            _("Jury national"),
            (planned.get("national_jury_opens"), planned.get("national_jury_closes")),
            now,
            _("Il choisit trois structures nominées et une lauréate par thématique."),
        ),
    ]
    return [step for step in steps if step is not None] + _announcements(calls, now)


def _there(at: datetime, call: PublicCall) -> datetime:
    return at.astimezone(ZoneInfo(call.zone))


def _step(
    title: str, span: tuple[datetime | None, datetime | None], now: datetime, note: str
) -> tuple[str, str, str, str | None] | None:
    start, end = span
    if start is None or end is None:
        return None
    state = "done" if now > end else "current" if now >= start else "next"
    return title, _sentence(days(start.date(), end.date())), state, note


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:]


def _announcements(calls: PublicCalls, now: datetime) -> list[tuple[str, str, str, str | None]]:
    found: list[tuple[str, str, str, str | None]] = []
    if calls.national and calls.national.announced_at:
        state = "done" if calls.national.state == "announced" else "next"
        found.append(
            (_("Annonce des lauréats nationaux"), day_there(calls.national.announced_at), state, None)
        )
    dates = [call.announced_at for call in calls.regions if call.announced_at and call.state != "absent"]
    if dates:
        first, last = (at.astimezone(ZoneInfo(PARIS)).date() for at in (min(dates), max(dates)))
        words = day(first) if first == last else _sentence(days(first, last))
        over = all(call.state in ("announced", "absent") for call in calls.regions)
        note = _("Chaque région choisit sa date, avant ou après la cérémonie nationale.")
        found.append((_("Annonces régionales"), words, "done" if over else "next", note))
    return sorted(found, key=lambda step: step[2] != "done")
