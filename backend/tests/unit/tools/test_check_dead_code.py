"""Product code that nothing uses is found, unless it is written down as used from outside."""

from __future__ import annotations

from pathlib import Path

from tools.check_dead_code import unused

SOURCE = """
import json

FIELD = 1

class Bell:
    weight: int = 0

    def ring(self, loudly):
        return strike()

    def crack(self):
        return 1
        return 2

def strike():
    return Bell().ring(True)

def silence():
    pass
"""


def test_unused_code_is_found_with_its_line(tmp_path: Path) -> None:
    source, exceptions = _planted(tmp_path)

    assert [found.partition(".py:")[2] for found in unused(source, exceptions)] == [
        "2: unused import 'json'",
        "12: unused method 'crack'",
        "14: unused unreachable_code 'return'",
        "19: unused function 'silence'",
    ]


def test_what_is_used_from_outside_is_no_fault(tmp_path: Path) -> None:
    source, exceptions = _planted(tmp_path)
    exceptions.write_text("from bells import silence\nsilence\n", encoding="utf-8")

    assert not any("silence" in found for found in unused(source, exceptions))


def _planted(folder: Path) -> tuple[Path, Path]:
    source, exceptions = folder / "bells.py", folder / "exceptions.py"
    source.write_text(SOURCE, encoding="utf-8")
    exceptions.write_text("", encoding="utf-8")
    return source, exceptions
