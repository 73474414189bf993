"""Takes a chunk of a Windows event log apart and puts it together so that the native reader cannot trip over it.

The reader stops at the first broken record, trusts the chunk's header for where the records end, and never comes back
from a string table that points in a circle. So the records are found here, and it gets a chunk with a header of ours:
no string table (names are read where they stand) and gaps dressed as records.
"""

from __future__ import annotations

import struct
from typing import NamedTuple
from zlib import crc32

CHUNK_SIZE = 1 << 16
FILE_HEADER_SIZE = 4096
FILE_MAGIC = b"ElfFile\0"
CHUNK_MAGIC = b"ElfChnk\0"

_HEADER_SIZE = 512
_RECORD_MAGIC = b"**\0\0"
_RECORD_HEADER = struct.Struct("<4sIQQ")
_SIZE = struct.Struct("<I")
_SMALLEST = _RECORD_HEADER.size + _SIZE.size
_NO_ID = (1 << 64) - 1  # no record's id, so that the reader does not stop at "the last"
_NEUTRAL_FILETIME = 1 << 56  # the reader refuses a record whose header time is out of range; we read the event's own
_NO_CONTENT = 0  # ends a record's XML before it begins; a template behind that is still found where others point to it


class Span(NamedTuple):
    """A stretch of a chunk: a record, or a gap where records are broken."""

    start: int
    size: int
    whole: bool
    record_id: int = 0


class Chunk(NamedTuple):
    """A chunk as the native reader may have it."""

    spans: tuple[Span, ...]
    """In order; the reader yields one item for each."""
    data: bytes


def file_header() -> bytes:
    """The header of a file with one chunk."""
    head = FILE_MAGIC + struct.pack("<QQQIHHHH", 0, 0, 1, 128, 1, 3, FILE_HEADER_SIZE, 1)
    return head.ljust(120, b"\0") + struct.pack("<II", 0, crc32(head.ljust(120, b"\0"))) + bytes(FILE_HEADER_SIZE - 128)


def take_apart(block: bytes) -> Chunk:
    """The records and gaps of a chunk of at most CHUNK_SIZE bytes; no spans where it holds neither."""
    end = _end_of_records(block)
    spans = _spans(block, end) if end else _without_leftovers(_spans(block, len(block)))
    data = bytearray(block.ljust(CHUNK_SIZE, b"\0"))
    for span in spans:
        record_id = span.record_id if span.whole else 0
        _RECORD_HEADER.pack_into(data, span.start, _RECORD_MAGIC, span.size, record_id, _NEUTRAL_FILETIME)
        if not span.whole:
            data[span.start + _RECORD_HEADER.size] = _NO_CONTENT
    data[:_HEADER_SIZE] = _header(spans[-1].start + spans[-1].size if spans else _HEADER_SIZE)
    return Chunk(tuple(spans), bytes(data))


def only(chunk: Chunk, place: int) -> bytes:
    """The chunk's data with the content of one span alone; the reader still yields an item for each."""
    data = bytearray(chunk.data)
    for other, span in enumerate(chunk.spans):
        if other != place:
            data[span.start + _RECORD_HEADER.size] = _NO_CONTENT
    return bytes(data)


def _header(free: int) -> bytes:
    head = CHUNK_MAGIC + struct.pack("<QQQQIII", 1, _NO_ID, 1, _NO_ID, 128, 0, free)
    return head.ljust(_HEADER_SIZE, b"\0")


def _end_of_records(block: bytes) -> int:
    """Where the header says so, if the header is as it was written; 0 if it is not."""
    if len(block) < _HEADER_SIZE or block[:8] != CHUNK_MAGIC:
        return 0
    (free,) = _SIZE.unpack_from(block, 48)
    (written,) = _SIZE.unpack_from(block, 124)
    sound = crc32(block[128:_HEADER_SIZE], crc32(block[:120])) == written
    return min(free, len(block)) if sound and free >= _HEADER_SIZE else 0


def _spans(block: bytes, end: int) -> list[Span]:
    spans: list[Span] = []
    at = _HEADER_SIZE
    while at + _SMALLEST <= end:
        span = _record(block, at, end)
        if span is None:
            following = _next_record(block, at + 1, end)
            if not block[at:following].strip(b"\0"):
                break
            span = Span(at, following - at, whole=False)
        at = span.start + span.size
        if span.size >= _SMALLEST:
            spans.append(span)
        elif spans:  # too small to be dressed as a record
            spans[-1] = spans[-1]._replace(size=at - spans[-1].start)
    return spans


def _without_leftovers(spans: list[Span]) -> list[Span]:
    """Behind the last record stand those of the chunk's earlier life, if it had one: their ids begin lower."""
    whole = [(place, span.record_id) for place, span in enumerate(spans) if span.whole]
    for (_, before), (place, this), (_, after) in zip(whole, whole[1:], whole[2:], strict=False):
        if max(this, after) < before:  # two of them: one might just be broken
            return spans[:place]
    return spans


def _record(block: bytes, at: int, end: int) -> Span | None:
    magic, size, record_id, _ = _RECORD_HEADER.unpack_from(block, at)
    if magic != _RECORD_MAGIC or size < _SMALLEST or at + size > end:
        return None
    # the size stands at both ends: a record is whole when they agree
    return Span(at, size, True, record_id) if _SIZE.unpack_from(block, at + size - 4)[0] == size else None


def _next_record(block: bytes, at: int, end: int) -> int:
    while (at := block.find(_RECORD_MAGIC, at, end)) >= 0:
        if at + _SMALLEST <= end and _record(block, at, end):
            return at
        at += 1
    return end
