"""Which pairs of alerts are worth weighing: neighbours in time among those that share something."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterator
from typing import NamedTuple

from tocsin.core.clock import HOUR, Nanoseconds
from tocsin.core.ids import AlertId
from tocsin.pipeline.correlate import weights
from tocsin.pipeline.correlate.traits import Traits
from tocsin.pipeline.correlate.types import Move

NEIGHBOURS = 3
"""Each alert is weighed against so many later ones per shared value: the cost is linear however many share it, and
whoever belongs to a crowd is reached through its neighbours."""


class Key(NamedTuple):
    """What alerts may share."""

    kind: str
    value: str
    within: str = ""


class Place(NamedTuple):
    """An alert on a time line."""

    first: Nanoseconds
    alert: AlertId


def keys(of: Traits) -> set[Key]:
    """Everything by which an alert may be found."""
    found = {Key("host", host) for host in (*of.hosts, *of.origins)}
    found.update(Key("user", user) for user in of.accounts)
    found.update(Key("user", user, host) for user in of.accounts for host in of.hosts)
    found.update(Key("source", address) for address in of.sources)
    found.update(Key("source", address, str(of.rule)) for address in of.crowds)
    found.update(Key("destination", value) for value in (*of.destinations, *of.domains))
    found.update(Key("hash", value) for value in of.hashes)
    found.update(Key("process", value) for value in of.lines)
    found.update(Key("session", value) for value in of.sessions)
    return found


class Index:
    """Time lines of alerts per shared value."""

    def __init__(self) -> None:
        self._lines: dict[Key, list[Place]] = {}

    def add(self, alert: Traits, found: set[Key]) -> None:
        """Each alert once."""
        for key in found:
            insort(self._lines.setdefault(key, []), Place(alert.first, alert.alert))

    def pairs(self, key: Key) -> Iterator[tuple[AlertId, AlertId]]:
        """Neighbours on one time line, smaller id first."""
        line = self._lines.get(key, [])
        for at, place in enumerate(line):
            for later in line[at + 1 : at + 1 + NEIGHBOURS]:
                if later.first - place.first > weights.AGE:
                    break
                yield ordered(place.alert, later.alert)

    def around(self, move: Move) -> Iterator[tuple[AlertId, AlertId]]:
        """The alerts on the source host next to a movement with those on the target host."""
        sources = self._near(Key("host", move.source), move.time - HOUR, move.time + weights.BEFORE, latest=True)
        targets = self._near(Key("host", move.target), move.time - HOUR, move.time + HOUR, latest=False)
        for source in sources:
            for target in targets:
                if source.alert != target.alert:
                    yield ordered(source.alert, target.alert)

    def _near(self, key: Key, start: Nanoseconds, end: Nanoseconds, *, latest: bool) -> list[Place]:
        line = self._lines.get(key, [])
        found = line[bisect_left(line, start, key=_first) : bisect_right(line, end, key=_first)]
        return found[-NEIGHBOURS:] if latest else found[:NEIGHBOURS]


def _first(place: Place) -> Nanoseconds:
    return place.first


def ordered(one: AlertId, other: AlertId) -> tuple[AlertId, AlertId]:
    """A pair under its one name."""
    return (one, other) if one < other else (other, one)
