"""Error logs of Apache and nginx."""

from __future__ import annotations

import re
from typing import ClassVar

from tocsin.core.errors import RecordError
from tocsin.core.event import Fields, Origin
from tocsin.pipeline.normalise.parsers.syslog_time import place, read_stamp
from tocsin.pipeline.normalise.types import Parsed

_APACHE = re.compile(
    r"\[(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) ([A-Z][a-z]{2}) ([ \d]\d) (\d\d:\d\d:\d\d(?:\.\d{1,9})?) (\d{4})\] \[", re.ASCII
)
_NGINX = re.compile(
    r"(\d{4})/(\d\d)/(\d\d) (\d\d:\d\d:\d\d) \[(debug|info|notice|warn|error|crit|alert|emerg)\] (\d+)#(\d+): (?:\*(\d+) )?",
    re.ASCII,
)
_CODE = re.compile(r"AH\d{5}(?=: )", re.ASCII)
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_CLIENT = ", client: "
_BRACKETS = 8


class WebServerError:
    """One line, one message; the lines' times are in the source's zone."""

    shape: ClassVar[str] = "webserver-error"

    def recognises(self, line: str) -> bool:
        return (_APACHE if line[:1] == "[" else _NGINX).match(line) is not None

    def parse(self, line: str, origin: Origin) -> Parsed:
        line = line.rstrip("\r\n")
        apache = _APACHE.match(line)
        if apache is not None:
            month, day, clock, year = apache.groups()
            return _parsed("apache", _apache(line, apache.end() - 1), f"{month} {day.strip()} {year} {clock}", origin)
        nginx = _NGINX.match(line)
        if nginx is None:
            raise RecordError("no web server error line")
        year, month, day, clock = nginx.groups()[:4]
        if not 1 <= int(month) <= 12:
            raise RecordError("impossible time")
        return _parsed("nginx", _nginx(line, nginx), f"{_MONTHS[int(month) - 1]} {int(day)} {year} {clock}", origin)


def _parsed(server: str, fields: Fields, when: str, origin: Origin) -> Parsed:
    stamp = read_stamp(when)
    if stamp is None:
        raise RecordError("impossible time")
    return Parsed((server, str(fields.get("level", ""))), fields, place(stamp, origin))


def _apache(line: str, start: int) -> Fields:
    """'[core:error] [pid 123:tid 456] [client 203.0.113.9:5678] AH00126: …', older '[error] [client 203.0.113.9] …'"""
    fields: Fields = {}
    for _ in range(_BRACKETS):
        if not line.startswith("[", start):
            break
        end = line.find("] ", start)
        if end < 0:
            break
        _bracket(line[start + 1 : end], fields)
        start = end + 2
    message = line[start:]
    code = _CODE.match(message)
    if code is not None:
        fields["code"] = code[0]
    fields["message"] = message
    return fields


def _bracket(text: str, fields: Fields) -> None:
    name, _, value = text.partition(" ")
    if name == "pid":
        fields["pid"] = value.partition(":")[0]
    elif name in ("client", "remote"):
        # since 2.4, which names a module first, the port always follows, even an IPv6 address without brackets
        address, colon, port = value.rpartition(":") if "module" in fields else (value, "", "")
        fields["client"] = (address if colon else value).strip("[]")
        if colon:
            fields["client_port"] = port
    elif "level" not in fields:
        module, colon, level = text.partition(":")
        fields["level"] = level if colon else text
        if colon:
            fields["module"] = module


def _nginx(line: str, found: re.Match[str]) -> Fields:
    fields: Fields = {"level": found[5], "pid": found[6], "tid": found[7]}
    if found[8]:
        fields["connection"] = found[8]
    text = line[found.end() :]
    fields["message"] = text
    head, _, told = text.partition(_CLIENT)
    if _CLIENT not in told and told:  # twice: a client wrote one of them, and nobody can say which
        fields["message"] = head
        _asked(told, fields)
    return fields


def _asked(told: str, fields: Fields) -> None:
    """'203.0.113.9, server: _, request: "GET / HTTP/1.1", host: "example.org"'"""
    fields["client"], _, rest = told.partition(", ")
    server, asked, request = rest.partition(', request: "')
    if server.startswith("server: "):
        fields["server"] = server.removeprefix("server: ")
    if not asked:
        return
    request, named, host = request.rpartition('", host: "')
    if not named:
        request, host = host, ""
    else:
        fields["host"] = host.partition('"')[0]
    fields["request"] = request.partition('", upstream: "')[0].removesuffix('"')
