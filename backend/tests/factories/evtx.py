"""Writes Windows event logs (EVTX): binary XML with one template a set of data names, as Windows lays it out."""

from __future__ import annotations

import struct
from collections.abc import Callable, Sequence
from typing import NamedTuple
from zlib import crc32

CHUNK = 1 << 16
FILE_HEADER = 4096

_HEADER = 512
_FRAGMENT = b"\x0f\x01\x01\x00"
_TEXT, _U16, _U64, _FILETIME, _BINARY_XML = 0x01, 0x06, 0x0A, 0x11, 0x21
_BETWEEN_EPOCHS = 116_444_736_000_000_000  # 1601 to 1970 in units of 100 ns

_Content = bytes | Callable[[int], bytes] | None


class LogRecord(NamedTuple):
    """One record of a log."""

    record_id: int
    data: dict[str, str]
    event_id: int = 1
    provider: str = "Microsoft-Windows-Sysmon"
    channel: str = "Microsoft-Windows-Sysmon/Operational"
    computer: str = "ws1.corp.example"
    time: int = 1_795_411_308_000_000_000


def evtx(*chunks: Sequence[LogRecord]) -> bytes:
    """A log with these chunks, at most 64 KiB each."""
    head = b"ElfFile\0" + struct.pack("<QQQIHHHH", 0, len(chunks) - 1, 1, 128, 1, 3, FILE_HEADER, len(chunks))
    head = head.ljust(120, b"\0")
    head += struct.pack("<II", 0, crc32(head))
    return head.ljust(FILE_HEADER, b"\0") + b"".join(chunk(records) for records in chunks)


def chunk(records: Sequence[LogRecord]) -> bytes:
    """One chunk, its checksums right."""
    written = b""
    last = _HEADER
    templates: dict[tuple[str, ...], int] = {}
    for record in records:
        last = _HEADER + len(written)
        written += _record(record, last, templates)
    return _sealed(written, [record.record_id for record in records] or [0], last)


def _sealed(records: bytes, ids: Sequence[int], last: int) -> bytes:
    free = _HEADER + len(records)
    assert free <= CHUNK, "too many records for a chunk"
    head = b"ElfChnk\0" + struct.pack("<QQQQIIII", ids[0], ids[-1], ids[0], ids[-1], 128, last, free, crc32(records))
    tables = bytes(_HEADER - 128)
    head = head.ljust(120, b"\0") + struct.pack("<II", 0, crc32(tables, crc32(head.ljust(120, b"\0")))) + tables
    return (head + records).ljust(CHUNK, b"\0")


def multiplying(times: int, levels: int) -> bytes:
    """A log with one record whose text stands `times` to the power of `levels` times in it: a template that shows its
    one value so many times, with itself as the value."""
    start = _HEADER + 24 + len(_FRAGMENT) + 2 + 4 + 4
    shown = b"".join(b"\x0e" + struct.pack("<HB", 0, _BINARY_XML) for _ in range(times))
    content = _FRAGMENT + element(start + 24 + len(_FRAGMENT), "A", {}, shown) + b"\0"
    definition = struct.pack("<I", 0) + bytes(16) + struct.pack("<I", len(content)) + content

    instance = _FRAGMENT + b"\x0c\x01" + struct.pack("<II", 0, start)
    value, kind = "ha".encode("utf-16-le"), _TEXT
    for _ in range(levels - 1):
        value = instance + struct.pack("<IHBB", 1, len(value), kind, 0) + value + b"\0"
        kind = _BINARY_XML
    body = instance + definition + struct.pack("<IHBB", 1, len(value), kind, 0) + value
    size = 24 + len(body) + 4
    record = struct.pack("<4sIQQ", b"**\0\0", size, 1, _BETWEEN_EPOCHS) + body + struct.pack("<I", size)
    return evtx([])[:FILE_HEADER] + _sealed(record, [1], _HEADER)


def _record(record: LogRecord, start: int, templates: dict[tuple[str, ...], int]) -> bytes:
    names = (record.provider, record.channel, record.computer, *record.data)
    at = start + 24
    body = _FRAGMENT + b"\x0c\x01" + struct.pack("<I", crc32("|".join(names).encode()))
    at += len(body) + 4
    known = templates.get(names)
    body += struct.pack("<I", known or at)
    if known is None:
        templates[names] = at
        body += _Template(record).definition(at)
    body += _values(record)
    size = 24 + len(body) + 4
    filetime = record.time // 100 + _BETWEEN_EPOCHS
    return struct.pack("<4sIQQ", b"**\0\0", size, record.record_id, filetime) + body + struct.pack("<I", size)


