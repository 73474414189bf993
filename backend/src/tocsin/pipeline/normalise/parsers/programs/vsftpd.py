"""vsftpd: log-ins and transfers."""

from __future__ import annotations

from tocsin.core.event import Fields
from tocsin.pipeline.normalise.parsers.programs.detail import Detail, is_address

_EVENTS = {
    "CONNECT": "connect",
    "OK LOGIN": "login",
    "FAIL LOGIN": "login_failed",
    "OK UPLOAD": "upload",
    "FAIL UPLOAD": "upload_failed",
    "OK DOWNLOAD": "download",
    "FAIL DOWNLOAD": "download_failed",
    "OK DELETE": "delete",
    "FAIL DELETE": "delete_failed",
    "OK MKDIR": "mkdir",
    "FAIL MKDIR": "mkdir_failed",
}


def read(message: str) -> Detail | None:
    """'[bob] FAIL LOGIN: Client "203.0.113.9"', with '"/path", 12 bytes, 3.4Kbyte/sec' behind for a transfer"""
    user, text = "", message
    if text[:1] == "[":
        user, found, text = text[1:].rpartition("] ")
        if not found:
            return None
    action, found, rest = text.partition(': Client "')
    event = _EVENTS.get(action)
    if not found or event is None:
        return None
    client, _, behind = rest.partition('"')
    client = client.removeprefix("::ffff:")
    fields: Fields = {"src_ip" if is_address(client) else "src_host": client}
    if user:
        fields["user"] = user
    path, quoted, sizes = behind.removeprefix(', "').rpartition('"')
    if quoted:
        fields["path"] = path
        size = sizes.removeprefix(", ").partition(" bytes")
        if size[1] and size[0].isdigit():
            fields["bytes"] = size[0]
    return Detail(event, fields)
