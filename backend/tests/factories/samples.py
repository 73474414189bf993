"""The bundled samples of document formats as events, and what is expected of them; run to write the latter anew."""

from __future__ import annotations

import io
import sys
from pathlib import Path
from typing import Any

import msgspec
import orjson
import zstandard

from tocsin.core.clock import iso
from tocsin.core.event import COLUMN_OF, Event, Fields, Origin
from tocsin.core.ids import LOCAL
from tocsin.core.settings import settings
from tocsin.pipeline.normalise.aliases import bundled
from tocsin.pipeline.normalise.columns import columns
from tocsin.pipeline.normalise.types import DocumentParser

GOLDEN = Path(__file__).parents[1] / "unit" / "normalise" / "golden"
_COLUMNS = {attribute: name for name, attribute in COLUMN_OF.items()}
_RECEIVED = 1_800_000_000_000_000_000
ORIGIN = Origin(tenant=LOCAL, source="sample.json", lane="1", batch="1", received=_RECEIVED)


def event(parser: DocumentParser, document: Fields, index: int = 0) -> Event:
    """The document as the pipeline would make an event of it."""
    parsed = parser.parse(document, ORIGIN)
    return Event(
        origin=ORIGIN,
        index=index,
        raw=orjson.dumps(document),
        shape=parser.shape,
        kind=parsed.kind,
        fields=parsed.fields,
        time=parsed.time if parsed.time is not None else _RECEIVED,
        timed=parsed.time is not None,
        identity=parsed.identity,
    )


def documents(shape: str) -> list[Fields]:
    """Every record of content/samples/<shape>/*.json, in order of file name and line."""
    files = sorted((settings().content / "samples" / shape).glob("*.json"))
    return [orjson.loads(line) for file in files for line in file.read_bytes().splitlines()]


def recorded(file: Path, containing: bytes) -> list[Fields]:
    """The records of a compressed file of JSON lines that have these bytes in their line."""
    with file.open("rb") as packed, zstandard.ZstdDecompressor().stream_reader(packed) as lines:
        return [orjson.loads(line) for line in io.BufferedReader(lines) if containing in line]


def view(one: Event) -> dict[str, Any]:
    """What normalisation says of an event, in plain JSON."""
    filled = msgspec.to_builtins(columns(one, bundled()))
    return {
        "kind": list(one.kind),
        "time": iso(one.time) if one.timed else None,
        "identity": one.identity,
        "log sources": sorted("/".join(source) for source in bundled().route(one.shape, one.kind).logsources),
        "columns": {
            _COLUMNS[name]: value
            for name, value in filled.items()
            if value is not None and name not in ("time", "ingest_time")
        },
    }


def views(parser: DocumentParser) -> list[dict[str, Any]]:
    """Of all samples of the parser's shape."""
    return [view(event(parser, document, index)) for index, document in enumerate(documents(parser.shape))]


def expected(shape: str) -> list[dict[str, Any]]:
    """What was last looked at and found right."""
    return orjson.loads((GOLDEN / f"{shape}.json").read_bytes())


def write(parser: DocumentParser) -> None:
    """Take what normalisation says now for right. Look at the difference before you commit it."""
    GOLDEN.mkdir(exist_ok=True)
    rows = b",\n".join(orjson.dumps(row) for row in views(parser))
    (GOLDEN / f"{parser.shape}.json").write_bytes(b"[\n" + rows + b"\n]\n")


if __name__ == "__main__":
    from tocsin.pipeline.normalise.parsers import DOCUMENT_PARSERS

    for known in DOCUMENT_PARSERS:
        if known.shape in sys.argv[1:]:
            write(known)
