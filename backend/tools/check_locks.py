"""The lock files: pinned with hashes, in step with pyproject.toml, and naming no host."""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

# lock file → the extras of pyproject.toml that it holds besides the dependencies
LOCKS = {"requirements.lock": ("build",), "requirements-dev.lock": ("build", "dev")}

_PIN = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)==(?P<version>[^\s;\\]+)", re.MULTILINE)
_HASH = re.compile(r"^\s+--hash=sha256:[0-9a-f]{64}", re.MULTILINE)
_HOST = re.compile(r"https?://|--(?:extra-)?index-url|--find-links|\s@\s")


def main() -> int:
    backend = Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).resolve().parents[1])
    found = list(faults(backend))
    for fault in found:
        print(fault)
    return 1 if found else 0


def faults(backend: Path) -> Iterator[str]:
    """What is wrong with the locks beside a pyproject.toml, in words."""
    project = tomllib.loads((backend / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    for name, extras in LOCKS.items():
        wanted = list(project["dependencies"])
        for extra in extras:
            wanted += project["optional-dependencies"][extra]
        lock = backend / name
        text = lock.read_text(encoding="utf-8") if lock.exists() else ""
        yield from (f"{name}: {fault}" for fault in _faults(text, wanted))


def _faults(lock: str, wanted: list[str]) -> Iterator[str]:
    pins = {_canonical(pin["name"]): pin["version"] for pin in _PIN.finditer(lock)}
    for requirement in wanted:
        name, _, version = requirement.partition("==")
        bare = _canonical(name.partition("[")[0])
        if not version:
            yield f"{requirement}: pyproject.toml gives no exact version"
        elif pins.get(bare) != version:
            yield f"{requirement}: locked is {pins.get(bare, 'nothing')}; run `make lock`"
    for block in re.split(r"\n(?=\S)", lock):
        pin = _PIN.match(block)
        if pin and not _HASH.search(block):
            yield f"{pin['name']}: no hash"
    for match in _HOST.finditer(lock):
        yield f"line {lock.count(chr(10), 0, match.start()) + 1}: names a place to download from"


def _canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


if __name__ == "__main__":
    sys.exit(main())
