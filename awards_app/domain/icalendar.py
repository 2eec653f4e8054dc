"""One event as an iCalendar file (RFC 5545): instants in UTC, text escaped, lines folded at 75 octets."""

from dataclasses import dataclass
from datetime import UTC, datetime

OCTETS = 75


@dataclass(frozen=True, slots=True)
class Event:
    """An event; ``stamped_at`` is when it was written, ``uid`` stays the same when it moves."""

    uid: str
    stamped_at: datetime
    starts_at: datetime
    ends_at: datetime
    summary: str
    description: str
    address: str


def event_file(event: Event) -> str:
    """Return the file of one event, its lines ended by CR LF."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Prix de l’ESS//Calendrier//FR",
        "BEGIN:VEVENT",
        f"UID:{_text(event.uid)}",
        f"DTSTAMP:{_utc(event.stamped_at)}",
        f"DTSTART:{_utc(event.starts_at)}",
        f"DTEND:{_utc(event.ends_at)}",
        f"SUMMARY:{_text(event.summary)}",
        f"DESCRIPTION:{_text(event.description)}",
        f"URL:{event.address}",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return "".join(f"{_folded(line)}\r\n" for line in lines)


def _utc(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _text(text: str) -> str:
    for sign, escaped in (
        ("\\", "\\\\"),
        (";", "\\;"),
        (",", "\\,"),
        ("\r\n", "\\n"),
        ("\n", "\\n"),
        ("\r", ""),
    ):
        text = text.replace(sign, escaped)
    return text


def _folded(line: str) -> str:
    """Break a line so that none passes 75 octets, never within a sign."""
    parts, room = [""], OCTETS
    for sign in line:
        size = len(sign.encode())
        if size > room:
            parts.append(" ")
            room = OCTETS - 1
        parts[-1] += sign
        room -= size
    return "\r\n".join(parts)
