"""When the people of an unfinished draft are reminded of the closing: seven days, one day and one hour before it."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from awards_app.domain.deadlines import resolve_first

# The hour of the region's clock at which a letter is likely to be read and acted upon the same day.
MORNING = time(9, 0)
# Name and days before the closing day; the last one is an hour before the closing itself.
_DAYS = (("J-7", 7), ("J-1", 1))
LAST_HOUR = "H-1"
LONGEST = timedelta(days=8)


@dataclass(frozen=True, slots=True)
class Reminder:
    """One reminder: due at an instant, stale from another on (the next one says the same better)."""

    name: str
    due_at: datetime
    stale_at: datetime


def reminders_of(closes_at: datetime, zone: str) -> tuple[Reminder, ...]:
    """Return the reminders of a closing in their order, in UTC; ``closes_at`` is the first closed instant.

    Those of days leave at nine by the region's clock, whatever the season does in between, and are good for a day at
    most; each ends where the next begins.
    """
    last_day = (closes_at - timedelta(microseconds=1)).astimezone(ZoneInfo(zone)).date()
    due = [
        (name, resolve_first(datetime.combine(last_day - timedelta(days=days), MORNING), zone))
        for name, days in _DAYS
    ]
    due.append((LAST_HOUR, closes_at - timedelta(hours=1)))
    due = [one for one in due if one[1] <= due[-1][1]]
    ends = [at for _, at in due[1:]] + [closes_at]
    return tuple(
        Reminder(name, at, min(end, at + timedelta(days=1)))
        for (name, at), end in zip(due, ends, strict=True)
    )


def due_reminder(closes_at: datetime, zone: str, now: datetime) -> Reminder | None:
    """Return the reminder to send at ``now``, None when none is due or the last one is stale."""
    return next((one for one in reminders_of(closes_at, zone) if one.due_at <= now < one.stale_at), None)
