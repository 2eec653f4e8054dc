"""Dates, amounts and imported sentences, set as French typography wants them."""

import re
from datetime import date, datetime
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime
from flask_babel import get_locale

from awards_app.domain.typesetting import FIXED, THIN, host_of, safe_address, typeset

__all__ = [
    "day",
    "day_there",
    "days",
    "euros",
    "host_of",
    "is_english",
    "moment",
    "safe_address",
    "typeset",
]

PARIS = "Europe/Paris"


def is_english() -> bool:
    """Say whether the page speaks English."""
    return str(get_locale() or "fr").startswith("en")


def day(on: date) -> str:
    """Return « 1er juillet 2026 » in the page's language."""
    if is_english():
        return format_date(on, "d MMMM y", locale="en_GB")
    return _first(format_date(on, "d MMMM y", locale="fr"))


def day_there(at: datetime, zone: str = PARIS) -> str:
    """Return the day of an instant in a zone, in words."""
    return day(at.astimezone(ZoneInfo(zone)).date())


def days(start: date, end: date) -> str:
    """Return « du 15 mai au 30 juin 2026 »: month and year said once where they are the same."""
    pattern = "d MMMM y"
    if start.year == end.year:
        pattern = "d" if start.month == end.month else "d MMMM"
    if is_english():
        return f"{format_date(start, pattern, locale='en_GB')} – {day(end)}"
    first = format_date(start, pattern, locale="fr")
    return f"du {'1er' if first == '1' else _first(first)} au {day(end)}"


def moment(at: datetime, zone: str = PARIS, with_year: bool = True) -> str:
    """Return « mardi 30 juin 2026 à 23 h 59 » at the clocks of ``zone``, which the sentence around it names."""
    local = at.astimezone(ZoneInfo(zone))
    pattern = "EEEE d MMMM y" if with_year else "EEEE d MMMM"
    if is_english():
        return format_datetime(local, f"{pattern} 'at' HH:mm", locale="en_GB")
    hour = f"{local.hour}{FIXED}h" + (f"{FIXED}{local.minute:02d}" if local.minute else "")
    return f"{_first(format_date(local.date(), pattern, locale='fr'))} à{FIXED}{hour}"


def _first(words: str) -> str:
    # The number stays with its month: « 1er juillet », « 30 juin ».
    return re.sub(
        r"\b(\d\d?) (?=[a-zéû]+)", lambda found: f"{'1er' if found[1] == '1' else found[1]}{FIXED}", words
    )


def euros(amount: int) -> str:
    """Return « 5 000 euros » with narrow spaces between thousands."""
    return (
        f"{amount:,}".replace(",", "," if is_english() else THIN)
        + FIXED
        + ("euro" if amount == 1 else "euros")
    )
