"""How bad it is: one closed scale for rules, alerts and incidents."""

from __future__ import annotations

from enum import IntEnum


class Severity(IntEnum):
    """Sigma's levels; compares by weight."""

    INFORMATIONAL = 0
    LOW = 1
    MEDIUM = 2
    HIGH = 3
    CRITICAL = 4

    @property
    def word(self) -> str:
        return self.name.lower()

    @classmethod
    def of(cls, word: str) -> Severity:
        """By its word, case ignored; raises KeyError for another word."""
        return cls[word.upper()]
