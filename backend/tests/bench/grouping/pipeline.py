"""A mix through `tocsin replay` as a person would run it, and whose each alert is."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import orjson

from tests.bench.grouping.recordings import Recording
from tocsin.core.errors import RecordError
from tocsin.core.event import Fields, Origin
from tocsin.core.ids import LOCAL, AlertId
from tocsin.core.messages import Alert, Incident
from tocsin.core.settings import settings
from tocsin.entry.replay.run import Replayed, replay
from tocsin.pipeline.detect.types import RuleSet
from tocsin.pipeline.normalise.aliases import bundled
from tocsin.pipeline.normalise.recognise import Recogniser

_ORIGIN = Origin(tenant=LOCAL, source="mix", lane="mix", batch="mix", received=0)
_recogniser = Recogniser()


class Outcome(NamedTuple):
    """What a replay made of a mix."""

    alerts: list[Alert]
    incidents: tuple[Incident, ...]
    waiting: tuple[tuple[AlertId, ...], ...]
    labels: dict[AlertId, str | None]
    """The recording that most of an alert's first hundred events are of: on a shared host it may be several."""


class Survey(NamedTuple):
    """What the recordings give one by one."""

    telling: list[str]
    """At least two alerts, by two rules or on two hosts."""
    quiet: list[str]
    """No alert at all."""


def time_of(document: Fields) -> int | None:
    """When an event says it happened."""
    try:
        return _recogniser.document(document).parse(document, _ORIGIN).time
    except RecordError:
        return None


def run(events: Sequence[tuple[str | None, Fields]], rules: RuleSet, folder: Path) -> Outcome:
    """One file of all events in the order of their time."""
    ordered = sorted(events, key=lambda one: (time_of(one[1]) or 0, orjson.dumps(one[1])))
    file = folder / "mix.jsonl"
    file.write_bytes(b"\n".join(orjson.dumps(document) for _, document in ordered))
    found = replay([file], rules, bundled(), settings())
    labels = _labels(found, [label for label, _ in ordered])
    return Outcome(found.alerts, found.incidents, found.waiting, labels)


def survey(recordings: Iterable[Recording], rules: RuleSet, folder: Path) -> Survey:
    """Which recordings can be drawn."""
    names = {f"{place:03d}.jsonl": recording.name for place, recording in enumerate(recordings)}
    for file, recording in zip(names, recordings, strict=True):
        (folder / file).write_bytes(b"\n".join(orjson.dumps(document) for document in recording.events))
    found: defaultdict[str, list[Alert]] = defaultdict(list)
    for alert in replay([folder], rules, bundled(), settings()).alerts:
        found[names[Path(alert.source).name]].append(alert)
    telling = [name for name, alerts in found.items() if len(alerts) > 1 and _is_varied(alerts)]
    return Survey(sorted(telling), sorted(name for name in names.values() if name not in found))


def _is_varied(alerts: Iterable[Alert]) -> bool:
    rules: set[str] = set()
    hosts: set[str] = set()
    for alert in alerts:
        rules.add(alert.rule)
        hosts.update(one.entity.value for one in alert.mentions if one.entity.kind == "host" and one.role == "subject")
    return len(rules) > 1 or len(hosts) > 1


def _labels(found: Replayed, lines: Sequence[str | None]) -> dict[AlertId, str | None]:
    return {alert.id: _most(alert, found, lines) for alert in found.alerts}


def _most(alert: Alert, found: Replayed, lines: Sequence[str | None]) -> str | None:
    glimpses = (found.glimpses[event] for event in alert.event_ids if event in found.glimpses)
    counts: Mapping[str | None, int] = Counter(lines[glimpse.position] for glimpse in glimpses)
    return min(counts, key=lambda label: (-counts[label], label or ""))
