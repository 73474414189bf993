"""Events of the Linux audit system: the records of one event as one set of fields, decoded."""

from __future__ import annotations

import re
from typing import ClassVar, NamedTuple

from tocsin.core.clock import SECOND, Nanoseconds
from tocsin.core.errors import RecordError
from tocsin.core.event import Fields, Origin
from tocsin.pipeline.normalise.parsers.audit_event import described
from tocsin.pipeline.normalise.parsers.audit_line import AuditLine, find_audit_line, is_separator
from tocsin.pipeline.normalise.parsers.audit_record import read_record
from tocsin.pipeline.normalise.parsers.syslog_time import place, read_stamp
from tocsin.pipeline.normalise.types import Parsed

_STAMP = re.compile(r"(\d{1,11})\.(\d{3})", re.ASCII)
_SHOWN = re.compile(r"(\d\d)/(\d\d)/(\d{2}|\d{4}) (\d\d:\d\d:\d\d\.\d{3})", re.ASCII)
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class AuditEvents:
    """One event: the lines that share a time and a serial number, with newlines between."""

    shape: ClassVar[str] = "auditd"

    def recognises(self, line: str) -> bool:
        first, _, _ = line.partition("\n")
        return is_separator(first) or find_audit_line(first) is not None

    def parse(self, line: str, origin: Origin) -> Parsed:
        parts = [_Part(found, one[found.body :]) for one in line.split("\n") if (found := find_audit_line(one))]
        if not parts:
            raise RecordError("no audit record")
        head = parts[0].head
        encoded = "/" not in head.stamp
        fields: Fields = {"serial": head.serial}
        if head.node:
            fields["node"] = head.node
        kind = described([read_record(one.type, one.body, encoded=encoded) for one in _records(parts)], fields)
        identity = f"{head.node}|{head.stamp}:{head.serial}"
        return Parsed(kind, fields, _time(head.stamp, origin), identity)


class _Part(NamedTuple):
    head: AuditLine
    body: str

    @property
    def type(self) -> str:
        return self.head.type


def _records(parts: list[_Part]) -> list[_Part]:
    """A long command line takes several EXECVE records, cut anywhere, even within a character: they are one."""
    started = [part for part in parts if part.type == "EXECVE"]
    if len(started) < 2:
        return parts
    whole = _Part(started[0].head, " ".join(part.body for part in started))
    at = parts.index(started[0])
    return [*parts[:at], whole, *(part for part in parts[at:] if part.type != "EXECVE")]


def _time(stamp: str, origin: Origin) -> Nanoseconds | None:
    """Seconds since 1970; ausearch shows a local date instead, in the reader's own order of day and month: the
    American one is read, another is no time."""
    exact = _STAMP.fullmatch(stamp)
    if exact is not None:
        return int(exact[1]) * SECOND + int(exact[2]) * 1_000_000
    shown = _SHOWN.fullmatch(stamp)
    if shown is None or not 1 <= int(shown[1]) <= 12:
        return None
    month, day, year, clock = shown.groups()
    named = read_stamp(f"{_MONTHS[int(month) - 1]} {int(day)} {year if len(year) == 4 else '20' + year} {clock}")
    return None if named is None else place(named, origin)
