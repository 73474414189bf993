"""A dictionary with a limit: when full, what came first leaves first."""

from __future__ import annotations

from typing import TypeVar

K = TypeVar("K")
V = TypeVar("V")


class Bounded(dict[K, V]):
    """Only `[key] = value` and `setdefault` add to it."""

    def __init__(self, capacity: int) -> None:
        super().__init__()
        self._capacity = capacity

    def __setitem__(self, key: K, value: V) -> None:
        if len(self) >= self._capacity and key not in self:
            del self[next(iter(self))]
        super().__setitem__(key, value)

    def setdefault(self, key: K, default: V) -> V:  # type: ignore[override]
        """As dict's, within the limit."""
        found = self.get(key)
        if found is None:
            self[key] = found = default
        return found
