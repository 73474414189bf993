"""Detection as one step: an event in, the alerts that it changed out."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from tocsin.core.clock import SECOND
from tocsin.core.event import Event
from tocsin.core.ids import TenantId
from tocsin.core.messages import Mention
from tocsin.pipeline.detect.alerts import Alerts, Draft, Key, entity_key
from tocsin.pipeline.detect.correlating import Correlating, Satisfied
from tocsin.pipeline.detect.matching.engine import Engine
from tocsin.pipeline.detect.sigma.oracle import evidence
from tocsin.pipeline.detect.types import Correlation, Glimpse, Rule, RuleSet
from tocsin.pipeline.detect.watermarks import Watermarks
from tocsin.pipeline.normalise.aliases import Aliases
from tocsin.pipeline.normalise.columns import columns
from tocsin.pipeline.normalise.mentions import mentions


class Detector:
    """One tenant's rules and their state."""

    def __init__(self, tenant: TenantId, rules: RuleSet, aliases: Aliases, lateness: int) -> None:
        self._aliases = aliases
        self.engine = Engine(rules.rules, aliases)
        self.alerts = Alerts(tenant)
        self.correlating = Correlating(rules.correlations, aliases)
        self._watermarks = Watermarks(aliases, lateness * SECOND)
        self._rules: dict[str, Rule | Correlation] = {one.id: one for one in (*rules.rules, *rules.correlations)}
        self.hits = 0

    def feed(self, event: Event) -> list[Draft]:
        """The alerts that the event raised or changed, in the making."""
        late = bool(self.correlating) and self._watermarks.is_late(event)
        rules = self.engine.match(event)
        if not rules:
            return []
        self.hits += len(rules)
        cells = columns(event, self._aliases)
        glimpse = Glimpse(event.time, event.id, event.origin.source, event.index, event.raw, _interned(mentions(cells)))
        changed: list[Draft] = []
        for rule in rules:
            if rule.id not in self.correlating.silenced:
                changed.extend(self._alert(rule, entity_key(cells), event, glimpse))
            if self.correlating.counts(rule.id):
                for satisfied in self.correlating.feed(rule, event, glimpse, cells, late=late):
                    changed.extend(self._correlated(satisfied))
        return changed

    def _alert(self, rule: Rule, key: Key, event: Event, glimpse: Glimpse) -> Iterator[Draft]:
        for draft in self.alerts.fold(rule, key, (glimpse,)):
            if draft.first.event_id == glimpse.event_id:
                draft.evidence, draft.aliases = evidence(rule, event, self._aliases)
            yield draft

    def _correlated(self, satisfied: Satisfied) -> Iterator[Draft]:
        one = satisfied.correlation
        key = tuple(zip(one.group_by, satisfied.group, strict=True))
        for draft in self.alerts.fold(one, key, (hit.glimpse for hit in satisfied.hits)):
            draft.evidence = dict(key)
            draft.evidence["rules"] = ", ".join(self._rules[rule].title for rule in dict.fromkeys(one.rules))
            yield draft


@lru_cache(maxsize=16384)
def _interned(found: tuple[Mention, ...]) -> tuple[Mention, ...]:
    """One copy of the same mentions, however many events speak of them."""
    return found
