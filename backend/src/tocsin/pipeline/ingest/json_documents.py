"""JSON that is not one record a line: arrays, objects spread over lines, one after the other, or in a wrapper."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

import orjson

from tocsin.pipeline.ingest.json_scan import Scan
from tocsin.pipeline.ingest.types import LONGEST_RECORD, Frame, Reader, Record, rejected

_CHUNK = 1 << 18
_LOOK_AHEAD = 1 << 14
_DEEPEST = 8
_FREE_WASTE = 8 << 20
_WASTE = 2

_BLANK = re.compile(rb"[\s,]*+")
_ARRAY = re.compile(rb"\[\s*(?:[{\[]|\]\s*\Z|[^\w\s][^\n]*\}\s*,\s*\{\s*\")")
_SCALAR = rb'(?:"[^"\\\n]{0,2000}"|[-+.\w]{1,40})'
_WRAPPER = re.compile(
    rb'\{\s*(?:"(?:@odata\.\w{1,40}|source_type|hostname|count|total|status|kind|etag|next|nextToken|next_cursor)"'
    rb"\s*:\s*" + _SCALAR + rb"\s*,\s*){0,8}"
    rb'"(?:Records|records|value|events|Events)"\s*:\s*\[\s*(?=[{\]])'
)
"""What is known to be wrapped around records and to say nothing of any one of them: CloudTrail's files, Microsoft
Graph's answers, what our own API takes."""
_WRAPPER_END = re.compile(rb'\s*(?:,\s*"[^"\\\n]{1,100}"\s*:\s*' + _SCALAR + rb"\s*){0,8}\}")
_BOUNDARY = re.compile(rb'(?:[,}]\s*|\n)(?=\{\s*")')
_OPENING = re.compile(rb'\{\s*"([^"\\\n]{1,200})"')
_MOST_OPENINGS = 64

_Fate = Literal["done", "broken", "long"]


def is_json_documents(head: bytes) -> bool:
    """False for one object a line, which are lines."""
    start = head.lstrip()
    if start[:1] == b"[":
        return _ARRAY.match(start) is not None
    if start[:1] != b"{":
        return False
    if _WRAPPER.match(start):
        return True
    line, end, rest = start.partition(b"\n")
    goes_on = line.rstrip().endswith(b"[") or rest.lstrip()[:1] in {b'"', b"}", b"]"}
    return bool(end) and goes_on and Scan().on(line, 0)[0] == "more"


def json_documents(reader: Reader, source: str) -> Iterator[Frame]:
    """Each object, at whatever level of arrays and known wrappers it stands; `raw` as it was written. After a broken
    one it goes on where the next seems to begin."""
    return _Splitter(reader, source).frames()


class _Splitter:
    def __init__(self, reader: Reader, source: str) -> None:
        self._reader = reader
        self._source = source
        self._data = b""
        self._at = 0
        self._ended = False
        self._gone = 0
        """Bytes before the data at hand."""
        self._wasted = 0
        """Bytes looked at again after something broken."""
        self._position = 0
        self._levels: list[bool] = []
        """Open arrays; True for one inside a wrapper."""
        self._openings: dict[bytes, None] = {}
        """First keys of the records here: where one opens an object is a good place to go on after a broken record."""
        self._nested = False
        """Records here hold lists of objects, which look like lists of records."""

    def frames(self) -> Iterator[Frame]:
        while self._to_next():
            first = self._data[self._at : self._at + 1]
            if first == b"{":
                frame = self._wrapper_or_record()
                if frame:
                    yield frame
            elif first == b"[" and len(self._levels) < _DEEPEST:
                self._levels.append(False)
                self._at += 1
            elif first == b"]" and self._levels:
                self._leave()
            else:
                line_end = self._data.find(b"\n", self._at)
                yield self._broken("not a JSON object", len(self._data), line_end)

    def _to_next(self) -> bool:
        """Past blanks and commas to the next byte, with enough behind it to see what it begins; False at the end."""
        while True:
            blank = _BLANK.match(self._data, self._at)
            self._at = blank.end() if blank else self._at
            if self._ended or len(self._data) - self._at >= _LOOK_AHEAD:
                return self._at < len(self._data)
            self._more()

    def _more(self) -> bool:
        """Read on; what stands before the place we are at goes."""
        chunk = self._reader.read(_CHUNK)
        self._ended = not chunk
        self._gone += self._at
        self._data = self._data[self._at :] + chunk
        self._at = 0
        return not self._ended

    def _leave(self) -> None:
        self._at += 1
        if self._levels.pop() and (end := _WRAPPER_END.match(self._data, self._at)):
            self._at = end.end()

    def _wrapper_or_record(self) -> Frame | None:
        if not self._levels and (wrapper := _WRAPPER.match(self._data, self._at)):
            self._at = wrapper.end()
            self._levels.append(True)
            return None
        scan = Scan()
        fate, end = self._scanned(scan)
        raw = self._data[self._at : end]
        if fate == "done" and self._is_sound(raw):
            self._at = end
            self._position += 1
            return Record(raw, self._position, "record")
        if fate == "long" and not self._like(end):
            self._pass(scan, end)
            return self._rejected("record too long", raw)
        return self._broken("broken JSON", end)

    def _scanned(self, scan: Scan) -> tuple[_Fate, int]:
        """How the object at hand ends, and where in the data."""
        end = self._at
        while True:
            state, end = scan.on(self._data, end)
            if state != "more":
                return state, end
            if end - self._at > LONGEST_RECORD:
                return "long", end
            end -= self._at
            if not self._more():
                return "broken", len(self._data)

    def _pass(self, scan: Scan, end: int) -> None:
        """Past an object that is too long to keep."""
        state = "more"
        while state == "more":
            self._at = end
            if not self._more():
                return
            state, end = scan.on(self._data, 0)
        self._at = end

    def _broken(self, reason: str, end: int, otherwise: int = -1) -> Frame:
        """Goes on where a record seems to begin before `end`, else at `end` or `otherwise`. Looking is paid for by what
        was read: else a sender could make us look from each byte to the last."""
        start, go_on = self._at, max(end if otherwise < 0 else otherwise, self._at + 1)
        if self._wasted <= _FREE_WASTE + _WASTE * (self._gone + start):
            found = self._like(end) if self._nested else None
            found = found or _BOUNDARY.search(self._data, start + 1, end + 1)
            go_on = found.end() if found else go_on
            self._wasted += end - start
        self._at = go_on
        return self._rejected(reason, self._data[start : self._at])

    def _like(self, end: int) -> re.Match[bytes] | None:
        if not self._openings:
            return None
        keys = b"|".join(map(re.escape, self._openings))
        like = re.compile(rb'[}\]\s,]\s*(?=\{\s*"(?:' + keys + rb')")')
        found = like.search(self._data, self._at + 1, end + _LOOK_AHEAD)
        return found if found and found.start() <= end else None

    def _is_sound(self, raw: bytes) -> bool:
        """What could be several records that a lost bracket or quote runs together is worth a look inside."""
        if len(raw) > LONGEST_RECORD:
            return False
        if _BOUNDARY.search(raw):
            try:
                orjson.loads(raw)
            except orjson.JSONDecodeError:
                return False
            self._nested = True
        if len(self._openings) < _MOST_OPENINGS and (opening := _OPENING.match(raw)):
            self._openings[opening[1]] = None
        return True

    def _rejected(self, reason: str, raw: bytes) -> Frame:
        self._position += 1
        return rejected(self._source, self._position, "record", reason, raw=raw)
