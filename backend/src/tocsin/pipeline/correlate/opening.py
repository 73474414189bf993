"""What makes alerts an incident: one of high or above, or several whose weights add up; and where one ends."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tocsin.core.ids import AlertId, IncidentId, derive
from tocsin.core.messages import Alert, Edge, Incident
from tocsin.core.severity import Severity
from tocsin.pipeline.correlate import naming, weights

OPENS_ALONE = Severity.HIGH
WEIGHT = {Severity.INFORMATIONAL: 0, Severity.LOW: 1, Severity.MEDIUM: 3}
"""Each rule counts once, by its worst alert: a rule that repeats itself adds nothing."""
THRESHOLD = 6
"""Two rules of medium, or one of medium and three of low: what an analyst would look at."""


def opened_by(alerts: Sequence[Alert]) -> str:
    """Which alerts open an incident, in words; empty when they do not."""
    loud = [alert for alert in alerts if alert.severity >= OPENS_ALONE]
    if loud:
        worst = min(loud, key=lambda alert: (-alert.severity, alert.first_seen, alert.id))
        return f"an alert of severity {worst.severity.word}: {worst.title}"
    rules: dict[str, int] = {}
    for alert in alerts:
        rules[alert.rule] = max(rules.get(alert.rule, 0), WEIGHT[alert.severity])
    counted = {rule: weight for rule, weight in rules.items() if weight}
    total = sum(counted.values())
    if total < THRESHOLD or len(counted) < 2:
        return ""
    return f"{len(counted)} rules whose weights come to {total} of {THRESHOLD}"


def incidents(alerts: Sequence[Alert], edges: Sequence[Edge]) -> list[Incident]:
    """The incident that these alerts are, in time; a chain of linked ones where age or size cuts it; none where they
    do not open one."""
    reason = opened_by(alerts)
    if not reason:
        return []
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


def _cut(alerts: Sequence[Alert]) -> Iterator[list[Alert]]:
    part: list[Alert] = []
    for alert in alerts:
        if part and (alert.first_seen - part[0].first_seen > weights.AGE or len(part) >= weights.SIZE):
            yield part
            part = []
        part.append(alert)
    yield part


def _by_ends(edge: Edge) -> tuple[AlertId, AlertId]:
    return (edge.first, edge.second)
