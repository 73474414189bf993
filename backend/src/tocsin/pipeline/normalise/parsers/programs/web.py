"""Access logs that a web server sends to syslog instead of a file."""

from __future__ import annotations

from tocsin.core.errors import RecordError
from tocsin.pipeline.normalise.parsers.access_log import read_request
from tocsin.pipeline.normalise.parsers.programs.detail import Detail

_EVENTS = {"": "request", "login": "request_login", "login_failed": "request_login_failed"}


def read(message: str) -> Detail | None:
    """The time is syslog's; `time_local` keeps the server's."""
    try:
        request = read_request(message)
    except RecordError:
        return None
    return None if request is None else Detail(_EVENTS[request.authentication], request.fields)
