"""Movements between hosts, found by pair of hosts and time."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable

from tocsin.core.clock import Nanoseconds
from tocsin.pipeline.correlate.types import Move


class Routes:
    """An index over moves."""

    def __init__(self, moves: Iterable[Move]) -> None:
        self.moves = tuple(sorted(moves))
        self._between: defaultdict[tuple[str, str], list[Move]] = defaultdict(list)
        for move in self.moves:
            self._between[move.source, move.target].append(move)

    def between(self, source: str, target: str, start: Nanoseconds, end: Nanoseconds) -> Move | None:
        """The first log-on in that time, else the first connection."""
        found = self._between.get((source, target))
        if not found:
            return None
        at = bisect_left(found, start, key=lambda move: move.time)
        connection: Move | None = None
        for move in found[at : at + _LOOKED_AT]:
            if move.time > end:
                break
            if move.user:
                return move
            connection = connection or move
        return connection


_LOOKED_AT = 64
