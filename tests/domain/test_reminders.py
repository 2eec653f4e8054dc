"""Reminders of a closing: nine by the region's clock, whatever the season does; one hour before, exactly."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from awards_app.domain.deadlines import resolve
from awards_app.domain.reminders import due_reminder, reminders_of

PARIS = "Europe/Paris"


def closing(local: str, zone: str = PARIS) -> datetime:
    return resolve(datetime.fromisoformat(local), zone).closes_at


@pytest.mark.parametrize(
    ("local", "zone", "expected"),
    [
        ("2027-06-30T23:59", PARIS, ["06-23T07:00", "06-29T07:00", "06-30T21:00"]),
        # The clocks go forward on 28 March: nine in the morning is one hour earlier in UTC from then on.
        ("2027-04-01T23:59", PARIS, ["03-25T08:00", "03-31T07:00", "04-01T21:00"]),
        ("2027-03-28T12:00", PARIS, ["03-21T08:00", "03-27T08:00", "03-28T09:01"]),
        # They come back on 31 October.
        ("2027-11-02T18:00", PARIS, ["10-26T07:00", "11-01T08:00", "11-02T16:01"]),
        ("2027-10-31T23:59", PARIS, ["10-24T07:00", "10-30T07:00", "10-31T22:00"]),
        ("2028-03-07T23:59", PARIS, ["02-29T08:00", "03-06T08:00", "03-07T22:00"]),
        ("2028-01-03T23:59", PARIS, ["12-27T08:00", "01-02T08:00", "01-03T22:00"]),
        ("2027-06-30T23:59", "Pacific/Tahiti", ["06-23T19:00", "06-29T19:00", "07-01T09:00"]),
        ("2027-06-30T23:59", "Pacific/Noumea", ["06-22T22:00", "06-28T22:00", "06-30T12:00"]),
    ],
)
def test_reminders_leave_at_the_intended_local_hour(local: str, zone: str, expected: list[str]) -> None:
    found = reminders_of(closing(local, zone), zone)
    assert [one.name for one in found] == ["J-7", "J-1", "H-1"]
    assert [f"{one.due_at:%m-%dT%H:%M}" for one in found] == expected


def test_a_stale_reminder_gives_way_to_the_next_one() -> None:
    closes = closing("2027-06-30T23:59")
    named = lambda at: (found := due_reminder(closes, PARIS, at)) and found.name  # noqa: E731 - asked six times
    assert named(datetime(2027, 6, 23, 6, 59, 59, tzinfo=UTC)) is None
    assert named(datetime(2027, 6, 23, 7, 0, tzinfo=UTC)) == "J-7"
    assert named(datetime(2027, 6, 24, 6, 59, 59, tzinfo=UTC)) == "J-7"
    assert named(datetime(2027, 6, 24, 7, 0, tzinfo=UTC)) is None
    assert named(closes - timedelta(hours=1, microseconds=1)) is None
    assert named(closes - timedelta(hours=2 * 12 + 1)) == "J-1"
    assert named(closes - timedelta(seconds=1)) == "H-1"
    assert named(closes) is None


@given(
    # Local times: their zone is drawn beside them.
    st.datetimes(datetime.fromisoformat("2027-01-01"), datetime.fromisoformat("2029-01-01")).map(
        lambda at: at.replace(second=0, microsecond=0)
    ),
    st.sampled_from([PARIS, "America/Cayenne", "Pacific/Tahiti", "America/Miquelon", "Pacific/Noumea"]),
)
@settings(max_examples=200, deadline=None)
def test_they_follow_each_other_and_never_the_closing(local: datetime, zone: str) -> None:
    closes = local.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC) + timedelta(minutes=1)
    found = reminders_of(closes, zone)
    assert found[-1].name == "H-1"
    for one, after in pairwise(found):
        assert one.due_at < one.stale_at <= after.due_at
    assert all(one.due_at < one.stale_at <= closes for one in found)
    assert all(one.due_at.astimezone(ZoneInfo(zone)).hour == 9 for one in found if one.name != "H-1")
