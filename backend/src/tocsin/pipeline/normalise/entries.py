"""Finds the entries of a pack that hold for a kind without looking at each: senders choose kinds, packs have hundreds."""

from __future__ import annotations

from collections.abc import Mapping

from tocsin.pipeline.normalise.packs import Entry, Pack


class Entries:
    """A pack's entries by the part of the kind that says most."""

    def __init__(self, pack: Pack) -> None:
        self._always: list[tuple[int, Entry]] = []
        self._by_part: dict[str, dict[str, list[tuple[int, Entry]]]] = {}
        for number, entry in enumerate(pack.events):
            # the last part is the finest: many events share a channel, few an id
            part = next((part for part in reversed(pack.kind) if part in entry.when), None)
            if part is None:
                self._always.append((number, entry))
                continue
            for value in entry.when[part]:
                self._by_part.setdefault(part, {}).setdefault(value, []).append((number, entry))

    def matching(self, parts: Mapping[str, str]) -> list[Entry]:
        """In the pack's order."""
        found = list(self._always)
        for part, by_value in self._by_part.items():
            found.extend(by_value.get(parts.get(part, ""), ()))
        return [entry for _, entry in sorted(found, key=_number) if entry.matches(parts)]


def _number(numbered: tuple[int, Entry]) -> int:
    return numbered[0]
