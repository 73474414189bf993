"""How far each source's own clock has come, and which events are too late for windows."""

from __future__ import annotations

from tocsin.core.clock import Nanoseconds
from tocsin.core.event import Event
from tocsin.core.text import text
from tocsin.pipeline.normalise.aliases import Aliases

_SOURCES_KEPT = 100_000


class Watermarks:
    """One watermark for each host of each source of each lane: a fast clock makes nobody else late."""

    def __init__(self, aliases: Aliases, lateness: Nanoseconds) -> None:
        self._aliases = aliases
        self._lateness = lateness
        self._newest: dict[tuple[str, str, str], Nanoseconds] = {}

    def is_late(self, event: Event) -> bool:
        """Takes note of the event's time; True when it is further behind its source than the lateness allows."""
        origin = event.origin
        host = self._aliases.route(event.shape, event.kind).resolve("device.hostname").read(event.fields)
        source = (origin.lane, origin.source, "" if host is None else text(host))
        newest = self._newest.get(source)
        if event.skew < 0:
            # a clock ahead of ours says nothing of how far the source has come
            return False
        if newest is None or event.time > newest:
            if newest is None and len(self._newest) >= _SOURCES_KEPT:  # names are the sender's choice
                del self._newest[next(iter(self._newest))]
            self._newest[source] = event.time
            return False
        return newest - event.time > self._lateness
