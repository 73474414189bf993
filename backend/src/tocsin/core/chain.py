"""One hash chain for everything that must show when it was cut or rewritten."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256

GENESIS = bytes(32)


def link(head: bytes, record: bytes) -> bytes:
    """The 32-byte head after `record`; the record's length is hashed, so records cannot flow into each other."""
    return sha256(head + len(record).to_bytes(8, "big") + record).digest()


def head(records: Iterable[bytes], start: bytes = GENESIS) -> bytes:
    """The head over `records` in order."""
    for record in records:
        start = link(start, record)
    return start
