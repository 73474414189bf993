"""Paths become batches of records, each with its origin."""

from __future__ import annotations

import gzip
from hashlib import sha256
from pathlib import Path

from tests.factories.evtx import LogRecord, evtx
from tocsin.core.ids import TenantId
from tocsin.pipeline.ingest.reading import Batch, batches, size_of
from tocsin.pipeline.ingest.types import Record, Rejected

NOW = 1_800_000_000_000_000_000


def test_a_batch_says_where_it_came_from(tmp_path: Path) -> None:
    file = tmp_path / "a.log"
    file.write_bytes(b"one\n")
    (origin,) = [batch.origin for batch in batches([file], NOW, TenantId("acme")) if isinstance(batch, Batch)]
    assert (origin.tenant, origin.source, origin.lane, origin.received) == ("acme", str(file), str(file), NOW)
    assert origin.batch == sha256(b"one\n").hexdigest()
    assert origin.modified == file.stat().st_mtime_ns


def test_every_kind_of_file_is_read_in_one_go(tmp_path: Path) -> None:
    log = evtx([LogRecord(1, {"Image": "a"}), LogRecord(2, {"Image": "b"})])
    for name, data in {"a.evtx": log, "b.gz": gzip.compress(log), "c": b'[{"a":1},{"a":2}]', "d": b"x\ny\n"}.items():
        (tmp_path / name).write_bytes(data)
    counts: list[int] = []
    for batch in batches([tmp_path], NOW):
        assert isinstance(batch, Batch)
        counts.append(sum(isinstance(frame, Record) for frame in batch.frames))
    assert counts == [2, 2, 2, 2]


def test_a_file_gives_the_same_batch_however_it_is_packed(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"one\n")
    (tmp_path / "b").write_bytes(gzip.compress(b"one\n"))
    assert len({batch.origin.batch for batch in batches([tmp_path], NOW) if isinstance(batch, Batch)}) == 1


def test_a_break_comes_after_the_records_before_it(tmp_path: Path) -> None:
    file = tmp_path / "a.gz"
    file.write_bytes(gzip.compress(b"one\ntwo\n" * 9000)[:-20])
    (batch,) = (list(batch.frames) for batch in batches([file], NOW) if isinstance(batch, Batch))
    assert isinstance(batch[0], Record)
    assert isinstance(batch[-1], Rejected)
    assert (batch[-1].source, batch[-1].reason, batch[-1].unit) == (str(file), "gzip: truncated", "byte")


def test_the_size_of_paths_is_that_of_their_files(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a").write_bytes(b"x" * 10)
    (tmp_path / "b").write_bytes(b"x" * 5)
    assert size_of([tmp_path, tmp_path / "b", tmp_path / "missing"]) == 20
