"""The bundled samples in every form a file can have, taken apart so that one record can be broken."""

from __future__ import annotations

import gzip
import io
import tarfile
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple
from zipfile import ZIP_DEFLATED, ZipFile

import orjson
import zstandard

from tests.factories.event_xml import EVENT
from tests.factories.evtx import LogRecord, evtx
from tocsin.core.settings import settings

FEWEST = 12


class Packing(NamedTuple):
    """A file as its records and what stands around them."""

    name: str
    head: bytes
    records: tuple[bytes, ...]
    between: bytes
    tail: bytes
    first: int = 0
    """From here on a record may break: the first of a document tells what the whole is."""

    def file(self, records: tuple[bytes, ...] | None = None) -> bytes:
        return self.head + self.between.join(self.records if records is None else records) + self.tail


def shapes() -> list[str]:
    """The folders of content/samples but the demo."""
    return sorted(folder.name for folder in _samples().iterdir() if folder.is_dir() and folder.name != "demo")


def packings(shape: str) -> list[Packing]:
    """The samples of a shape: each file as it is, and JSON as an array and indented."""
    found: list[Packing] = []
    for file in sorted((_samples() / shape).glob("*.*")):
        lines = file.read_bytes().splitlines()
        header = [line for line in lines if line.startswith(b"#")]
        records = _many([line for line in lines if line.strip() and not line.startswith(b"#")])
        head = b"".join(line + b"\n" for line in header if not line.startswith(b"#close"))
        found.append(Packing(f"{shape}/{file.name}", head, records, b"\n", b"\n"))
        if all(record.startswith(b"{") for record in records):
            found.append(Packing(f"{shape}/{file.name} as an array", b"[", records, b",", b"]", 1))
            found.append(Packing(f"{shape}/{file.name} indented", b"", tuple(map(_indented, records)), b"\n", b"\n", 1))
    return found


def xml() -> Packing:
    """Windows events as text."""
    events = tuple(EVENT.replace("ada", f"user{one}").encode() for one in range(FEWEST))
    return Packing("events.xml", b"<Events>", events, b"\n", b"</Events>")


def log() -> Packing:
    """Windows events in a log of their own kind; all but the first record share the first one's template."""
    records = [LogRecord(one, {"Image": f"C:\\{one}.exe", "User": "ada"}) for one in range(1, FEWEST + 1)]
    data = evtx(records)
    starts = _record_starts(data)
    end = starts[-1] + int.from_bytes(data[starts[-1] + 4 : starts[-1] + 8], "little")
    parts = tuple(data[start:stop] for start, stop in pairwise([*starts[1:], end]))
    return Packing("log.evtx", data[: starts[1]], parts, b"", data[end:])


def containers() -> dict[str, Callable[[bytes], bytes]]:
    """Ways to wrap a file up."""
    return {"gzip": gzip.compress, "zstd": zstandard.compress, "zip": _zip, "tar": _tar}


def _record_starts(data: bytes) -> list[int]:
    starts: list[int] = []
    at = 0
    while (at := data.find(b"**\0\0", at)) >= 0:
        starts.append(at)
        at += 4
    return starts


def _zip(data: bytes) -> bytes:
    file = io.BytesIO()
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        archive.writestr("a.log", data)
        archive.writestr("b.log", data[:1000])
    return file.getvalue()


def _tar(data: bytes) -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w:gz") as archive:
        for name, content in {"a.log": data, "b.log": data[:1000]}.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return file.getvalue()


def _many(records: list[bytes]) -> tuple[bytes, ...]:
    """Enough of them that one is a small part of the file."""
    return tuple(records * -(-FEWEST // len(records))) if records else ()


def _indented(record: bytes) -> bytes:
    return orjson.dumps(orjson.loads(record), option=orjson.OPT_INDENT_2)


def _samples() -> Path:
    return settings().content / "samples"
