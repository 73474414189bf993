"""Lays beside the entities of an event or alert what is known of them, each value with its source and age."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from tocsin.core.clock import Nanoseconds
from tocsin.core.event import Columns
from tocsin.core.messages import Entity, Fact, Mention
from tocsin.pipeline.enrich.leases import Leases, sightings
from tocsin.pipeline.enrich.types import LeaseBook, Table


class Enricher:
    """No look-ups outside: it knows its tables, and what it was shown."""

    def __init__(self, tables: Sequence[Table] = (), leases: LeaseBook | None = None) -> None:
        self._tables = tuple(tables)
        self._leases = leases or Leases()

    def observe(self, columns: Columns) -> None:
        """Learn from an event which host has which address."""
        for sighting in sightings(columns):
            self._leases.saw(sighting)

    def facts(self, mentions: Iterable[Mention], at: Nanoseconds) -> tuple[Fact, ...]:
        """What held at that time of the entities mentioned, and of the hosts whose addresses are; sorted."""
        entities = {mention.entity for mention in mentions}
        found = {fact for entity in entities for fact in self._known(entity, at)}
        holders = {Entity("host", fact.value) for fact in found if fact.name == "address_of"} - entities
        found.update(fact for entity in holders for fact in self._known(entity, at))
        return tuple(sorted(found))

    def _known(self, entity: Entity, at: Nanoseconds) -> list[Fact]:
        found = [fact for table in self._tables for fact in table.facts(entity, at)]
        if entity.kind == "address" and not any(fact.name == "address_of" for fact in found):
            found.extend(self._leased(entity, at))
        return found

    def _leased(self, address: Entity, at: Nanoseconds) -> Iterable[Fact]:
        seen = self._leases.holder(address.value, at)
        if seen is not None:
            yield Fact(address, "address_of", seen.host, f"seen by {seen.told_by}", seen.time)
