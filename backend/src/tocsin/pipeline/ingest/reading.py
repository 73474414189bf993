"""The one way in for files: paths to batches of framed records."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from tocsin.core.clock import Nanoseconds
from tocsin.core.event import Origin
from tocsin.core.ids import LOCAL, TenantId
from tocsin.pipeline.ingest.evtx_process import EvtxProcess
from tocsin.pipeline.ingest.frames import frames
from tocsin.pipeline.ingest.named_files import Progress, size_of
from tocsin.pipeline.ingest.types import Frame, Rejected, rejected
from tocsin.pipeline.ingest.unpack import Upload, uploads

__all__ = ["Batch", "Progress", "batches", "size_of"]


class Batch(NamedTuple):
    """One file's records; read its frames before asking for the next batch."""

    origin: Origin
    frames: Iterator[Frame]


def batches(
    paths: Iterable[Path],
    received: Nanoseconds,
    tenant: TenantId = LOCAL,
    progress: Progress | None = None,
    zone: str = "UTC",
) -> Iterator[Batch | Rejected]:
    """Every file in the paths as a batch, or why it cannot be read. `zone` is for times that name none."""
    with EvtxProcess() as process:
        for upload in uploads(paths, progress):
            if isinstance(upload, Rejected):
                yield upload
                continue
            origin = Origin(
                tenant=tenant,
                source=upload.source,
                lane=upload.lane,
                batch=upload.batch,
                received=received,
                zone=zone,
                modified=upload.modified,
            )
            yield Batch(origin, _frames(upload, process))


def _frames(upload: Upload, process: EvtxProcess) -> Iterator[Frame]:
    yield from frames(upload.reader, upload.source, process)
    fault = upload.reader.fault
    if fault:
        yield rejected(upload.source, upload.reader.length or 1, "byte", fault.reason, fault.detail)
