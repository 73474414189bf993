"""Gives RFC 3164 times the year and the zone that they leave out."""

from __future__ import annotations

import re
from calendar import isleap
from datetime import UTC, datetime, tzinfo
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from tocsin.core.clock import DAY, SECOND, Nanoseconds, moment, nanoseconds
from tocsin.core.errors import RecordError
from tocsin.core.event import Origin

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_NUMBER = {name: number for number, name in enumerate(_MONTHS, start=1)}
_STAMP = re.compile(
    rf"({'|'.join(_MONTHS)}) {{1,2}}(\d{{1,2}})(?: (\d{{4}}))? (\d\d):(\d\d):(\d\d)(?:[.,](\d{{1,9}}))?(?=[ :]|$)",
    re.ASCII,
)
_BEFORE_LOGS = 20 * 365 * DAY  # archives are packed with dates like 1970 and 1980 that mean "none"
_YEARS_BACK = 9  # 29 February is eight years apart around 1900 and 2100


_Minute = tuple[int, int, int | None, int, int]
"""Month, day, year where given, hour, minute."""


class Stamp(NamedTuple):
    """A time as RFC 3164 writes it: Nov 23 05:21:48, and what some senders add to it."""

    month: int
    day: int
    year: int | None
    hour: int
    minute: int
    second: int
    fraction: Nanoseconds
    end: int
    """Where in the line it ended."""


def read_stamp(line: str, start: int = 0) -> Stamp | None:
    """The stamp that stands at `start`, or None."""
    found = _STAMP.match(line, start)
    if found is None:
        return None
    month, day, year, hour, minute, second, digits = found.groups()
    fraction = int(digits) * 10 ** (9 - len(digits)) if digits else 0
    numbers = (_NUMBER[month], int(day), int(year) if year else None, int(hour), int(minute), int(second))
    return Stamp(*numbers, fraction, found.end())


def is_stamp(line: str, start: int = 0) -> bool:
    """Does a stamp stand at `start`?"""
    return _STAMP.match(line, start) is not None


def place(stamp: Stamp, origin: Origin) -> Nanoseconds:
    """The latest such moment that is not more than a day ahead of the file's own time, else of its receipt.

    Raises RecordError for a day or hour that does not exist, and for an unknown zone.
    """
    if stamp.second > 60:
        raise RecordError("impossible time")
    latest = _reference(origin) + DAY
    # a leap second is the next minute's first
    return _minute(stamp[:5], origin.zone, latest) + stamp.second * SECOND + stamp.fraction


def _reference(origin: Origin) -> Nanoseconds:
    modified = origin.modified
    if modified is None or not _BEFORE_LOGS <= modified <= origin.received + DAY:
        return origin.received
    return modified


@lru_cache(maxsize=4096)
def _minute(named: _Minute, zone_name: str, latest: Nanoseconds) -> Nanoseconds:
    month, day, year, _, _ = named
    zone = _zone(zone_name)
    if year is not None:
        return _at(zone, year, named)
    this_year = moment(latest).astimezone(zone).year
    for one in range(this_year, this_year - _YEARS_BACK, -1):
        if (month, day) == (2, 29) and not isleap(one):
            continue
        at = _at(zone, one, named)
        if at <= latest:
            return at
    raise RecordError("impossible time")


def _at(zone: tzinfo, year: int, named: _Minute) -> Nanoseconds:
    month, day, _, hour, minute = named
    try:
        at = nanoseconds(datetime(year, month, day, hour, minute, tzinfo=zone).astimezone(UTC))
    except (ValueError, OverflowError) as error:
        raise RecordError("impossible time") from error
    if at < 0:
        raise RecordError("impossible time")
    return at


@lru_cache(maxsize=256)
def _zone(name: str) -> tzinfo:
    if name == "UTC":
        return UTC
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise RecordError("unknown time zone", name) from error
