"""What enrichment asks of its sources: tables that people keep, and a memory of who had which address."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple, Protocol

from tocsin.core.clock import Nanoseconds
from tocsin.core.messages import Entity, Fact


class Refused(NamedTuple):
    """A line of a table that could not be used; the others are."""

    source: str
    line: int
    reason: str

    def __str__(self) -> str:
        return f"{self.source}:{self.line}: {self.reason}"


class Source(NamedTuple):
    """A file as facts name it."""

    name: str
    written: Nanoseconds
    """When it was last written."""


class Table(Protocol):
    """Something that people wrote down about entities. Pure: the same question has the same answer."""

    def facts(self, entity: Entity, at: Nanoseconds) -> Iterator[Fact]:
        """What held of the entity at that time."""
        ...


class Sighting(NamedTuple):
    """A host was seen with an address."""

    address: str
    host: str
    time: Nanoseconds
    told_by: str
    """Which product's events said so."""


class LeaseBook(Protocol):
    """Remembers sightings in bounded memory. The order in which they are told does not matter while memory lasts."""

    def saw(self, sighting: Sighting) -> None: ...

    def holder(self, address: str, at: Nanoseconds) -> Sighting | None:
        """The last sighting of the host that had the address then; None when nobody was seen or several were."""
        ...
