"""The files in a tar archive, read forward only, each as it goes by."""

from __future__ import annotations

from collections.abc import Iterator

from tocsin.core.clock import SECOND, Nanoseconds
from tocsin.core.errors import ContainerError
from tocsin.pipeline.ingest.readers import exactly
from tocsin.pipeline.ingest.types import Member, Reader

_BLOCK = 512
_SKIP = 1 << 18
_LONGEST_NAME = 1 << 16
_FILES = b"0\0007"
_LONG_NAME = b"L"
_PAX = b"x"
_CHECKSUM = slice(148, 156)


def is_tar(head: bytes) -> bool:
    """POSIX and GNU archives; those from before 1988 carry no mark."""
    return head[257:262] == b"ustar"


def tar_members(reader: Reader) -> Iterator[Member]:
    """Regular files only; the reader of each is good until the next is asked for. Raises ContainerError where the
    archive breaks."""
    name = ""
    while header := exactly(reader, _BLOCK):
        if len(header) < _BLOCK:
            raise ContainerError("tar: truncated")
        if not header.strip(b"\0"):
            return
        size = _size(header)
        kind = header[156:157]
        body = Within(reader, size)
        if kind in {_LONG_NAME, _PAX}:
            name = _name_in(body, kind) or name
        else:
            if kind in _FILES:
                yield Member(name or _name(header), _modified(header), body)
            name = ""
        body.skip()
        exactly(reader, -size % _BLOCK)


class Within:
    """The next `size` bytes of a reader."""

    def __init__(self, reader: Reader, size: int) -> None:
        self._reader = reader
        self._left = size

    def read(self, size: int, /) -> bytes:
        wanted = min(size, self._left)
        if not wanted:
            return b""
        data = self._reader.read(wanted)
        if not data:
            raise ContainerError("tar: truncated")
        self._left -= len(data)
        return data

    def skip(self) -> None:
        """Past what nobody read."""
        while self.read(_SKIP):
            pass


def _size(header: bytes) -> int:
    unsigned = sum(header) - sum(header[_CHECKSUM]) + 8 * ord(" ")
    if _number(header[_CHECKSUM]) != unsigned:
        raise ContainerError("tar: damaged", "a header's checksum is wrong")
    return _number(header[124:136])


def _number(field: bytes) -> int:
    """Octal digits, or GNU's binary form for sizes from 8 GiB."""
    if field[:1] == b"\x80":
        return int.from_bytes(field[1:], "big")
    digits = field.strip(b" \0")
    if digits.strip(b"01234567"):
        raise ContainerError("tar: damaged", "a header holds no number where one must be")
    return int(digits or b"0", 8)


def _name(header: bytes) -> str:
    name = header[:100].partition(b"\0")[0]
    prefix = header[345:500].partition(b"\0")[0] if header[257:263] == b"ustar\0" else b""
    return (prefix + b"/" + name if prefix else name).decode("utf-8", "replace")


def _modified(header: bytes) -> Nanoseconds:
    return _number(header[136:148]) * SECOND


def _name_in(body: Within, kind: bytes) -> str:
    data = exactly(body, _LONGEST_NAME)
    if kind == _LONG_NAME:
        return data.partition(b"\0")[0].decode("utf-8", "replace")
    for line in data.split(b"\n"):
        _, _, pair = line.partition(b" ")
        if pair.startswith(b"path="):
            return pair[5:].decode("utf-8", "replace")
    return ""
