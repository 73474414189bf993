"""Windows events as XML text, as wevtutil, the event viewer and forwarders export them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.parsers import expat

from tocsin.core.errors import RecordError
from tocsin.core.event import Fields, Json
from tocsin.pipeline.ingest.types import LONGEST_RECORD, Frame, Reader, Record, rejected

_CHUNK = 1 << 18
_DEEPEST = 64
_START = re.compile(rb"<Event[\s>]")
_LONGEST_START = 7
_END = b"</Event>"
_BETWEEN = re.compile(rb"(?:\s++|<\?xml[^<>]*+>|</?Events[^<>]*+>|<!--[^>]*+>)*+")
_FORBIDDEN = re.compile(
    rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|&#(?:0*+(?:[0-8]|1[124-9]|2\d|3[01])|[xX]0*+(?:[0-8bcefBCEF]|1[0-9a-fA-F]));"
)
_REPLACEMENT = "\ufffd".encode()


def is_event_xml(head: bytes) -> bool:
    start = head.lstrip()
    return start.startswith((b"<Event>", b"<Event ", b"<Events")) or (
        start.startswith(b"<?xml") and (b"<Event " in start or b"<Event>" in start or b"<Events" in start)
    )


def xml_events(reader: Reader, source: str) -> Iterator[Frame]:
    """`raw` is the <Event> element, `document` its content: attributes under `#attributes`, text beside them under
    `#text`, elements that repeat as a list. A document type cannot occur inside an element, so neither can entities."""
    for position, (raw, whole) in enumerate(_elements(reader), start=1):
        if len(raw) > LONGEST_RECORD:
            yield rejected(source, position, "record", "record too long", raw=raw)
        elif not whole:
            yield rejected(source, position, "record", "broken XML", "no event, or one without its end", raw)
        else:
            yield _frame(raw, position, source)


def _frame(raw: bytes, position: int, source: str) -> Frame:
    try:
        return Record(raw, position, "record", _document(raw))
    except RecordError as error:
        return rejected(source, position, "record", error.reason, error.detail, raw)


def _elements(reader: Reader) -> Iterator[tuple[bytes, bool]]:
    """Each event, and each stretch that should not be there; longer ones than a record may be come cut."""
    buffer = b""
    while chunk := reader.read(_CHUNK):
        buffer += chunk
        at = 0
        while (found := _next(buffer, at)) is not None:
            start, end, whole = found
            if not whole and _BETWEEN.fullmatch(buffer, start, end):
                at = end
                continue
            yield buffer[start:end], whole
            at = end
        buffer = buffer[at:]
        if len(buffer) > LONGEST_RECORD:
            yield buffer, False
            buffer = _from_next_start(reader)
    if buffer.strip() and not _BETWEEN.fullmatch(buffer):
        yield buffer, False


def _next(buffer: bytes, at: int) -> tuple[int, int, bool] | None:
    """Where the next event or the stretch before it lies; None where more must be read to know."""
    start = _START.search(buffer, at)
    if start is None:
        return None
    if start.start() > at:
        return at, start.start(), False
    following = _START.search(buffer, start.end())
    limit = following.start() if following else len(buffer)
    end = buffer.find(_END, start.end(), limit)
    if end >= 0:
        return at, end + len(_END), True
    return (at, limit, False) if following else None


def _from_next_start(reader: Reader) -> bytes:
    """What follows the overlong stretch that the reader is inside of."""
    kept = b""
    while chunk := reader.read(_CHUNK):
        kept += chunk
        start = _START.search(kept)
        if start:
            return kept[start.start() :]
        kept = kept[-_LONGEST_START:]
    return b""


def _document(raw: bytes) -> Fields:
    try:
        return _parsed(raw)
    except expat.ExpatError as error:
        first = error
    try:
        # Windows writes control characters that XML forbids, and some tools write another encoding than they say
        return _parsed(_FORBIDDEN.sub(_REPLACEMENT, _as_utf8(raw)))
    except expat.ExpatError:
        raise RecordError("broken XML", expat.errors.messages[first.code]) from first


def _as_utf8(raw: bytes) -> bytes:
    try:
        raw.decode()
    except UnicodeDecodeError:
        return raw.decode("latin-1").encode()
    return raw


def _parsed(raw: bytes) -> Fields:
    tree = _Tree()
    parser = expat.ParserCreate("utf-8")
    parser.buffer_text = True
    parser.StartElementHandler = tree.start
    parser.EndElementHandler = tree.end
    parser.CharacterDataHandler = tree.text
    parser.Parse(raw, True)
    return tree.whole


class _Tree:
    """Builds the document as the parser goes along."""

    def __init__(self) -> None:
        self.whole: Fields = {}
        self._open: list[tuple[str, Fields, list[str]]] = [("", self.whole, [])]

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if len(self._open) > _DEEPEST:
            raise RecordError("nested too deeply", f"over {_DEEPEST} levels")
        element: Fields = {}
        if attributes:
            element["#attributes"] = dict(attributes)
        self._open.append((name, element, []))

    def end(self, name: str) -> None:
        _, element, texts = self._open.pop()
        text = "".join(texts)
        value: Json = element
        if text.strip():
            if element:
                element["#text"] = text
            else:
                value = text
        elif not element:
            value = text or None
        _put(self._open[-1][1], name, value)

    def text(self, data: str) -> None:
        self._open[-1][2].append(data)


def _put(holder: Fields, name: str, value: Json) -> None:
    if name not in holder:
        holder[name] = value
        return
    before = holder[name]
    if isinstance(before, list):
        before.append(value)
    else:
        holder[name] = [before, value]
