"""Watch-lists: values that somebody wants to hear of, with a reason, for as long as they stand."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from typing import NamedTuple, cast

from tocsin.core.clock import DAY, Nanoseconds, nanoseconds
from tocsin.core.messages import Entity, EntityKind, Fact
from tocsin.pipeline.enrich.csv_rows import Row, Sheet, unusable
from tocsin.pipeline.enrich.prefixes import Prefixes, network
from tocsin.pipeline.enrich.records import twice
from tocsin.pipeline.enrich.types import Refused, Source
from tocsin.pipeline.normalise import canonical
from tocsin.pipeline.normalise.times import iso_time

COLUMNS = ("value", "kind", "reason", "expires", "note")
KINDS = ("address", "network", "domain", "hash", "user", "host", "file", "cloud")

_NO_KIND = f"kind is none of {', '.join(KINDS)}"
_CANONICAL: dict[str, Callable[[str], str | None]] = {
    "address": canonical.address,
    "domain": canonical.domain,
    "hash": lambda value: value.lower() if _HASH.fullmatch(value.lower()) else None,
    "user": canonical.user,
    "host": canonical.host,
    "file": str.lower,
    "cloud": str.lower,
}
_HASH = re.compile(r"(?:[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64}|[0-9a-f]{128})", re.ASCII)


class Watched(NamedTuple):
    """One line of a list."""

    line: int
    reason: str
    expires: Nanoseconds | None
    """The first moment at which it no longer stands; None: it does until it is taken off."""


class WatchList:
    """The list's name is shown with every value; a watched domain stands for all below it."""

    def __init__(self, name: str, source: Source) -> None:
        self._name = name
        self._source = source
        self._values: dict[Entity, Watched] = {}
        self._networks: Prefixes[Watched] = Prefixes()

    def add(self, row: Row) -> None:
        """Raises ContentError when value, kind or expiry cannot be read, or an earlier line had the value."""
        value = row.cell("value")
        kind = row.cell("kind").lower() or _guessed(value)
        watched = Watched(row.line, row.cell("reason"), _expiry(row.cell("expires")))
        if kind == "network":
            earlier = self._networks.add(network(value), watched)
        else:
            earlier = self._values.setdefault(Entity(_kind(kind), _canonical(kind, value)), watched)
        if earlier is not watched:
            raise twice(value[:60], earlier.line)

    def facts(self, entity: Entity, at: Nanoseconds) -> Iterator[Fact]:
        for watched in self._found(entity):
            if watched.expires is None or at < watched.expires:
                shown = f"{self._name}: {watched.reason}" if watched.reason else self._name
                place = f"{self._source.name}:{watched.line}"
                yield Fact(entity, "watchlist", shown, place, self._source.written)

    def _found(self, entity: Entity) -> Iterator[Watched]:
        for value in _above(entity.value) if entity.kind == "domain" else (entity.value,):
            watched = self._values.get(Entity(entity.kind, value))
            if watched is not None:
                yield watched
        address = canonical.ip(entity.value) if entity.kind == "address" else None
        if address is not None:
            yield from self._networks.around(address)


def watchlist(name: str, raw: bytes, source: Source) -> tuple[WatchList, tuple[Refused, ...]]:
    """From a CSV with value, and kind, reason, expires, note as far as known."""
    table = WatchList(name, source)
    return table, Sheet(raw, source, COLUMNS, frozenset({"value"})).each(table.add)


def _guessed(value: str) -> str:
    """The kind of a value that can be only one; '' for the others."""
    if canonical.ip(value) is not None:
        return "address"
    if "/" in value and canonical.ip(value.partition("/")[0]) is not None:
        return "network"
    if _HASH.fullmatch(value.lower()):
        return "hash"
    return "domain" if canonical.domain(value) and "\\" not in value and "@" not in value else ""


def _kind(kind: str) -> EntityKind:
    if kind not in KINDS:
        raise unusable(_NO_KIND, kind)
    return cast("EntityKind", kind)


def _canonical(kind: str, value: str) -> str:
    found = _CANONICAL[kind](value)
    if not found:
        reason = f"no {kind}"
        raise unusable(reason, value)
    return found


def _expiry(text: str) -> Nanoseconds | None:
    """A day stands to its end, in UTC."""
    if not text:
        return None
    try:
        if len(text) == 10:
            day = date.fromisoformat(text)
            return nanoseconds(datetime(day.year, day.month, day.day, tzinfo=UTC)) + DAY
        return iso_time(text)
    except ValueError as error:
        raise unusable("expires is no day and no time", text) from error


def _above(domain: str) -> Iterator[str]:
    """a.b.example.org, b.example.org, example.org."""
    while "." in domain:
        yield domain
        domain = domain.partition(".")[2]
