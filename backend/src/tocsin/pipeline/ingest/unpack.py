"""From the paths a person names to the files in them, through folders and containers.

Containers are known by their content. A path is gone through twice: once to hash every file in it, because its events'
ids hang on that, and once to read it; so nothing has to be kept in memory or laid down on disk but a zip inside another
container.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from tocsin.core.clock import Nanoseconds
from tocsin.pipeline.ingest.containers import LIMITS, Allowance, LimitError, Limits, unpack
from tocsin.pipeline.ingest.named_files import NamedFile, Progress, files
from tocsin.pipeline.ingest.readers import Guarded
from tocsin.pipeline.ingest.types import Member, Rejected, rejected

_CHUNK = 1 << 18


class Upload(NamedTuple):
    """One file to read, wherever it was packed."""

    source: str
    """As a person knows it: logs.zip!a/b.evtx."""
    lane: str
    """The path it was found under: all files of one archive share it."""
    batch: str
    """The SHA-256 of the file, unpacked."""
    modified: Nanoseconds | None
    reader: Guarded
    """To be read before the next upload is asked for."""


def uploads(
    paths: Iterable[Path], progress: Progress | None = None, limits: Limits = LIMITS
) -> Iterator[Upload | Rejected]:
    """Each file in sorted order; a folder stands for what is in it, at any depth. What cannot be opened or unpacked is
    rejected by itself."""
    for path in paths:
        for file in files(path):
            if file.exists() and not file.is_file():  # opening a pipe would wait for ever
                yield rejected(str(file), 1, "byte", "cannot be opened", "not a file")
                continue
            try:
                yield from _uploads(file, progress, limits)
            except OSError as error:
                yield rejected(str(file), 1, "byte", "cannot be opened", error.strerror or "")


def _uploads(file: Path, progress: Progress | None, limits: Limits) -> Iterator[Upload | Rejected]:
    digests = [_digest(member) for member in _members(file, None, limits)]
    for member, digest in zip(_members(file, progress, limits), digests, strict=False):
        if isinstance(digest, Rejected):
            yield digest
        elif isinstance(member, Rejected):
            yield member
        else:
            yield Upload(member.name, str(file), digest, member.modified, Guarded(member.reader))


def _members(file: Path, progress: Progress | None, limits: Limits) -> Iterator[Member | Rejected]:
    with NamedFile(file, progress) as named:
        whole = Member(str(file), named.modified, named)
        yield from unpack(whole, Allowance(named.size, limits))


def _digest(member: Member | Rejected) -> str | Rejected:
    if isinstance(member, Rejected):
        return member
    digest = sha256()
    reader = Guarded(member.reader)
    while data := reader.read(_CHUNK):
        digest.update(data)
    if isinstance(reader.fault, LimitError):
        return rejected(member.name, reader.length or 1, "byte", reader.fault.reason, reader.fault.detail)
    return digest.hexdigest()
