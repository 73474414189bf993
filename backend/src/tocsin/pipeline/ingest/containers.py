"""What is in a file: itself, or what its container holds, as deep as containers go."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from tempfile import SpooledTemporaryFile
from typing import NamedTuple

from tocsin.core.errors import ContainerError
from tocsin.pipeline.ingest.inflating import gunzip, unzstd
from tocsin.pipeline.ingest.readers import Blocks, Peeking
from tocsin.pipeline.ingest.tar_members import is_tar, tar_members
from tocsin.pipeline.ingest.types import Member, Reader, Rejected, rejected
from tocsin.pipeline.ingest.zip_members import Seekable, zip_members

_CHUNK = 1 << 18
_SPOOL = 1 << 23
_LONGEST_LABEL = 400
_NOT_SUPPORTED = {
    b"7z\xbc\xaf\x27\x1c": "7z",
    b"Rar!\x1a\x07": "rar",
    b"\xfd7zXZ\x00": "xz",
    b"BZh": "bzip2",
    b"MSCF": "cab",
    b"\x04\x22\x4d\x18": "lz4",
}


class Limits(NamedTuple):
    """What one file may unfold to."""

    depth: int = 4
    """Containers in containers."""
    members: int = 100_000
    unpacked: int = 64 << 30
    """Bytes, all layers together …"""
    ratio: int = 250
    """… and no more than so many times its own size …"""
    free: int = 256 << 20
    """… once it is over so many."""


LIMITS = Limits()


class LimitError(ContainerError):
    """A container unfolds to more than it may: nothing of that file is read."""

    code = "container_limit"


class Allowance:
    """What a file may still unfold to."""

    def __init__(self, size: int, limits: Limits) -> None:
        self._bytes = min(limits.unpacked, max(limits.free, size * limits.ratio))
        self._members = limits.members
        self.depth = limits.depth

    def take(self, count: int) -> None:
        self._bytes -= count
        if self._bytes < 0:
            raise LimitError("unpacks to too much")

    def take_member(self) -> None:
        self._members -= 1
        if self._members < 0:
            raise LimitError("holds too many files")
        self.take(0)


def unpack(member: Member, allowance: Allowance, depth: int = 0) -> Iterator[Member | Rejected]:
    """The files in it, each to be read before the next is asked for, and what could not be opened."""
    peeking = Peeking(member.reader)
    opener = _opener(peeking.head)
    if name := _not_supported(peeking.head):
        yield rejected(member.name, 1, "byte", f"packed as {name}, which is not supported")
        return
    if opener is None:
        yield member._replace(reader=peeking)
        return
    if depth >= allowance.depth:
        yield rejected(member.name, 1, "byte", "containers nested too deeply")
        return
    try:
        for inner in opener(member, peeking):
            allowance.take_member()
            # tar adds nothing to what was there
            reader = inner.reader if opener is _tar else _Metered(inner.reader, allowance)
            yield from unpack(inner._replace(reader=reader), allowance, depth + 1)
    except ContainerError as error:
        yield rejected(member.name, 1, "byte", error.reason, error.detail)


class _Metered:
    """Unpacked bytes, each taken from the allowance."""

    def __init__(self, reader: Reader, allowance: Allowance) -> None:
        self._reader = reader
        self._allowance = allowance

    def read(self, size: int, /) -> bytes:
        data = self._reader.read(size)
        self._allowance.take(len(data))
        return data


_Opener = Callable[[Member, Reader], Iterator[Member]]


def _opener(head: bytes) -> _Opener | None:
    if head.startswith(b"\x1f\x8b\x08"):
        return _gzip
    if head.startswith(b"\x28\xb5\x2f\xfd") or (head[1:4] == b"\x2a\x4d\x18" and head[0] >> 4 == 5):
        return _zstd
    if head.startswith((b"PK\3\4", b"PK\5\6")):
        return _zip
    return _tar if is_tar(head) else None


def _gzip(member: Member, reader: Reader) -> Iterator[Member]:
    yield member._replace(reader=Blocks(gunzip(reader)))


def _zstd(member: Member, reader: Reader) -> Iterator[Member]:
    yield member._replace(reader=Blocks(unzstd(reader)))


def _tar(member: Member, reader: Reader) -> Iterator[Member]:
    for inner in tar_members(reader):
        yield inner._replace(name=_label(member.name, inner.name))


def _zip(member: Member, reader: Reader) -> Iterator[Member]:
    with SpooledTemporaryFile(max_size=_SPOOL) as spool:
        file = member.reader
        if not isinstance(file, Seekable):
            while data := reader.read(_CHUNK):
                spool.write(data)
            file = spool
        for inner in zip_members(file):
            yield inner._replace(name=_label(member.name, inner.name))


def _not_supported(head: bytes) -> str:
    return next((name for magic, name in _NOT_SUPPORTED.items() if head.startswith(magic)), "")


def _label(outer: str, inner: str) -> str:
    """A name to show, never a path to open."""
    shown = "".join(letter if letter.isprintable() else "\ufffd" for letter in inner)
    return f"{outer}!{shown[:_LONGEST_LABEL]}"
