"""The contract of a parser: one record in, native fields out."""

from __future__ import annotations

from typing import ClassVar, NamedTuple, Protocol

from tocsin.core.clock import Nanoseconds
from tocsin.core.event import Event, Fields, Kind, Origin
from tocsin.pipeline.ingest.types import Record


class Parsed(NamedTuple):
    """What a parser makes of one record."""

    kind: Kind
    fields: Fields
    time: Nanoseconds | None
    """None where the record carries no time of its own."""
    identity: str = ""


class DocumentParser(Protocol):
    """For records that are JSON objects, already decoded. Pure; keeps no state between records."""

    shape: ClassVar[str]

    def recognises(self, document: Fields) -> bool:
        """Cheap and exact enough that at most one parser claims a document."""
        ...

    def parse(self, document: Fields, origin: Origin) -> Parsed:
        """Raises RecordError when a recognised document is broken."""
        ...


class LineParser(Protocol):
    """For records that are lines of text (or lines joined by newlines). Pure; keeps no state between records."""

    shape: ClassVar[str]

    def recognises(self, line: str) -> bool:
        """Cheap and exact enough that at most one parser claims a line."""
        ...

    def parse(self, line: str, origin: Origin) -> Parsed:
        """Raises RecordError when a recognised line is broken."""
        ...


class RecordJoiner(Protocol):
    """Gathers lines that are parts of one event before they are parsed; bounded in number and in event time.

    The LineParser that claims the first line gets all lines of a whole, with newlines between.
    """

    def claims(self, line: str) -> bool:
        """Cheap: whether a line may be such a part. Lines not claimed are not fed."""
        ...

    def feed(self, record: Record, line: str) -> list[list[Record]]:
        """The wholes that are complete now, each as its records in the order they came."""
        ...

    def flush(self) -> list[list[Record]]:
        """What is still held, as far as it came."""
        ...


class Joiner(Protocol):
    """Holds events that are parts of one and lets them go as a whole; bounded in number and in event time.

    A whole has the origin and the index of its first part.
    """

    joined: int
    """How many events went into another so far; counted when one is added to what is held."""

    def feed(self, event: Event) -> list[Event]:
        """The events that are whole now, in order; the event itself when it is no part of anything."""
        ...

    def flush(self) -> list[Event]:
        """What is still held, joined as far as it came."""
        ...
