"""Where rules come from: files, folders and archives, with a cache of what was compiled."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Iterator
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

import msgspec

from tocsin.pipeline.detect.sigma.reading import LARGEST_FILE, RuleFile, read
from tocsin.pipeline.detect.types import Failure, RuleSet

_FORM = "1"
"""Raise it when the meaning of a stored rule set changes."""
_TESTS = ".tests.yml"
_ENDINGS = (".yml", ".yaml")

_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(RuleSet)


def load(paths: Iterable[Path], cache: Path | None = None) -> RuleSet:
    """All rules under the paths. A path that is missing or unreadable is a failure of its own.

    With `cache`, the compiled set is kept there as plain data under the hash of its sources, and checked by hash.
    """
    paths = list(paths)
    key = _fingerprint(paths)
    if cache is not None and (stored := _fetch(cache, key)) is not None:
        return stored
    failures: list[Failure] = []
    files: list[RuleFile] = []
    for path in paths:
        files.extend(_files(path, failures))
    loaded = read(files)
    if failures:
        loaded = msgspec.structs.replace(loaded, failures=tuple(sorted((*failures, *loaded.failures))))
    if cache is not None:
        _keep(cache, key, loaded)
    return loaded


def _files(path: Path, failures: list[Failure]) -> Iterator[RuleFile]:
    try:
        if path.is_dir():
            for file in _under(path):
                yield RuleFile(str(file), _head(file))
        elif zipfile.is_zipfile(path):
            yield from _members(path, failures)
        else:
            yield RuleFile(str(path), _head(path))
    except (OSError, zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
        failures.append(Failure(str(path), 1, str(error)))


def _under(folder: Path) -> list[Path]:
    return sorted(
        file
        for file in folder.rglob("*")
        if file.suffix in _ENDINGS and not file.name.endswith(_TESTS) and file.is_file()
    )


def _head(file: Path) -> bytes:
    with file.open("rb") as stream:
        return stream.read(LARGEST_FILE + 1)  # one more than allowed: the reader then says that it is too large


def _members(path: Path, failures: list[Failure]) -> Iterator[RuleFile]:
    with zipfile.ZipFile(path) as archive:
        for name in sorted(archive.namelist()):
            if not name.endswith(_ENDINGS) or name.endswith(_TESTS):
                continue
            try:
                with archive.open(name) as stream:
                    yield RuleFile(f"{path.name}!{name}", stream.read(LARGEST_FILE + 1))
            except (OSError, zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
                failures.append(Failure(f"{path.name}!{name}", 1, str(error)))


def _fingerprint(paths: Iterable[Path]) -> str:
    digest = sha256(f"{_FORM} {version('tocsin')} {version('pysigma')}".encode())
    for path in paths:
        files = _under(path) if path.is_dir() else [path]
        for file in files:
            digest.update(f"\0{file}\0".encode("utf-8", "surrogateescape"))
            if file.is_file():
                with file.open("rb") as stream:
                    while block := stream.read(1 << 20):
                        digest.update(block)
    return digest.hexdigest()


def _fetch(cache: Path, key: str) -> RuleSet | None:
    """None when it is not there, or not what was written."""
    try:
        content = (cache / f"{key}.rules").read_bytes()
    except OSError:
        return None
    checksum, payload = content[:32], content[32:]
    if sha256(payload).digest() != checksum:
        return None
    try:
        return _decoder.decode(payload)
    except msgspec.DecodeError:
        return None


def _keep(cache: Path, key: str, rules: RuleSet) -> None:
    payload = _encoder.encode(rules)
    try:
        cache.mkdir(parents=True, exist_ok=True)
        part = cache / f"{key}.part"
        part.write_bytes(sha256(payload).digest() + payload)
        part.replace(cache / f"{key}.rules")
    except OSError:
        return  # a cache that cannot be written costs time, nothing else
