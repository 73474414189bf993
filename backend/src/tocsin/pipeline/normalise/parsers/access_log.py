"""Access logs of Apache, nginx and what writes like them: common, combined and vhost_combined, in nginx's names."""

from __future__ import annotations

import re
from typing import ClassVar, NamedTuple

from tocsin.core.clock import Nanoseconds
from tocsin.core.errors import RecordError
from tocsin.core.event import Fields, Origin
from tocsin.pipeline.normalise.parsers.quoted import end_of_quoted, unescaped
from tocsin.pipeline.normalise.times import access_time
from tocsin.pipeline.normalise.types import Parsed

_TIME = re.compile(r"\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d(?:\.\d{1,9})? [+-]\d{4}", re.ASCII)
_METHOD = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,31}", re.ASCII)
_LONGEST_TIME = 40


class _Frame(NamedTuple):
    """Where the parts of a line stand."""

    head: str
    time: str
    rest: str
    """From the first character of the request."""


class AccessLog:
    """One line, one request."""

    shape: ClassVar[str] = "access-log"

    def recognises(self, line: str) -> bool:
        frame = _frame(line)
        return frame is not None and _client(frame.head) is not None

    def parse(self, line: str, origin: Origin) -> Parsed:
        request = read_request(line.rstrip("\r\n"))
        if request is None:
            raise RecordError("no access log line")
        return Parsed(("access", request.authentication), request.fields, request.time)


class Request(NamedTuple):
    """One request as a server logged it."""

    fields: Fields
    time: Nanoseconds
    authentication: str
    """login, login_failed, or '' where the line names no user."""


def read_request(line: str) -> Request | None:
    """None where it is no such line; raises RecordError where it is broken."""
    frame = _frame(line)
    client = None if frame is None else _client(frame.head)
    if frame is None or client is None:
        return None
    try:
        time = access_time(frame.time)
    except ValueError as error:
        raise RecordError("impossible time") from error
    fields: Fields = {**client, "time_local": frame.time}
    _answered(frame.rest, fields)
    return Request(fields, time, _log_in(fields))


def _frame(line: str) -> _Frame | None:
    """Servers escape quotation marks in what a client chooses, so the first '] "' is the server's."""
    end = line.find('] "')
    start = line.rfind(" [", max(0, end - _LONGEST_TIME), end) if end > 0 else -1
    if start < 0 or _TIME.fullmatch(line, start + 2, end) is None:
        return None
    return _Frame(line[:start], line[start + 2 : end], line[end + 3 :])


def _client(head: str) -> Fields | None:
    """'address - user', or 'vhost:port address - user'; a user name may have spaces."""
    words = head.split(" ", 2)
    fields: Fields = {}
    if len(words) == 3 and words[1] != "-" and ":" in words[0]:
        name, _, port = words[0].rpartition(":")
        fields["server_name"], fields["server_port"] = name, port
        words = head.split(" ", 3)[1:]
    if len(words) != 3 or words[1] != "-":
        return None
    fields["remote_addr"] = words[0]
    if words[2] != "-":
        fields["remote_user"] = unescaped(words[2])
    return fields


def _answered(rest: str, fields: Fields) -> None:
    end = end_of_quoted(rest)
    if end < 0:
        raise RecordError("unclosed quotation mark")
    fields["request"] = unescaped(rest[:end])
    _asked(str(fields["request"]), fields)
    words = rest[end + 1 :].split(" ", 3)
    if len(words) < 3 or words[0] or not _is_count(words[1]) or not _is_count(words[2]):
        raise RecordError("no status and size")
    for name, value in (("status_code", words[1]), ("body_bytes_sent", words[2])):
        if value != "-":
            fields[name] = value
    _told(words[3] if len(words) > 3 else "", fields)


def _is_count(text: str) -> bool:
    return text == "-" or (text.isascii() and text.isdigit() and len(text) <= 20)


def _asked(request: str, fields: Fields) -> None:
    """'METHOD target HTTP/x'; targets of broken clients have spaces, HTTP/0.9 has no version, a TLS hello is nothing."""
    method, found, rest = request.partition(" ")
    if not found or not _METHOD.fullmatch(method):
        return
    target, space, protocol = rest.rpartition(" ")
    if not space or not protocol.startswith("HTTP/"):
        target, protocol = rest, ""
    fields["request_method"], fields["request_uri"] = method, target
    if protocol:
        fields["server_protocol"] = protocol
    path, asks, args = target.partition("?")
    if asks:
        fields["args"] = args
    if method != "CONNECT":
        fields["path"] = _without_authority(path)
    # Sigma's public rules look for paths in the query; both are offered
    fields["uri_forms"] = [args, target] if asks else target


def _without_authority(path: str) -> str:
    """http://host/a → /a, as a proxy is asked."""
    if path.startswith("/"):
        return path
    _, found, rest = path.partition("://")
    if not found:
        return path
    _, slash, inner = rest.partition("/")
    return slash + inner


def _told(rest: str, fields: Fields) -> None:
    """'"referer" "user agent"', and what an administrator added behind."""
    for name in ("http_referer", "http_user_agent"):
        if not rest.startswith('"'):
            break
        end = end_of_quoted(rest[1:])
        value = rest[1:] if end < 0 else rest[1 : end + 1]
        if value != "-":
            fields[name] = unescaped(value)
        rest = "" if end < 0 else rest[end + 2 :].removeprefix(" ")
    if rest:
        fields["rest"] = rest


def _log_in(fields: Fields) -> str:
    """HTTP authentication is tried with each request: a name in the line was refused where the answer is 401."""
    if "remote_user" not in fields:
        return ""
    status = str(fields.get("status_code", ""))
    if status == "401":
        return "login_failed"
    return "login" if status.startswith(("2", "3")) else ""
