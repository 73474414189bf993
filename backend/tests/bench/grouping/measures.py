"""How good a grouping is: pairwise precision and recall against the recordings, and two simple ways to beat."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from tocsin.core.clock import MINUTE
from tocsin.core.ids import AlertId
from tocsin.core.messages import Alert
from tocsin.pipeline.normalise import canonical

Groups = Iterable[Sequence[AlertId]]


class Score(NamedTuple):
    precision: float
    recall: float

    @property
    def f1(self) -> float:
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


def score(groups: Groups, labels: Mapping[AlertId, str | None]) -> Score:
    """Over pairs of alerts with at least one of an attack; an alert in no group is alone.

    A label of None is no attack: the scanner, daily work. A pair of two of those is not counted either way.
    """
    right = joined = 0
    for group in groups:
        counts = Counter(labels[alert] for alert in group)
        noise = counts.pop(None, 0)
        right += sum(_pairs(count) for count in counts.values())
        joined += _pairs(sum(counts.values())) + noise * sum(counts.values())
    together = sum(_pairs(count) for label, count in Counter(labels.values()).items() if label is not None)
    return Score(right / joined if joined else 1.0, right / together if together else 1.0)


def same_host(alerts: Iterable[Alert]) -> list[list[AlertId]]:
    """Baseline: alerts on the same host within 10 minutes of each other, chained."""
    lines: defaultdict[str, list[Alert]] = defaultdict(list)
    alerts = list(alerts)
    for alert in alerts:
        for host in {
            _host(mention.entity.value)
            for mention in alert.mentions
            if mention.entity.kind == "host" and mention.role == "subject"
        }:
            lines[host].append(alert)
    union = _Union(alert.id for alert in alerts)
    for line in lines.values():
        line.sort(key=lambda alert: (alert.first_seen, alert.id))
        last = line[0]
        for alert in line[1:]:
            if alert.first_seen - last.last_seen <= 10 * MINUTE:
                union.join(last.id, alert.id)
            last = max(last, alert, key=lambda one: one.last_seen)
    return union.groups()


def any_entity(alerts: Iterable[Alert]) -> list[list[AlertId]]:
    """Baseline: alerts that share any entity at all, chained."""
    alerts = list(alerts)
    union = _Union(alert.id for alert in alerts)
    first: dict[tuple[str, str], AlertId] = {}
    for alert in alerts:
        for entity in {mention.entity for mention in alert.mentions}:
            value = _host(entity.value) if entity.kind == "host" else entity.value
            union.join(first.setdefault((entity.kind, value), alert.id), alert.id)
    return union.groups()


def _host(name: str) -> str:
    return canonical.short(name)


def _pairs(count: int) -> int:
    return count * (count - 1) // 2


class _Union:
    def __init__(self, alerts: Iterable[AlertId]) -> None:
        self._root = {alert: alert for alert in alerts}

    def join(self, one: AlertId, other: AlertId) -> None:
        self._root[self._find(other)] = self._find(one)

    def groups(self) -> list[list[AlertId]]:
        found: defaultdict[AlertId, list[AlertId]] = defaultdict(list)
        for alert in self._root:
            found[self._find(alert)].append(alert)
        return list(found.values())

    def _find(self, alert: AlertId) -> AlertId:
        while self._root[alert] != alert:
            self._root[alert] = self._root[self._root[alert]]
            alert = self._root[alert]
        return alert
