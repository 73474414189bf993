"""Any JSON object that no other parser knows: kept as it is, with the time found under the usual names."""

from __future__ import annotations

from typing import ClassVar

from tocsin.core.clock import SECOND, Nanoseconds
from tocsin.core.event import Fields, Origin
from tocsin.pipeline.normalise.times import any_time
from tocsin.pipeline.normalise.types import Parsed

_TIMES = (
    "@timestamp", "timestamp", "time", "ts", "eventTime", "event_time", "EventTime", "eventtime", "datetime", "date",
    "TimeGenerated", "TimeCreated", "created_at", "createdAt", "createdDateTime", "published", "Timestamp", "Time", "_time",
)  # fmt: skip
_EARLIEST = 100_000_000 * SECOND  # 1973: smaller numbers under these names are durations and counters


class GenericJson:
    """The last resort; says nothing of what kind of event it is."""

    shape: ClassVar[str] = "generic-json"

    def recognises(self, document: Fields) -> bool:
        return bool(document)

    def parse(self, document: Fields, origin: Origin) -> Parsed:
        return Parsed(("",), document, _time(document))


def _time(document: Fields) -> Nanoseconds | None:
    for name in _TIMES:
        if name in document:
            try:
                found = any_time(document[name])
            except ValueError:
                continue
            if found >= _EARLIEST:
                return found
    return None
