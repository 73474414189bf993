"""Windows event logs are read around whatever is broken in them."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from io import BytesIO

import orjson
import pytest

from tests.factories.evtx import CHUNK, FILE_HEADER, LogRecord, evtx, multiplying
from tocsin.pipeline.ingest.evtx_process import EvtxProcess
from tocsin.pipeline.ingest.evtx_records import evtx_records
from tocsin.pipeline.ingest.types import Record

FIRST = FILE_HEADER + 512


@pytest.fixture(scope="module")
def process() -> Iterator[EvtxProcess]:
    with EvtxProcess(patience=30, patience_alone=5) as running:
        yield running


def log() -> bytearray:
    """Two chunks of five records."""
    return bytearray(
        evtx(*([LogRecord(one, {"Image": f"C:\\{one}.exe"}) for one in range(start, start + 5)] for start in (1, 6)))
    )


def found(data: bytes | bytearray, process: EvtxProcess) -> list[int | str]:
    """Record ids, and the reasons of what was rejected."""
    return [
        orjson.loads(frame.raw)["Event"]["System"]["EventRecordID"] if isinstance(frame, Record) else frame.reason
        for frame in evtx_records(BytesIO(data), "a.evtx", process)
    ]


def starts(data: bytes | bytearray) -> list[int]:
    """Where the records are."""
    places: list[int] = []
    at = 0
    while (at := data.find(b"**\0\0", at)) >= 0:
        places.append(at)
        at += 4
    return places


def test_a_sound_log_is_read_in_order(process: EvtxProcess) -> None:
    assert found(log(), process) == list(range(1, 11))


def test_positions_count_broken_records_too(process: EvtxProcess) -> None:
    data = log()
    data[starts(data)[1]] = 0
    assert [frame.position for frame in evtx_records(BytesIO(data), "a.evtx", process)] == list(range(1, 11))


@pytest.mark.parametrize("offset", [0, 4, 5])
def test_a_record_with_a_broken_header_costs_no_other(process: EvtxProcess, offset: int) -> None:
    data = log()
    data[starts(data)[2] + offset] ^= 0xFF
    assert found(data, process) == [1, 2, "EVTX: broken record", *range(4, 11)]


def test_a_record_with_broken_content_costs_no_other(process: EvtxProcess) -> None:
    data = log()
    data[starts(data)[3] + 24 : starts(data)[3] + 40] = b"\xff" * 16
    assert found(data, process) == [1, 2, 3, "EVTX: broken record", *range(5, 11)]


@pytest.mark.parametrize("offset", [0, 24, 32, 48, 52, 124, 130, 400])
def test_a_broken_chunk_header_costs_nothing(process: EvtxProcess, offset: int) -> None:
    data = log()
    data[FILE_HEADER + offset] ^= 0xFF
    assert found(data, process) == list(range(1, 11))


def test_names_that_point_in_a_circle_end(process: EvtxProcess) -> None:
    """The native reader follows the chunk's string table for ever."""
    data = log()
    first, second = (data.find(name.encode("utf-16-le")) - 8 for name in ("EventRecordID", "Computer"))
    for place, target in ((FILE_HEADER + 128, first), (first, second), (second, first)):
        struct.pack_into("<I", data, place, target - FILE_HEADER)
    assert found(data, process) == list(range(1, 11))


def test_a_chunk_that_is_noise_is_one_rejection(process: EvtxProcess) -> None:
    data = log()
    data[FILE_HEADER : FILE_HEADER + CHUNK] = bytes(range(255, -1, -1)) * (CHUNK // 256)
    assert found(data, process) == ["EVTX: broken chunk", *range(6, 11)]


def test_a_truncated_log_gives_what_it_has_and_says_so(process: EvtxProcess) -> None:
    data = log()
    cut = starts(data)[8]
    assert found(data[: cut + 30], process) == [*range(1, 9), "EVTX: truncated"]
    assert found(data[: cut + 300], process)[:8] == list(range(1, 9))
    assert found(data[:2000], process) == ["EVTX: truncated"]


def test_chunks_never_written_to_are_no_loss(process: EvtxProcess) -> None:
    assert found(log() + bytes(CHUNK) + evtx([])[FILE_HEADER:], process) == list(range(1, 11))


def test_what_a_chunk_held_in_an_earlier_life_stays_there(process: EvtxProcess) -> None:
    data = log()
    place = starts(data)
    older = bytes(data[place[0] : place[3]])
    end = place[9] + struct.unpack_from("<I", data, place[9] + 4)[0]
    data[end : end + len(older)] = older
    assert found(data, process) == list(range(1, 11))
    data[FILE_HEADER + CHUNK + 60] ^= 1  # now the header no longer says where the records end
    assert found(data, process) == list(range(1, 11))


def test_a_record_that_unfolds_without_end_costs_no_other() -> None:
    bomb = multiplying(60, 5)
    with EvtxProcess(patience=3, patience_alone=1.5) as process:
        assert found(bomb + log()[FILE_HEADER:], process) == ["EVTX: broken record", *range(1, 11)]


def test_the_process_is_started_again_after_it_died() -> None:
    with EvtxProcess() as process:
        assert found(log(), process) == list(range(1, 11))
        process.close()
        assert found(log(), process) == list(range(1, 11))
