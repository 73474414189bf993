"""The native reader of Windows event logs, as a program of its own: chunks in, JSON records out.

A chunk can be written so that the reader never ends or asks for all the memory there is. So it runs in a process that
may die of it. It is started by its path and imports nothing of ours.
"""

from __future__ import annotations

import resource
import signal
import struct
import sys
from collections.abc import Iterator
from io import BytesIO
from typing import BinaryIO

from evtx import PyEvtxParser

SIZE = struct.Struct("<I")
ITEM = struct.Struct("<cI")
RECORD, BROKEN, END = b"R", b"B", b"."

_MEMORY = 1 << 29
_LONGEST = 1 << 20


def main() -> None:
    """Until the input ends: a size and an EVTX file of one chunk; back come its items, then END."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever started us ends us
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    serve(sys.stdin.buffer, sys.stdout.buffer)


def serve(requests: BinaryIO, answers: BinaryIO) -> None:
    """One answer for each request."""
    while head := requests.read(SIZE.size):
        file = requests.read(SIZE.unpack(head)[0])
        for kind, data in items(file):
            answers.write(ITEM.pack(kind, len(data)))
            answers.write(data)
        answers.write(ITEM.pack(END, 0))
        answers.flush()


def items(file: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Each record as JSON, or why it is broken."""
    records = PyEvtxParser(BytesIO(file), number_of_threads=1).records_json()
    while True:
        try:
            record = next(records, None)
        except RuntimeError as error:
            yield BROKEN, str(error)[:160].encode()
            continue
        if record is None:
            return
        data: bytes = record["data"].encode()
        yield (RECORD, data) if len(data) <= _LONGEST else (BROKEN, b"too long")


if __name__ == "__main__":
    main()
