"""Runs one command on the recording machine and tells what went wrong if it fails."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence


class CommandError(Exception):
    """A command that the recording needs ended with an error."""


def run(argv: Sequence[str], *, check: bool = True, text: str | None = None, timeout: float = 900) -> str:
    """Runs `argv`, with `text` on standard input, and returns what it printed."""
    done = subprocess.run(
        list(argv),
        input=text if text is not None else "",
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        timeout=timeout,
        check=False,
    )
    if check and done.returncode != 0:
        told = f"{' '.join(argv)} ended with {done.returncode}:\n{done.stdout[-2000:]}"
        raise CommandError(told)
    return done.stdout
