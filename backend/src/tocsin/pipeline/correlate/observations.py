"""Watches all events, not only alerts: who started what, who logged on from where, who had which address."""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Iterable
from typing import NamedTuple, TypeVar

from tocsin.core.clock import HOUR, MINUTE, Nanoseconds
from tocsin.core.event import Columns
from tocsin.core.messages import Entity
from tocsin.pipeline.correlate.bounded import Bounded
from tocsin.pipeline.correlate.names import Names
from tocsin.pipeline.correlate.types import LogOn, Move, Spread
from tocsin.pipeline.normalise import canonical
from tocsin.pipeline.normalise.mentions import is_log_on, process

K = TypeVar("K")

SATURATED = 64
"""A value on this many hosts is common; how much more does not matter."""
EVERYWHERE = 8
"""Who acts on so many hosts, a scanner's or a deployment's account, is not counted as company on any."""
REMOTE_PORTS = frozenset({22, 23, 135, 139, 445, 3389, 5900, 5985, 5986, 47001})
"""SSH, telnet, RPC, SMB, RDP, VNC, WinRM: the doors by which one machine runs commands on another."""

TELLING = frozenset({
    "actor.session.uid", "actor.user.uid", "user.uid", "session.uid", "logon_type", "device.ip", "src_endpoint.ip",
    "src_endpoint.hostname", "dst_endpoint.ip", "query.hostname", "tls.sni", "process.parent_process.uid",
    "process.parent_process.pid",
})  # fmt: skip
"""OCSF names of which an event has one if it is worth observing. What a running process does to files, registry keys
and other processes has none: it is nearly all of what Sysmon writes, and says nothing new of who is where."""

_KEPT = 100_000
_DEPTH = 32
_STARTS_OF_ONE_NAME = 16
_LEASE = 12 * HOUR
_STEP = 10 * MINUTE
_HALF_HOUR = 30 * MINUTE
_ENOUGH = 3


def is_telling(names: Iterable[str]) -> bool:
    """Whether events with these aliased names are worth observing."""
    return not TELLING.isdisjoint(names)


class _Start(NamedTuple):
    time: Nanoseconds
    parent: str


