"""Text in UTF-8, whatever encoding it comes in; what carries no mark of another is left as it is."""

from __future__ import annotations

import codecs
from collections.abc import Iterator

from tocsin.pipeline.ingest.readers import Blocks, Peeking
from tocsin.pipeline.ingest.types import Reader

_CHUNK = 1 << 17
_SAMPLE = 4096
_MARKS = (
    (codecs.BOM_UTF8, ""),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # begins as UTF-16's does: ask first
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


def utf8(stream: Peeking) -> Peeking:
    """The same text; a byte order mark is gone, UTF-16 and UTF-32 are transcoded. Bytes that are no text in the
    encoding become U+FFFD."""
    for mark, encoding in _MARKS:
        if stream.head.startswith(mark) and (not encoding or _is_wide(stream.head)):
            stream.read(len(mark))
            return Peeking(Blocks(_transcoded(stream, encoding)) if encoding else stream)
    encoding = _unmarked(stream.head)
    return Peeking(Blocks(_transcoded(stream, encoding))) if encoding else stream


def _is_wide(head: bytes) -> bool:
    """A mark alone may be the scar of a broken record: to the end there must be NULs, as ASCII has in wide characters."""
    end = head[len(head) * 3 // 4 :]
    return end.count(0) * 10 >= len(end)


def is_binary(head: bytes) -> bool:
    """Most lines are full of control characters: then they are no lines. NULs do not count: a log may have a stretch of
    them where a disk was cut off."""
    seen = [line for line in head[:_SAMPLE].split(b"\n") if line.strip()]
    strange = sum((len(line) - len(line.translate(None, _CONTROLS))) * 20 > len(line) for line in seen)
    return strange * 10 > len(seen) * 7


_CONTROLS = bytes({*range(1, 32)} - {*b"\t\r\f\x08\x1b\x1d"})


def _unmarked(head: bytes) -> str:
    """UTF-16 without a mark shows by the NULs beside its ASCII."""
    half = len(head) // 2
    if half < 2 or not _is_wide(head):
        return ""
    even, odd = head[::2].count(0), head[1::2].count(0)
    if odd * 10 > half * 7 and even * 20 < half:
        return "utf-16-le"
    return "utf-16-be" if even * 10 > half * 7 and odd * 20 < half else ""


def _transcoded(reader: Reader, encoding: str) -> Iterator[bytes]:
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    while data := reader.read(_CHUNK):
        if text := decoder.decode(data):
            yield text.encode()
    if text := decoder.decode(b"", final=True):
        yield text.encode()
