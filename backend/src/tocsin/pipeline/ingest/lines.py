"""Cuts a stream of bytes into lines, whatever their length, in bounded memory."""

from __future__ import annotations

from collections.abc import Iterator

from tocsin.pipeline.ingest.types import LONGEST_RECORD, Frame, Reader, Record, rejected

_CHUNK = 1 << 18


def lines(reader: Reader, source: str, first: int = 1) -> Iterator[Frame]:
    """Each line that holds anything, without its end; `first` is the number of the first one.

    A line over a mebibyte is rejected and skipped to its end.
    """
    position = first
    data = b""
    skipping = False
    while chunk := reader.read(_CHUNK):
        if skipping:
            _, end, chunk = chunk.partition(b"\n")
            if not end:
                continue
            skipping = False
            position += 1
        data += chunk
        start = 0
        while (end := data.find(b"\n", start)) >= 0:
            # the first test settles nearly every line: a byte over the space is no blank
            if end > start and (data[start] > 32 or data[start:end].strip()):
                yield _frame(data[start:end], position, source)
            position += 1
            start = end + 1
        data = data[start:]
        if len(data) > LONGEST_RECORD:
            yield _frame(data, position, source)
            data = b""
            skipping = True
    if data.strip():
        yield _frame(data, position, source)


def _frame(line: bytes, position: int, source: str) -> Frame:
    if len(line) > LONGEST_RECORD:
        return rejected(source, position, "line", "line too long", raw=line)
    return Record(line[:-1] if line[-1] == 13 else line, position)
