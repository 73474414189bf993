"""Which host had which address when, learned from the events themselves."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from tocsin.core.clock import DAY, HOUR, Nanoseconds
from tocsin.core.event import Columns
from tocsin.pipeline.enrich.types import Sighting
from tocsin.pipeline.normalise import canonical
from tocsin.pipeline.normalise.mentions import is_log_on

LASTS: Nanoseconds = 12 * HOUR
"""For so long after it was last seen a host is still taken to have its address, if nobody else was seen with it."""
BEFORE: Nanoseconds = HOUR
"""And for so long before it was first seen."""

_KEPT = 200_000
_HOLDERS = 16
"""Of one address on one day; what so many share tells of none of them."""
_FAR = (3, 0)


class _Span(NamedTuple):
    first: Nanoseconds
    last: Nanoseconds
    told_by: str
    """By the last event; of two at once the first in the alphabet."""


class Leases:
    """In memory: of each address the spans of its holders day by day, so that the order of events does not matter.

    When full, the addresses and days first heard of are forgotten first.
    """

    def __init__(self, capacity: int = _KEPT) -> None:
        self._capacity = capacity
        self._days: dict[tuple[str, int], dict[str, _Span]] = {}

    def saw(self, sighting: Sighting) -> None:
        address, host, time, told_by = sighting
        holders = self._day(address, time // DAY)
        span = holders.get(host)
        if span is None:
            if len(holders) < _HOLDERS:
                holders[host] = _Span(time, time, told_by)
        elif time > span.last or (time == span.last and told_by < span.told_by):
            holders[host] = _Span(min(span.first, time), time, told_by)
        elif time < span.first:
            holders[host] = span._replace(first=time)

    def holder(self, address: str, at: Nanoseconds) -> Sighting | None:
        near = list(self._around(address, at))
        nearest = min((_distance(span, at) for _, span in near), default=_FAR)
        if nearest >= _FAR or len(near) >= _HOLDERS:
            return None
        found = {host: span for host, span in near if _distance(span, at) == nearest}
        if len({canonical.short(host) for host in found}) > 1:
            return None
        host = max(found, key=len)  # of a name written short and in full the full one
        return Sighting(address, host, found[host].last, found[host].told_by)

    def _around(self, address: str, at: Nanoseconds) -> Iterator[tuple[str, _Span]]:
        for day in range((at - LASTS) // DAY, (at + BEFORE) // DAY + 1):
            yield from self._days.get((address, day), {}).items()

    def _day(self, address: str, day: int) -> dict[str, _Span]:
        found = self._days.get((address, day))
        if found is None:
            if len(self._days) >= self._capacity:
                del self._days[next(iter(self._days))]
            found = self._days[address, day] = {}
        return found


def sightings(columns: Columns) -> Iterator[Sighting]:
    """Whom an event shows with an address: its own host, or one that was let in by it."""
    told_by = columns.metadata__product__name or columns.metadata__log_name or "events"
    device = canonical.host(columns.device__hostname)
    ends = (
        (columns.device__hostname, columns.device__ip),
        (columns.src_endpoint__hostname, columns.src_endpoint__ip),
        (columns.dst_endpoint__hostname, columns.dst_endpoint__ip),
    )
    for name, text in ends:
        host, address = canonical.host(name), canonical.address(text)
        if host and address and (_same(host, device) or ((name, text) == ends[1] and _was_let_in(columns))):
            yield Sighting(address, host, columns.time, told_by)


def _same(host: str, device: str | None) -> bool:
    return device is not None and canonical.short(host) == canonical.short(device)


def _was_let_in(columns: Columns) -> bool:
    """A client names itself as it likes: only who could prove an account is believed."""
    return is_log_on(columns) and (columns.status or "").lower() == "success"


def _distance(span: _Span, at: Nanoseconds) -> tuple[int, Nanoseconds]:
    """Inside comes before after, and after before ahead: a lease that was last seen holds until another is seen."""
    if span.first <= at <= span.last:
        return 0, 0
    if span.last < at <= span.last + LASTS:
        return 1, at - span.last
    return (2, span.first - at) if span.first - BEFORE <= at < span.first else _FAR
