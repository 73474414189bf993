"""What a file is shows in its bytes."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from evtx import PyEvtxParser
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.factories.event_xml import EVENT
from tests.factories.evtx import LogRecord, evtx
from tests.unit.ingest.test_zeek_tsv import HEADER, ROW
from tocsin.pipeline.ingest.frames import frames
from tocsin.pipeline.ingest.types import Frame, Record, Rejected


def framed(data: bytes) -> list[Frame]:
    return list(frames(BytesIO(data), "file"))


def raws(data: bytes) -> list[bytes]:
    return [frame.raw for frame in framed(data) if isinstance(frame, Record)]


LINES = 'Nov 23 05:21:48 h sshd[1]: häßlich\n{"a":"é"}\n'


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_text_is_read_in_any_unicode_encoding(encoding: str) -> None:
    assert raws(LINES.encode(encoding)) == [line.encode() for line in LINES.splitlines()]


def test_bytes_that_are_no_utf8_stay_as_they_are() -> None:
    assert raws(LINES.encode("latin-1")) == [line.encode("latin-1") for line in LINES.splitlines()]


def test_utf16_that_ends_in_the_middle_of_a_character_loses_that_one_only() -> None:
    assert raws("one\ntwo".encode("utf-16") + b"\x41") == [b"one", "two\ufffd".encode()]


def test_other_formats_are_recognised_in_utf16_too() -> None:
    assert len(raws(f"<?xml version='1.0' encoding='utf-16'?><Events>{EVENT}</Events>".encode("utf-16"))) == 1
    assert len(raws('[{"a":1},{"a":2}]'.encode("utf-16"))) == 2


def test_zeek_tables_are_recognised() -> None:
    (frame,) = framed(HEADER + ROW)
    assert isinstance(frame, Record)
    assert frame.document is not None


@pytest.mark.parametrize("data", [b"\x7fELF\2\1\1" + bytes(range(256)) * 20, bytes(range(256)) * 10])
def test_what_is_no_text_is_one_rejection(data: bytes) -> None:
    (frame,) = framed(data)
    assert isinstance(frame, Rejected)
    assert frame.reason == "no log: binary data"


def test_some_nuls_in_a_log_do_not_make_it_binary() -> None:
    assert len(raws(b"one\n" * 20 + b"\0" * 30 + b"\ntwo\n")) == 22


def test_an_empty_file_holds_nothing() -> None:
    assert framed(b"") == framed(b"\n\n") == framed(b"\xef\xbb\xbf") == []


@given(st.binary(max_size=600))
@settings(max_examples=200)
def test_any_bytes_are_records_and_rejections(data: bytes) -> None:
    for frame in framed(data.removeprefix(b"ElfFile\0")):
        assert frame.position >= 1


def as_read(data: bytes) -> list[bytes]:
    records: Any = PyEvtxParser(BytesIO(data), validate_checksums=True).records_json()
    return [one["data"].encode() for one in records]


@pytest.mark.data
def test_records_of_real_logs_are_as_the_reader_gives_them(
    reference_data: Callable[[str], Path],
) -> None:
    with ZipFile(reference_data("sigma/regression-dev.zip")) as archive:
        names = [name for name in archive.namelist() if name.endswith(".evtx")]
        assert len(names) == 100
        for name in names[::9]:
            data = archive.read(name)
            assert raws(data) == as_read(data)


def test_records_of_our_own_logs_are_as_the_reader_gives_them() -> None:
    data = evtx([LogRecord(1, {"Image": "é"}), LogRecord(2, {"Image": "b"})], [LogRecord(3, {"Other": ""})])
    assert raws(data) == as_read(data)
    assert len(raws(data)) == 3
