"""Finds where a JSON value ends, over any number of reads, by its brackets and strings."""

from __future__ import annotations

import re
from typing import Literal

# a run swallows everything up to the next bracket, whole strings included: nearly all of a record in one step
_RUN = re.compile(rb'(?:[^"{}\[\]]++|"(?:[^"\\\n]++|\\[^\n])*+")*+')
_TO_BRACKET = re.compile(_RUN.pattern + rb"([{}\[\]])")
_STRING = re.compile(rb'(?:[^"\\\n]++|\\[^\n])*+')
_OPENING = b"{["

State = Literal["done", "more", "broken"]


class Scan:
    """The state of a scan from a value's first bracket on; no byte is looked at twice."""

    def __init__(self) -> None:
        self._depth = 0
        self._in_string = False

    def on(self, data: bytes, at: int) -> tuple[State, int]:
        """Goes on at `at`: to the value's end, to the end of the data, or to a line's end inside a string, which no
        JSON has."""
        while True:
            if self._in_string:
                at = self._rest_of_string(data, at)
                if self._in_string:
                    return ("more" if at >= len(data) - 1 and data[at:] in {b"", b"\\"} else "broken"), at
            found = _TO_BRACKET.match(data, at)
            if found is None:
                at = self._run(data, at)
                if not self._in_string:
                    return "more", at
                continue
            at = found.end()
            self._depth += 1 if found[1] in _OPENING else -1
            if self._depth <= 0:
                return "done", at

    def _run(self, data: bytes, at: int) -> int:
        """To the end of the data, or into the string that it cuts."""
        found = _RUN.match(data, at)
        at = found.end() if found else at
        if at < len(data):
            self._in_string = True
            return at + 1
        return at

    def _rest_of_string(self, data: bytes, at: int) -> int:
        found = _STRING.match(data, at)
        at = found.end() if found else at
        if data[at : at + 1] == b'"':
            self._in_string = False
            return at + 1
        return at
