"""The files in a zip archive."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import IO, Protocol, cast, runtime_checkable
from zipfile import ZIP_BZIP2, ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from tocsin.core.clock import Nanoseconds, nanoseconds
from tocsin.core.errors import ContainerError
from tocsin.pipeline.ingest.readers import Broken
from tocsin.pipeline.ingest.types import Member, Reader

_METHODS = frozenset({ZIP_STORED, ZIP_DEFLATED, ZIP_BZIP2})
_ENCRYPTED = 0x1
_END = struct.Struct("<4s4H2LH")
_END64 = struct.Struct("<4sQ2H2L4Q")
_LOCATOR64 = 20
_TAIL = _END64.size + _LOCATOR64 + _END.size + (1 << 16)  # a comment may stand at the end
_LARGEST_DIRECTORY = 1 << 26
_IN_ZIP64 = 0xFFFFFFFF
_FAULTS = (
    ArithmeticError,
    BadZipFile,
    EOFError,
    LookupError,
    NotImplementedError,
    OSError,
    RuntimeError,
    ValueError,
    struct.error,
    zlib.error,
)


@runtime_checkable
class Seekable(Protocol):
    """What a zip is read from: its directory stands at the end."""

    def read(self, size: int = -1, /) -> bytes: ...
    def seek(self, offset: int, whence: int = 0, /) -> int: ...
    def tell(self) -> int: ...


def zip_members(file: Seekable) -> Iterator[Member]:
    """In the order of its directory; one that cannot be opened says so when it is read. Raises ContainerError where
    the directory itself is broken."""
    _check_directory(file)
    try:
        archive = ZipFile(cast("IO[bytes]", file))
    except _FAULTS as error:
        raise _damaged(error) from error
    with archive:
        for info in archive.infolist():
            if not info.filename.endswith("/"):  # is_dir() stumbles over an empty name
                yield Member(info.filename, _modified(info), _reader(archive, info))


def _reader(archive: ZipFile, info: ZipInfo) -> Reader:
    if info.flag_bits & _ENCRYPTED:
        return Broken(ContainerError("zip: encrypted"))
    if info.compress_type not in _METHODS:
        return Broken(ContainerError("zip: packed in a way not supported", f"method {info.compress_type}"))
    try:
        return _Sound(archive.open(info))
    except _FAULTS as error:
        return Broken(_damaged(error))


class _Sound:
    """A member's bytes; whatever is wrong with them is a ContainerError."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream

    def read(self, size: int, /) -> bytes:
        try:
            return self._stream.read(size)
        except _FAULTS as error:
            raise _damaged(error) from error


def _damaged(error: Exception) -> ContainerError:
    return ContainerError("zip: damaged", str(error)[:160])


def _check_directory(file: Seekable) -> None:
    """Refuse a directory that is out of all proportion before it is read into memory."""
    length = file.seek(0, 2)
    file.seek(max(0, length - _TAIL))
    tail = file.read(_TAIL)
    at = tail.rfind(b"PK\5\6")
    if at < 0 or len(tail) - at < _END.size:
        raise ContainerError("zip: truncated", "its directory is missing")
    size: int = _END.unpack_from(tail, at)[5]
    at64 = at - _LOCATOR64 - _END64.size
    if at64 >= 0 and tail[at64 : at64 + 4] == b"PK\6\6":
        size = max(size if size != _IN_ZIP64 else 0, _END64.unpack_from(tail, at64)[8])
    if size > _LARGEST_DIRECTORY:
        raise ContainerError("zip: too many files", f"a directory of {size} bytes")


def _modified(info: ZipInfo) -> Nanoseconds | None:
    try:
        return nanoseconds(datetime(*info.date_time, tzinfo=UTC))
    except ValueError:
        return None
