"""Assets: how critical a host is, whose it is, what it is for, and which address it always has."""

from __future__ import annotations

from collections.abc import Iterator

from tocsin.core.clock import Nanoseconds
from tocsin.core.errors import ContentError
from tocsin.core.messages import Entity, Fact
from tocsin.pipeline.enrich.csv_rows import Row, Sheet, unusable
from tocsin.pipeline.enrich.records import Names, Record, record, twice
from tocsin.pipeline.enrich.types import Refused, Source
from tocsin.pipeline.normalise import canonical

COLUMNS = ("host", "address", "criticality", "owner", "tags", "note")


class Assets:
    """Hosts and addresses by name."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._hosts = Names(canonical.short)
        self._addresses: dict[str, Record] = {}

    def add(self, row: Row) -> None:
        """Raises ContentError when the line says nothing, or speaks of what an earlier line spoke of."""
        host, address = _host(row.cell("host")), _address(row.cell("address"))
        if not host and not address:
            raise ContentError("neither host nor address")
        found = record(row, host)
        earlier = (host and self._hosts.exactly(host)) or self._addresses.get(address)
        if earlier:
            raise twice(host or address, earlier.line)
        if host:
            self._hosts.add(host, found)
        if address:
            self._addresses[address] = found

    def facts(self, entity: Entity, at: Nanoseconds) -> Iterator[Fact]:
        if entity.kind == "host":
            found = self._hosts.get(entity.value)
        else:
            found = self._addresses.get(entity.value) if entity.kind == "address" else None
        if found is None:
            return
        yield from found.facts(entity, self._source)
        if found.name and entity.kind == "address":
            place = f"{self._source.name}:{found.line}"
            yield Fact(entity, "address_of", found.name, place, self._source.written)


def assets(raw: bytes, source: Source) -> tuple[Assets, tuple[Refused, ...]]:
    """From a CSV with host or address or both, and criticality, owner, tags, note as far as known."""
    table = Assets(source)
    return table, Sheet(raw, source, COLUMNS, frozenset()).each(table.add)


def _host(text: str) -> str:
    if not text:
        return ""
    found = canonical.host(text)
    if found is None:
        raise unusable("no name of a host", text)
    return found


def _address(text: str) -> str:
    if not text:
        return ""
    found = canonical.address(text)
    if found is None:
        raise unusable("no address of a host", text)
    return found
