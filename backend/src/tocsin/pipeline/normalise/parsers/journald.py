"""Entries of systemd's journal, as `journalctl -o json` writes them; its audit records are audit events."""

from __future__ import annotations

from typing import ClassVar

from tocsin.core.clock import Nanoseconds
from tocsin.core.errors import RecordError
from tocsin.core.event import Fields, Json, Origin
from tocsin.core.text import text
from tocsin.pipeline.normalise.parsers.audit_event import described
from tocsin.pipeline.normalise.parsers.audit_record import read_record
from tocsin.pipeline.normalise.parsers.programs import understand
from tocsin.pipeline.normalise.times import epoch_time
from tocsin.pipeline.normalise.types import Parsed

_OURS = ("__REALTIME_TIMESTAMP", "__CURSOR", "_TRANSPORT", "_HOSTNAME", "_BOOT_ID")
_TIMES = ("__REALTIME_TIMESTAMP", "_SOURCE_REALTIME_TIMESTAMP")


class Journald:
    """What programs wrote to syslog, the journal, the kernel's buffer or their standard output."""

    shape: ClassVar[str] = "journald"

    def recognises(self, document: Fields) -> bool:
        return _is_journal(document) and document.get("_TRANSPORT") != "audit"

    def parse(self, document: Fields, origin: Origin) -> Parsed:
        message = _message(document)
        program = document.get("SYSLOG_IDENTIFIER") or document.get("_COMM")
        said = understand(program if isinstance(program, str) else "", message)
        return Parsed(said.kind, {**said.fields, **document, "MESSAGE": message}, _time(document), _cursor(document))


class JournaldAudit:
    """What the kernel's audit system told the journal: one entry a record."""

    shape: ClassVar[str] = "journald-audit"

    def recognises(self, document: Fields) -> bool:
        return _is_journal(document) and document.get("_TRANSPORT") == "audit"

    def parse(self, document: Fields, origin: Origin) -> Parsed:
        """MESSAGE is the type of the record, a space and its body."""
        message = _message(document)
        first, _, body = message.partition(" ")
        name = document.get("_AUDIT_TYPE_NAME")
        type_name = name if isinstance(name, str) else first
        if type_name.startswith("AUDIT") and type_name[5:].isdigit():  # the journal knows no name
            type_name = type_name[5:]
        fields: Fields = {"serial": text(document.get("_AUDIT_ID"))}
        kind = described([read_record(type_name, body, encoded=True)], fields)
        return Parsed(kind, {**fields, **document, "MESSAGE": message}, _time(document), _cursor(document))


def _is_journal(document: Fields) -> bool:
    return "MESSAGE" in document and any(name in document for name in _OURS)


def _message(document: Fields) -> str:
    """Bytes that are not text come as an array of numbers, a field given twice as an array of its values, and one that
    is too long for journalctl as null."""
    value = document["MESSAGE"]
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        data = _bytes(value)
        return text(value) if data is None else data.decode("utf-8", "replace")
    return text(value)


def _bytes(values: list[Json]) -> bytes | None:
    numbers = [one for one in values if isinstance(one, int) and not isinstance(one, bool) and 0 <= one < 256]
    return bytes(numbers) if len(numbers) == len(values) else None


def _time(document: Fields) -> Nanoseconds | None:
    """Microseconds since 1970, as text."""
    value = next((document[name] for name in _TIMES if name in document), None)
    if value is None:
        return None
    if not isinstance(value, str | int | float) or isinstance(value, bool):
        raise RecordError("impossible time")
    try:
        return epoch_time(value)
    except ValueError as error:
        raise RecordError("impossible time") from error


def _cursor(document: Fields) -> str:
    cursor = document.get("__CURSOR")
    return cursor if isinstance(cursor, str) else ""
