# The part of vulture that tools/check_dead_code.py uses; it ships no types.
from collections.abc import Sequence
from pathlib import Path

class Item:
    name: str
    typ: str
    filename: Path
    first_lineno: int

class Vulture:
    def __init__(self, *, ignore_decorators: Sequence[str] = ()) -> None: ...
    def scavenge(self, paths: Sequence[str | Path]) -> None: ...
    def get_unused_code(self, min_confidence: int = 0) -> list[Item]: ...
