"""From the bytes of a record to text or to a JSON object, or the reason why not."""

from __future__ import annotations

import re

import orjson

from tocsin.core.errors import RecordError
from tocsin.core.event import Fields, Json

DEEPEST = 64
"""Levels of nesting: what is deeper is an attack on whoever walks it."""

_BLANK = b" \t\0"
_SURROGATE = re.compile(
    r"\\\\|\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(\\u[dD][89a-fA-F][0-9a-fA-F]{2})"
)
"""A backslash, a pair, or half of one."""


def is_document(raw: bytes) -> bool:
    """Whether it starts as a JSON object does."""
    return raw[:1] == b"{" or raw.lstrip(_BLANK)[:1] == b"{"


def document_of(raw: bytes) -> Fields:
    """The JSON object in `raw`; of a key that stands twice the last value counts. Raises RecordError."""
    try:
        value: Json = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        value = _second_try(raw, error)
    if not isinstance(value, dict):
        raise RecordError("not a JSON object")
    # most records are flat, and most of the others have too few brackets to nest too deeply
    flat = raw.find(b"{", 1) < 0 and raw.find(b"[") < 0
    if not flat and _brackets(raw) > DEEPEST and depth(value) > DEEPEST:
        raise RecordError("nested too deeply", f"over {DEEPEST} levels")
    return value


def text_of(raw: bytes) -> str:
    """UTF-8, else Latin-1, which has a character for every byte. NULs around the text (a log's end after a crash) go."""
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        text = raw.decode("latin-1")
    return text.strip("\0") if "\0" in text else text


def depth(value: Json) -> int:
    """How many containers deep it is; not recursive, and no deeper than it must look."""
    level: list[Json] = [value]
    count = 0
    while count <= DEEPEST:
        inner: list[Json] = []
        for item in level:
            if isinstance(item, dict):
                inner.extend(item.values())
            elif isinstance(item, list):
                inner.extend(item)
        if not any(isinstance(item, dict | list) for item in level):
            return count
        count += 1
        level = inner
    return count


def _brackets(raw: bytes) -> int:
    return len(raw) - len(raw.replace(b"{", b"").replace(b"[", b""))  # quicker than count, which looks at each byte


def _second_try(raw: bytes, error: orjson.JSONDecodeError) -> Json:
    """Bytes that are no UTF-8 are read as Latin-1, NULs around the object go, halves of surrogate pairs (bytes that some
    Python program could not decode) become U+FFFD; all else stays broken."""
    text = _SURROGATE.sub(lambda found: "\\ufffd" if found[1] else found[0], text_of(raw))
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        raise RecordError("broken JSON", f"{error.msg} at byte {error.pos}") from error