def _values(record: LogRecord) -> bytes:
    values = [
        (_U16, struct.pack("<H", record.event_id)),
        (_FILETIME, struct.pack("<Q", record.time // 100 + _BETWEEN_EPOCHS)),
        (_U64, struct.pack("<Q", record.record_id)),
        *((_TEXT, text.encode("utf-16-le", "surrogatepass")) for text in record.data.values()),
    ]
    described = b"".join(struct.pack("<HBB", len(data), kind, 0) for kind, data in values)
    return struct.pack("<I", len(values)) + described + b"".join(data for _, data in values)


class _Template:
    """The definition that a template's first record carries; names stand where they are first used."""

    def __init__(self, record: LogRecord) -> None:
        self._record = record

    def definition(self, at: int) -> bytes:
        content_at = at + 24
        content = _FRAGMENT + self._event(content_at + len(_FRAGMENT)) + b"\0"
        guid = crc32(content).to_bytes(4, "little") * 4
        return struct.pack("<I", 0) + guid + struct.pack("<I", len(content)) + content

    def _event(self, at: int) -> bytes:
        def content(at: int) -> bytes:
            system = element(at, "System", {}, self._system)
            return system + element(at + len(system), "EventData", {}, self._data)

        namespace: dict[str, str | bytes] = {"xmlns": "http://schemas.microsoft.com/win/2004/08/events/event"}
        return element(at, "Event", namespace, content)

    def _system(self, at: int) -> bytes:
        record = self._record
        parts: list[tuple[str, dict[str, str | bytes], _Content]] = [
            ("Provider", {"Name": record.provider}, None),
            ("EventID", {}, _substituted(0, _U16)),
            ("TimeCreated", {"SystemTime": _substituted(1, _FILETIME)}, None),
            ("EventRecordID", {}, _substituted(2, _U64)),
            ("Channel", {}, _text(record.channel)),
            ("Computer", {}, _text(record.computer)),
        ]
        written = b""
        for name, attributes, content in parts:
            written += element(at + len(written), name, attributes, content)
        return written

    def _data(self, at: int) -> bytes:
        written = b""
        for place, name in enumerate(self._record.data, start=3):
            written += element(at + len(written), "Data", {"Name": name}, _substituted(place, _TEXT))
        return written


def element(at: int, name: str, attributes: dict[str, str | bytes], content: _Content) -> bytes:
    """An element that begins at `at`: its content as bytes, as a function of where that begins, or None."""
    head = 1 + 2 + 4
    tag = _name(at + head, name)
    listed = b""
    if attributes:
        listed_at = at + head + len(tag) + 4
        for place, (key, value) in enumerate(attributes.items(), start=1):
            token = b"\x06" if place == len(attributes) else b"\x46"
            listed += token + _name(listed_at + len(listed) + 1, key)
            listed += value if isinstance(value, bytes) else _text(value)
        listed = struct.pack("<I", len(listed)) + listed
    inner_at = at + head + len(tag) + len(listed) + 1
    inner = b"\x03"
    if content is not None:
        inner = b"\x02" + (content if isinstance(content, bytes) else content(inner_at)) + b"\x04"
    body = tag + listed + inner
    return (b"\x41" if attributes else b"\x01") + struct.pack("<HI", 0xFFFF, len(body)) + body


def _name(at: int, name: str) -> bytes:
    """Its own place, so that it is read right here."""
    code = 0
    for letter in name:
        code = (code * 65599 + ord(letter)) & 0xFFFFFFFF
    return struct.pack("<IIHH", at + 4, 0, code & 0xFFFF, len(name)) + name.encode("utf-16-le") + b"\0\0"


def _text(value: str) -> bytes:
    return b"\x05\x01" + struct.pack("<H", len(value)) + value.encode("utf-16-le")


def _substituted(place: int, kind: int) -> bytes:
    return b"\x0e" + struct.pack("<HB", place, kind)
