"""The demonstration's clock: it goes forward only, to a day or to a moment worth seeing."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from awards_app.adapters.clock import now as the_clock
from awards_app.adapters.clock import set_clock
from awards_app.domain.numbers_fr import parse_date
from awards_app.domain.phases import Phase
from awards_app.domain.refusals import InputIsInvalid
from awards_app.domain.words import N_
from awards_app.queries.editions import RoundLine, current_edition, rounds_of

PARIS = ZoneInfo("Europe/Paris")
STEPS = {"day": timedelta(days=1), "week": timedelta(weeks=1)}
SHOWN = 5
LATER_ONLY = N_("L’horloge de la démonstration ne fait qu’avancer : choisissez un jour à venir.")
NOT_SO_FAR = N_("Choisissez un jour avant la fin de l’année suivante.")


@dataclass(frozen=True, slots=True)
class MomentToSee:
    """A moment worth going to: what happens, where (blank for the nation), and the instant to set."""

    code: str
    region: str
    at: datetime


def moments_to_see(now: datetime) -> tuple[MomentToSee, ...]:
    """Return the next moments of the current edition, the soonest first: openings, eves of closings, publications."""
    edition = current_edition()
    if edition is None:
        return ()
    found: dict[tuple[str, datetime], MomentToSee] = {}
    for line in rounds_of(edition.id, now):
        for code, at in _moments(line):
            if at > now:
                found.setdefault((code, at), MomentToSee(code, line.region_name, at))
    return tuple(sorted(found.values(), key=lambda moment: moment.at)[:SHOWN])


def _moments(line: RoundLine) -> list[tuple[str, datetime]]:
    moments = []
    if not line.takes_part:
        return []
    if line.phase is Phase.PREPARATION and line.opens_at is not None:
        moments.append(("call_opens", line.opens_at + timedelta(minutes=1)))
    if line.phase is Phase.FILING and line.closes_at is not None:
        moments.append(("eve_of_closing", line.closes_at - timedelta(hours=30)))
        moments.append(("call_closed", line.closes_at + timedelta(minutes=1)))
    if line.phase is Phase.DECIDED and line.embargo_at is not None and line.publication_armed_at is not None:
        moments.append(("publication", line.embargo_at + timedelta(minutes=1)))
    if not line.region_code and line.embargo_at is not None:
        moments.append(("national_embargo", line.embargo_at - timedelta(days=1)))
    return moments


def step_of_clock(step: str, typed: str, now: datetime) -> datetime:
    """Return the instant that a form asks for: « day », « week », an instant of `moments_to_see`, or a typed day.

    Raises `InputIsInvalid`, on the field « day ».
    """
    if step in STEPS:
        return now + STEPS[step]
    known = {moment.at.isoformat(): moment.at for moment in moments_to_see(now)}
    if step in known:
        return known[step]
    day = parse_date(typed)
    wanted = datetime.combine(day, time(9, 0), PARIS)
    if wanted <= now:
        raise InputIsInvalid({"day": LATER_ONLY})
    if wanted.year > now.year + 1:
        raise InputIsInvalid({"day": NOT_SO_FAR})
    return wanted


def move_clock(instant: datetime) -> None:
    """Set the clock, running on from ``instant``; it never goes back."""
    if instant <= the_clock():
        raise InputIsInvalid({"day": LATER_ONLY})
    set_clock(instant)
