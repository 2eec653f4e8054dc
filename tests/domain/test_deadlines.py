"""Deadlines: one instant from a local time and a zone, and both nights when the clocks change."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from awards_app.domain.deadlines import (
    LocalTimeDoesNotExist,
    LocalTimeHappensTwice,
    ZoneIsUnknown,
    clock_and_offset,
    is_open,
    resolve,
    resolve_first,
)

local_time = datetime.fromisoformat
PARIS = "Europe/Paris"
LAST_MINUTE = local_time("2027-06-30T23:59")
ZONES = {
    "America/Martinique": (7, 1, 3, 59),
    "America/Guadeloupe": (7, 1, 3, 59),
    "America/Cayenne": (7, 1, 2, 59),
    "Indian/Reunion": (6, 30, 19, 59),
    "Indian/Mayotte": (6, 30, 20, 59),
    "Pacific/Noumea": (6, 30, 12, 59),
    "Pacific/Tahiti": (7, 1, 9, 59),
    "America/Miquelon": (7, 1, 1, 59),
    PARIS: (6, 30, 21, 59),
}


@pytest.mark.parametrize(("zone", "expected"), ZONES.items())
def test_the_last_minute_in_nine_zones(zone, expected):
    month, day, hour, minute = expected
    shown = datetime(2027, month, day, hour, minute, tzinfo=UTC)
    deadline = resolve(LAST_MINUTE, zone)
    assert (deadline.at, deadline.closes_at) == (shown, shown + timedelta(minutes=1))
    late = shown + timedelta(minutes=1)
    instants = [
        late - timedelta(seconds=1),
        late - timedelta(microseconds=1),
        late,
        late + timedelta(seconds=1),
    ]
    assert [is_open(now, None, deadline.at) for now in instants] == [True, True, False, False]


def test_a_time_that_does_not_exist_is_refused_with_its_two_readings():
    with pytest.raises(LocalTimeDoesNotExist) as caught:
        resolve(local_time("2027-03-28T02:30"), PARIS)
    assert str(caught.value) == (
        "L’heure 02:30 n’existe pas le 28/03/2027 : l’horloge avance cette nuit-là. "
        "Choisissez 03:30 (UTC+2) ou 01:30 (UTC+1)."
    )
    readings = [caught.value.later, caught.value.earlier]
    assert readings == [datetime(2027, 3, 28, 1, 30, tzinfo=UTC), datetime(2027, 3, 28, 0, 30, tzinfo=UTC)]
    assert caught.value.status == 422


def test_a_time_that_happens_twice_is_asked():
    local = local_time("2027-10-31T02:30")
    with pytest.raises(LocalTimeHappensTwice) as caught:
        resolve(local, PARIS)
    assert str(caught.value).endswith("Précisez 02:30 (UTC+2) ou 02:30 (UTC+1).")
    first, second = resolve(local, PARIS, fold=0), resolve(local, PARIS, fold=1)
    assert (first.at, second.at) == (
        datetime(2027, 10, 31, 0, 30, tzinfo=UTC),
        datetime(2027, 10, 31, 1, 30, tzinfo=UTC),
    )
    assert resolve(second.local, second.zone, second.fold) == second


def test_the_local_time_is_kept_whatever_the_season_of_typing():
    summer, winter = resolve(LAST_MINUTE, PARIS), resolve(local_time("2027-11-30T23:59"), PARIS)
    assert (summer.at.hour, winter.at.hour) == (21, 22)
    assert resolve(summer.local, summer.zone, summer.fold) == summer


@pytest.mark.parametrize("zone", ["Europe/Rennes", "", "../../etc/passwd", "/etc/localtime", "UTC+2", "\x00"])
def test_a_zone_that_is_none(zone):
    with pytest.raises(ZoneIsUnknown):
        resolve(LAST_MINUTE, zone)


@pytest.mark.parametrize(
    "local",
    [LAST_MINUTE.replace(second=1), LAST_MINUTE.replace(microsecond=1), LAST_MINUTE.replace(tzinfo=UTC)],
)
def test_a_deadline_is_typed_to_the_minute_without_zone(local):
    with pytest.raises(ValueError, match="no local time"):
        resolve(local, PARIS)


def test_a_window_has_two_sides_and_only_aware_instants():
    opens, closes = datetime(2027, 5, 15, tzinfo=UTC), datetime(2027, 6, 30, 21, 59, tzinfo=UTC)
    assert [is_open(now, opens, closes) for now in (opens - timedelta(microseconds=1), opens)] == [
        False,
        True,
    ]
    assert is_open(closes, None, None) is True
    for now, start, end in [
        (LAST_MINUTE, None, None),
        (opens, LAST_MINUTE, None),
        (opens, None, LAST_MINUTE),
    ]:
        with pytest.raises(ValueError, match="no zone"):
            is_open(now, start, end)


@pytest.mark.parametrize(
    ("local", "days", "expected"),
    [
        (local_time("2027-03-29T12:00"), 1, datetime(2027, 3, 28, 10, 0, tzinfo=UTC)),
        (local_time("2027-03-29T12:00"), 2, datetime(2027, 3, 27, 11, 0, tzinfo=UTC)),
        (local_time("2027-03-29T02:30"), 1, datetime(2027, 3, 28, 1, 30, tzinfo=UTC)),
        (local_time("2028-03-01T09:00"), 1, datetime(2028, 2, 29, 8, 0, tzinfo=UTC)),
        (local_time("2028-01-03T09:00"), 7, datetime(2027, 12, 27, 8, 0, tzinfo=UTC)),
    ],
)
def test_the_same_local_hour_some_days_before(local, days, expected):
    assert resolve_first(local - timedelta(days=days), PARIS) == expected


def test_hours_are_written_with_their_distance_to_utc():
    marquises = datetime(2027, 6, 1, 8, 5, tzinfo=resolve(LAST_MINUTE, PARIS).at.tzinfo)
    assert clock_and_offset(marquises) == "08:05 (UTC+0)"
    half = datetime.fromisoformat("2027-06-01T08:05-09:30")
    assert clock_and_offset(half) == "08:05 (UTC-9:30)"


NIGHTS = [
    ("Europe/Paris", local_time("2027-03-28T00:00")),
    ("Europe/Paris", local_time("2027-10-31T00:00")),
    ("America/Miquelon", local_time("2027-03-14T00:00")),
    ("Australia/Lord_Howe", local_time("2027-04-04T00:00")),
    ("Pacific/Tahiti", local_time("2027-10-31T00:00")),
]


@settings(max_examples=120, deadline=None)
@given(st.sampled_from(NIGHTS), st.integers(0, 300))
def test_a_resolved_time_reads_back_as_it_was_typed(night, minutes):
    zone, midnight = night
    local = midnight + timedelta(minutes=minutes)
    zone_info = ZoneInfo(zone)
    exists = (
        local.replace(tzinfo=zone_info).astimezone(UTC).astimezone(zone_info).replace(tzinfo=None) == local
    )
    offsets = {local.replace(tzinfo=zone_info, fold=fold).utcoffset() for fold in (0, 1)}
    if not exists:
        with pytest.raises(LocalTimeDoesNotExist):
            resolve(local, zone)
        return
    for fold in (0, 1):
        back = resolve(local, zone, fold).at.astimezone(zone_info)
        assert (back.replace(tzinfo=None, fold=0), len(offsets) == 1 or back.fold == fold) == (local, True)
