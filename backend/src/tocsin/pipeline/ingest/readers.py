"""Readers over readers: look ahead, read exactly, read a part, read blocks."""

from __future__ import annotations

from collections.abc import Iterator

from tocsin.core.errors import ContainerError
from tocsin.pipeline.ingest.types import Reader

HEAD = 1 << 16


def exactly(reader: Reader, size: int) -> bytes:
    """`size` bytes, fewer only where the stream ends."""
    parts: list[bytes] = []
    while size > 0 and (part := reader.read(size)):
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


class Peeking:
    """`head` is what the stream starts with: HEAD bytes, or all there are before its end or its first fault."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._error: ContainerError | None = None
        parts: list[bytes] = []
        wanted = HEAD
        try:
            while wanted and (part := reader.read(wanted)):
                parts.append(part)
                wanted -= len(part)
        except ContainerError as error:
            self._error = error
        self.head = b"".join(parts)
        self._left = self.head

    def read(self, size: int, /) -> bytes:
        if self._left:
            data, self._left = self._left[:size], self._left[size:]
            return data
        if self._error:
            raise self._error
        return self._reader.read(size)


class Blocks:
    """A reader over an iterator of blocks. Where that raises, so does every read from there on."""

    def __init__(self, blocks: Iterator[bytes]) -> None:
        self._blocks = blocks
        self._left = b""
        self._error: ContainerError | None = None

    def read(self, size: int, /) -> bytes:
        if not self._left:
            if self._error:
                raise self._error
            try:
                self._left = next(self._blocks, b"")
            except ContainerError as error:
                self._error = error
                raise
        data, self._left = self._left[:size], self._left[size:]
        return data


class Broken:
    """The reader of what cannot be read."""

    def __init__(self, error: ContainerError) -> None:
        self._error = error

    def read(self, size: int, /) -> bytes:
        raise self._error


class Guarded:
    """A file's bytes until the end or the first fault, which is kept; never raises."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self.length = 0
        """Bytes read so far."""
        self.fault: ContainerError | None = None

    def read(self, size: int, /) -> bytes:
        if self.fault:
            return b""
        try:
            data = self._reader.read(size)
        except ContainerError as error:
            self.fault = error
            return b""
        except OSError as error:
            self.fault = ContainerError("cannot be read", error.strerror or "")
            return b""
        self.length += len(data)
        return data
