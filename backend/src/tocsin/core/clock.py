"""The one clock: UTC, integer nanoseconds since 1970, frozen in tests."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from datetime import UTC, datetime

Nanoseconds = int

SECOND: Nanoseconds = 1_000_000_000
MINUTE: Nanoseconds = 60 * SECOND
HOUR: Nanoseconds = 60 * MINUTE
DAY: Nanoseconds = 24 * HOUR

# datetime ends with the year 9999; a source that claims more is wrong, not early
LATEST: Nanoseconds = 253_402_300_799 * SECOND

_read: Callable[[], Nanoseconds] = time.time_ns


def now() -> Nanoseconds:
    """Nanoseconds since 1970-01-01T00:00Z."""
    return _read()


def moment(ns: Nanoseconds) -> datetime:
    """An aware UTC datetime, cut to microseconds."""
    seconds, rest = divmod(ns, SECOND)
    return datetime.fromtimestamp(seconds, UTC).replace(microsecond=rest // 1000)


def iso(ns: Nanoseconds) -> str:
    """RFC 3339 in UTC with milliseconds: 2026-11-23T05:21:48.000Z."""
    return moment(ns).strftime("%Y-%m-%dT%H:%M:%S.") + f"{ns % SECOND // 1_000_000:03d}Z"


def nanoseconds(at: datetime) -> Nanoseconds:
    """Of an aware datetime, exact to the microsecond; raises ValueError on a naive one."""
    if at.tzinfo is None:
        message = "a datetime without a zone has no place in time"
        raise ValueError(message)
    delta = at - datetime(1970, 1, 1, tzinfo=UTC)
    return (delta.days * 86_400 + delta.seconds) * SECOND + delta.microseconds * 1000


@contextmanager
def frozen(at: Nanoseconds) -> Generator[None]:
    """Hold the clock still; for tests."""
    global _read  # noqa: PLW0603 - one clock, held in one place
    before, _read = _read, lambda: at
    try:
        yield
    finally:
        _read = before
