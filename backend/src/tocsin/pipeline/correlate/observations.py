"""Watches all events, not only alerts: who started what, who logged on from where, who had which address."""

from __future__ import annotations

from bisect import bisect_right, insort
from typing import NamedTuple

from tocsin.core.clock import HOUR, MINUTE, Nanoseconds
from tocsin.core.event import Columns
from tocsin.core.messages import Entity, EntityKind
from tocsin.pipeline.correlate.bounded import Bounded
from tocsin.pipeline.correlate.names import Names
from tocsin.pipeline.correlate.types import LogOn, Move, Spread
from tocsin.pipeline.normalise import canonical
from tocsin.pipeline.normalise.mentions import is_log_on, process

SATURATED = 64
"""A value on this many hosts is common; how much more does not matter."""
REMOTE_PORTS = frozenset({22, 23, 135, 139, 445, 3389, 5900, 5985, 5986, 47001})
"""SSH, telnet, RPC, SMB, RDP, VNC, WinRM: the doors by which one machine runs commands on another."""

_KEPT = 200_000
_DEPTH = 32
_STARTS_OF_ONE_NAME = 16
_LEASE = 12 * HOUR
_STEP = 10 * MINUTE


class _Start(NamedTuple):
    time: Nanoseconds
    parent: str
    image: str


class Observations:
    """The world in bounded memory: when full, what came first is forgotten first."""

    def __init__(self, capacity: int = _KEPT) -> None:
        self._names = Names(capacity)
        self._starts: Bounded[str, list[_Start]] = Bounded(capacity)
        self._images: Bounded[str, str] = Bounded(capacity)
        self._log_ons: Bounded[str, LogOn] = Bounded(capacity)
        self._leases: Bounded[str, dict[str, tuple[Nanoseconds, Nanoseconds]]] = Bounded(capacity)
        self._places: Bounded[tuple[str, str], set[str]] = Bounded(capacity)
        self._people: Bounded[tuple[str, str], set[str]] = Bounded(capacity)
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
            self._images.setdefault(running, canonical.image(columns.process__file__path))
        if parent and columns.process__parent_process__file__path:
            self._images.setdefault(parent, canonical.image(columns.process__parent_process__file__path))
        if not running or not parent:
            return
        starts = self._starts.setdefault(running, [])
        start = _Start(columns.time, parent, canonical.image(columns.process__file__path))
        if start not in starts and len(starts) < _STARTS_OF_ONE_NAME:
            insort(starts, start)

    def _saw_users(self, host: str | None, columns: Columns) -> None:
        actor = canonical.user(columns.actor__user__name, columns.actor__user__domain)
        target = canonical.user(columns.user__name, columns.user__domain)
        for account, uid in ((actor, columns.actor__user__uid), (target, columns.user__uid)):
            if account:
                self._names.saw_user(account, uid)
        if host and actor and canonical.is_person(actor):
            self._count(self._people, "host", host, canonical.user_name(actor))
            self._count(self._places, "user", _cut(actor), host)

    def _saw_addresses(self, host: str | None, columns: Columns) -> None:
        named = (
            (columns.device__hostname, columns.device__ip),
            (columns.src_endpoint__hostname, columns.src_endpoint__ip),
            (columns.dst_endpoint__hostname, columns.dst_endpoint__ip),
        )
        for name, text in named:
            if (owner := canonical.host(name)) and (address := canonical.address(text)):
                self.saw_lease(address, owner, columns.time)
        if host is None or columns.dst_endpoint__port not in REMOTE_PORTS:
            return
        source, target = canonical.address(columns.src_endpoint__ip), canonical.address(columns.dst_endpoint__ip)
        if source and target:
            self._saw_move(columns.time, source, target, "")

    def saw_lease(self, address: str, host: str, time: Nanoseconds) -> None:
        """A host had an address at a time; enrichment tells its own here too."""
        owners = self._leases.setdefault(address, {})
        if host in owners or len(owners) < SATURATED:
            first, last = owners.get(host, (time, time))
            owners[host] = (min(first, time), max(last, time))

    def _saw_log_on(self, host: str | None, columns: Columns) -> None:
        user = canonical.user(columns.user__name, columns.user__domain) or ""
        source = canonical.address(columns.src_endpoint__ip) or canonical.host(columns.src_endpoint__hostname) or ""
        if (columns.status or "").lower() != "success":
            if source and user:
                failed = self._failed.setdefault(source, set())
                if len(failed) < SATURATED:
                    failed.add(user)
            return
        if host is None:
            return
        if source:
            self._count(self._places, "host", host, source)
            self._saw_move(columns.time, source, host, user)
        if user and canonical.is_person(user):
            self._count(self._people, "host", host, canonical.user_name(user))
            self._count(self._places, "user", _cut(user), host)
            if source:
                self._count(self._people, "address", source, user)
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
        for text in (columns.src_endpoint__ip, columns.dst_endpoint__ip):
            if address := canonical.address(text):
                self._count(self._places, "address", address, host)
        for text in (columns.file__hashes__sha256, columns.file__hashes__sha1, columns.file__hashes__md5):
            if text:
                self._count(self._places, "hash", text.lower(), host)
        for text in (columns.query__hostname, columns.tls__sni):
            if domain := canonical.domain(text):
                self._count(self._places, "domain", domain, host)

    def _count(self, table: Bounded[tuple[str, str], set[str]], kind: EntityKind, value: str, where: str) -> None:
        found = table.setdefault((kind, value), set())
        if len(found) < SATURATED:
            found.add(where)

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
        return then.pop() if len(then) == 1 else None

    def image(self, process: str) -> str:
        return self._images.get(process, "")

    def lineage(self, process: str, time: Nanoseconds) -> tuple[str, ...]:
        line: list[str] = []
        while process and process not in line and len(line) < _DEPTH:
            if self._images.get(process, "") in canonical.SYSTEM_IMAGES:
                break
            line.append(process)
            starts = self._starts.get(process, [])
            # a process id comes back: the last start before the time is the one
            at = bisect_right(starts, time, key=lambda start: start.time)
            process = starts[max(at - 1, 0)].parent if starts else ""
        return tuple(line)

    def session(self, session: str) -> LogOn | None:
        return self._log_ons.get(session)

    def spread(self, entity: Entity) -> Spread:
        places = self._counted(self._places, entity)
        people = self._counted(self._people, entity)
        if entity.kind == "address":
            people -= self._failed.get(entity.value, set())
        return Spread(len({self._names.host(place) for place in places}), len(people))

    def _counted(self, table: Bounded[tuple[str, str], set[str]], entity: Entity) -> set[str]:
        spellings: tuple[str, ...] = (entity.value,)
        if entity.kind == "host":
            spellings = self._names.spellings_of_host(entity.value)
        elif entity.kind == "user":
            spellings = self._names.spellings_of_user(entity.value)
        return {found for spelling in spellings for found in table.get((entity.kind, spelling), ())}

    def moves(self) -> list[Move]:
        found: set[Move] = set()
        for (_, source, target, user), time in self._moves.items():
            start, end = self._place(source, time), self._place(target, time)
            if start and end and start != end:
                found.add(Move(time, start, end, self._names.user(user) if user else ""))
        return sorted(found)

    def _place(self, name: str, time: Nanoseconds) -> str | None:
        return self._names.host(name) if canonical.ip(name) is None else self.host_at(name, time)


def _cut(user: str) -> str:
    domain = canonical.short(canonical.user_domain(user))
    return f"{domain}\\{canonical.user_name(user)}" if domain else user
