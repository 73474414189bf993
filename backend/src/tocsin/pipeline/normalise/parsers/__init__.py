"""The explicit registry of parsers: one file a log source, one line here; the first that recognises a record has it."""

from __future__ import annotations

from tocsin.pipeline.normalise.parsers.access_log import AccessLog
from tocsin.pipeline.normalise.parsers.auditd import AuditEvents
from tocsin.pipeline.normalise.parsers.cloudtrail import CloudTrail
from tocsin.pipeline.normalise.parsers.cowrie import Cowrie
from tocsin.pipeline.normalise.parsers.generic_json import GenericJson
from tocsin.pipeline.normalise.parsers.journald import Journald, JournaldAudit
from tocsin.pipeline.normalise.parsers.log_analytics import LogAnalytics
from tocsin.pipeline.normalise.parsers.opencanary import OpenCanary
from tocsin.pipeline.normalise.parsers.osquery import Osquery
from tocsin.pipeline.normalise.parsers.suricata import Suricata
from tocsin.pipeline.normalise.parsers.syslog import SyslogLines
from tocsin.pipeline.normalise.parsers.wazuh_windows import WazuhWindows
from tocsin.pipeline.normalise.parsers.webserver_error import WebServerError
from tocsin.pipeline.normalise.parsers.windows_flat import WindowsFlat
from tocsin.pipeline.normalise.parsers.windows_rendered import WindowsRendered
from tocsin.pipeline.normalise.parsers.winlogbeat import Winlogbeat, Winlogbeat6
from tocsin.pipeline.normalise.parsers.zeek import Zeek
from tocsin.pipeline.normalise.types import DocumentParser, LineParser

DOCUMENT_PARSERS: tuple[DocumentParser, ...] = (
    WindowsFlat(),
    WindowsRendered(),
    Winlogbeat(),
    Winlogbeat6(),
    LogAnalytics(),
    WazuhWindows(),
    Zeek(),
    Suricata(),
    CloudTrail(),
    Cowrie(),
    OpenCanary(),
    Osquery(),
    Journald(),
    JournaldAudit(),
)
"""For JSON objects, the busiest first."""

LAST_RESORT: DocumentParser = GenericJson()
"""For the objects that none of them knows."""

LINE_PARSERS: tuple[LineParser, ...] = (
    SyslogLines(),
    AuditEvents(),
    AccessLog(),
    WebServerError(),
)
"""For lines of text; what none of them knows is rejected."""
