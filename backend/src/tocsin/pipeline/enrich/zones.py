"""Network zones: which part of the network an address belongs to, and whether it is ours."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from tocsin.core.clock import Nanoseconds
from tocsin.core.errors import ContentError
from tocsin.core.messages import Entity, Fact
from tocsin.pipeline.enrich.csv_rows import Row, Sheet, unusable
from tocsin.pipeline.enrich.prefixes import Prefixes, network
from tocsin.pipeline.enrich.records import tags, twice
from tocsin.pipeline.enrich.types import Refused, Source
from tocsin.pipeline.normalise import canonical
from tocsin.pipeline.normalise.times import iso_time

COLUMNS = ("network", "zone", "own", "tags", "note")

_OWN = {"": "yes", "yes": "yes", "true": "yes", "1": "yes", "no": "no", "false": "no", "0": "no"}


class Zone(NamedTuple):
    """One network. Of an address in several, the narrowest counts."""

    name: str
    own: str
    """yes, no, or '' where nobody said."""
    tags: tuple[str, ...]
    line: int
    place: str
    written: Nanoseconds


class Zones:
    """Addresses by network."""

    def __init__(self, source: Source | None = None) -> None:
        self._source = source or Source("", 0)
        self._zones: Prefixes[Zone] = Prefixes()

    def add(self, row: Row) -> None:
        """Raises ContentError when network, zone or own cannot be read, or an earlier line had the network."""
        net = network(row.cell("network"))
        own = _OWN.get(row.cell("own").lower())
        if own is None:
            raise unusable("own is neither yes nor no", row.cell("own"))
        if not row.cell("zone"):
            raise ContentError("no zone")
        place = f"{self._source.name}:{row.line}"
        zone = Zone(row.cell("zone"), own, tags(row.cell("tags")), row.line, place, self._source.written)
        earlier = self._zones.add(net, zone)
        if earlier is not zone:
            raise twice(str(net), earlier.line)

    def facts(self, entity: Entity, at: Nanoseconds) -> Iterator[Fact]:
        address = canonical.ip(entity.value) if entity.kind == "address" else None
        if address is None:
            return
        zone = next(self._zones.around(address), None) or next(_RESERVED.around(address), None)
        if zone is None:
            return
        yield Fact(entity, "zone", zone.name, zone.place, zone.written)
        if zone.own:
            yield Fact(entity, "own", zone.own, zone.place, zone.written)
        for tag in zone.tags:
            yield Fact(entity, "tag", tag, zone.place, zone.written)


def zones(raw: bytes, source: Source) -> tuple[Zones, tuple[Refused, ...]]:
    """From a CSV with network and zone, and own, tags, note as far as known."""
    table = Zones(source)
    return table, Sheet(raw, source, COLUMNS, frozenset({"network", "zone"})).each(table.add)


def _reserved() -> Prefixes[Zone]:
    found: Prefixes[Zone] = Prefixes()
    for net, name, standard, published in (
        ("10.0.0.0/8", "private", "RFC 1918", "1996-02-01T00:00Z"),
        ("172.16.0.0/12", "private", "RFC 1918", "1996-02-01T00:00Z"),
        ("192.168.0.0/16", "private", "RFC 1918", "1996-02-01T00:00Z"),
        ("fc00::/7", "private", "RFC 4193", "2005-10-01T00:00Z"),
        ("100.64.0.0/10", "carrier", "RFC 6598", "2012-04-01T00:00Z"),
    ):
        found.add(network(net), Zone(name, "", (), 0, standard, iso_time(published)))
    return found


_RESERVED = _reserved()
"""What holds where no table says otherwise. That a network is private does not say whose it is."""
