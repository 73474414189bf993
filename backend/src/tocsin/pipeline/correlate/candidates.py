"""Which pairs of alerts are worth weighing: neighbours in time among those that share something."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple, TypeAlias

from tocsin.core.clock import HOUR, Nanoseconds
from tocsin.core.ids import AlertId
from tocsin.pipeline.correlate import weights
from tocsin.pipeline.correlate.traits import Traits
from tocsin.pipeline.correlate.types import Move

NEIGHBOURS = 3
"""Each alert is weighed against so many later ones per shared value: the cost is linear however many share it, and
whoever belongs to a crowd is reached through its neighbours."""

AlertPair: TypeAlias = tuple[AlertId, AlertId]
"""The smaller id first."""


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
    found = {host_key(host) for host in (*of.hosts, *of.origins)}
    found.update(Key("user", user) for user in of.accounts)
    found.update(Key("user", user, host) for user in of.accounts for host in of.hosts)
    found.update(Key("source", address) for address in of.sources)
    found.update(Key("source", address, str(of.rule)) for address in of.crowds)
    found.update(Key("destination", value) for value in (*of.destinations, *of.domains))
    found.update(Key("hash", value) for value in of.hashes)
    found.update(Key("process", value) for value in of.lines)
    found.update(Key("session", value) for value in of.sessions)
    return found


def host_key(host: str) -> Key:
    """The time line of a host."""
    return Key("host", host)


class TimeLines:
    """For each key the alerts that have it, in time."""

    def __init__(self) -> None:
        self._lines: dict[Key, list[Place]] = {}

    def change(self, key: Key, gone: Iterable[Place], new: Iterable[Place]) -> tuple[set[AlertPair], set[AlertPair]]:
        """Takes places out and in; returns the pairs of neighbours that ceased and those that came to be."""
        line = self._lines.setdefault(key, [])
        gone, new = list(gone), list(new)
        if (len(gone) + len(new)) * 8 < len(line):
            return _step_by_step(line, gone, new)
        before = set(_neighbours(line))
        left = set(gone)
        line[:] = sorted({*(place for place in line if place not in left), *new})
        after = set(_neighbours(line))
        return before - after, after - before

    def around(self, move: Move) -> Iterator[AlertPair]:
        """The alerts on the source host next to a movement with those on the target host."""
        sources = self._near(host_key(move.source), move.time - HOUR, move.time + weights.BEFORE, latest=True)
        targets = self._near(host_key(move.target), move.time - HOUR, move.time + HOUR, latest=False)
        for source in sources:
            for target in targets:
                if source.alert != target.alert:
                    yield _pair(source, target)

    def _near(self, key: Key, start: Nanoseconds, end: Nanoseconds, *, latest: bool) -> list[Place]:
        line = self._lines.get(key, [])
        found = line[bisect_left(line, start, key=_first) : bisect_right(line, end, key=_first)]
        return found[-NEIGHBOURS:] if latest else found[:NEIGHBOURS]


def count(pairs: dict[AlertPair, int], ceased: Iterable[AlertPair], came: Iterable[AlertPair]) -> None:
    """Keeps in `pairs` by how many time lines two alerts are neighbours."""
    for pair in came:
        pairs[pair] = pairs.get(pair, 0) + 1
    for pair in ceased:
        pairs[pair] -= 1
        if not pairs[pair]:
            del pairs[pair]


def by_host(moves: Iterable[Move]) -> Mapping[str, list[Move]]:
    """Movements under each of their two hosts."""
    found: dict[str, list[Move]] = {}
    for move in moves:
        found.setdefault(move.source, []).append(move)
        found.setdefault(move.target, []).append(move)
    return found


def _step_by_step(
    line: list[Place], gone: Iterable[Place], new: Iterable[Place]
) -> tuple[set[AlertPair], set[AlertPair]]:
    """Only the surroundings of each place change: a single alert on a long line costs no more than on a short one."""
    change: dict[AlertPair, int] = {}
    for place in gone:
        at = bisect_left(line, place)
        _weigh(change, line[max(at - NEIGHBOURS, 0) : at + NEIGHBOURS + 1], -1)
        del line[at]
        _weigh(change, line[max(at - NEIGHBOURS, 0) : at + NEIGHBOURS], +1)
    for place in new:
        at = bisect_left(line, place)
        _weigh(change, line[max(at - NEIGHBOURS, 0) : at + NEIGHBOURS], -1)
        insort(line, place)
        _weigh(change, line[max(at - NEIGHBOURS, 0) : at + NEIGHBOURS + 1], +1)
    ceased = {pair for pair, by in change.items() if by < 0}
    return ceased, {pair for pair, by in change.items() if by > 0}


def _weigh(change: dict[AlertPair, int], window: list[Place], by: int) -> None:
    for pair in _neighbours(window):
        change[pair] = change.get(pair, 0) + by


def _neighbours(line: list[Place]) -> Iterator[AlertPair]:
    for at, place in enumerate(line):
        for later in line[at + 1 : at + 1 + NEIGHBOURS]:
            if later.first - place.first > weights.AGE:
                break
            yield _pair(place, later)


def _first(place: Place) -> Nanoseconds:
    return place.first


def _pair(one: Place, other: Place) -> AlertPair:
    return (one.alert, other.alert) if one.alert < other.alert else (other.alert, one.alert)
