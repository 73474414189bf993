"""The one clock: integers of UTC, exact, and still when a test says so."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.core import clock


def test_a_time_is_written_in_utc_with_milliseconds():
    assert clock.iso(1_795_411_308_123_456_789) == "2026-11-23T05:21:48.123Z"


@given(st.datetimes(datetime(1970, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001 - the zone is given beside
def test_moment_undoes_nanoseconds(at: datetime):
    assert clock.moment(clock.nanoseconds(at)) == at


def test_zones_are_honoured():
    berlin = datetime(2026, 11, 23, 6, 21, 48, tzinfo=timezone(timedelta(hours=1)))
    assert clock.iso(clock.nanoseconds(berlin)) == "2026-11-23T05:21:48.000Z"


def test_a_time_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="without a zone"):
        clock.nanoseconds(datetime(2026, 11, 23))  # noqa: DTZ001 - that is the point


def test_the_clock_stands_still_and_goes_on():
    with clock.frozen(42):
        assert clock.now() == clock.now() == 42
    assert clock.now() > 42
