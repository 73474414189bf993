"""Gzip and zstd, unpacked in small steps, so that neither a bomb nor a broken end surprises anyone."""

from __future__ import annotations

import zlib
from collections.abc import Iterator

import zstandard

from tocsin.core.errors import ContainerError
from tocsin.pipeline.ingest.types import Reader

_INPUT = 1 << 16
_OUTPUT = 1 << 18
_ZSTD_STEP = 1 << 9  # four bytes of zstd can stand for 128 KiB, and its decoder returns all that a step gives
_ZSTD_WINDOW = 1 << 27


def gunzip(reader: Reader) -> Iterator[bytes]:
    """All members of a gzip file, one after the other."""
    engine = None
    data = b""
    while data := data or reader.read(_INPUT):
        if engine is None:
            data = data.lstrip(b"\0")  # tapes and some loggers pad with zeros
            if not data:
                continue
            engine = zlib.decompressobj(31)
        try:
            block = engine.decompress(data, _OUTPUT)
        except zlib.error as error:
            raise ContainerError("gzip: damaged", str(error)) from error
        if block:
            yield block
        data = engine.unused_data if engine.eof else engine.unconsumed_tail
        if engine.eof:
            engine = None
    if engine is None:
        return
    while not engine.eof and (block := engine.decompress(b"", _OUTPUT)):  # what did not fit into the last block
        yield block
    if not engine.eof:
        raise ContainerError("gzip: truncated")


def unzstd(reader: Reader) -> Iterator[bytes]:
    """All frames of a zstd file, one after the other."""
    decompressor = zstandard.ZstdDecompressor(max_window_size=_ZSTD_WINDOW)
    engine = None
    data = b""
    while data := data or reader.read(_INPUT):
        engine = engine or decompressor.decompressobj()
        step, data = data[:_ZSTD_STEP], data[_ZSTD_STEP:]
        try:
            block = engine.decompress(step)
        except zstandard.ZstdError as error:
            raise ContainerError("zstd: damaged", str(error)) from error
        if block:
            yield block
        if engine.eof:
            data = engine.unused_data + data
            engine = None
    if engine is not None:
        raise ContainerError("zstd: truncated")
