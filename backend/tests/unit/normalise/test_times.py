"""Times of logs are read exactly or not at all."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.core.clock import LATEST, nanoseconds
from tocsin.pipeline.normalise.times import access_time, any_time, epoch_time, iso_time

NOON = nanoseconds(datetime(2026, 11, 23, 12, 0, tzinfo=UTC))
SOME = nanoseconds(datetime(2026, 11, 23, 5, 21, 48, tzinfo=UTC))


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("2026-11-23T05:21:48Z", 0),
        ("2026-11-23 05:21:48", 0),
        ("2026-11-23t05:21:48z", 0),
        ("2026-11-23T05:21:48.1Z", 100_000_000),
        ("2026-11-23T05:21:48.123", 123_000_000),
        ("2026-11-23 05:21:48,123", 123_000_000),
        ("2026-11-23T05:21:48.123456Z", 123_456_000),
        ("2026-11-23T05:21:48.1234567Z", 123_456_700),
        ("2026-11-23T05:21:48.123456789Z", 123_456_789),
        ("2026-11-23T06:21:48.5+01:00", 500_000_000),
        ("2026-11-23T06:21:48+0100", 0),
        ("2026-11-23T06:21:48+01", 0),
        ("2026-11-22T20:51:48-08:30", 0),
        ("2026-11-23 05:21:48 +0000", 0),
        ("2026-11-23 05:21:48 UTC", 0),
        ("20261123T052148Z", 0),
        ("20261123T052148.25+0000", 250_000_000),
    ],
)
def test_iso_variants_are_exact_to_the_nanosecond(text: str, after: int) -> None:
    assert iso_time(text) == SOME + after


def test_iso_without_seconds_is_the_full_minute() -> None:
    assert iso_time("2026-11-23T12:00Z") == NOON
    assert iso_time("20261123T1200") == NOON


def test_a_leap_second_is_the_first_of_the_next_minute() -> None:
    assert iso_time("2016-12-31T23:59:60Z") == iso_time("2017-01-01T00:00:00Z")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026-11-23",
        "2026-13-01T00:00:00Z",
        "2026-02-30T00:00:00Z",
        "2026-11-23T24:00:00Z",
        "2026-11-23T05:21:61Z",
        "2026-11-23T05:21:48.Z",
        "2026-11-23T05:21:48.1234567890Z",
        "2026-11-23T05:21:48.1_2Z",
        "2026-11-23T05:21:48.\u0661Z",
        "2026-11-23T05:21:48.\u00b2Z",
        "2026-11-23T05:21:48+24:00",
        "2026-11-23T05:21:48+01:60",
        "2026-11-23T05:21:48Z and more",
        "1969-12-31T23:59:59Z",
        "1970-01-01T00:00:00+01:00",
        "1601-01-01T00:00:00Z",
        "9999-12-31T23:59:59-01:00",
        "0000-01-01T00:00:00Z",
        "\u0662026-11-23T05:21:48Z",
        " 2026-11-23T05:21:48Z",
    ],
)
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no time"):
        iso_time(text)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (1_795_411_308, 1_795_411_308_000_000_000),
        (1_795_411_308_123, 1_795_411_308_123_000_000),
        (1_795_411_308_123_456, 1_795_411_308_123_456_000),
        (1_795_411_308_123_456_789, 1_795_411_308_123_456_789),
        (1588205199.82437, 1_588_205_199_824_370_000),
        (1588205199824.37, 1_588_205_199_824_370_000),
        ("1588205199.824370", 1_588_205_199_824_370_000),
        ("1588205199.8243701239999", 1_588_205_199_824_370_123),
        ("1588205199824", 1_588_205_199_824_000_000),
        (" 1588205199 ", 1_588_205_199_000_000_000),
        (1, 1_000_000_000),
    ],
)
def test_epochs_are_told_apart_by_size(value: float | str, expected: int) -> None:
    assert epoch_time(value) == expected


@pytest.mark.parametrize(
    "value",
    [0, 0.0, -1, float("nan"), float("inf"), 1 << 70, 10**400, True, "", "0", "0.5", "-5", "1e9", "12a", "9" * 21],
)
def test_what_is_no_epoch_is_refused(value: float | str) -> None:
    with pytest.raises(ValueError, match="no time"):
        epoch_time(value)


def test_access_logs_carry_day_month_year_and_offset() -> None:
    assert access_time("23/Nov/2026:05:21:48 +0000") == SOME
    assert access_time("23/Nov/2026:07:21:48 +0200") == SOME
    with pytest.raises(ValueError, match="no time"):
        access_time("23/Foo/2026:05:21:48 +0000")
    with pytest.raises(ValueError, match="no time"):
        access_time("23/Nov/2026 05:21:48 +0000")
    with pytest.raises(ValueError, match="no time"):
        access_time("31/Feb/2026:05:21:48 +0000")


@pytest.mark.parametrize("value", [None, True, [], {}, "soon", "Thu Jan 1"])
def test_any_time_refuses_what_is_neither_text_nor_number(value: None) -> None:
    with pytest.raises(ValueError, match="no time"):
        any_time(value)


def test_any_time_takes_text_and_numbers() -> None:
    assert any_time("2026-11-23T05:21:48Z") == any_time("1795411308") == any_time(1795411308) == SOME
    assert any_time("20261123T052148Z") == SOME


@given(
    st.datetimes(datetime(1970, 1, 2), datetime(9999, 12, 30)),  # noqa: DTZ001 - hypothesis wants them naive
    st.integers(-14 * 60, 14 * 60),
    st.sampled_from("T "),
)
def test_every_datetime_comes_back(at: datetime, offset: int, between: str) -> None:
    aware = at.replace(tzinfo=timezone(timedelta(minutes=offset)))
    assert iso_time(aware.isoformat(between)) == nanoseconds(aware)


@given(st.text() | st.from_regex(r"\d{4}-\d\d-\d\dT\d\d:\d\d.{0,12}"))
def test_any_text_is_a_time_or_a_value_error(text: str) -> None:
    try:
        ns = any_time(text)
    except ValueError:
        return
    assert 0 <= ns <= LATEST
