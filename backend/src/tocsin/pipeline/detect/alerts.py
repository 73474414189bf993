"""Folds hits into alerts: one for each rule, entity key and UTC hour, the same whatever the order and the repeats."""

from __future__ import annotations

from bisect import insort
from collections.abc import Iterable, Iterator, Mapping

from tocsin.core.clock import HOUR, Nanoseconds
from tocsin.core.event import Columns
from tocsin.core.ids import AlertId, EventId, TenantId, derive
from tocsin.core.messages import Alert, Mention
from tocsin.pipeline.detect.types import Correlation, Glimpse, Rule

Key = tuple[tuple[str, str], ...]

MENTIONS_KEPT = 200
GLIMPSES_KEPT = 100


def entity_key(columns: Columns) -> Key:
    """What hits of one rule fold on: host, user and image where a process or an actor is known, else the source
    address, else host and account."""
    if columns.process__file__path or columns.actor__user__name:
        parts = {
            "device.hostname": columns.device__hostname,
            "actor.user.name": columns.actor__user__name or columns.user__name,
            "process.file.path": columns.process__file__path,
        }
    elif columns.src_endpoint__ip:
        parts = {"src_endpoint.ip": columns.src_endpoint__ip}
    else:
        parts = {"device.hostname": columns.device__hostname, "user.name": columns.user__name}
    return tuple((name, value.lower()) for name, value in parts.items() if value)


class Draft:
    """An alert in the making."""

    def __init__(self, alert_id: AlertId, tenant: TenantId, rule: Rule | Correlation, key: Key) -> None:
        self.id = alert_id
        self.tenant = tenant
        self.rule = rule
        self.key = key
        self.revision = 0
        self.evidence: dict[str, str] = {}
        self.aliases: dict[str, str] = {}
        self._times: dict[EventId, Nanoseconds] = {}
        self._glimpses: list[Glimpse] = []
        self._mentions: set[Mention] = set()

    def add(self, glimpse: Glimpse) -> bool:
        """False when the event is in already."""
        if glimpse.event_id in self._times:
            return False
        self._times[glimpse.event_id] = glimpse.time
        if not self._mentions.issuperset(glimpse.mentions):
            self._mentions.update(glimpse.mentions)
            if len(self._mentions) > MENTIONS_KEPT:  # the smallest ones stay, so that order does not matter
                self._mentions = set(sorted(self._mentions)[:MENTIONS_KEPT])
        if len(self._glimpses) < GLIMPSES_KEPT or glimpse < self._glimpses[-1]:
            insort(self._glimpses, glimpse)
            del self._glimpses[GLIMPSES_KEPT:]
        return True

    @property
    def first(self) -> Glimpse:
        """The earliest event."""
        return self._glimpses[0]

    @property
    def glimpses(self) -> tuple[Glimpse, ...]:
        """The first hundred events."""
        return tuple(self._glimpses)

    def alert(self) -> Alert:
        """The alert as it stands."""
        times = sorted((time, event_id) for event_id, time in self._times.items())
        return Alert(
            id=self.id,
            tenant=self.tenant,
            revision=self.revision,
            rule=self.rule.id,
            title=self.rule.title,
            kind="correlation" if isinstance(self.rule, Correlation) else "sigma",
            severity=self.rule.severity,
            techniques=self.rule.techniques,
            tactics=self.rule.tactics,
            key=self.key,
            first_seen=times[0][0],
            last_seen=times[-1][0],
            event_ids=tuple(event_id for _, event_id in times),
            source=self.first.source,
            mentions=tuple(sorted(self._mentions)),
            evidence=self.evidence,
            aliases=self.aliases,
            description=self.rule.description,
        )


class Alerts:
    """The alerts of a run, in memory."""

    def __init__(self, tenant: TenantId) -> None:
        self._tenant = tenant
        self._drafts: dict[AlertId, Draft] = {}

    def fold(self, rule: Rule | Correlation, key: Key, glimpses: Iterable[Glimpse]) -> Iterator[Draft]:
        """Takes in hits; yields each alert that they changed."""
        changed: dict[AlertId, Draft] = {}
        for glimpse in glimpses:
            draft = self._draft(rule, key, glimpse.time // HOUR)
            if draft.add(glimpse):
                changed[draft.id] = draft
        for draft in changed.values():
            draft.revision += 1
            yield draft

    def drafts(self) -> Mapping[AlertId, Draft]:
        return self._drafts

    def _draft(self, rule: Rule | Correlation, key: Key, hour: int) -> Draft:
        parts = [part for pair in key for part in pair]
        alert_id = AlertId(derive("alert", self._tenant, rule.id, hour, *parts))
        draft = self._drafts.get(alert_id)
        if draft is None:
            draft = self._drafts[alert_id] = Draft(alert_id, self._tenant, rule, key)
        return draft
