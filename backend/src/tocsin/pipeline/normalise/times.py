"""Reads the times that logs carry: ISO 8601, Unix epochs and access logs; each exact, as nanoseconds since 1970."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from functools import lru_cache

from tocsin.core.clock import LATEST, MINUTE, SECOND, Nanoseconds, nanoseconds
from tocsin.core.event import Json

_SECONDS = {f"{second:02d}": second * SECOND for second in range(61)}  # 60: a leap second is the next minute's first
_SCALE = tuple(10 ** (9 - digits) for digits in range(10))
_MONTHS = {
    name: number
    for number, name in enumerate(
        ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"), start=1
    )
}
_ISO_MINUTE = re.compile(r"(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d)", re.ASCII)
_ACCESS_MINUTE = re.compile(r"(\d\d)/([A-Z][a-z]{2})/(\d{4}):(\d\d):(\d\d)", re.ASCII)
_REST = re.compile(r"(?::(\d\d)(?:[.,](\d{1,9}))?)? ?(?:[Zz]|UTC|GMT|([+-])(\d\d):?(\d\d)?)?", re.ASCII)
_COMPACT = re.compile(r"(\d{4})(\d\d)(\d\d)[Tt](\d\d)(\d\d)(?:(\d\d))?([.,Zz+-].{0,16})?", re.ASCII)
_EPOCH = re.compile(r"(\d{1,20})(?:\.(\d{1,9})\d{0,9})?", re.ASCII)


def iso_time(text: str) -> Nanoseconds:
    """ISO 8601 and RFC 3339 with at least hours and minutes, 'T' or a space, 0 to 9 fractional digits behind '.' or
    ','; with Z, an offset or neither (UTC). Raises ValueError for anything else and for years outside 1970-9999."""
    minute = _iso_minute(text[:16])
    if minute is None:
        return _compact_time(text)
    if text[16:17] == ":" and (second := _SECONDS.get(text[17:19])) is not None:
        tail = text[19:]
        if tail in {"Z", ""}:
            return minute + second
        if tail[0] == "." and tail[-1] == "Z":
            digits = tail[1:-1]
            if len(digits) <= 9 and digits.isdecimal() and digits.isascii():
                return minute + second + int(digits) * _SCALE[len(digits)]
    return _with_rest(minute, text[16:], text)


def epoch_time(value: float | str) -> Nanoseconds:
    """Seconds, milli-, micro- or nanoseconds since 1970, told apart by size: the bounds lie in 1973 and 5138.

    Zero is how sources write that they know no time. Raises ValueError for it, for negative numbers, for what is no
    number and for years after 9999.
    """
    if isinstance(value, str):
        return _epoch_text(value)
    if isinstance(value, bool) or not 0 < value <= LATEST:  # also false for NaN
        raise _no_time(value)
    unit = _unit(value)
    if isinstance(value, int):
        return _within(value * unit, value)
    # a double of seconds is good for microseconds, not for nanoseconds
    return _within(round(value * (unit // 1000)) * 1000 if unit > 1 else int(value), value)


def access_time(text: str) -> Nanoseconds:
    """23/Nov/2026:05:21:48 +0000, as web servers' common and combined logs write it; without an offset UTC."""
    minute = _access_minute(text[:17])
    if minute is None:
        raise _no_time(text)
    return _with_rest(minute, text[17:], text)


def any_time(value: Json) -> Nanoseconds:
    """ISO 8601 or an epoch, as a number or as text. Raises ValueError for anything else."""
    if isinstance(value, str):
        return iso_time(value) if value[4:5] == "-" or "T" in value else epoch_time(value)
    if isinstance(value, int | float):
        return epoch_time(value)
    raise _no_time(value)


@lru_cache(maxsize=4096)
def _iso_minute(text: str) -> Nanoseconds | None:
    found = _ISO_MINUTE.fullmatch(text)
    if found is None:
        return None
    year, month, day, hour, minute = found.groups()
    return _at(text, int(year), int(month), int(day), int(hour), int(minute))


@lru_cache(maxsize=4096)
def _access_minute(text: str) -> Nanoseconds | None:
    found = _ACCESS_MINUTE.fullmatch(text)
    if found is None or found[2] not in _MONTHS:
        return None
    day, month, year, hour, minute = found.groups()
    return _at(text, int(year), _MONTHS[month], int(day), int(hour), int(minute))


def _at(text: str, year: int, month: int, day: int, hour: int, minute: int) -> Nanoseconds:
    if year < 1970:
        raise _no_time(text)
    try:
        return nanoseconds(datetime(year, month, day, hour, minute, tzinfo=UTC))
    except ValueError as error:
        raise _no_time(text) from error


def _compact_time(text: str) -> Nanoseconds:
    found = _COMPACT.fullmatch(text)
    if found is None:
        raise _no_time(text)
    year, month, day, hour, minute, second, tail = found.groups()
    start = _at(text, int(year), int(month), int(day), int(hour), int(minute))
    return _with_rest(start, (f":{second}" if second else "") + (tail or ""), text)


def _with_rest(minute: Nanoseconds, rest: str, text: str) -> Nanoseconds:
    found = _REST.fullmatch(rest)
    if found is None:
        raise _no_time(text)
    second, digits, sign, hours, minutes = found.groups()
    total = minute + _SECONDS.get(second or "00", LATEST)
    if digits:
        total += int(digits) * _SCALE[len(digits)]
    if sign:
        ahead = _offset(hours, minutes or "00", text)
        total += -ahead if sign == "+" else ahead
    return _within(total, text)


def _offset(hours: str, minutes: str, text: str) -> Nanoseconds:
    if int(hours) > 23 or int(minutes) > 59:
        raise _no_time(text)
    return (int(hours) * 60 + int(minutes)) * MINUTE


def _epoch_text(text: str) -> Nanoseconds:
    found = _EPOCH.fullmatch(text.strip())
    if found is None:
        raise _no_time(text)
    whole, digits = int(found[1]), found[2] or ""
    if whole == 0:
        raise _no_time(text)
    unit = _unit(whole)
    return _within(whole * unit + (int(digits) * unit // 10 ** len(digits) if digits else 0), text)


def _unit(value: float) -> Nanoseconds:
    if value < 1e11:
        return SECOND
    if value < 1e14:
        return SECOND // 1000
    return 1000 if value < 1e17 else 1


def _within(ns: Nanoseconds, source: float | str) -> Nanoseconds:
    if 0 <= ns <= LATEST:
        return ns
    raise _no_time(source)


def _no_time(value: Json) -> ValueError:
    return ValueError(f"no time between 1970 and 9999: {str(value)[:40]!r}")
