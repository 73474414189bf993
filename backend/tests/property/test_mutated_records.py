"""Whatever becomes of a record, it is parsed or rejected by name, in time, and its neighbours are untouched."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import orjson
import pytest

from tests.factories.mutations import chance, flipped, mutated, truncated
from tests.factories.packings import Packing, containers, log, packings, shapes, xml
from tocsin.core.clock import LATEST
from tocsin.core.event import Event, Origin
from tocsin.core.ids import LOCAL
from tocsin.entry import wiring
from tocsin.pipeline.ingest.evtx_process import EvtxProcess
from tocsin.pipeline.ingest.frames import frames
from tocsin.pipeline.ingest.reading import batches
from tocsin.pipeline.ingest.types import Rejected
from tocsin.pipeline.normalise.aliases import bundled
from tocsin.pipeline.normalise.columns import columns

ORIGIN = Origin(tenant=LOCAL, source="file", lane="file", batch="1", received=1_800_000_000_000_000_000)

IN_PARTS = {name for name in shapes() if name.startswith(("audit", "win", "wazuh"))}
"""Auditd's lines, and PowerShell's scripts."""

Sized = Callable[[int, int], int]
Content = tuple[str, tuple[str, ...], bytes]


@pytest.fixture(scope="module")
def process() -> Iterator[EvtxProcess]:
    with EvtxProcess() as running:
        yield running


def read(data: bytes, process: EvtxProcess) -> list[Event | Rejected]:
    """Everything that becomes of a file; the ledger balances, and no parser was taken by surprise."""
    normaliser = wiring.normaliser()
    outcomes = list(normaliser.events(ORIGIN, frames(io.BytesIO(data), "file", process)))
    outcomes += normaliser.flush()
    tally = normaliser.ledger.of("file")
    assert tally.balances
    assert tally.parsed == sum(isinstance(one, Event) for one in outcomes)
    surprised = [one for one in outcomes if isinstance(one, Rejected) and one.reason == "the parser failed"]
    assert not surprised
    return outcomes


def contents(outcomes: Iterable[Event | Rejected]) -> Counter[Content]:
    """What events say, wherever they stand."""
    return Counter((one.shape, one.kind, orjson.dumps(one.fields)) for one in outcomes if isinstance(one, Event))


def survive(packing: Packing, rounds: int, process: EvtxProcess, *, parts: bool = False) -> None:
    """Break a record in each round, each in another way. Where records may be parts of one event, a broken one may change
    that event, and one other that it now claims to belong to."""
    rng = chance(packing.name)
    whole = contents(read(packing.file(), process))
    alone = [contents(read(packing.file((record,)), process)) for record in packing.records]
    for number in range(rounds):
        place = rng.randrange(packing.first, len(packing.records))
        broken = mutated(packing.records[place], rng, rng.choice(packing.records))
        records = (*packing.records[:place], broken, *packing.records[place + 1 :])
        outcomes = read(packing.file(records), process)
        for one in outcomes:
            if isinstance(one, Event):
                assert 0 <= one.time <= LATEST
                assert columns(one, bundled()).time == one.time
        lost = whole - contents(outcomes) - alone[place]
        assert lost.total() <= (2 if parts else 0), (number, packing.name, broken)


@pytest.mark.parametrize("shape", shapes())
def test_a_broken_record_costs_no_other(shape: str, sized: Sized, process: EvtxProcess) -> None:
    rounds = sized(300, 10_000)
    found = packings(shape)
    assert found
    for packing in found:
        survive(packing, rounds // len(found) + 1, process, parts=shape in IN_PARTS)


def test_a_broken_event_in_xml_costs_no_other(sized: Sized, process: EvtxProcess) -> None:
    survive(xml(), sized(300, 10_000), process)


def test_a_broken_record_of_a_windows_log_costs_no_other(sized: Sized, process: EvtxProcess) -> None:
    packing = log()
    rng = chance("evtx")
    whole = contents(read(packing.file(), process))
    assert whole.total() == len(packing.records) + 1
    for _ in range(sized(300, 10_000)):
        place = rng.randrange(len(packing.records))
        broken = flipped(packing.records[place], rng, b"")
        records = (*packing.records[:place], broken, *packing.records[place + 1 :])
        assert (whole - contents(read(packing.file(records), process))).total() <= 1


def test_a_windows_log_broken_anywhere_ends_in_records_and_rejections(sized: Sized, process: EvtxProcess) -> None:
    data = log().file()
    used = len(data.rstrip(b"\0"))
    rng = chance("evtx anywhere")
    for _ in range(sized(300, 10_000)):
        data_left = flipped(data[:used], rng, b"") + data[used:] if rng.random() < 0.8 else truncated(data, rng, b"")
        read(data_left, process)


@pytest.mark.parametrize("kind", sorted(containers()))
def test_a_broken_container_ends_in_records_and_rejections(kind: str, sized: Sized, tmp_path: Path) -> None:
    (packing, *_) = packings("syslog")
    data = containers()[kind](packing.file())
    rng = chance(kind)
    file = tmp_path / "file"
    for _ in range(sized(100, 10_000)):
        file.write_bytes(mutated(data, rng, data))
        normaliser = wiring.normaliser()
        for batch in batches([file], ORIGIN.received):
            if isinstance(batch, Rejected):
                normaliser.ledger.reject(batch.source, batch.reason)
            else:
                list(normaliser.events(batch.origin, batch.frames))
        assert normaliser.ledger.total().balances


def test_noise_ends_in_records_and_rejections(sized: Sized, process: EvtxProcess) -> None:
    rng = chance("noise")
    starts = [
        b"",
        b"ElfFile\0",
        b"{",
        b"[{",
        b"<Event ",
        b"#separator \\x09\n",
        b"\xff\xfe",
        b"type=SYSCALL msg=audit(",
        b"<34>1 ",
    ]
    for _ in range(sized(300, 10_000)):
        read(rng.choice(starts) + rng.randbytes(rng.choice((0, 1, 10, 500, 9000))), process)
