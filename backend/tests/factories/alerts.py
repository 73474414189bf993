"""Alerts and events for tests of grouping, said in few words."""

from __future__ import annotations

from typing import Any

from tocsin.core.clock import MINUTE, Nanoseconds
from tocsin.core.event import Columns
from tocsin.core.ids import LOCAL, AlertId, EventId, RuleId, derive
from tocsin.core.messages import Alert, Fact
from tocsin.core.severity import Severity
from tocsin.pipeline.normalise.mentions import mentions

START: Nanoseconds = 1_700_000_000_000_000_000


def columns(minute: float = 0, **named: Any) -> Columns:
    """An event so many minutes after START; `host`, `user`, `source` stand for their columns."""
    time = START + round(minute * MINUTE)
    for short, full in _SHORT.items():
        if short in named:
            named[full] = named.pop(short)
    return Columns(time=time, ingest_time=time, **named)


def alert(
    rule: str = "rule",
    minute: float = 0,
    *events: Columns,
    severity: Severity = Severity.HIGH,
    facts: tuple[Fact, ...] = (),
    tactics: tuple[str, ...] = (),
    techniques: tuple[str, ...] = (),
    **named: Any,
) -> Alert:
    """An alert of these events, or of one made of `named`; its id comes of what it says."""
    told = events or (columns(minute, **named),)
    first, last = min(one.time for one in told), max(one.time for one in told)
    key = derive("key", rule, severity, str(told))
    return Alert(
        id=AlertId(derive("alert", rule, key)),
        tenant=LOCAL,
        revision=1,
        rule=RuleId(rule),
        title=rule.replace("-", " ").capitalize(),
        kind="sigma",
        severity=severity,
        techniques=techniques,
        tactics=tactics,
        key=(("key", key),),
        first_seen=first,
        last_seen=last,
        event_ids=(EventId(derive("event", key)),),
        source="test",
        mentions=tuple(sorted({mention for one in told for mention in mentions(one)})),
        evidence={},
        aliases={},
        facts=facts,
    )


_SHORT = {
    "host": "device__hostname",
    "user": "actor__user__name",
    "source": "src_endpoint__ip",
    "target": "dst_endpoint__ip",
    "process": "process__uid",
    "parent": "process__parent_process__uid",
    "image": "process__file__path",
}
