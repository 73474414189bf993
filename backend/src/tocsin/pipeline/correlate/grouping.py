"""Alerts in, incidents out: a function of the set of alerts, not of their order or number of arrivals."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple, TypeAlias

from tocsin.core.ids import AlertId
from tocsin.core.messages import Alert, Incident
from tocsin.pipeline.correlate.candidates import AlertPair, Key, Place, TimeLines, by_host, count, host_key, keys
from tocsin.pipeline.correlate.clusters import Clusters
from tocsin.pipeline.correlate.evidence import Link, weigh
from tocsin.pipeline.correlate.opening import incidents
from tocsin.pipeline.correlate.routes import Routes
from tocsin.pipeline.correlate.traits import Traits, traits
from tocsin.pipeline.correlate.types import Constraint, KeepTogether, Move, Observed

Places: TypeAlias = dict[Key, list[Place]]


class Grouped(NamedTuple):
    """What became of alerts."""

    incidents: tuple[Incident, ...]
    """By first_seen, then id."""
    waiting: tuple[tuple[AlertId, ...], ...]
    """Alerts that belong together but have not opened an incident."""


def group(alerts: Iterable[Alert], known: Observed, constraints: Iterable[Constraint] = ()) -> tuple[Incident, ...]:
    """The incidents of one tenant's alerts."""
    grouping = Grouping(known, constraints)
    grouping.add(alerts)
    return grouping.all().incidents


class Grouping:
    """Alerts of one tenant as they come. Adding recomputes what the new ones touch; the outcome is that of all at once.

    What is known is taken as it stands when the grouping is made; a new one is made to take in what was learnt since.
    """

    def __init__(self, known: Observed, constraints: Iterable[Constraint] = ()) -> None:
        self._known = known
        self._routes = Routes(known.moves())
        self._moves = by_host(self._routes.moves)
        self._alerts: dict[AlertId, Alert] = {}
        self._traits: dict[AlertId, Traits] = {}
        self._lines = TimeLines()
        self._pairs: dict[AlertPair, int] = {}
        self._links: dict[AlertId, dict[AlertId, Link]] = {}
        self._said: dict[AlertId, list[Constraint]] = {}
        for one in constraints:
            self._said.setdefault(one.first, []).append(one)
            self._said.setdefault(one.second, []).append(one)
        self._parts: dict[AlertId, Grouped] = {}
        self._part_of: dict[AlertId, AlertId] = {}

    def add(self, alerts: Iterable[Alert]) -> tuple[Incident, ...]:
        """Takes in new alerts and later revisions; returns the incidents that may have changed."""
        fresh = self._fresh(alerts)
        if not fresh:
            return ()
        touched = self._place(fresh)
        return self._regroup(touched)

    def all(self) -> Grouped:
        """Everything as it stands."""
        parts = self._parts.values()
        found = sorted((one for part in parts for one in part.incidents), key=_by_time)
        return Grouped(tuple(found), tuple(sorted(waiting for part in parts for waiting in part.waiting)))

    def _fresh(self, alerts: Iterable[Alert]) -> dict[AlertId, Alert]:
        fresh: dict[AlertId, Alert] = {}
        for alert in alerts:
            before = fresh.get(alert.id) or self._alerts.get(alert.id)
            if before is None or before.revision < alert.revision:
                fresh[alert.id] = alert
        return fresh

    def _place(self, fresh: dict[AlertId, Alert]) -> set[AlertId]:
        """Puts alerts on their time lines and weighs the pairs this makes; returns the alerts whose links changed."""
        # an older revision leaves altogether before the newer comes: so every pair of it is weighed anew
        changed = self._change(self._placed(self._traits[alert] for alert in fresh if alert in self._traits), {})
        for alert in fresh.values():
            self._alerts[alert.id] = alert
            self._traits[alert.id] = traits(alert, self._known)
        changed |= self._change({}, self._placed(self._traits[alert] for alert in fresh))
        touched = set(fresh)
        for one, other in changed:
            link = weigh(self._traits[one], self._traits[other], self._routes) if (one, other) in self._pairs else None
            if link != self._links.get(one, {}).get(other):
                touched |= {one, other}
                self._link(one, other, link)
        return touched

    def _placed(self, alerts: Iterable[Traits]) -> Places:
        found: Places = {}
        for alert in alerts:
            for key in keys(alert):
                found.setdefault(key, []).append(Place(alert.first, alert.alert))
        return found

    def _change(self, gone: Places, new: Places) -> set[AlertPair]:
        """Takes places out and in; returns the pairs that are no longer, or newly, worth weighing."""
        touched = gone.keys() | new.keys()
        moves = {move for key in touched if key == host_key(key.value) for move in self._moves.get(key.value, ())}
        changed = {pair for move in moves for pair in self._beside(move, -1)}
        for key in touched:
            ceased, came = self._lines.change(key, gone.get(key, ()), new.get(key, ()))
            count(self._pairs, ceased, came)
            changed |= ceased | came
        changed.update(pair for move in moves for pair in self._beside(move, +1))
        return changed

    def _beside(self, move: Move, by: int) -> set[AlertPair]:
        found = set(self._lines.around(move))
        count(self._pairs, found if by < 0 else (), found if by > 0 else ())
        return found

    def _link(self, one: AlertId, other: AlertId, link: Link | None) -> None:
        for end, far in ((one, other), (other, one)):
            if link is not None:
                self._links.setdefault(end, {})[far] = link
            else:
                self._links.get(end, {}).pop(far, None)

    def _regroup(self, touched: set[AlertId]) -> tuple[Incident, ...]:
        """Works out anew the parts that are connected with what changed, and no others."""
        anew: list[set[AlertId]] = []
        seen: set[AlertId] = set()
        for alert in sorted(touched):
            if alert not in seen:
                anew.append(self._connected(alert))
                seen |= anew[-1]
        for part in {self._part_of[alert] for alert in seen if alert in self._part_of}:
            del self._parts[part]
        found: list[Incident] = []
        for members in anew:
            name = min(members)
            self._part_of.update(dict.fromkeys(members, name))
            self._parts[name] = part = self._grouped(members)
            found += part.incidents
        return tuple(sorted(found, key=_by_time))

    def _connected(self, alert: AlertId) -> set[AlertId]:
        found = {alert}
        waiting = [alert]
        while waiting:
            one = waiting.pop()
            near = {*self._links.get(one, ()), *self._kept_with(one)} - found
            found |= near
            waiting += near
        return found

    def _kept_with(self, alert: AlertId) -> set[AlertId]:
        said = (one for one in self._said.get(alert, ()) if isinstance(one, KeepTogether))
        return {end for one in said for end in (one.first, one.second) if end in self._alerts}

    def _grouped(self, members: set[AlertId]) -> Grouped:
        clusters = Clusters(self._traits[member] for member in members)
        links = {id(link): link for member in members for link in self._links.get(member, {}).values()}
        clusters.join(links.values(), [one for member in members for one in self._said.get(member, ())])
        opened: list[Incident] = []
        waiting: list[tuple[AlertId, ...]] = []
        for group, edges in clusters.groups():
            alerts = sorted((self._alerts[member] for member in group), key=_by_time)
            made = incidents(alerts, edges)
            opened += made
            if not made:
                waiting.append(tuple(alert.id for alert in alerts))
        return Grouped(tuple(opened), tuple(waiting))


def _by_time(one: Alert | Incident) -> tuple[int, str]:
    return (one.first_seen, one.id)
