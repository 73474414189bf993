"""Finds the audit record in a line: as auditd writes it, or within syslog, where only certain programs may speak so."""

from __future__ import annotations

import re
from typing import NamedTuple

_RECORD = re.compile(
    r"(?:node=(\S{1,256}) )?type=([A-Z0-9_\[\]]{1,64}) (?:msg=)?audit\(([^()]{1,40}):(\d{1,20})\) ?: ?", re.ASCII
)
_TELLERS = ("audispd", "audisp-syslog", "audit", "auditd", "kernel")
_PREFIX = 400


class AuditLine(NamedTuple):
    """Where an audit record begins, and which event it belongs to."""

    node: str
    """The machine, as node= or the syslog host before it names it."""
    type: str
    stamp: str
    """Seconds with milliseconds; a date where ausearch interpreted it."""
    serial: str
    body: int
    """Where the record's own fields begin."""


def is_audit_line(line: str) -> bool:
    """Cheap for lines that are none."""
    return find_audit_line(line) is not None


def find_audit_line(line: str) -> AuditLine | None:
    """The record, or None where the line is none: text of others that looks like one is not believed."""
    if line.startswith(("type=", "node=")):
        return _at(line, 0, "")
    if "audit(" not in line[: _PREFIX + 64]:
        return None
    return _within_syslog(line)


def _at(line: str, start: int, host: str) -> AuditLine | None:
    found = _RECORD.match(line, start)
    if found is None:
        return None
    return AuditLine(found[1] or host, found[2], found[3], found[4], found.end())


def _within_syslog(line: str) -> AuditLine | None:
    """'Nov 23 05:21:48 web1 audispd: type=…' and 'web1 kernel: [12.3] audit: type=1400 audit(…): …'"""
    before = line[:_PREFIX]
    start = before.find(" type=")
    node = before.find(" node=")
    start = min(one for one in (start, node) if one >= 0) if max(start, node) >= 0 else -1
    if start < 0:
        return None
    words = before[:start].split(" ")
    if words[0].endswith(">1") and len(words) >= 4:
        return _at(line, start + 1, words[2]) if words[3] in _TELLERS else None
    host = ""
    for position, word in enumerate(words):
        name = word.partition("[")[0].rstrip(":")
        if word.endswith(":") and name in _TELLERS:
            return _at(line, start + 1, host) if _only_uptime(words[position + 1 :]) else None
        if word.endswith(":") and not word[:1].isdigit():
            return None
        host = word
    return None


def _only_uptime(words: list[str]) -> bool:
    """Between the program and the record only the kernel's uptime, the word audit: and spaces may stand."""
    return all(word in ("", "[", "audit:") or word.strip("[].").replace(".", "").isdigit() for word in words)


def is_separator(line: str) -> bool:
    """What ausearch prints before an event: a rule, or the time in words."""
    return line == "----" or line.startswith("time->")
