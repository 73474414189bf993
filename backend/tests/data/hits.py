"""What our engine fires on the reference data, event by event."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from tocsin.core import clock
from tocsin.core.event import Event
from tocsin.entry import wiring
from tocsin.pipeline.detect.matching.engine import Engine
from tocsin.pipeline.detect.types import Rule
from tocsin.pipeline.ingest.reading import batches
from tocsin.pipeline.ingest.types import Rejected


def events(paths: Sequence[Path]) -> Iterator[Event]:
    """As a replay reads and joins them; nothing may be rejected."""
    normaliser = wiring.normaliser()
    for batch in batches(paths, clock.now()):
        assert not isinstance(batch, Rejected)
        for outcome in normaliser.events(batch.origin, batch.frames):
            assert not isinstance(outcome, Rejected)
            yield outcome
    yield from normaliser.flush()


def fired(paths: Sequence[Path], engine: Engine) -> Iterator[tuple[Event, Rule]]:
    return ((event, rule) for event in events(paths) for rule in engine.match(event))
