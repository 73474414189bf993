"""Alerts in, incidents out: a function of the set of alerts, not of their order or number of arrivals."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from tocsin.core.ids import AlertId, IncidentId, derive
from tocsin.core.messages import Alert, Edge, Incident
from tocsin.pipeline.correlate import naming, weights
from tocsin.pipeline.correlate.candidates import Index, Key, keys
from tocsin.pipeline.correlate.clusters import Clusters
from tocsin.pipeline.correlate.evidence import weigh
from tocsin.pipeline.correlate.opening import opened_by
from tocsin.pipeline.correlate.routes import Routes
from tocsin.pipeline.correlate.traits import traits
from tocsin.pipeline.correlate.types import Constraint, Observed


class Grouped(NamedTuple):
    """What became of the alerts."""

    incidents: tuple[Incident, ...]
    """By first_seen, then id."""
    waiting: tuple[tuple[AlertId, ...], ...]
    """Alerts that belong together but have not opened an incident."""


def group(alerts: Iterable[Alert], known: Observed, constraints: Iterable[Constraint] = ()) -> tuple[Incident, ...]:
    """The incidents of one tenant's alerts."""
    return sort_out(alerts, known, constraints).incidents


def sort_out(alerts: Iterable[Alert], known: Observed, constraints: Iterable[Constraint] = ()) -> Grouped:
    """The incidents of one tenant's alerts, and those alerts that wait."""
    latest = newest(alerts)
    digests = {one.id: traits(one, known) for one in latest}
    index = Index()
    shared: set[Key] = set()
    for digest in digests.values():
        found = keys(digest)
        index.add(digest, found)
        shared |= found
    routes = Routes(known.moves())
    pairs = {pair for key in shared for pair in index.pairs(key)}
    pairs.update(pair for move in routes.moves for pair in index.around(move))
    links = [link for one, other in pairs if (link := weigh(digests[one], digests[other], routes))]
    clusters = Clusters(digests.values())
    clusters.join(links, constraints)
    return told(clusters, {alert.id: alert for alert in latest})


def newest(alerts: Iterable[Alert]) -> list[Alert]:
    """The last revision of each alert, by first_seen, then id."""
    found: dict[AlertId, Alert] = {}
    for alert in alerts:
        before = found.get(alert.id)
        if before is None or before.revision < alert.revision:
            found[alert.id] = alert
    return sorted(found.values(), key=_by_time)


def told(clusters: Clusters, alerts: dict[AlertId, Alert]) -> Grouped:
    """Clusters as incidents where they open one."""
    incidents: list[Incident] = []
    waiting: list[tuple[AlertId, ...]] = []
    for members, edges in clusters.groups():
        found = sorted((alerts[member] for member in members), key=_by_time)
        reason = opened_by(found)
        if reason:
            incidents += _incidents(found, edges, reason)
        else:
            waiting.append(tuple(alert.id for alert in found))
    incidents.sort(key=lambda incident: (incident.first_seen, incident.id))
    return Grouped(tuple(incidents), tuple(sorted(waiting)))


def _incidents(alerts: Sequence[Alert], edges: Sequence[Edge], reason: str) -> list[Incident]:
    """One incident, or a chain of linked ones where age or size cuts it."""
    found: list[Incident] = []
    before: IncidentId | None = None
    for part in _cut(alerts):
        members = {alert.id for alert in part}
        inside = sorted((edge for edge in edges if {edge.first, edge.second} <= members), key=_by_ends)
        incident = Incident(
            id=IncidentId(derive("incident", part[0].tenant, part[0].id)),
            tenant=part[0].tenant,
            title=naming.title(part),
            severity=naming.severity(part),
            first_seen=part[0].first_seen,
            last_seen=max(alert.last_seen for alert in part),
            alerts=tuple(alert.id for alert in part),
            entities=naming.entities(part),
            techniques=naming.techniques(part),
            edges=tuple(inside),
            opened_by=opened_by(part) or f"goes on from an incident that was opened by {reason}",
            continues=before,
        )
        before = incident.id
        found.append(incident)
    return found


def _cut(alerts: Sequence[Alert]) -> Iterable[list[Alert]]:
    part: list[Alert] = []
    for alert in alerts:
        if part and (alert.first_seen - part[0].first_seen > weights.AGE or len(part) >= weights.SIZE):
            yield part
            part = []
        part.append(alert)
    yield part


def _by_time(alert: Alert) -> tuple[int, AlertId]:
    return (alert.first_seen, alert.id)


def _by_ends(edge: Edge) -> tuple[AlertId, AlertId]:
    return (edge.first, edge.second)
