"""Product code that nothing in the product uses; tests do not count as use."""

from __future__ import annotations

import sys
from pathlib import Path

from vulture.core import Vulture

TOOLS = Path(__file__).resolve().parent
KINDS = {"class", "function", "import", "method", "property", "unreachable_code"}
"""Fields and parameters are not among them: a message may carry more than one reader needs, and ruff knows parameters."""

COMMANDS = ["@*.command", "@*.callback"]
"""Decorators that hand a function to the command line."""


def main() -> int:
    source = Path(sys.argv[1] if len(sys.argv) > 1 else TOOLS.parent / "src")
    found = unused(source, TOOLS / "dead_code_exceptions.py")
    for line in found:
        print(line)
    return 1 if found else 0


def unused(source: Path, exceptions: Path) -> list[str]:
    """Where each unused piece stands; `exceptions` names what is used from outside."""
    vulture = Vulture(ignore_decorators=COMMANDS)
    vulture.scavenge([source, exceptions])
    return [
        f"{item.filename}:{item.first_lineno}: unused {item.typ} '{item.name}'"
        for item in vulture.get_unused_code()
        if item.typ in KINDS and item.filename != exceptions
    ]


if __name__ == "__main__":
    sys.exit(main())
