"""Reads quoted values as web servers write them: \\" and \\\\ by Apache, \\x22 by both."""

from __future__ import annotations

import re

_QUOTED = re.compile(r"(?:[^\"\\]++|\\.)*+\"", re.DOTALL)
_ESCAPE = re.compile(rb"\\(?:x([0-9A-Fa-f]{2})|(.))", re.DOTALL)
_NAMED = {b"n": b"\n", b"t": b"\t", b"r": b"\r", b"b": b"\b", b"v": b"\v", b"f": b"\f", b"a": b"\a"}


def end_of_quoted(text: str) -> int:
    """Where the quotation mark stands that closes a value which begins at 0; -1 without one."""
    found = _QUOTED.match(text)
    return -1 if found is None else found.end() - 1


def unescaped(text: str) -> str:
    """The bytes that the client sent, as UTF-8; what is not UTF-8 becomes U+FFFD."""
    if "\\" not in text:
        return text
    return _ESCAPE.sub(_meant, text.encode("utf-8", "replace")).decode("utf-8", "replace")


def _meant(found: re.Match[bytes]) -> bytes:
    if found[1] is not None:
        return bytes((int(found[1], 16),))
    return _NAMED.get(found[2], found[2])
