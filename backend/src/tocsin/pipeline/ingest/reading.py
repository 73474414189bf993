"""The one way in for files: paths to batches of framed records."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from tocsin.core.clock import Nanoseconds
from tocsin.core.event import Origin
from tocsin.core.ids import LOCAL, TenantId
from tocsin.pipeline.ingest.frames import frames
from tocsin.pipeline.ingest.types import Frame, Rejected
from tocsin.pipeline.ingest.unpack import files, uploads

Progress = Callable[[int], None]
"""Told how many more bytes of the named files were read; they add up to `size_of`."""


class Batch(NamedTuple):
    """One file's records; read its frames before asking for the next batch."""

    origin: Origin
    frames: Iterator[Frame]


def batches(
    paths: Iterable[Path], received: Nanoseconds, tenant: TenantId = LOCAL, progress: Progress | None = None
) -> Iterator[Batch | Rejected]:
    """Every file in the paths as a batch, or why it cannot be read."""
    for upload in uploads(paths):
        if isinstance(upload, Rejected):
            yield upload
            continue
        origin = Origin(
            tenant=tenant,
            source=upload.source,
            lane=upload.lane,
            batch=upload.batch,
            received=received,
            modified=upload.modified,
        )
        with upload.open() as stream:
            yield Batch(origin, frames(stream, upload.source))
        if progress:
            progress(1)


def size_of(paths: Iterable[Path]) -> int:
    """Bytes of all files in the paths, as they lie there."""
    return sum(file.stat().st_size for path in paths for file in files(path))
