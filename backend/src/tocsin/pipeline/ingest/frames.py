"""From the bytes of one file to its records, by what the bytes say."""

from __future__ import annotations

from collections.abc import Iterator

from tocsin.pipeline.ingest.evtx_chunks import FILE_MAGIC
from tocsin.pipeline.ingest.evtx_records import evtx_records
from tocsin.pipeline.ingest.lines import lines
from tocsin.pipeline.ingest.readers import Peeking
from tocsin.pipeline.ingest.types import Frame, Reader


def frames(reader: Reader, source: str) -> Iterator[Frame]:
    """Every record in order, and what was broken between them; never raises for what is in the bytes."""
    stream = Peeking(reader)
    if stream.head.startswith(FILE_MAGIC):
        return evtx_records(stream, source)
    return lines(stream, source)
