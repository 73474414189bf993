"""A terminal with a person's hands: starts a program on a pty, waits for prompts, types lines."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import termios
import time
from types import TracebackType

PROMPT = r"[$#] $"
_ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b\][^\x07]*\x07|\r")


class NoPromptError(Exception):
    """The program did not show what was waited for."""


class Terminal:
    """A program on a pseudo-terminal of its own."""

    def __init__(self, argv: list[str]) -> None:
        self._master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 50, 220, 0, 0))
        self._program = subprocess.Popen(
            ["setsid", "--ctty", *argv],
            stdin=slave,
            stdout=slave,
            stderr=slave,
            start_new_session=False,
            close_fds=True,
        )
        os.close(slave)
        self._shown = ""

    def expect(self, pattern: str = PROMPT, timeout: float = 30) -> str:
        """Waits until what is shown ends in `pattern` and stays quiet for a moment; returns what was shown."""
        wanted = re.compile(pattern)
        deadline = time.monotonic() + timeout
        while time.monotonic() < deadline:
            more = self._read(0.3)
            shown = _ESCAPES.sub("", self._shown)
            if not more and wanted.search(shown[-400:]):
                self._shown = ""
                return shown
            if more is None:
                break
        told = f"waited for {pattern!r}, saw {self._shown[-300:]!r}"
        raise NoPromptError(told)

    def type(self, line: str) -> None:
        os.write(self._master, f"{line}\n".encode())

    def close(self) -> None:
        if self._program.poll() is None:
            self._program.terminate()
        try:
            self._program.wait(timeout=5)
        except subprocess.TimeoutExpired:
            self._program.kill()
            self._program.wait()
        os.close(self._master)

    def __enter__(self) -> Terminal:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _read(self, wait: float) -> str | None:
        """What came within `wait` seconds: '' for nothing, None once the program is gone."""
        ready, _, _ = select.select([self._master], [], [], wait)
        if not ready:
            return ""
        try:
            came = os.read(self._master, 65536).decode("utf-8", "replace")
        except OSError:
            return None
        self._shown += came
        return came
