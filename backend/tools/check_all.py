"""Runs every check that is not a test, tells each in a line, and shows the whole report of those that fail."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

BACKEND = Path(__file__).resolve().parents[1]
ELSEWHERE = ("../content", "../scripts")
"""Python outside the backend, held to the same style."""

RUFF = (sys.executable, "-m", "ruff")
CHECKS: dict[str, tuple[str, ...]] = {
    "lint": (*RUFF, "check", "--quiet", "--config", "pyproject.toml", ".", *ELSEWHERE),
    "format": (*RUFF, "format", "--check", "--quiet", "--config", "pyproject.toml", ".", *ELSEWHERE),
    "types": (sys.executable, "-m", "basedpyright", "--level", "error", "--pythonpath", sys.executable),
    "imports": (sys.executable, "-c", "from importlinter.cli import lint_imports_command as run; run()", "--no-logo"),
    "layout": (sys.executable, "tools/check_layout.py"),
    "dead code": (sys.executable, "tools/check_dead_code.py"),
    "dependencies": (sys.executable, "-m", "deptry", "."),
    "locks": (sys.executable, "tools/check_locks.py"),
    "docs": (sys.executable, "tools/check_docs.py"),
}


def main() -> int:
    names = sys.argv[1:] or list(CHECKS)
    failed = [name for name in names if not _passes(name)]
    print(f"checks: {len(names) - len(failed)} passed, {len(failed)} failed{': ' if failed else ''}{', '.join(failed)}")
    return 1 if failed else 0


def _passes(name: str) -> bool:
    start = time.perf_counter()
    done = subprocess.run(CHECKS[name], cwd=BACKEND, capture_output=True, text=True, check=False)
    passed = done.returncode == 0
    print(f"{name:<13}{'ok' if passed else 'FAILED':<7}{time.perf_counter() - start:6.1f} s", flush=True)
    if not passed:
        print(done.stdout + done.stderr, flush=True)
    return passed


if __name__ == "__main__":
    sys.exit(main())
