"""Reads a CSV as people and spreadsheets write it, and says which lines could not be used."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Callable, Iterator
from typing import NamedTuple

from tocsin.core.errors import ContentError
from tocsin.pipeline.enrich.types import Refused, Source
from tocsin.pipeline.normalise.decoding import text_of

REFUSALS_KEPT = 1000
"""Of one file: what is no table at all need not be listed line by line."""

_LONGEST = 512
_DELIMITERS = ",;\t"


class Row(NamedTuple):
    """One line of a table."""

    line: int
    """From 1; where it begins, if a quoted cell goes over several."""
    cells: dict[str, str]

    def cell(self, column: str) -> str:
        """Without blanks around it; '' where it is empty or missing."""
        return self.cells.get(column, "")


class Sheet:
    """One CSV, read once."""

    def __init__(self, raw: bytes, source: Source, columns: tuple[str, ...], needed: frozenset[str]) -> None:
        self._source = source
        self._refused: list[Refused] = []
        self._text = _text(raw)
        self._columns = columns
        self._needed = needed

    def each(self, take: Callable[[Row], None]) -> tuple[Refused, ...]:
        """Hand over every line; one for which `take` raises ContentError is refused. All refused lines."""
        for row in self._rows():
            try:
                take(row)
            except ContentError as error:
                self._refuse(row.line, str(error))
        return tuple(self._refused)

    def _rows(self) -> Iterator[Row]:
        header: tuple[str, ...] = ()
        for line, cells in self._lines():
            if not any(cells) or cells[0].startswith("#"):
                continue
            if not header:
                header = tuple(cell.lower() for cell in cells)
                if not self._is_usable(line, header):
                    return
            elif len(cells) > len(header) and any(cells[len(header) :]):
                self._refuse(line, "more cells than columns")
            elif problem := next(filter(None, map(_problem, cells)), None):
                self._refuse(line, problem)
            else:
                yield Row(line, dict(zip(header, cells, strict=False)))

    def _refuse(self, line: int, reason: str) -> None:
        if len(self._refused) < REFUSALS_KEPT:
            self._refused.append(Refused(self._source.name, line, reason))

    def _is_usable(self, line: int, header: tuple[str, ...]) -> bool:
        for name in header:
            if name not in self._columns:
                self._refuse(line, f"unknown column {name[:40]!r}; known are {', '.join(self._columns)}")
        missing = self._needed - set(header)
        if missing:
            self._refuse(line, f"no column {' or '.join(sorted(missing))}; nothing of this file is used")
        return not missing

    def _lines(self) -> Iterator[tuple[int, list[str]]]:
        text = io.StringIO(self._text, newline="")
        delimiter = _delimiter(text)
        begun = text.tell() and 1  # a spreadsheet's "sep=;" stands in a line of its own
        reader = csv.reader(text, delimiter=delimiter, strict=True)
        while True:
            line = begun + reader.line_num + 1
            try:
                cells = next(reader, None)
            except csv.Error as error:
                self._refuse(line, f"broken CSV: {error}")
                continue
            if cells is None:
                return
            yield line, [cell.strip() for cell in cells]


def unusable(reason: str, text: str) -> ContentError:
    """The error for a cell that says nothing usable, with what it says."""
    return ContentError(f"{reason}: {text[:60]!r}")


def _text(raw: bytes) -> str:
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return raw.decode("utf-16", errors="replace")
    return text_of(raw.removeprefix(codecs.BOM_UTF8))


def _delimiter(text: io.StringIO) -> str:
    """As a spreadsheet's "sep=;" says, which is then behind us, else the one the header has most of."""
    first = text.readline()
    if first[:4].lower() == "sep=" and first[4:5] in set(_DELIMITERS):
        return first[4:5]
    text.seek(0)
    header = next((line for line in text if line.strip() and not line.startswith("#")), "")
    text.seek(0)
    return max(_DELIMITERS, key=header.count)


def _problem(cell: str) -> str | None:
    if len(cell) > _LONGEST:
        return f"a cell of more than {_LONGEST} characters"
    return None if cell.isprintable() else "a character that cannot be shown"
