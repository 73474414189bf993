"""Windows event logs (EVTX): each record rendered to JSON, chunk by chunk, whatever is broken around it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

from tocsin.pipeline.ingest.evtx_chunks import CHUNK_SIZE, FILE_HEADER_SIZE, take_apart
from tocsin.pipeline.ingest.evtx_process import EvtxProcess
from tocsin.pipeline.ingest.readers import exactly
from tocsin.pipeline.ingest.types import Frame, Reader, Record, rejected


def evtx_records(reader: Reader, source: str, process: EvtxProcess) -> Iterator[Frame]:
    """`raw` is the record as JSON, in the reader's rendering; the position counts records from 1, broken ones too."""
    head = exactly(reader, FILE_HEADER_SIZE)
    if len(head) < FILE_HEADER_SIZE:
        yield rejected(source, 1, "record", "EVTX: truncated", "inside the file's header", head)
        return
    position = 1
    while block := exactly(reader, CHUNK_SIZE):
        seen = 0
        for frame in _chunk(block, position, source, process):
            yield frame
            seen += 1
        if len(block) < CHUNK_SIZE:
            yield rejected(source, position + seen, "record", "EVTX: truncated", "inside a chunk")
            seen += 1
        position += seen


def _chunk(block: bytes, position: int, source: str, process: EvtxProcess) -> Iterator[Frame]:
    chunk = take_apart(block)
    if not chunk.spans:
        if block.strip(b"\0") and not _is_empty(block):
            yield rejected(source, position, "record", "EVTX: broken chunk", raw=block)
        return
    for at, span, item in zip(count(position), chunk.spans, process.rendered(chunk), strict=False):
        raw = block[span.start : span.start + span.size]
        if not span.whole:
            yield rejected(source, at, "record", "EVTX: broken record", f"{span.size} bytes", raw)
        elif isinstance(item, str):
            yield rejected(source, at, "record", "EVTX: broken record", f"record id {span.record_id}: {item}", raw)
        else:
            yield Record(item, at, "record")


def _is_empty(block: bytes) -> bool:
    """A chunk that was laid out and never written to."""
    return block[:8] == b"ElfChnk\0" and not block[512:].strip(b"\0")
