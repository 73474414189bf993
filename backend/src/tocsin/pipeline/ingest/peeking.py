"""A reader whose first bytes can be looked at before they are read."""

from __future__ import annotations

from tocsin.pipeline.ingest.types import Reader

HEAD = 1 << 16


class Peeking:
    """`head` is what the stream starts with: HEAD bytes, or all there are."""

    def __init__(self, reader: Reader, skip: int = 0) -> None:
        parts: list[bytes] = []
        wanted = HEAD
        while wanted > 0 and (part := reader.read(wanted)):
            parts.append(part)
            wanted -= len(part)
        self.head = b"".join(parts)[skip:]
        self._left = self.head
        self._reader = reader

    def read(self, size: int, /) -> bytes:
        if not self._left:
            return self._reader.read(size)
        data, self._left = self._left[:size], self._left[size:]
        return data
