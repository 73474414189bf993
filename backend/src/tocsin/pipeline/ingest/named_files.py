"""The files that a person named, on disk, and how far each has been read."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

from tocsin.core.clock import Nanoseconds

Progress = Callable[[int], None]
"""Told how many more bytes were read; over all files they add up to `size_of`."""


def files(path: Path) -> Iterator[Path]:
    """The path itself, or what is in the folder in sorted order, pipes and dangling links included; a folder reached again
    over a link is walked once. A folder that may not be entered stands for itself."""
    if not path.is_dir():
        yield path
        return
    seen: set[str] = set()
    closed: list[str] = []
    for folder, folders, names in os.walk(path, followlinks=True, onerror=lambda error: closed.append(error.filename)):
        real = os.path.realpath(folder)
        if real in seen:
            folders.clear()
            continue
        seen.add(real)
        folders.sort()
        yield from (Path(folder, name) for name in sorted(names))
    yield from map(Path, closed)


def size_of(paths: Iterable[Path]) -> int:
    """Bytes of all files in the paths, as they lie there; what cannot be looked at counts nothing."""
    total = 0
    for path in paths:
        for file in files(path):
            try:
                total += file.stat().st_size if file.is_file() else 0
            except OSError:
                continue
    return total


class NamedFile:
    """An open file that tells how far it was read. Raises OSError where it cannot be opened."""

    def __init__(self, path: Path, progress: Progress | None = None) -> None:
        self._file = path.open("rb")
        status = os.fstat(self._file.fileno())
        self.size = status.st_size
        self.modified: Nanoseconds = status.st_mtime_ns
        self._progress = progress
        self._told = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._tell(self.size - self._told)
        self._file.close()

    def read(self, size: int = -1, /) -> bytes:
        data = self._file.read(size)
        # a zip's directory is read besides its files: never tell more than there is
        self._tell(min(len(data), self.size - self._told))
        return data

    def seek(self, offset: int, whence: int = 0, /) -> int:
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()

    def seekable(self) -> bool:
        return True

    def _tell(self, count: int) -> None:
        if self._progress and count > 0:
            self._told += count
            self._progress(count)
