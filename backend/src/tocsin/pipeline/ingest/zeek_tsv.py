"""Zeek's tab-separated logs: each row becomes the object that Zeek's JSON writer would have written."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from math import isfinite

from tocsin.core.event import Fields, Json
from tocsin.pipeline.ingest.lines import lines
from tocsin.pipeline.ingest.types import Frame, Reader, Record, Rejected, rejected

_MARK = b"#separator "
_MOST_COLUMNS = 1000
_ESCAPE = re.compile(r"\\x([0-9a-fA-F]{2})")
_WHOLE = re.compile(r"-?[0-9]{1,19}")
_NUMBER = re.compile(r"-?[0-9]{1,20}(?:\.[0-9]{1,30})?(?:[eE][-+]?[0-9]{1,3})?")
_ELEMENTS = re.compile(r"(?:set|vector|list)\[(\w+)\]")


def is_zeek_tsv(head: bytes) -> bool:
    return head.startswith(_MARK)


def zeek_rows(reader: Reader, source: str) -> Iterator[Frame]:
    """`raw` is the row, `document` its fields by the header's names and types, with the log's name under `_path`. Unset
    fields are left out. A header holds until the next, so logs may be strung together."""
    header = _Header()
    for frame in lines(reader, source):
        if isinstance(frame, Rejected):
            yield frame
        elif frame.raw[:1] == b"#":
            header = header.with_line(_text(frame.raw))
        else:
            yield header.row(frame, source)


class _Header:
    """The header lines before a row."""

    def __init__(self) -> None:
        self._separator = "\t"
        self._between = ","
        self._empty = "(empty)"
        self._unset = "-"
        self._path = ""
        self._names: list[str] = []
        self._readers: list[Callable[[str], Json]] = []

    def with_line(self, line: str) -> _Header:
        """This header and one more line of it; a separator starts another."""
        if line.startswith("#separator "):
            header = _Header()
            header._separator = _unescaped(line[11:].strip()) or "\t"
            return header
        name, _, value = line.partition(self._separator)
        match name:
            case "#set_separator":
                self._between = value or ","
            case "#empty_field":
                self._empty = value
            case "#unset_field":
                self._unset = value
            case "#path":
                self._path = value
            case "#fields":
                self._names = value.split(self._separator)[:_MOST_COLUMNS]
                self._readers = []
            case "#types":
                self._readers = [self._reader(kind) for kind in value.split(self._separator)[:_MOST_COLUMNS]]
            case _:
                pass
        return self

    def row(self, record: Record, source: str) -> Frame:
        """The record with its document."""
        values = _text(record.raw).split(self._separator)
        if not self._names:
            return rejected(source, record.position, "line", "Zeek: a row without a header", raw=record.raw)
        if len(values) != len(self._names):
            detail = f"{len(values)} values for {len(self._names)} fields"
            return rejected(source, record.position, "line", "Zeek: a row does not fit its header", detail, record.raw)
        readers = self._readers if len(self._readers) == len(values) else [_unescaped] * len(values)
        document: Fields = {"_path": self._path} if self._path else {}
        for name, read, value in zip(self._names, readers, values, strict=True):
            if value != self._unset:
                document[name] = read(value)
        return record._replace(document=document)

    def _reader(self, kind: str) -> Callable[[str], Json]:
        elements = _ELEMENTS.fullmatch(kind)
        if elements is None:
            return _READERS.get(kind, self._text)
        read = _READERS.get(elements[1], _unescaped)
        return lambda value: [] if value == self._empty else [read(one) for one in value.split(self._between)]

    def _text(self, value: str) -> Json:
        return "" if value == self._empty else _unescaped(value)


def _text(raw: bytes) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def _unescaped(value: str) -> str:
    if "\\x" not in value:
        return value
    # the escapes are bytes of UTF-8; other characters stand for themselves
    parts = _ESCAPE.split(value)
    data = b"".join(
        bytes((int(part, 16),)) if place % 2 else part.encode("utf-8", "replace") for place, part in enumerate(parts)
    )
    return data.decode("utf-8", "backslashreplace")


def _number(value: str) -> Json:
    if _NUMBER.fullmatch(value) and isfinite(found := float(value)):
        return found
    return value


def _whole(value: str) -> Json:
    return int(value) if _WHOLE.fullmatch(value) else value


def _truth(value: str) -> Json:
    return {"T": True, "F": False}.get(value, value)


_READERS: dict[str, Callable[[str], Json]] = {
    "time": _number,
    "interval": _number,
    "double": _number,
    "count": _whole,
    "int": _whole,
    "port": _whole,
    "bool": _truth,
}
