"""An alert boiled down to what joins it to others: names resolved, and for each value how much its commonness costs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from tocsin.core.clock import Nanoseconds
from tocsin.core.ids import AlertId, RuleId
from tocsin.core.messages import Alert, Entity, EntityKind, Mention
from tocsin.core.severity import Severity
from tocsin.pipeline.correlate import weights
from tocsin.pipeline.correlate.types import Observed
from tocsin.pipeline.normalise import canonical
from tocsin.pipeline.normalise.mentions import ACTOR, DESTINATION, INSTALLED, OBSERVER, PARENT, SOURCE, SUBJECT

SHARED_TAGS = frozenset({"nat", "proxy", "vpn", "gateway", "load-balancer", "dns"})
SCANNER_TAGS = frozenset({"scanner", "vulnerability-scanner", "monitoring"})
SERVER_TAGS = frozenset({"dc", "domain-controller", "jump-host", "terminal-server", "file-server"})

_PROCESSES = 32
_GENERIC = frozenset(
    {"administrator", "admin", "guest", "user", "test", "ubuntu", "debian", "ec2-user", "pi", "vagrant"}
)

Priced = Mapping[str, float]
"""Value → the bits it loses because many share it."""


class Traits(NamedTuple):
    """Empty where the alert says nothing."""

    alert: AlertId
    rule: RuleId
    severity: Severity
    first: Nanoseconds
    last: Nanoseconds
    hosts: Priced
    """Where it happened."""
    origins: Priced
    """Hosts it came from."""
    people: frozenset[str]
    """Persons who act."""
    servers: frozenset[str]
    """Accounts of services that answer requests, where they act."""
    breaks_in: bool
    """It tries to get in from outside."""
    accounts: Priced
    """Persons in any role: those who were only tried or changed, too."""
    sources: Priced
    """Addresses it came from, but for those that translate for many."""
    crowds: frozenset[str]
    """Those of the sources that come to many hosts: a scanner, a sweep."""
    destinations: Priced
    """Outside addresses it contacts; inner ones are the servers that everybody contacts."""
    processes: frozenset[str]
    lines: frozenset[str]
    """The processes with their ancestors."""
    sessions: frozenset[str]
    hashes: Priced
    domains: Priced


def traits(alert: Alert, known: Observed) -> Traits:
    """Pure in the alert and in what is known."""
    of = _Mentioned(alert, known)
    processes, parents = of.processes(ACTOR), of.processes(PARENT)
    sources, destinations = of.addresses(SOURCE), of.addresses(DESTINATION)
    hosts = of.hosts(SUBJECT) or of.ends(destinations, sources) or of.hosts(OBSERVER)
    origins = (of.hosts(SOURCE) | of.owners(sources)) - hosts
    if processes and destinations:
        # a connection that a process reports may go either way: its inner end is most often the host's own
        sources = frozenset(one for one in sources if not canonical.is_private(one))
    destinations = frozenset(one for one in destinations if not canonical.is_private(one))
    lines = of.lines(processes | parents)
    actors = of.actors(processes)
    scanners = of.tagged(SCANNER_TAGS)
    return Traits(
        alert=alert.id,
        rule=alert.rule,
        severity=alert.severity,
        first=alert.first_seen,
        last=max(alert.first_seen, alert.last_seen),
        hosts=of.priced_hosts(hosts),
        origins=of.priced_hosts(origins),
        people=actors,
        servers=frozenset(one for one in of.users(ACTOR) if canonical.is_server(one)),
        breaks_in="initial-access" in alert.tactics and bool(sources) and not processes,
        accounts=of.priced_accounts(actors),
        sources=of.priced_sources(sources),
        crowds=frozenset(one for one in sources if one in scanners or of.spread("address", one) >= weights.CROWD),
        destinations=of.priced("domain", destinations),
        processes=lines & frozenset(of.local(one) for one in processes),
        lines=lines,
        sessions=frozenset(of.local(one) for one in of.values("session")),
        hashes=of.priced("hash", of.values("hash")),
        domains=of.priced("domain", of.values("domain")),
    )


class _Mentioned:
    """The mentions of one alert, asked by kind and role."""

    def __init__(self, alert: Alert, known: Observed) -> None:
        self._alert, self._known = alert, known
        self._leased = {fact.entity.value: fact.value for fact in alert.facts if fact.name == "address_of"}
        self._shared = self.tagged(SHARED_TAGS)
        self._servers = frozenset(known.host(name) for name in self.tagged(SERVER_TAGS))

    def tagged(self, tags: frozenset[str]) -> frozenset[str]:
        return frozenset(
            fact.entity.value for fact in self._alert.facts if fact.name == "tag" and fact.value.lower() in tags
        )

    def _of(self, kind: EntityKind, roles: Iterable[str] | None) -> Iterable[Mention]:
        return (
            mention
            for mention in self._alert.mentions
            if mention.entity.kind == kind and (roles is None or mention.role in roles)
        )

    def values(self, kind: EntityKind) -> frozenset[str]:
        return frozenset(mention.entity.value for mention in self._of(kind, None) if mention.role != INSTALLED)

    def hosts(self, role: str) -> frozenset[str]:
        named = (canonical.host(mention.entity.value) for mention in self._of("host", (role,)))
        return frozenset(self._known.host(name) for name in named if name)

    def users(self, role: str) -> frozenset[str]:
        return frozenset(mention.entity.value for mention in self._of("user", (role,)))

    def owners(self, addresses: frozenset[str]) -> frozenset[str]:
        found: set[str] = set()
        for address in addresses:
            leased = canonical.host(self._leased.get(address))
            owner = self._known.host(leased) if leased else self._known.host_at(address, self._alert.first_seen)
            if owner:
                found.add(owner)
        return frozenset(found)

    def ends(self, destinations: frozenset[str], sources: frozenset[str]) -> frozenset[str]:
        """Of traffic that a sensor saw: the host it went to, else the one it came from, by address where no name is
        known."""
        inner = (frozenset(filter(canonical.is_private, addresses)) for addresses in (destinations, sources))
        return next(
            (found for found in (self.owners(destinations), self.owners(sources), *inner) if found), destinations
        )

    def addresses(self, role: str) -> frozenset[str]:
        found = (canonical.address(mention.entity.value) for mention in self._of("address", (role,)))
        return frozenset(one for one in found if one)

    def people(self, roles: Iterable[str] | None) -> frozenset[str]:
        found = (self._known.user(mention.entity.value) for mention in self._of("user", roles))
        return frozenset(one for one in found if canonical.is_person(one))

    def actors(self, processes: frozenset[str]) -> frozenset[str]:
        """Persons whom the alert shows acting; where it names no account at all, those who own its process or session."""
        named = self.people((ACTOR,))
        if named or any(self._of("user", (ACTOR,))):
            return named
        owners = {self._known.owner(process) for process in processes}
        for session in self.values("session"):
            log_on = self._known.session(session)
            owners.add(self._known.user(log_on.user) if log_on and log_on.user else None)
        return frozenset(one for one in owners if one and canonical.is_person(one))

    def processes(self, role: str) -> frozenset[str]:
        found = sorted(mention.entity.value for mention in self._of("process", (role,)))
        return frozenset(found[:_PROCESSES])

    def lines(self, processes: frozenset[str]) -> frozenset[str]:
        time = self._alert.first_seen
        return frozenset(self.local(one) for process in processes for one in self._known.lineage(process, time))

    def local(self, value: str) -> str:
        """host|uid with the host resolved."""
        host, _, rest = value.partition("|")
        return f"{self._known.host(host)}|{rest}"

    def spread(self, kind: EntityKind, value: str) -> int:
        return self._known.spread(Entity(kind, value)).hosts

    def priced(self, kind: EntityKind, values: frozenset[str]) -> Priced:
        return {
            value: weights.cost(self.spread(kind, value), weights.FREE_PLACES)
            for value in sorted(values)
            if value not in self._shared
        }

    def priced_hosts(self, hosts: frozenset[str]) -> Priced:
        return {host: self._host_cost(host) for host in sorted(hosts)}

    def _host_cost(self, host: str) -> float:
        if host in self._servers:
            return weights.SERVER
        people = self._known.people_at(host, self._alert.first_seen)
        return weights.cost(people, weights.FREE_PEOPLE) + weights.cost(self.spread("host", host), weights.FREE_CLIENTS)

    def priced_accounts(self, actors: frozenset[str]) -> Priced:
        people = self.people(None) | actors
        return {one: weights.cost(self.spread("user", one), weights.FREE_MACHINES) for one in sorted(people)}

    def priced_sources(self, sources: frozenset[str]) -> Priced:
        found: dict[str, float] = {}
        for one in sorted(sources - self._shared):
            spread = self._known.spread(Entity("address", one))
            if spread.users < weights.TRANSLATED:
                found[one] = weights.cost(spread.hosts, weights.FREE_TARGETS)
        return found


def is_own(user: str) -> bool:
    """Whether a user's name means one person everywhere: `administrator` without a domain is one per machine."""
    return user not in _GENERIC
