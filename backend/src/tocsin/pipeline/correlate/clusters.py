"""Joins alerts along the strongest edges first, keeping apart what people or two users on one machine keep apart."""

from __future__ import annotations

from collections.abc import Iterable

from tocsin.core.clock import Nanoseconds
from tocsin.core.ids import AlertId
from tocsin.core.messages import Edge
from tocsin.core.severity import Severity
from tocsin.pipeline.correlate.claims import settled
from tocsin.pipeline.correlate.evidence import Link
from tocsin.pipeline.correlate.traits import Traits
from tocsin.pipeline.correlate.types import Constraint, KeepApart, KeepTogether

KEPT_TOGETHER = "a person keeps them together"


class Clusters:
    """A forest: each cluster has a root, its members, the people on its hosts, and whom it must not meet."""

    def __init__(self, alerts: Iterable[Traits]) -> None:
        self._alerts = {alert.alert: alert for alert in alerts}
        self._root = {alert: alert for alert in self._alerts}
        self._members: dict[AlertId, list[AlertId]] = {alert: [alert] for alert in self._alerts}
        self._people: dict[AlertId, dict[str, set[str]]] = {
            one.alert: {host: set(one.people) for host in one.hosts if one.people} for one in self._alerts.values()
        }
        self._apart: dict[AlertId, set[AlertId]] = {}
        self._edges: list[Edge] = []

    def join(self, links: Iterable[Link], constraints: Iterable[Constraint]) -> None:
        """Depends on the sets alone, not on their order."""
        present = {one for one in constraints if one.first in self._alerts and one.second in self._alerts}
        for one in present:
            if isinstance(one, KeepApart) and one.first != one.second:
                self._apart.setdefault(one.first, set()).add(one.second)
                self._apart.setdefault(one.second, set()).add(one.first)
        for one in sorted(one for one in present if isinstance(one, KeepTogether)):
            by = f"{KEPT_TOGETHER}: {one.by}" if one.by else KEPT_TOGETHER
            self._merge(Edge(one.first, one.second, 0.0, ((by, 0.0),)), firm=True)
        late: list[Link] = []
        for link in sorted(settled(links, self._alerts), key=_strongest_first):
            if self._is_aside(link.edge.first) or self._is_aside(link.edge.second):
                late.append(link)
            else:
                self._merge(link.edge, firm=link.firm)
        self._attach(late)

    def groups(self) -> list[tuple[list[AlertId], list[Edge]]]:
        """Members and the edges that joined them, each cluster once."""
        edges: dict[AlertId, list[Edge]] = {}
        for edge in self._edges:
            edges.setdefault(self._find(edge.first), []).append(edge)
        return [(members, edges.get(root, [])) for root, members in self._members.items()]

    def _is_aside(self, alert: AlertId) -> bool:
        return self._alerts[alert].severity is Severity.INFORMATIONAL

    def _attach(self, links: list[Link]) -> None:
        """An informational alert goes with its strongest neighbour and joins nothing else together."""
        placed: set[AlertId] = set()
        for link in links:
            aside = [end for end in (link.edge.first, link.edge.second) if self._is_aside(end)]
            if len(aside) == 1 and aside[0] not in placed and self._merge(link.edge, firm=link.firm):
                placed.add(aside[0])

    def _find(self, alert: AlertId) -> AlertId:
        root = alert
        while self._root[root] != root:
            root = self._root[root]
        while self._root[alert] != root:
            self._root[alert], alert = root, self._root[alert]
        return root

    def _merge(self, edge: Edge, *, firm: bool) -> bool:
        one, other = self._find(edge.first), self._find(edge.second)
        if one == other or self._must_not_meet(one, other) or (not firm and self._strangers(one, other)):
            return False
        if (len(self._members[one]), other) < (len(self._members[other]), one):
            one, other = other, one
        self._root[other] = one
        self._members[one] += self._members.pop(other)
        for host, people in self._people.pop(other).items():
            self._people[one].setdefault(host, set()).update(people)
        if other in self._apart:
            self._apart.setdefault(one, set()).update(self._apart.pop(other))
        self._edges.append(edge)
        return True

    def _must_not_meet(self, one: AlertId, other: AlertId) -> bool:
        return any(self._find(alert) == other for alert in self._apart.get(one, ())) or any(
            self._find(alert) == one for alert in self._apart.get(other, ())
        )

    def _strangers(self, one: AlertId, other: AlertId) -> bool:
        """Whether different people act on a host that both have: then the host alone must not join them."""
        first, second = self._people[one], self._people[other]
        if len(second) < len(first):
            first, second = second, first
        return any(host in second and people.isdisjoint(second[host]) for host, people in first.items())


def _strongest_first(link: Link) -> tuple[bool, float, Nanoseconds, AlertId, AlertId]:
    return (not link.firm, -link.edge.weight, link.gap, link.edge.first, link.edge.second)
