"""Where a person's words and a machine's lines go: stdout for results, stderr for everything else."""

from __future__ import annotations

import os
import sys
from collections.abc import Generator
from contextlib import contextmanager

import orjson
import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TransferSpeedColumn

from tocsin.core.errors import TocsinError

out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)

FAILED = 1
WRONG_USAGE = 2


def line(content: object) -> None:
    """One JSON line on stdout."""
    sys.stdout.buffer.write(orjson.dumps(content, option=orjson.OPT_NON_STR_KEYS) + b"\n")


@contextmanager
def failing_politely() -> Generator[None]:
    """Our own errors become one line on stderr and exit status 1; a reader that went away is no error."""
    try:
        yield
        sys.stdout.flush()
    except TocsinError as error:
        err.print(str(error), style="red", markup=False)
        raise typer.Exit(FAILED) from error
    except BrokenPipeError:
        # the reader (head, less) has seen enough: what is still buffered goes nowhere, without a second complaint
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise typer.Exit from None


def progress() -> Progress:
    """A bar on stderr, on terminals only."""
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TransferSpeedColumn(),
        TimeElapsedColumn(),
        console=err,
        transient=True,
        disable=not err.is_terminal,
    )
