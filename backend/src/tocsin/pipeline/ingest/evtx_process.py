"""Starts the native reader of Windows event logs, feeds it chunks, and ends it when it does not answer."""

from __future__ import annotations

import os
import select
import subprocess
import sys
import time
from collections.abc import Iterator
from itertools import chain, repeat
from types import TracebackType
from typing import Self

from tocsin.pipeline.ingest import evtx_reader
from tocsin.pipeline.ingest.evtx_chunks import Chunk, file_header, only
from tocsin.pipeline.ingest.evtx_reader import END, ITEM, RECORD, SIZE

_FILE_HEADER = file_header()
_PATIENCE = 20.0
_PATIENCE_ALONE = 2.0
_MOST_FAILURES = 3
_PIECE = 1 << 16
_LONGEST_ANSWER = 1 << 26


class EvtxProcess:
    """Starts with the first chunk; close it, or use it in a `with`."""

    def __init__(self, patience: float = _PATIENCE, patience_alone: float = _PATIENCE_ALONE) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._patience = patience
        self._patience_alone = patience_alone

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """End the process; the next chunk would start another."""
        process, self._process = self._process, None
        if process:
            process.kill()
            with process:  # closes the pipes and waits
                pass

    def rendered(self, chunk: Chunk) -> Iterator[bytes | str]:
        """For each span its record as JSON, or why there is none. Where a chunk kills the reader its records are tried
        one by one, until too many of them have."""
        items = self._asked(chunk.data, self._patience)
        if items is None:
            return self._one_by_one(chunk)
        return chain(items, repeat("the reader ended early", len(chunk.spans) - len(items)))

    def _one_by_one(self, chunk: Chunk) -> Iterator[bytes | str]:
        failures = 0
        for place, span in enumerate(chunk.spans):
            items = None
            if span.whole and failures < _MOST_FAILURES:
                items = self._asked(only(chunk, place), self._patience_alone)
                failures += items is None
            yield items[place] if items and place < len(items) else "the reader gave no answer"

    def _asked(self, data: bytes, patience: float) -> list[bytes | str] | None:
        process = self._process or self._start()
        try:
            return _Exchange(process, time.monotonic() + patience).items(_FILE_HEADER + data)
        except OSError:  # it died, or was too slow
            self.close()
            return None

    def _start(self) -> subprocess.Popen[bytes]:
        self._process = subprocess.Popen(  # noqa: S603 - our own program
            [sys.executable, "-P", evtx_reader.__file__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        return self._process


class _Exchange:
    """One request and its answer; raises OSError where there is none in time."""

    def __init__(self, process: subprocess.Popen[bytes], deadline: float) -> None:
        if process.stdin is None or process.stdout is None:
            raise BrokenPipeError
        self._input = process.stdin
        self._output = process.stdout.fileno()
        self._ready = select.poll()
        self._ready.register(self._output, select.POLLIN)
        self._deadline = deadline
        self._left = b""

    def items(self, file: bytes) -> list[bytes | str]:
        self._input.write(SIZE.pack(len(file)) + file)
        self._input.flush()
        found: list[bytes | str] = []
        total = 0
        while total < _LONGEST_ANSWER:
            kind, size = ITEM.unpack(self._exactly(ITEM.size))
            if kind == END:
                return found
            data = self._exactly(size)
            found.append(data if kind == RECORD else data.decode())
            total += size
        raise BlockingIOError

    def _exactly(self, size: int) -> bytes:
        parts = [self._left]
        missing = size - len(self._left)
        while missing > 0:
            part = self._more()
            parts.append(part)
            missing -= len(part)
        data = b"".join(parts)
        self._left = data[size:]
        return data[:size]

    def _more(self) -> bytes:
        if not self._ready.poll(max(0.0, self._deadline - time.monotonic()) * 1000):
            raise TimeoutError
        data = os.read(self._output, _PIECE)
        if not data:
            raise BrokenPipeError
        return data
