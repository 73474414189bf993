"""The bundled samples of line formats as events, and what is expected of them; run to write the latter anew."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import orjson

from tests.factories.samples import GOLDEN, view
from tocsin.core.event import Event, Origin
from tocsin.core.ids import LOCAL
from tocsin.core.settings import settings
from tocsin.pipeline.ingest.types import Record
from tocsin.pipeline.normalise.audit_records import AuditRecords
from tocsin.pipeline.normalise.types import LineParser

_RECEIVED = 1_800_000_000_000_000_000
ORIGIN = Origin(tenant=LOCAL, source="sample.log", lane="1", batch="1", received=_RECEIVED)


def files(shape: str) -> list[Path]:
    """The files of content/samples/<shape>/*.log, in order of name."""
    return sorted((settings().content / "samples" / shape).glob("*.log"))


def wholes(shape: str) -> list[str]:
    """Every line of them; the lines of one audit event together."""
    return [
        whole for file in files(shape) for whole in gathered(file.read_text("utf-8").removesuffix("\n").split("\n"))
    ]


def gathered(lines: list[str]) -> list[str]:
    """As the pipeline gathers the lines of one file."""
    joiner = AuditRecords()
    found: list[str] = []
    for position, line in enumerate(lines, start=1):
        if not joiner.claims(line):
            found.append(line)
            continue
        found += _joined(joiner.feed(Record(line.encode(), position), line))
    return found + _joined(joiner.flush())


def _joined(given: list[list[Record]]) -> list[str]:
    return ["\n".join(record.raw.decode() for record in whole) for whole in given]


def event(parser: LineParser, line: str, index: int = 0) -> Event:
    """The line, or the lines with newlines between, as the pipeline would make an event of it."""
    parsed = parser.parse(line, ORIGIN)
    return Event(
        origin=ORIGIN,
        index=index,
        raw=line.encode("utf-8", "surrogateescape"),
        shape=parser.shape,
        kind=parsed.kind,
        fields=parsed.fields,
        time=parsed.time if parsed.time is not None else _RECEIVED,
        timed=parsed.time is not None,
        identity=parsed.identity,
    )


def views(parser: LineParser) -> list[dict[str, Any]]:
    """What normalisation says of each sample."""
    return [view(event(parser, line, index)) for index, line in enumerate(wholes(parser.shape))]


def write(parser: LineParser) -> None:
    """Take what normalisation says now for right. Look at the difference before you commit it."""
    GOLDEN.mkdir(exist_ok=True)
    rows = b",\n".join(orjson.dumps(row) for row in views(parser))
    (GOLDEN / f"{parser.shape}.json").write_bytes(b"[\n" + rows + b"\n]\n")


if __name__ == "__main__":
    from tocsin.pipeline.normalise.parsers import LINE_PARSERS

    for known in LINE_PARSERS:
        if known.shape in sys.argv[1:]:
            write(known)