class Observations:
    """The world in bounded memory: when full, what came first is forgotten first."""

    def __init__(self, capacity: int = _KEPT) -> None:
        self._names = Names(capacity)
        self._starts: Bounded[str, list[_Start]] = Bounded(capacity)
        self._images: Bounded[str, set[str]] = Bounded(capacity)
        self._owners: Bounded[str, set[str]] = Bounded(capacity)
        self._log_ons: Bounded[str, LogOn] = Bounded(capacity)
        self._leases: Bounded[str, dict[str, tuple[Nanoseconds, Nanoseconds]]] = Bounded(capacity)
        self._ends: Bounded[str, dict[str, int]] = Bounded(capacity)
        self._at_end: Bounded[str, set[str]] = Bounded(capacity)
        self._places: Bounded[tuple[str, str], set[str]] = Bounded(capacity)
        self._active: Bounded[tuple[str, int], set[str]] = Bounded(capacity)
        self._entered: Bounded[str, set[str]] = Bounded(capacity)
        self._failed: Bounded[str, set[str]] = Bounded(capacity)
        self._moves: Bounded[tuple[int, str, str, str], Nanoseconds] = Bounded(capacity)

    # What is told

    def observe(self, columns: Columns) -> None:
        """Take in one event; the order of events does not matter while memory lasts."""
        host = canonical.host(columns.device__hostname)
        if host:
            self._names.saw_host(host)
            self._saw_processes(host, columns)
        self._saw_users(host, columns)
        self._saw_addresses(host, columns)
        if is_log_on(columns):
            self._saw_log_on(host, columns)
        self._saw_values(host, columns)

    def _saw_processes(self, host: str, columns: Columns) -> None:
        running = process(host, columns.process__uid, columns.process__pid)
        parent = process(host, columns.process__parent_process__uid, columns.process__parent_process__pid)
        if running and columns.process__file__path:
            _add(self._images, running, canonical.image(columns.process__file__path))
        if parent and columns.process__parent_process__file__path:
            _add(self._images, parent, canonical.image(columns.process__parent_process__file__path))
        actor = canonical.user(columns.actor__user__name, columns.actor__user__domain)
        if running and columns.process__uid and actor:
            _add(self._owners, running, actor)
        if not running or not parent:
            return
        starts = self._starts.setdefault(running, [])
        start = _Start(columns.time, parent)
        if start not in starts and len(starts) < _STARTS_OF_ONE_NAME:
            insort(starts, start)

    def _saw_users(self, host: str | None, columns: Columns) -> None:
        actor = canonical.user(columns.actor__user__name, columns.actor__user__domain)
        target = canonical.user(columns.user__name, columns.user__domain)
        for account, uid in ((actor, columns.actor__user__uid), (target, columns.user__uid)):
            if account:
                self._names.saw_user(account, uid)
        if host and actor:
            self._acts(host, actor, columns.time)

    def _acts(self, host: str, user: str, time: Nanoseconds) -> None:
        if canonical.is_person(user):
            _add(self._active, (host, time // _HALF_HOUR), _cut(user))
            _add(self._places, ("user", _cut(user)), host)

    def _saw_addresses(self, host: str | None, columns: Columns) -> None:
        named = (
            (columns.device__hostname, columns.device__ip),
            (columns.src_endpoint__hostname, columns.src_endpoint__ip),
            (columns.dst_endpoint__hostname, columns.dst_endpoint__ip),
        )
        for name, text in named:
            if (owner := canonical.host(name)) and (address := canonical.address(text)):
                self.saw_lease(address, owner, columns.time)
        source, target = canonical.address(columns.src_endpoint__ip), canonical.address(columns.dst_endpoint__ip)
        if source is None or target is None:
            return
        if columns.dst_endpoint__port in REMOTE_PORTS:
            self._saw_move(columns.time, source, target, "")
        if host and (columns.process__file__path or columns.process__pid):
            self._saw_ends(host, source, target)

    def _saw_ends(self, host: str, source: str, target: str) -> None:
        """A connection of a process: one of its ends is the host itself, whichever it is."""
        ends = self._ends.setdefault(host, {})
        ends[""] = ends.get("", 0) + 1
        for end in {source, target}:
            if end in ends or len(ends) <= SATURATED:
                ends[end] = ends.get(end, 0) + 1
                _add(self._at_end, end, host)

    def saw_lease(self, address: str, host: str, time: Nanoseconds) -> None:
        """A host had an address at a time; enrichment tells its own here too."""
        owners = self._leases.setdefault(address, {})
        if host in owners or len(owners) < SATURATED:
            first, last = owners.get(host, (time, time))
            owners[host] = (min(first, time), max(last, time))

    def _saw_log_on(self, host: str | None, columns: Columns) -> None:
        user = canonical.user(columns.user__name, columns.user__domain) or ""
        source = canonical.address(columns.src_endpoint__ip) or canonical.host(columns.src_endpoint__hostname) or ""
        outcome = (columns.status or "").lower()
        if outcome == "failure" and source and user:
            _add(self._failed, source, user)
        if outcome != "success" or host is None:
            return
        if source:
            _add(self._places, ("host", host), source)
            self._saw_move(columns.time, source, host, user)
        if user:
            self._acts(host, user, columns.time)
        if source and canonical.is_person(user):
            _add(self._entered, source, user)
        if session := canonical.session(columns.session__uid):
            self._opened(f"{host}|{session}", LogOn(columns.time, host, user, source))

    def _opened(self, session: str, log_on: LogOn) -> None:
        known = self._log_ons.get(session)
        self._log_ons[session] = log_on if known is None else min(known, log_on)

    def _saw_move(self, time: Nanoseconds, source: str, target: str, user: str) -> None:
        key = (time // _STEP, source, target, user)
        self._moves[key] = min(time, self._moves.get(key, time))

    def _saw_values(self, host: str | None, columns: Columns) -> None:
        if host is None:
            return
        if source := canonical.address(columns.src_endpoint__ip):
            _add(self._places, ("address", source), host)
        if target := canonical.address(columns.dst_endpoint__ip):
            _add(self._places, ("domain", target), host)
        for text in (columns.file__hashes__sha256, columns.file__hashes__sha1, columns.file__hashes__md5):
            if text:
                _add(self._places, ("hash", text.lower()), host)
        for text in (columns.query__hostname, columns.tls__sni):
            if domain := canonical.domain(text):
                _add(self._places, ("domain", domain), host)

    # What is asked

    def host(self, name: str) -> str:
        return self._names.host(name)

    def user(self, value: str) -> str:
        return self._names.user(value)

    def host_at(self, address: str, time: Nanoseconds) -> str | None:
        owners = self._leases.get(address, {})
        then = {
            self._names.host(host) for host, (first, last) in owners.items() if first - _LEASE <= time <= last + _LEASE
        }
        if not then:
            then = {self._names.host(host) for host in self._at_end.get(address, ()) if self._own_end(host) == address}
        return then.pop() if len(then) == 1 else None

    def _own_end(self, host: str) -> str | None:
        """The address that is at one end of nearly all connections of a host's processes, if there is one such."""
        ends = self._ends.get(host) or {}
        total = ends.get("", 0)
        most = [end for end, number in ends.items() if end and number * 4 >= total * 3]
        return most[0] if total >= _ENOUGH and len(most) == 1 else None

    def lineage(self, process: str, time: Nanoseconds) -> tuple[str, ...]:
        line: list[str] = []
        while process and process not in line and len(line) < _DEPTH:
            images = self._images.get(process)
            if images and images <= canonical.SYSTEM_IMAGES:
                break
            line.append(process)
            starts = self._starts.get(process, [])
            # a process id comes back: the last start before the time is the one
            at = bisect_right(starts, time, key=lambda start: start.time)
            process = starts[max(at - 1, 0)].parent if starts else ""
        return tuple(line)

    def owner(self, process: str) -> str | None:
        found = {self._names.user(user) for user in self._owners.get(process, ())}
        return found.pop() if len(found) == 1 else None

    def session(self, session: str) -> LogOn | None:
        return self._log_ons.get(session)

    def people_at(self, host: str, time: Nanoseconds) -> int:
        steps = range(time // _HALF_HOUR - 1, time // _HALF_HOUR + 2)
        spelled = self._names.spellings_of_host(host)
        people = {user for name in spelled for step in steps for user in self._active.get((name, step), ())}
        resident = {self._names.user(one) for one in people if len(self._places.get(("user", one), ())) < EVERYWHERE}
        return len({canonical.user_name(one) for one in resident})

    def spread(self, entity: Entity) -> Spread:
        spellings: tuple[str, ...] = (entity.value,)
        if entity.kind == "host":
            spellings = self._names.spellings_of_host(entity.value)
        elif entity.kind == "user":
            spellings = self._names.spellings_of_user(entity.value)
        places = {place for one in spellings for place in self._places.get((entity.kind, one), ())}
        entered = self._entered.get(entity.value, set()) if entity.kind == "address" else set[str]()
        return Spread(
            hosts=len({self._names.host(place) for place in places}),
            users=len(entered - self._failed.get(entity.value, set())),
        )

    def moves(self) -> list[Move]:
        found: set[Move] = set()
        for (_, source, target, user), time in self._moves.items():
            start, end = self._place(source, time), self._place(target, time)
            if start and end and start != end:
                found.add(Move(time, start, end, self._names.user(user) if user else ""))
        return sorted(found)

    def _place(self, name: str, time: Nanoseconds) -> str | None:
        return self._names.host(name) if canonical.ip(name) is None else self.host_at(name, time)


def _add(table: Bounded[K, set[str]], key: K, value: str) -> None:
    found = table.setdefault(key, set())
    if len(found) < SATURATED:
        found.add(value)


def _cut(user: str) -> str:
    domain = canonical.short(canonical.user_domain(user))
    return f"{domain}\\{canonical.user_name(user)}" if domain else user
