"""Reads the header of a syslog line: RFC 3164 and 5424, rsyslog's ISO times, and headers within headers from relays."""

from __future__ import annotations

import re
from typing import NamedTuple

from tocsin.core.clock import Nanoseconds
from tocsin.core.errors import RecordError
from tocsin.core.event import Fields, Origin
from tocsin.pipeline.normalise.parsers.structured_data import read_structured_data
from tocsin.pipeline.normalise.parsers.syslog_time import is_stamp, place, read_stamp
from tocsin.pipeline.normalise.times import iso_time

FACILITIES = (
    "kern", "user", "mail", "daemon", "auth", "syslog", "lpr", "news", "uucp", "cron", "authpriv", "ftp",
    "ntp", "security", "console", "solaris-cron",
    "local0", "local1", "local2", "local3", "local4", "local5", "local6", "local7",
)  # fmt: skip
SEVERITIES = ("emerg", "alert", "crit", "err", "warning", "notice", "info", "debug")

_PRIORITY = re.compile(r"<(\d{1,3})>", re.ASCII)
_ISO = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?:Z|[+-]\d\d:?\d\d)(?= )", re.ASCII)
_VERSION_1 = re.compile(r"1 (?:- |\d{4}-\d\d-\d\dT)", re.ASCII)
_TAG = re.compile(r"([^\s\[\]:<>{}\"',=]{1,128})(?:\[([^\s\[\]:]{1,32})\])?:(?= |$)")
_LEVELS = frozenset(("TRACE", "DEBUG", "INFO", "NOTICE", "WARN", "WARNING", "ERROR", "CRITICAL", "FATAL"))
_WITHOUT_PROGRAM = ("last message repeated ", "message repeated ", "-- MARK --")
_BEGINNINGS = frozenset("<0123456789JFMASOND")
_RELAYS = 3


class Header(NamedTuple):
    """What stands before the message."""

    fields: Fields
    program: str
    message: str
    time: Nanoseconds | None


class _Part(NamedTuple):
    """One header of possibly several: `end` is where the next begins, or the message."""

    fields: Fields
    time: Nanoseconds | None
    end: int
    whole: bool = False
    """Host and tag are read too (RFC 5424)."""


def begins_syslog(line: str) -> bool:
    """Does a syslog header stand at the start of the line?"""
    if line[:1] == "<":
        found = _PRIORITY.match(line)
        return found is not None and int(found[1]) < len(FACILITIES) * 8
    if is_stamp(line):
        return True
    found = _ISO.match(line)
    return found is not None and _names_program(line, found.end() + 1)


def read_header(line: str, origin: Origin) -> Header:
    """Raises RecordError where the header is broken."""
    part = _part(line, 0, origin)
    relays: list[Fields] = []
    while "timestamp" in part.fields and not part.whole:
        host, after = _host(line, part.end)
        if host is None:
            break
        part.fields["host"] = host
        inner = _part(line, after, origin) if len(relays) < _RELAYS and _begins_again(line, after) else None
        if inner is None:
            part = part._replace(end=after)
            break
        relays.append(part.fields)
        part = inner
    return _with_tag(line, part, relays)


def _part(line: str, start: int, origin: Origin) -> _Part:
    fields: Fields = {}
    found = _PRIORITY.match(line, start)
    if found is not None:
        number = int(found[1])
        if number >= len(FACILITIES) * 8:
            raise RecordError("bad syslog priority")
        fields["facility"], fields["severity"] = FACILITIES[number >> 3], SEVERITIES[number & 7]
        start = found.end()
    if _VERSION_1.match(line, start):
        return _version_1(line, start, fields)
    stamp = read_stamp(line, start)
    if stamp is not None:
        fields["timestamp"] = line[start : stamp.end]
        end = stamp.end + 1 if line[stamp.end : stamp.end + 1] == ":" else stamp.end
        return _Part(fields, place(stamp, origin), end + 1)
    iso = _ISO.match(line, start)
    if iso is not None:
        fields["timestamp"] = iso[0]
        return _Part(fields, _iso(iso[0]), iso.end() + 1)
    if not fields:
        raise RecordError("no syslog header")
    return _Part(fields, None, start)


def _version_1(line: str, start: int, fields: Fields) -> _Part:
    words = line[start:].split(" ", 6)
    if len(words) < 7:
        raise RecordError("short syslog header")
    timestamp, rest = words[1], words[6]
    for name, value in zip(("timestamp", "host", "program", "pid", "msgid"), words[1:6], strict=True):
        if value != "-":
            fields[name] = value
    time = None if timestamp == "-" else _iso(timestamp)
    data, length = read_structured_data(rest)
    if data:
        fields["structured_data"] = data
    end = len(line) - len(rest) + length
    return _Part(fields, time, end + 1, whole=True)


def _iso(text: str) -> Nanoseconds:
    try:
        return iso_time(text)
    except ValueError as error:
        raise RecordError("impossible time") from error


def _host(line: str, start: int) -> tuple[str | None, int]:
    """The host, unless the tag stands in its place."""
    while line.startswith(" ", start):
        start += 1
    end = line.find(" ", start)
    word = line[start:] if end < 0 else line[start:end]
    if not word or word[-1] == ":" or "[" in word:
        return None, start
    return word, start + len(word) + 1


def _begins_again(line: str, start: int) -> bool:
    if line[start : start + 1] not in _BEGINNINGS:
        return False
    return is_stamp(line, start) or any(one.match(line, start) is not None for one in (_PRIORITY, _ISO, _VERSION_1))


def _with_tag(line: str, part: _Part, relays: list[Fields]) -> Header:
    fields, start = part.fields, part.end
    if not part.whole:
        while line.startswith(" ", start):
            start += 1
        tag = _TAG.match(line, start)
        if tag is not None:
            fields["program"] = tag[1]
            if tag[2]:
                fields["pid"] = tag[2]
            start = tag.end() + 1
    message = line[start:].removeprefix("\ufeff")
    fields["message"] = message
    if relays:
        fields["relays"] = list(relays)
    program = fields.get("program")
    return Header(fields, program if isinstance(program, str) else "", message, part.time)


def _names_program(line: str, start: int) -> bool:
    """host program[pid]: or host program: stand here; an application's "INFO main:" does not count."""
    host, after = _host(line, start)
    if host is None or host in _LEVELS:
        return False
    return _TAG.match(line, after) is not None or _begins_again(line, after) or line.startswith(_WITHOUT_PROGRAM, after)
