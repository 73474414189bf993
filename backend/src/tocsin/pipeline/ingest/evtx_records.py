"""Windows event logs (EVTX): each record rendered to JSON, chunk by chunk, whatever is broken around it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

from tocsin.pipeline.ingest.evtx_chunks import CHUNK_MAGIC, CHUNK_SIZE, FILE_HEADER_SIZE, take_apart
from tocsin.pipeline.ingest.evtx_process import EvtxProcess
from tocsin.pipeline.ingest.readers import exactly
from tocsin.pipeline.ingest.types import Frame, Reader, Record, rejected


def evtx_records(reader: Reader, source: str, process: EvtxProcess) -> Iterator[Frame]:
    """`raw` is the record as JSON, in the reader's rendering; the position counts records from 1, broken ones too."""
    position = count(1)
    head = exactly(reader, FILE_HEADER_SIZE)
    if len(head) < FILE_HEADER_SIZE:
        yield rejected(source, 1, "record", "EVTX: truncated", "inside the file's header", head)
        return
    while block := exactly(reader, CHUNK_SIZE):
        yield from _records(block, position, source, process)
        if len(block) < CHUNK_SIZE:
            yield rejected(source, next(position), "record", "EVTX: truncated", "inside a chunk")


def _records(block: bytes, position: Iterator[int], source: str, process: EvtxProcess) -> Iterator[Frame]:
    chunk = take_apart(block)
    if not any(span.whole for span in chunk.spans):
        if len(block) == CHUNK_SIZE and not _is_empty(block):
            yield rejected(source, next(position), "record", "EVTX: broken chunk", raw=block)
        return
    for span, item in zip(chunk.spans, process.rendered(chunk), strict=False):
        raw = block[span.start : span.start + span.size]
        if not span.whole:
            if span is not chunk.spans[-1] or len(block) == CHUNK_SIZE:  # else it is where the file was cut
                yield rejected(source, next(position), "record", "EVTX: broken record", f"{span.size} bytes", raw)
        elif isinstance(item, str):
            detail = f"record id {span.record_id}: {item}"
            yield rejected(source, next(position), "record", "EVTX: broken record", detail, raw)
        else:
            yield Record(item, next(position), "record")


def _is_empty(block: bytes) -> bool:
    """A chunk that was laid out, if so much, and never written to."""
    return not block.strip(b"\0") or (block[:8] == CHUNK_MAGIC and not block[512:].strip(b"\0"))
