"""Windows event logs (EVTX): each record rendered to JSON, chunk by chunk, whatever is broken around it."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO

from evtx import PyEvtxParser

from tocsin.pipeline.ingest.evtx_chunks import CHUNK_SIZE, FILE_HEADER_SIZE, Chunk, file_header, take_apart
from tocsin.pipeline.ingest.readers import exactly
from tocsin.pipeline.ingest.types import LONGEST_RECORD, Frame, Reader, Record, rejected

_FILE_HEADER = file_header()


def evtx_records(reader: Reader, source: str) -> Iterator[Frame]:
    """`raw` is the record as JSON, in the reader's rendering; the position counts records from 1, broken ones too."""
    head = exactly(reader, FILE_HEADER_SIZE)
    if len(head) < FILE_HEADER_SIZE:
        yield rejected(source, 1, "record", "EVTX: truncated", "inside the file's header", head)
        return
    position = 1
    while block := exactly(reader, CHUNK_SIZE):
        count = 0
        for frame in _chunk(block, position, source):
            yield frame
            count += 1
        if len(block) < CHUNK_SIZE:
            yield rejected(source, position + count, "record", "EVTX: truncated", "inside a chunk")
            count += 1
        position += count


def _chunk(block: bytes, position: int, source: str) -> Iterator[Frame]:
    chunk = take_apart(block)
    if not chunk.spans:
        if block.strip(b"\0") and not _is_empty(block):
            yield rejected(source, position, "record", "EVTX: broken chunk", raw=block)
        return
    rendered = _rendered(chunk)
    for at, span in enumerate(chunk.spans, start=position):
        item = next(rendered, "ended early")
        raw = block[span.start : span.start + span.size]
        if not span.whole:
            yield rejected(source, at, "record", "EVTX: broken record", f"{span.size} bytes", raw)
        elif isinstance(item, str):
            yield rejected(source, at, "record", "EVTX: broken record", f"record id {span.record_id}: {item}", raw)
        elif len(item) > LONGEST_RECORD:
            yield rejected(source, at, "record", "record too long", f"record id {span.record_id}", raw)
        else:
            yield Record(item, at, "record")


def _is_empty(block: bytes) -> bool:
    """A chunk that was laid out and never written to."""
    return block[:8] == b"ElfChnk\0" and not block[512:].strip(b"\0")


def _rendered(chunk: Chunk) -> Iterator[bytes | str]:
    """JSON, or why there is none, for each span."""
    records = PyEvtxParser(BytesIO(_FILE_HEADER + chunk.data), number_of_threads=1).records_json()
    while True:
        try:
            record = next(records, None)
        except RuntimeError as error:
            yield str(error)[:160]
            continue
        if record is None:
            return
        yield record["data"].encode()
