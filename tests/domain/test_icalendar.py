"""An event as a calendar reads it: escaped, folded, in UTC."""

from datetime import datetime
from zoneinfo import ZoneInfo

from awards_app.domain.icalendar import Event, event_file


def test_an_event_is_escaped_folded_and_in_utc() -> None:
    start = datetime(2027, 6, 30, 23, 59, tzinfo=ZoneInfo("Pacific/Tahiti"))
    words = "é" * 80 + "\r\nBEGIN:VALARM; a, b\\c"
    text = event_file(Event("u@x", start, start, start, "Clôture", words, "https://x.example/é"))
    lines = text.encode().split(b"\r\n")
    assert max(len(line) for line in lines) <= 75
    assert b"DTSTART:20270701T095900Z" in lines
    whole = text.replace("\r\n ", "")
    assert [line for line in whole.split("\r\n") if line.startswith("DESCRIPTION")] == [
        "DESCRIPTION:" + "é" * 80 + "\\nBEGIN:VALARM\\; a\\, b\\\\c"
    ]
    assert whole.count("BEGIN:") == 3
