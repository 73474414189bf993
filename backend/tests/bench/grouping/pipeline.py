"""Events of a mix through the real stages: parsed, detected with SigmaHQ's rules, observed, grouped."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import orjson

from tocsin.core.errors import RecordError
from tocsin.core.event import Event, Fields, Origin
from tocsin.core.ids import LOCAL, AlertId, EventId
from tocsin.core.messages import Alert
from tocsin.pipeline.correlate.observations import Observations
from tocsin.pipeline.detect.service import Detector
from tocsin.pipeline.detect.types import RuleSet
from tocsin.pipeline.normalise.aliases import bundled
from tocsin.pipeline.normalise.columns import columns
from tocsin.pipeline.normalise.parsers.windows_flat import WindowsFlat

_ORIGIN = Origin(tenant=LOCAL, source="mix.json", lane="mix.json", batch="mix", received=0)
_PARSERS = (WindowsFlat(),)


class Watched(NamedTuple):
    """What came of the events of a mix."""

    alerts: list[Alert]
    known: Observations
    event_labels: dict[EventId, str | None]


def parse(document: Fields, index: int) -> Event | None:
    """None where no parser of this measurement knows the record."""
    for parser in _PARSERS:
        if parser.recognises(document):
            try:
                parsed = parser.parse(document, _ORIGIN)
            except RecordError:
                return None
            return Event(
                _ORIGIN, index, orjson.dumps(document), parser.shape, parsed.kind, parsed.fields, parsed.time or 0,
                timed=parsed.time is not None,
            )  # fmt: skip
    return None


def first_time(documents: Iterable[Fields]) -> int:
    """Of the earliest event that has a time."""
    times = [event.time for document in documents if (event := parse(document, 0)) and event.timed]
    return min(times, default=0)


def watch(events: Sequence[tuple[str | None, Fields]], rules: RuleSet) -> Watched:
    """Every event once, in the order given."""
    detector = Detector(LOCAL, rules, bundled(), 900)
    known = Observations()
    labels: dict[EventId, str | None] = {}
    for index, (label, document) in enumerate(events):
        event = parse(document, index)
        if event is None:
            continue
        labels[event.id] = label
        known.observe(columns(event, bundled()))
        detector.feed(event)
    return Watched([draft.alert() for draft in detector.alerts.drafts().values()], known, labels)


def label_alerts(watched: Watched) -> dict[AlertId, str | None]:
    """An alert is of the recording that most of its events are of: on a shared host one alert may hold several."""
    found: dict[AlertId, str | None] = {}
    for alert in watched.alerts:
        counts = Counter(watched.event_labels[event] for event in alert.event_ids)
        found[alert.id] = min(counts, key=lambda label: (-counts[label], label or ""))
    return found
