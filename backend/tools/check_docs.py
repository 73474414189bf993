"""The documentation is true: every command in it runs, every link inside it leads somewhere.

A fenced block in `sh` or `console` carries one more word: `run` (each command is run from a copy of the repository's
root made of links, in order, and must succeed) or `example` (shown only: it needs what a reader has and we have not).
In a `console` block commands follow `$ ` and the rest is output. A block `run=2` expects that exit status.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

PAGES = ("*.md", "docs/**/*.md")
STARTS = ("tocsin ", ".venv/bin/tocsin ", "make ", "./scripts/")
SECONDS = 300

_FENCE = re.compile(r"^```(?P<info>[^\n`]*)\n(?P<body>.*?)^```\s*$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\]\((?P<inline>[^)\s]+)\)|^\[[^\]]+\]:\s+(?P<defined>\S+)", re.MULTILINE)
_HEADING = re.compile(r"^#+\s+(.*)$", re.MULTILINE)
_MARK = re.compile(r"run(?:=(?P<status>\d+))?")


class Command(NamedTuple):
    """One line to run, and the exit status that the page promises."""

    page: Path
    line: int
    text: str
    status: int


def main() -> int:
    root = Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).resolve().parents[2])
    faults: list[str] = []
    commands: list[Command] = []
    for page in pages(root):
        faults += links(page, root)
        found, wrong = commands_of(page)
        commands += found
        faults += wrong
    faults += run(commands, root)
    for fault in faults:
        print(fault)
    print(f"{len(commands)} commands run")
    return 1 if faults else 0


def pages(root: Path) -> list[Path]:
    return sorted({page for pattern in PAGES for page in root.glob(pattern)})


def links(page: Path, root: Path) -> Iterator[str]:
    """Links to files and headings that are not there; the outside world is not asked."""
    text = page.read_text(encoding="utf-8")
    for match in _LINK.finditer(_FENCE.sub("", text)):
        target = match["inline"] or match["defined"]
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = target.partition("#")
        file = (page.parent / path).resolve() if path else page
        if not file.exists() or not file.is_relative_to(root.resolve()):
            yield f"{page.relative_to(root)}: no such file: {target}"
        elif anchor and file.suffix == ".md" and anchor not in _anchors(file):
            yield f"{page.relative_to(root)}: no such heading: {target}"


def commands_of(page: Path) -> tuple[list[Command], list[str]]:
    """The commands of a page that are to be run, and what is wrong with its blocks."""
    text = page.read_text(encoding="utf-8")
    found: list[Command] = []
    faults: list[str] = []
    for match in _FENCE.finditer(text):
        language, _, mark = match["info"].strip().partition(" ")
        if language not in {"sh", "console"} or mark == "example":
            continue
        line = text.count("\n", 0, match.start()) + 2
        ordered = _MARK.fullmatch(mark)
        if ordered is None:
            faults.append(f"{page.name}:{line - 1}: a block of commands says neither `run` nor `example`")
            continue
        status = int(ordered["status"] or 0)
        for number, command in _lines(match["body"], language, line):
            if command.startswith(STARTS):
                found.append(Command(page, number, command, status))
            else:
                faults.append(f"{page.name}:{number}: only {', '.join(map(str.strip, STARTS))} are run here: {command}")
    return found, faults


def run(commands: list[Command], root: Path) -> list[str]:
    """Run each in one workspace, as a reader would; what fails, with the end of what it said."""
    faults: list[str] = []
    with tempfile.TemporaryDirectory(prefix="tocsin-docs-") as folder:
        place = _workspace(Path(folder), root)
        path = f"{root / '.venv/bin'}{os.pathsep}{os.environ['PATH']}"  # noqa: TID251 - what the reader's shell has
        environment = {"PATH": path, "HOME": folder, "LANG": "C.UTF-8", "TERM": "dumb"}
        for command in commands:
            fault = _fault(command, place, environment)
            if fault:
                faults.append(f"{command.page.name}:{command.line}: {command.text}: {fault}")
    return faults


def _workspace(folder: Path, root: Path) -> Path:
    place = folder / "tocsin"
    place.mkdir()
    for entry in root.iterdir():
        if entry.name not in (".git", ".venv"):  # what a command installs must not change what is being checked
            (place / entry.name).symlink_to(entry)
    return place


def _fault(command: Command, place: Path, environment: dict[str, str]) -> str:
    try:
        done = subprocess.run(
            shlex.split(command.text),
            cwd=place,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return f"not done after {SECONDS} s"
    except OSError as error:
        return str(error)
    if done.returncode == command.status:
        return ""
    return f"exit {done.returncode}, not {command.status}\n{(done.stdout + done.stderr)[-2000:]}"


def _lines(body: str, language: str, first: int) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(body.splitlines(), first):
        text = line.strip()
        if language == "console":
            if text.startswith("$ "):
                yield number, text[2:]
        elif text and not text.startswith("#"):
            yield number, text


def _anchors(page: Path) -> set[str]:
    headings = _HEADING.findall(_FENCE.sub("", page.read_text(encoding="utf-8")))
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


if __name__ == "__main__":
    sys.exit(main())
