"""Instants in French words, for mails and papers, which are not drawn for a page's language."""

from datetime import datetime
from zoneinfo import ZoneInfo

PARIS = "Europe/Paris"
MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin",
    "juillet", "août", "septembre", "octobre", "novembre", "décembre",
)  # fmt: skip


def day_fr(at: datetime, zone: str = PARIS) -> str:
    """Return « 30 juin 2027 », the day that ``zone`` has at the instant."""
    local = at.astimezone(ZoneInfo(zone))
    number = "1er" if local.day == 1 else str(local.day)
    return f"{number} {MONTHS[local.month - 1]} {local.year}"


def instant_fr(at: datetime, zone: str = PARIS) -> str:
    """Return « 30 juin 2027 à 23 h 59 min 08 s (heure de Paris) », or the offset to UTC of another zone."""
    local = at.astimezone(ZoneInfo(zone))
    offset = local.strftime("%z")
    named = "heure de Paris" if zone == PARIS else f"heure locale, UTC{offset[:3]}:{offset[3:]}"
    clock = f"{local.hour}\u00a0h\u00a0{local.minute:02d}\u00a0min\u00a0{local.second:02d}\u00a0s"
    return f"{day_fr(at, zone)} à {clock} ({named})"


def minute_fr(at: datetime, zone: str = PARIS) -> str:
    """Return « 30 juin 2027 à 23 h 59 (heure de Paris) »; elsewhere the local time with its offset, then Paris's."""
    words = _to_the_minute(at, zone)
    if at.astimezone(ZoneInfo(zone)).utcoffset() == at.astimezone(ZoneInfo(PARIS)).utcoffset():
        return words
    return f"{words}, soit {_to_the_minute(at, PARIS)}"


def _to_the_minute(at: datetime, zone: str) -> str:
    return instant_fr(at.replace(second=0, microsecond=0), zone).replace("\u00a0min\u00a000\u00a0s", "")
