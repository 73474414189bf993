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
        if stream.head.startswith(mark):
            stream.read(len(mark))
            return Peeking(Blocks(_transcoded(stream, encoding)) if encoding else stream)
    encoding = _unmarked(stream.head[:_SAMPLE])
    return Peeking(Blocks(_transcoded(stream, encoding))) if encoding else stream


def is_binary(head: bytes) -> bool:
    """Control characters that no log writes, and bytes that are no UTF-8: then lines mean nothing here."""
    sample = head[:_SAMPLE]
    if sample.count(0) == len(sample):
        return False
    controls = len(sample) - len(sample.translate(None, _CONTROLS))
    if controls * 20 <= len(sample):
        return False
    try:
        codecs.getincrementaldecoder("utf-8")().decode(sample)
    except UnicodeDecodeError:
        return True
    return False


_CONTROLS = bytes({*range(32)} - {*b"\t\n\r\f\x08\x1b"})


def _unmarked(sample: bytes) -> str:
    """UTF-16 without a mark shows by the NULs beside its ASCII."""
    half = len(sample) // 2
    if half < 2:
        return ""
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    if odd * 5 > half * 2 and even * 20 < half:
        return "utf-16-le"
    return "utf-16-be" if even * 5 > half * 2 and odd * 20 < half else ""


def _transcoded(reader: Reader, encoding: str) -> Iterator[bytes]:
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    while data := reader.read(_CHUNK):
        if text := decoder.decode(data):
            yield text.encode()
    if text := decoder.decode(b"", final=True):
        yield text.encode()
