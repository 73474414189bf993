"""What grouping asks of the observed world, and what people have decided about alerts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple, Protocol, TypeAlias

from msgspec import Struct

from tocsin.core.clock import Nanoseconds
from tocsin.core.ids import AlertId, TenantId
from tocsin.core.messages import Alert, Entity, Incident


class KeepTogether(Struct, frozen=True, order=True):
    """A person says that two alerts are one story."""

    first: AlertId
    second: AlertId
    by: str = ""


class KeepApart(Struct, frozen=True, order=True):
    """A person says that two alerts are not one story; wins over everything else, KeepTogether included."""

    first: AlertId
    second: AlertId
    by: str = ""


Constraint: TypeAlias = KeepTogether | KeepApart


class Spread(NamedTuple):
    """How common a value is among all that was observed, saturating at observations.SATURATED."""

    hosts: int = 0
    """To how many hosts an address comes, how many contact a domain (or an address given as one), on how many a user
    acts or a hash occurs; for a host: how many others log on to it."""
    users: int = 0
    """How many people log on from an address without ever failing."""


class LogOn(NamedTuple):
    """Who a session belongs to and where it came from; empty where unknown."""

    time: Nanoseconds
    host: str
    user: str
    source: str


class Move(NamedTuple):
    """Something went from one host to another: a log-on, or a connection to a port by which machines are run."""

    time: Nanoseconds
    source: str
    target: str
    user: str
    """Empty for a connection."""


class Observed(Protocol):
    """What is known of the world besides the alerts. Names given and returned are resolved ones."""

    def host(self, name: str) -> str:
        """The one key of a host, whether it was written short or in full."""
        ...

    def user(self, value: str) -> str:
        """The one key of a user, whether written with a domain, without, or as a SID."""
        ...

    def host_at(self, address: str, time: Nanoseconds) -> str | None:
        """The host that had an address; None when unknown or when several had it."""
        ...

    def lineage(self, process: str, time: Nanoseconds) -> tuple[str, ...]:
        """The process and its ancestors, nearest first, up to (not including) one that starts everything."""
        ...

    def owner(self, process: str) -> str | None:
        """Who runs a process; None when unknown."""
        ...

    def session(self, session: str) -> LogOn | None:
        """Who opened a session."""
        ...

    def people_at(self, host: str, time: Nanoseconds) -> int:
        """How many persons act on a host within about an hour of a time; without those who act everywhere."""
        ...

    def spread(self, entity: Entity) -> Spread:
        """How common a value is."""
        ...

    def moves(self) -> Iterable[Move]:
        """Movements between hosts, at most one per ten minutes, pair of hosts and user; in order."""
        ...


class Store(Protocol):
    """Where a server keeps what grouping works on; a replay keeps it in memory. Every call is within one tenant."""

    def alerts(self, tenant: TenantId, since: Nanoseconds) -> Iterable[Alert]:
        """The newest revision of each alert whose last event is not older."""
        ...

    def constraints(self, tenant: TenantId) -> Iterable[Constraint]:
        """What people have decided; recomputing never changes it."""
        ...

    def save(self, incidents: Iterable[Incident]) -> None:
        """Puts incidents in the place of those that hold the same alerts."""
        ...
