"""Syslog lines: RFC 3164 and 5424 and what relays make of them, with the messages of well-known programs read."""

from __future__ import annotations

from typing import ClassVar

from tocsin.core.event import Origin
from tocsin.pipeline.normalise.parsers.audit_line import is_audit_line
from tocsin.pipeline.normalise.parsers.programs import understand
from tocsin.pipeline.normalise.parsers.syslog_header import begins_syslog, read_header
from tocsin.pipeline.normalise.types import Parsed


class SyslogLines:
    """One line, one event; audit records within syslog are the audit parser's."""

    shape: ClassVar[str] = "syslog"

    def recognises(self, line: str) -> bool:
        return begins_syslog(line) and not is_audit_line(line)

    def parse(self, line: str, origin: Origin) -> Parsed:
        header = read_header(line.rstrip("\r\n"), origin)
        said = understand(header.program, header.message)
        return Parsed(said.kind, {**said.fields, **header.fields}, header.time)
