"""Deadlines: a local date-time with its IANA zone, and the one instant they resolve to.

A deadline shown « 23:59 » lasts until the end of that minute: 23:59:59.999999 is in time, 00:00:00 is late.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from awards_app.domain.numbers_fr import EARLIEST_YEAR, LATEST_YEAR
from awards_app.domain.refusals import Refusal
from awards_app.domain.words import N_

MINUTE = timedelta(minutes=1)


class DeadlineIsInvalid(Refusal):
    """The local time cannot be taken as a deadline."""

    sentence = N_("Cette date limite n’est pas utilisable.")
    status = 422


class ZoneIsUnknown(DeadlineIsInvalid):
    """The zone is not an IANA name."""

    sentence = N_("Le fuseau horaire « %(zone)s » n’existe pas.")


class LocalTimeDoesNotExist(DeadlineIsInvalid):
    """The clocks jump over this local time; ``later`` and ``earlier`` are the two readings, as aware date-times."""

    sentence = N_(
        "L’heure %(local)s n’existe pas le %(day)s : l’horloge avance cette nuit-là. "
        "Choisissez %(later)s ou %(earlier)s."
    )

    def __init__(self, later: datetime, earlier: datetime, **values: object) -> None:
        super().__init__(later=clock_and_offset(later), earlier=clock_and_offset(earlier), **values)
        self.later = later
        self.earlier = earlier


class LocalTimeHappensTwice(DeadlineIsInvalid):
    """The clocks come back over this local time; ``first`` and ``second`` are the choices 0 and 1 of ``fold``."""

    sentence = N_(
        "L’heure %(local)s a lieu deux fois le %(day)s : l’horloge recule cette nuit-là. "
        "Précisez %(first)s ou %(second)s."
    )

    def __init__(self, first: datetime, second: datetime, **values: object) -> None:
        super().__init__(first=clock_and_offset(first), second=clock_and_offset(second), **values)
        self.first = first
        self.second = second


@dataclass(frozen=True, slots=True)
class Deadline:
    """What was typed (``local``, without zone, to the minute; ``zone``) and the UTC instant ``at`` it begins at.

    ``fold`` keeps the choice made for a local time that happens twice, so that saving again changes nothing.
    """

    local: datetime
    zone: str
    at: datetime
    fold: int | None = None

    @property
    def closes_at(self) -> datetime:
        """The first instant that is too late."""
        return closes_at_end_of_minute(self.at)


def resolve(local: datetime, zone: str, fold: int | None = None) -> Deadline:
    """Resolve a local time typed by a person.

    Raises ``DeadlineIsInvalid`` for a year that no deadline has, ``ZoneIsUnknown``, ``LocalTimeDoesNotExist``, and ``LocalTimeHappensTwice`` unless ``fold`` chooses
    (0 the first, 1 the second). ``ValueError`` for a time that has a zone or seconds: the forms have neither.
    """
    if local.tzinfo is not None or local.second or local.microsecond:
        raise ValueError(f"{local!r} is no local time to the minute")
    if not EARLIEST_YEAR <= local.year <= LATEST_YEAR:
        raise DeadlineIsInvalid
    zone_info = _zone(zone)
    first = local.replace(tzinfo=zone_info, fold=0)
    second = local.replace(tzinfo=zone_info, fold=1)
    words = {"local": f"{local:%H:%M}", "day": f"{local:%d/%m/%Y}"}
    if first.utcoffset() == second.utcoffset():
        return Deadline(local, zone, first.astimezone(UTC))
    if _comes_back(first) != local:
        raise LocalTimeDoesNotExist(
            later=first.astimezone(UTC).astimezone(zone_info),
            earlier=second.astimezone(UTC).astimezone(zone_info),
            **words,
        )
    if fold not in (0, 1):
        raise LocalTimeHappensTwice(first=first, second=second, **words)
    return Deadline(local, zone, (second if fold else first).astimezone(UTC), fold)


def resolve_first(local: datetime, zone: str) -> datetime:
    """Return the UTC instant of a local hour that nobody typed, such as a reminder's.

    An hour that does not exist that day is taken after the jump, one that happens twice the first time.
    """
    return local.replace(tzinfo=_zone(zone), fold=0).astimezone(UTC)


def closes_at_end_of_minute(at: datetime) -> datetime:
    """Return the first instant that is too late for a deadline whose shown minute begins at ``at``."""
    return _aware(at) + MINUTE


def is_open(now: datetime, opens: datetime | None, closes: datetime | None) -> bool:
    """Tell whether ``now`` is within a window; ``closes`` is the shown minute, which is still open to its end.

    All are aware; ``None`` leaves that side unbounded. Raises ``ValueError`` for a naive date-time.
    """
    _aware(now)
    if opens is not None and now < _aware(opens):
        return False
    return closes is None or now < closes_at_end_of_minute(closes)


def clock_and_offset(instant: datetime) -> str:
    """Write the hour of an aware date-time with its distance to UTC: « 03:30 (UTC+2) »."""
    offset = _aware(instant).utcoffset() or timedelta()
    sign = "-" if offset < timedelta() else "+"
    hours, minutes = divmod(abs(offset) // MINUTE, 60)
    return f"{instant:%H:%M} (UTC{sign}{hours}{f':{minutes:02d}' if minutes else ''})"


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ZoneIsUnknown(zone=name) from None


def _comes_back(aware: datetime) -> datetime:
    return aware.astimezone(UTC).astimezone(aware.tzinfo).replace(tzinfo=None, fold=0)


def _aware(instant: datetime) -> datetime:
    if instant.utcoffset() is None:
        raise ValueError(f"{instant!r} has no zone")
    return instant
