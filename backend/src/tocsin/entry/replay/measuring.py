"""Times the path from a raw line to the rules that fire on it, beside the floor that JSON parsing sets."""

from __future__ import annotations

import gc
import multiprocessing
import resource
import time
from collections.abc import Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

import orjson

from tocsin.core import clock
from tocsin.core.errors import InvalidInputError
from tocsin.core.event import Event, Origin
from tocsin.core.settings import settings
from tocsin.entry import wiring
from tocsin.pipeline.detect import rulesets
from tocsin.pipeline.detect.matching.engine import Engine
from tocsin.pipeline.detect.types import RuleSet
from tocsin.pipeline.ingest.reading import batches
from tocsin.pipeline.ingest.types import Record, Rejected
from tocsin.pipeline.normalise.aliases import bundled

_TURNS = 3


class Measured(NamedTuple):
    """One engine on one corpus; rates are per CPU second of one core."""

    engine: str
    corpus_sha256: str
    rules_sha256: str
    rules: int
    events: int
    hits: int
    events_per_second: float
    orjson_events_per_second: float
    ratio_to_orjson: float
    peak_mb: float
    compile_s: float
    processes: int


class _Work(NamedTuple):
    origins: list[Origin]
    batches: list[list[Record]]

    @property
    def events(self) -> int:
        return sum(map(len, self.batches))


def measure(rules: Sequence[Path], events: Sequence[Path], processes: int) -> Iterator[Measured]:
    """Each engine in turn. With several processes each does all the work; the rate is the sum over them."""
    loaded = rulesets.load(rules, settings().cache / "rules")
    if not loaded.rules:
        message = f"no rules in {', '.join(map(str, rules))}"
        raise InvalidInputError(message)
    work = _work(events)
    if not work.events:
        message = f"no events in {', '.join(map(str, events))}"
        raise InvalidInputError(message)
    if processes == 1:
        found = [_turns(loaded, work)]
    else:
        with multiprocessing.get_context("fork").Pool(processes) as pool:
            found = pool.starmap(_turns, [(loaded, work)] * processes)
    yield _summed(found, rules, events)


def _summed(found: list[Measured], rules: Sequence[Path], events: Sequence[Path]) -> Measured:
    rate = sum(one.events_per_second for one in found)
    return found[0]._replace(
        corpus_sha256=_digest(events),
        rules_sha256=_digest(rules),
        events_per_second=round(rate, 1),
        ratio_to_orjson=round(rate / found[0].orjson_events_per_second, 4),
        peak_mb=max(one.peak_mb for one in found),
        processes=len(found),
    )


def _turns(rules: RuleSet, work: _Work) -> Measured:
    """The best of three turns of each, taken alternately so that a slower spell of the machine hits both."""
    gc.collect()
    gc.freeze()
    floors: list[float] = []
    turns: list[tuple[float, float, int]] = []
    for _ in range(_TURNS):
        floors.append(_floor(work))
        turns.append(_turn(rules, work))
    floor = min(floors)
    compiled, spent, hits = min(turns, key=lambda turn: turn[1])
    rate, ceiling = work.events / spent, work.events / floor
    return Measured(
        engine=Engine.name,
        corpus_sha256="",
        rules_sha256="",
        rules=len(rules.rules),
        events=work.events,
        hits=hits,
        events_per_second=round(rate, 1),
        orjson_events_per_second=round(ceiling, 1),
        ratio_to_orjson=round(rate / ceiling, 4),
        peak_mb=round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1),
        compile_s=round(compiled, 3),
        processes=1,
    )


def _floor(work: _Work) -> float:
    began = time.process_time()
    for records in work.batches:
        for record in records:
            orjson.loads(record.raw)
    return time.process_time() - began


def _turn(rules: RuleSet, work: _Work) -> tuple[float, float, int]:
    """(seconds to compile, seconds for the events, hits). A fresh engine: nothing is remembered from turn to turn."""
    began = time.process_time()
    engine = Engine(rules.rules, bundled())
    for event in _kinds(work):
        engine.prepare(event)
    compiled = time.process_time() - began
    normaliser = wiring.normaliser()
    hits = 0
    began = time.process_time()
    for origin, records in zip(work.origins, work.batches, strict=True):
        for event in normaliser.events(origin, records):
            if not isinstance(event, Rejected):
                hits += len(engine.match(event))
    for event in normaliser.flush():
        hits += len(engine.match(event))
    return compiled, time.process_time() - began, hits


def _kinds(work: _Work) -> list[Event]:
    """One event of each kind."""
    found: dict[tuple[str, tuple[str, ...]], Event] = {}
    normaliser = wiring.normaliser()
    for origin, records in zip(work.origins, work.batches, strict=True):
        for event in normaliser.events(origin, records):
            if not isinstance(event, Rejected):
                found.setdefault((event.shape, event.kind), event)
    return list(found.values())


def _work(paths: Sequence[Path]) -> _Work:
    work = _Work([], [])
    for batch in batches(paths, clock.now()):
        if isinstance(batch, Rejected):
            message = f"{batch.source}: {batch.reason} {batch.detail}".rstrip()
            raise InvalidInputError(message)
        records = [frame for frame in batch.frames if isinstance(frame, Record) and frame.raw[:1] == b"{"]
        work.origins.append(batch.origin)
        work.batches.append(records)
    return work


def _digest(paths: Sequence[Path]) -> str:
    digest = sha256()
    for path in paths:
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if file.is_file():
                digest.update(file.read_bytes())
    return digest.hexdigest()
