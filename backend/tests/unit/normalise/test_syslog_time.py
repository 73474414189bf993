"""Times without year and zone get the ones that fit the file, across every New Year and leap day."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.core.clock import DAY, HOUR, moment, nanoseconds
from tocsin.core.errors import RecordError
from tocsin.core.event import Origin
from tocsin.core.ids import LOCAL
from tocsin.pipeline.normalise.parsers.syslog_time import place, read_stamp
from tocsin.pipeline.normalise.times import iso_time

ZONES = ("UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Pacific/Auckland", "Pacific/Kiritimati")


def origin(received: str, *, modified: str = "", zone: str = "UTC") -> Origin:
    return Origin(
        tenant=LOCAL,
        source="auth.log",
        lane="1",
        batch="1",
        received=iso_time(received),
        modified=iso_time(modified) if modified else None,
        zone=zone,
    )


def read(text: str, of: Origin) -> str:
    stamp = read_stamp(text)
    assert stamp is not None
    return moment(place(stamp, of)).isoformat()


@pytest.mark.parametrize(
    ("text", "received", "expected"),
    [
        ("Nov 23 05:21:48", "2026-11-23T05:22:00Z", "2026-11-23T05:21:48+00:00"),
        ("Nov  3 05:21:48", "2026-11-23T05:22:00Z", "2026-11-03T05:21:48+00:00"),
        ("Nov 3 05:21:48", "2026-11-23T05:22:00Z", "2026-11-03T05:21:48+00:00"),
        ("Nov 23 05:21:48.123456", "2026-11-23T05:22:00Z", "2026-11-23T05:21:48.123456+00:00"),
        ("Dec 31 23:59:59", "2027-01-01T00:00:01Z", "2026-12-31T23:59:59+00:00"),
        ("Jan  1 00:00:01", "2026-12-31T23:59:59Z", "2027-01-01T00:00:01+00:00"),
        ("Jan  2 00:00:01", "2026-12-31T23:59:59Z", "2026-01-02T00:00:01+00:00"),
        ("Nov 24 06:00:00", "2026-11-23T05:22:00Z", "2025-11-24T06:00:00+00:00"),
        ("Feb 29 12:00:00", "2024-03-01T00:00:00Z", "2024-02-29T12:00:00+00:00"),
        ("Feb 29 12:00:00", "2027-03-01T00:00:00Z", "2024-02-29T12:00:00+00:00"),
        ("Feb 29 12:00:00", "2103-03-01T00:00:00Z", "2096-02-29T12:00:00+00:00"),
        ("Nov 23 2019 05:21:48", "2026-11-23T05:22:00Z", "2019-11-23T05:21:48+00:00"),
        ("Jun 30 23:59:60", "2026-07-01T00:00:01Z", "2026-07-01T00:00:00+00:00"),
    ],
)
def test_the_year_is_the_latest_that_fits(text: str, received: str, expected: str) -> None:
    assert read(text, origin(received)) == expected


def test_the_files_own_time_decides_before_its_receipt() -> None:
    assert read("Dec 30 10:00:00", origin("2026-12-31T00:00:00Z", modified="2024-01-02T00:00:00Z")) == (
        "2023-12-30T10:00:00+00:00"
    )


@pytest.mark.parametrize("modified", ["1970-01-01T00:00:00Z", "1980-01-01T00:00:00Z", "2031-01-01T00:00:00Z"])
def test_a_file_time_that_cannot_be_is_not_believed(modified: str) -> None:
    assert read("Nov 23 05:21:48", origin("2026-11-23T05:22:00Z", modified=modified)) == "2026-11-23T05:21:48+00:00"


def test_the_zone_is_the_sources() -> None:
    assert read("Nov 23 05:21:48", origin("2026-11-23T05:22:00Z", zone="Europe/Berlin")) == "2026-11-23T04:21:48+00:00"
    assert read("Jul 23 05:21:48", origin("2026-11-23T05:22:00Z", zone="Europe/Berlin")) == "2026-07-23T03:21:48+00:00"


def test_new_year_comes_when_it_comes_in_the_sources_zone() -> None:
    """In Auckland it is 1 January while UTC still has 31 December."""
    auckland = origin("2026-12-31T12:00:00Z", zone="Pacific/Auckland")
    assert read("Jan  1 00:59:00", auckland) == "2026-12-31T11:59:00+00:00"


@pytest.mark.parametrize("text", ["Feb 30 00:00:00", "Nov 31 00:00:00", "Nov 0 00:00:00", "Nov 23 24:00:00"])
def test_a_day_that_does_not_exist_is_refused(text: str) -> None:
    with pytest.raises(RecordError, match="impossible time"):
        read(text, origin("2026-11-23T05:22:00Z"))


@pytest.mark.parametrize("text", ["Nov 23 00:60:00", "Nov 23 00:00:61", "Nov 23 0000 00:00:00", "Nov 23 1969 00:00:00"])
def test_so_is_a_minute_second_or_year(text: str) -> None:
    with pytest.raises(RecordError, match="impossible time"):
        read(text, origin("2026-11-23T05:22:00Z"))


@pytest.mark.parametrize("zone", ["Mars/Olympus", "../../etc/passwd", "", "\x00"])
def test_an_unknown_zone_is_said(zone: str) -> None:
    with pytest.raises(RecordError, match="unknown time zone"):
        read("Nov 23 05:21:48", origin("2026-11-23T05:22:00Z", zone=zone))


@pytest.mark.parametrize(
    "text", ["Nov 23", "nov 23 05:21:48", "Nov 123 05:21:48", "Nov 23 05:21:48x", "23 Nov 05:21:48"]
)
def test_what_is_no_stamp(text: str) -> None:
    assert read_stamp(text) is None


@given(
    at=st.datetimes(datetime(1999, 1, 1), datetime(2100, 12, 31)),  # noqa: DTZ001 - the zone is drawn beside it
    zone=st.sampled_from(ZONES),
    age=st.timedeltas(timedelta(hours=-22), timedelta(days=300)),
)
def test_what_was_written_within_a_year_is_read_back(at: datetime, zone: str, age: timedelta) -> None:
    written = at.replace(microsecond=0, tzinfo=UTC).astimezone(ZoneInfo(zone)).replace(fold=0)
    moment_written = nanoseconds(written.astimezone(UTC))
    received = moment_written + round(age.total_seconds()) * 10**9
    stamp = read_stamp(written.strftime("%b %e %H:%M:%S"))
    assert stamp is not None
    of = Origin(tenant=LOCAL, source="", lane="", batch="", received=received, zone=zone)
    assert place(stamp, of) == moment_written


@given(
    month=st.integers(1, 12),
    day=st.integers(1, 28),
    hour=st.integers(0, 23),
    received=st.datetimes(datetime(1999, 1, 1), datetime(2100, 12, 31)),  # noqa: DTZ001 - read as UTC
    zone=st.sampled_from(ZONES),
)
def test_never_more_than_a_day_ahead_and_never_more_than_a_year_behind(
    month: int, day: int, hour: int, received: datetime, zone: str
) -> None:
    name = datetime(2000, month, 1, tzinfo=UTC).strftime("%b")
    stamp = read_stamp(f"{name} {day:2d} {hour:02d}:30:00")
    assert stamp is not None
    now = nanoseconds(received.replace(tzinfo=UTC))
    at = place(stamp, Origin(tenant=LOCAL, source="", lane="", batch="", received=now, zone=zone))
    # an hour for clocks set back, which make a local year longer
    assert now + DAY - 366 * DAY - HOUR <= at <= now + DAY + 60 * 10**9
