"""What ingest hands on: records with their place, and what it had to refuse."""

from __future__ import annotations

from typing import Literal, NamedTuple, Protocol, TypeAlias

from tocsin.core.clock import Nanoseconds
from tocsin.core.event import Fields

Unit = Literal["line", "record", "byte"]

LONGEST_RECORD = 1 << 20
"""Bytes. A longer one is rejected, so that no sender decides how much memory we need."""

_SHOWN = 256


class Reader(Protocol):
    """What framing reads from: forward only."""

    def read(self, size: int, /) -> bytes:
        """At most `size` bytes; none at the end."""
        ...


class Member(NamedTuple):
    """A file in a container."""

    name: str
    modified: Nanoseconds | None
    reader: Reader


class Record(NamedTuple):
    """One framed record, not yet understood."""

    raw: bytes
    """As it came, without a line's end; in UTF-8 if it came in UTF-16 or UTF-32, as JSON if in a Windows event log."""
    position: int
    """Where it stood, from 1, in `unit`s; different for each record of a batch."""
    unit: Unit = "line"
    document: Fields | None = None
    """The native fields, where framing already had to decode them: a row of Zeek's TSV, an element of a JSON array, a
    Windows event in XML."""


class Rejected(NamedTuple):
    """What could not be read: where, and why in one short fixed phrase that can be counted."""

    source: str
    position: int
    unit: Unit
    reason: str
    detail: str = ""
    raw: bytes = b""
    """At most the first 256 bytes."""


Frame: TypeAlias = Record | Rejected


def rejected(source: str, position: int, unit: Unit, reason: str, detail: str = "", raw: bytes = b"") -> Rejected:
    """A Rejected that holds no more of the record than it should."""
    return Rejected(source, position, unit, reason, detail, raw[:_SHOWN])
