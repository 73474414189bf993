"""Alerts and incidents as the JSON lines that machines read; the names are a contract."""

from __future__ import annotations

from typing import Any

from tocsin.core.clock import iso
from tocsin.core.messages import Alert, Incident
from tocsin.entry.replay.run import Replayed

EVENT_IDS_SHOWN = 100


def alert_line(alert: Alert) -> dict[str, Any]:
    """Times are RFC 3339 in UTC; `event_ids` the first hundred, `event_count` exact."""
    entities: dict[str, list[str]] = {}
    for mention in alert.mentions:
        values = entities.setdefault(mention.entity.kind, [])
        if mention.entity.value not in values:
            values.append(mention.entity.value)
    return {
        "kind": "alert",
        "id": alert.id,
        "revision": alert.revision,
        "rule_id": alert.rule,
        "rule_title": alert.title,
        "rule_kind": alert.kind,
        "severity": alert.severity.word,
        "techniques": list(alert.techniques),
        "tactics": list(alert.tactics),
        "first_seen": iso(alert.first_seen),
        "last_seen": iso(alert.last_seen),
        "event_time": iso(alert.first_seen),
        "event_id": alert.event_ids[0],
        "event_ids": list(alert.event_ids[:EVENT_IDS_SHOWN]),
        "event_count": len(alert.event_ids),
        "group": dict(alert.key),
        "source": alert.source,
        "entities": entities,
        "evidence": alert.evidence,
        "aliases": alert.aliases,
        "facts": [
            {
                "entity": fact.entity.value,
                "kind": fact.entity.kind,
                "name": fact.name,
                "value": fact.value,
                "source": fact.source,
                "as_of": iso(fact.as_of),
            }
            for fact in alert.facts
        ],
    }


def incident_line(incident: Incident) -> dict[str, Any]:
    """Each reason joins two alerts: words and weight in bits."""
    return {
        "kind": "incident",
        "id": incident.id,
        "title": incident.title,
        "severity": incident.severity.word,
        "first_seen": iso(incident.first_seen),
        "last_seen": iso(incident.last_seen),
        "alerts": list(incident.alerts),
        "entities": [{"kind": entity.kind, "value": entity.value} for entity in incident.entities],
        "techniques": list(incident.techniques),
        "opened_by": incident.opened_by,
        "continues": incident.continues,
        "reasons": [
            {
                "first": edge.first,
                "second": edge.second,
                "weight": round(edge.weight, 2),
                "because": words,
                "bits": bits,
            }
            for edge in incident.edges
            for words, bits in edge.reasons
        ],
    }


def summary_line(found: Replayed) -> dict[str, Any]:
    """The last line: what was read, what was refused and why, what was found, and how fast."""
    total = found.ledger.total()
    rejected = [
        {"source": source, "reason": reason, "count": count}
        for source, tally in sorted(found.ledger.sources.items())
        for reason, count in sorted(tally.rejected.items())
    ]
    per_ten_thousand = 10_000 / total.parsed if total.parsed else 0.0
    return {
        "kind": "summary",
        "files": found.files,
        "events": total.parsed,
        "ledger": {
            "read": total.read,
            "parsed": total.parsed,
            "joined": total.joined,
            "rejected": total.rejected.total(),
            "balances": total.balances,
        },
        "rejected": rejected,
        "hits": found.hits,
        "alerts": len(found.alerts),
        "incidents": len(found.incidents),
        "alerts_per_10000_events": round(len(found.alerts) * per_ten_thousand, 2),
        "incidents_per_10000_events": round(len(found.incidents) * per_ten_thousand, 2),
        "rules": {
            "loaded": len(found.rules.rules) + len(found.rules.correlations),
            "failed": len(found.rules.failures),
            "unfilled": sum(1 for rule in found.rules.rules if rule.unfilled),
        },
        "lateness_s": found.lateness,
        "too_late": dict(sorted(found.too_late.items())),
        "ungrouped": dict(sorted(found.ungrouped.items())),
        "engine": found.engine,
        "seconds": round(found.seconds, 3),
        "events_per_second": round(found.events_per_second, 1),
    }
