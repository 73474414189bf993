"""From the paths a person names to the files in them, through folders and containers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO, NamedTuple

from tocsin.core.clock import Nanoseconds
from tocsin.pipeline.ingest.types import Rejected, rejected

_CHUNK = 1 << 20


class Upload(NamedTuple):
    """One file to read, wherever it was packed."""

    source: str
    """As a person knows it: logs.zip!a/b.evtx."""
    lane: str
    """The path at the top: all files of one archive share it."""
    batch: str
    """The SHA-256 of the file, unpacked."""
    modified: Nanoseconds | None
    open: Callable[[], BinaryIO]


def uploads(paths: Iterable[Path]) -> Iterator[Upload | Rejected]:
    """Each file in sorted order; a folder stands for what is in it, at any depth."""
    for path in paths:
        for file in files(path):
            try:
                yield Upload(
                    str(file), str(file), _sha256(file), file.stat().st_mtime_ns, lambda file=file: file.open("rb")
                )
            except OSError as error:
                yield rejected(str(file), 1, "byte", "cannot be opened", error.strerror or "")


def files(path: Path) -> Iterator[Path]:
    """The file itself, or a folder's files in sorted order."""
    if not path.is_dir():
        yield path
        return
    for inner in sorted(path.rglob("*")):
        if inner.is_file():
            yield inner


def _sha256(file: Path) -> str:
    digest = sha256()
    with file.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()
