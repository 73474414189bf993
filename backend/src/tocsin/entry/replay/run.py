"""Files in, alerts and incidents out: every stage of the pipeline, in order, in memory."""

from __future__ import annotations

import gc
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from msgspec.structs import replace

from tocsin.core import clock
from tocsin.core.event import Event
from tocsin.core.ids import LOCAL, AlertId, EventId, RuleId
from tocsin.core.messages import Alert, Incident
from tocsin.core.settings import Settings
from tocsin.entry import wiring
from tocsin.pipeline.correlate.grouping import Grouping
from tocsin.pipeline.correlate.observations import Observations, is_telling
from tocsin.pipeline.detect.types import Glimpse, RuleSet
from tocsin.pipeline.enrich.service import Enricher
from tocsin.pipeline.enrich.types import Table
from tocsin.pipeline.ingest.named_files import Progress
from tocsin.pipeline.ingest.reading import batches
from tocsin.pipeline.ingest.types import Rejected
from tocsin.pipeline.normalise.aliases import Aliases
from tocsin.pipeline.normalise.columns import columns
from tocsin.pipeline.normalise.ledger import Ledger

REJECTED_SHOWN = 1000


@dataclass
class Replayed:
    """What a replay found; everything in a stable order."""

    rules: RuleSet
    engine: str
    files: int = 0
    ledger: Ledger = field(default_factory=Ledger)
    rejected: list[Rejected] = field(default_factory=list[Rejected])
    """The first thousand."""
    hits: int = 0
    alerts: list[Alert] = field(default_factory=list[Alert])
    """By first_seen, then id."""
    incidents: tuple[Incident, ...] = ()
    waiting: tuple[tuple[AlertId, ...], ...] = ()
    """Alerts that opened nothing, in their groups."""
    glimpses: dict[EventId, Glimpse] = field(default_factory=dict[EventId, Glimpse])
    """Source, position and raw text of the first hundred events of each alert."""
    too_late: Counter[RuleId] = field(default_factory=Counter[RuleId])
    """Hits that came after their source's lateness, by correlation."""
    ungrouped: Counter[RuleId] = field(default_factory=Counter[RuleId])
    """Hits without a value to group or count by, by correlation."""
    lateness: int = 0
    """Seconds that an event may be behind its source and still enter windows."""
    seconds: float = 0.0

    @property
    def events(self) -> int:
        return self.ledger.total().parsed

    @property
    def events_per_second(self) -> float:
        return self.events / self.seconds if self.seconds else 0.0


def replay(
    paths: Sequence[Path],
    rules: RuleSet,
    aliases: Aliases,
    settings: Settings,
    progress: Progress | None = None,
    tables: Sequence[Table] = (),
) -> Replayed:
    """Nothing is written; the same files give the same alerts and incidents, ids included."""
    began = time.perf_counter()
    run = _Run(rules, aliases, settings, Enricher(tables))
    frozen = gc.isenabled()
    gc.freeze()  # rules and aliases live as long as the run: no need to look through them again and again
    try:
        run.read(paths, progress)
        result = run.result()
    finally:
        if frozen:
            gc.unfreeze()
    result.seconds = time.perf_counter() - began
    return result


class _Run:
    def __init__(self, rules: RuleSet, aliases: Aliases, settings: Settings, enricher: Enricher) -> None:
        self._aliases = aliases
        self._zone = settings.zone
        self._normaliser = wiring.normaliser()
        self._detector = wiring.detector(LOCAL, rules, aliases, settings)
        self._observations = Observations()
        self._enricher = enricher
        self._telling: dict[tuple[str, tuple[str, ...]], bool] = {}
        self._found = Replayed(
            rules, self._detector.engine.name, ledger=self._normaliser.ledger, lateness=settings.lateness
        )

    def read(self, paths: Iterable[Path], progress: Progress | None) -> None:
        for batch in batches(paths, clock.now(), LOCAL, progress, self._zone):
            if isinstance(batch, Rejected):
                self._reject(batch)
                self._normaliser.ledger.reject(batch.source, batch.reason)
                continue
            self._found.files += 1
            for outcome in self._normaliser.events(batch.origin, batch.frames):
                if isinstance(outcome, Rejected):
                    self._reject(outcome)
                else:
                    self._take(outcome)
        for event in self._normaliser.flush():
            self._take(event)

    def result(self) -> Replayed:
        found = self._found
        drafts = self._detector.alerts.drafts()
        alerts = (self._enriched(draft.alert()) for draft in drafts.values())
        found.alerts = sorted(alerts, key=lambda one: (one.first_seen, one.id))
        grouping = Grouping(self._observations)
        grouping.add(found.alerts)
        grouped = grouping.all()
        found.incidents, found.waiting = grouped.incidents, grouped.waiting
        found.glimpses = {glimpse.event_id: glimpse for draft in drafts.values() for glimpse in draft.glimpses}
        found.hits = self._detector.hits
        found.too_late = self._detector.correlating.too_late
        found.ungrouped = self._detector.correlating.ungrouped
        return found

    def _enriched(self, alert: Alert) -> Alert:
        return replace(alert, facts=self._enricher.facts(alert.mentions, alert.first_seen))

    def _take(self, event: Event) -> None:
        key = (event.shape, event.kind)
        telling = self._telling.get(key)
        if telling is None:
            telling = self._telling[key] = self._is_telling(event)
        if self._detector.feed(event) or telling:
            told = columns(event, self._aliases)
            self._observations.observe(told)
            self._enricher.observe(told)

    def _is_telling(self, event: Event) -> bool:
        if len(self._telling) > 1 << 16:  # kinds are the sender's choice
            self._telling.clear()
        return is_telling(self._aliases.route(event.shape, event.kind).names)

    def _reject(self, rejected: Rejected) -> None:
        if len(self._found.rejected) < REJECTED_SHOWN:
            self._found.rejected.append(rejected)
