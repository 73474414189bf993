"""`tocsin doctor`: what is installed and which parts answer."""

from __future__ import annotations

import platform
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Annotated, NamedTuple

import typer

from tocsin.core.errors import TocsinError
from tocsin.core.settings import settings
from tocsin.entry.cli import output
from tocsin.pipeline.detect import rulesets
from tocsin.pipeline.detect.matching.engine import Engine
from tocsin.pipeline.normalise.aliases import load as load_aliases


class Check(NamedTuple):
    """One thing looked at."""

    name: str
    ok: bool
    found: str


def doctor(*, as_json: Annotated[bool, typer.Option("--json", help="One JSON line for each check.")] = False) -> None:
    """Say what is installed, what can be read and written, and which detection engine is in use."""
    with output.failing_politely():
        checks = list(_checks())
        for check in checks:
            if as_json:
                output.line({"kind": "check", "name": check.name, "ok": check.ok, "found": check.found})
            else:
                mark = "[green]ok[/]" if check.ok else "[red]no[/]"
                output.out.print(f"{mark}  {check.name:<18} ", end="")
                output.out.print(check.found, markup=False)
        if not all(check.ok for check in checks):
            raise typer.Exit(output.FAILED)


def _checks() -> Iterator[Check]:
    yield Check("python", sys.version_info >= (3, 11), f"{platform.python_version()} on {platform.machine()}")
    for package in ("pysigma", "pyahocorasick", "google-re2", "evtx", "orjson", "zstandard"):
        yield _package(package)
    content = settings().content
    yield _aliases(content / "aliases")
    yield _rules(content / "rules")
    yield _writable("cache", settings().cache)
    yield Check("detection engine", ok=True, found=f"{Engine.name} (the Rust engine is not built yet)")
    yield Check("server", ok=True, found="not built yet: replay needs none")


def _package(name: str) -> Check:
    try:
        return Check(name, ok=True, found=version(name))
    except PackageNotFoundError:
        return Check(name, ok=False, found="not installed")


def _aliases(folder: Path) -> Check:
    try:
        packs = load_aliases(folder).packs
    except TocsinError as error:
        return Check("alias packs", ok=False, found=str(error))
    return Check("alias packs", bool(packs), f"{len(packs)} shapes of events")


def _rules(folder: Path) -> Check:
    loaded = rulesets.load([folder])
    found = f"{len(loaded.rules)} rules and {len(loaded.correlations)} correlations, {len(loaded.failures)} failed"
    return Check("bundled rules", bool(loaded.rules) and not loaded.failures, found)


def _writable(name: str, folder: Path) -> Check:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / ".probe"
        probe.write_bytes(b"")
        probe.unlink()
    except OSError as error:
        return Check(name, ok=False, found=f"{folder}: {error.strerror}; rules are compiled anew each time")
    return Check(name, ok=True, found=str(folder))
