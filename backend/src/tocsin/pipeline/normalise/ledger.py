"""The ledger of what was read: each record is counted where its fate is decided, none by subtraction."""

from __future__ import annotations

from collections import Counter


class Tally:
    """The counts of one source."""

    __slots__ = ("joined", "parsed", "read", "rejected")

    def __init__(self) -> None:
        self.read = 0
        """Records that were framed, and stretches that could not be."""
        self.parsed = 0
        """Events that came out."""
        self.joined = 0
        """Records that went into an event beside its first record."""
        self.rejected: Counter[str] = Counter()
        """By reason."""

    @property
    def balances(self) -> bool:
        """Whether every record read has become something; so it must be once nothing is held for joining."""
        return self.read == self.parsed + self.joined + self.rejected.total()


class Ledger:
    """The tallies of all sources."""

    def __init__(self) -> None:
        self.sources: dict[str, Tally] = {}

    def of(self, source: str) -> Tally:
        """The tally of a source, opened when first asked for."""
        return self.sources.get(source) or self.sources.setdefault(source, Tally())

    def reject(self, source: str, reason: str) -> None:
        """Count something that was refused before it was framed."""
        tally = self.of(source)
        tally.read += 1
        tally.rejected[reason] += 1

    def total(self) -> Tally:
        """All sources as one."""
        whole = Tally()
        for tally in self.sources.values():
            whole.read += tally.read
            whole.parsed += tally.parsed
            whole.joined += tally.joined
            whole.rejected += tally.rejected
        return whole
