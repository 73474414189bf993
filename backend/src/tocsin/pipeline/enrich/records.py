"""What one line of a table says of an asset or an account, and how a name finds its line."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from tocsin.core.errors import ContentError
from tocsin.core.messages import Entity, Fact
from tocsin.pipeline.enrich.csv_rows import Row, unusable
from tocsin.pipeline.enrich.types import Source

CRITICALITIES = ("low", "medium", "high", "critical")

_NO_CRITICALITY = f"criticality is none of {', '.join(CRITICALITIES)}"

_TAG = re.compile(r"[a-z0-9][a-z0-9_.:-]{0,63}", re.ASCII)
_BETWEEN_TAGS = re.compile(r"[\s,;|]+")


class Record(NamedTuple):
    """The columns that assets, identities and zones share."""

    line: int
    criticality: str
    owner: str
    tags: tuple[str, ...]
    name: str = ""
    """What the line is about, where that is not what was asked for: the host of an address."""

    def facts(self, entity: Entity, source: Source) -> Iterator[Fact]:
        place = f"{source.name}:{self.line}"
        if self.criticality:
            yield Fact(entity, "criticality", self.criticality, place, source.written)
        if self.owner:
            yield Fact(entity, "owner", self.owner, place, source.written)
        for tag in self.tags:
            yield Fact(entity, "tag", tag, place, source.written)


def record(row: Row, name: str = "") -> Record:
    """Raises ContentError for a criticality or a tag that is none."""
    criticality = row.cell("criticality").lower()
    if criticality and criticality not in CRITICALITIES:
        raise unusable(_NO_CRITICALITY, criticality)
    return Record(row.line, criticality, row.cell("owner"), tags(row.cell("tags")), name)


def tags(text: str) -> tuple[str, ...]:
    """Words in lower case with blanks, commas, semicolons or bars between them. Raises ContentError."""
    found = tuple(dict.fromkeys(word.lower() for word in _BETWEEN_TAGS.split(text) if word))
    for tag in found:
        if not _TAG.fullmatch(tag):
            raise unusable("no tag", tag)
    return found


def twice(name: str, line: int) -> ContentError:
    """For a line that repeats an earlier one: which of them is meant is not for us to say."""
    return ContentError(f"{name} is already described in line {line}")


class Names:
    """Records by name; a name written short finds the only full one, and a full one finds a line written short."""

    def __init__(self, short: Callable[[str], str]) -> None:
        self._short = short
        self._records: dict[str, Record] = {}
        self._full: dict[str, list[str]] = {}

    def add(self, name: str, found: Record) -> None:
        self._records[name] = found
        short = self._short(name)
        if short != name:
            self._full.setdefault(short, []).append(name)

    def exactly(self, name: str) -> Record | None:
        return self._records.get(name)

    def get(self, name: str) -> Record | None:
        found = self._records.get(name)
        if found is not None:
            return found
        short = self._short(name)
        if short != name:
            return self._records.get(short)
        full = self._full.get(name, ())
        return self._records[full[0]] if len(full) == 1 else None
