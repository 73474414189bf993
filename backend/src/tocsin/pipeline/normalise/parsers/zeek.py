"""Zeek's logs as JSON, in each of the ways they are spelled, and as rows of its tab-separated files."""

from __future__ import annotations

import re
from typing import ClassVar

from tocsin.core.event import Fields, Json, Origin
from tocsin.pipeline.normalise.parsers.documents import as_word, inner, time_in
from tocsin.pipeline.normalise.types import Parsed

_NAMES = ("_path", "@stream", "@path")
"""Where the log's name stands: Zeek's own JSON streaming and Corelight, RockNSM's and others' Kafka output."""

_LOG_NAME = re.compile(r"[a-z][a-z0-9_]{0,63}", re.ASCII)

_FIELDS_OF = {
    "conn": ("conn_state",),
    "dns": ("AA", "RD"),
    "http": ("request_body_len", "response_body_len"),
    "ssl": ("established", "resumed"),
    "ssh": ("auth_attempts",),
    "rdp": ("cert_count",),
    "kerberos": ("request_type",),
    "dce_rpc": ("endpoint", "operation"),
    "smb_mapping": ("share_type",),
    "notice": ("note", "suppress_for"),
    "weird": ("name", "notice"),
    "tunnel": ("tunnel_type",),
    "smtp": ("helo",),
    "ftp": ("command", "reply_code"),
    "snmp": ("get_requests",),
    "sip": ("call_id",),
    "socks": ("request.host", "bound.host"),
    "ntp": ("stratum",),
    "dpd": ("analyzer", "failure_reason"),
    "intel": ("seen.indicator",),
    "radius": ("mac", "result"),
    "mysql": ("cmd", "arg"),
}
"""A log without its name, by fields that each of its records has and no other log; for connections, which have a uid."""

_FIELDS_OF_OTHERS = {
    "files": ("fuid", "seen_bytes"),
    "x509": ("certificate.serial",),
    "pe": ("is_exe", "compile_ts"),
    "notice": ("note", "suppress_for"),
    "dhcp": ("uids", "msg_types"),
    "software": ("software_type",),
    "capture_loss": ("percent_lost", "ts_delta"),
    "stats": ("pkts_proc", "events_proc"),
    "weird": ("name", "notice", "peer"),
    "reporter": ("level", "message", "location"),
    "packet_filter": ("node", "filter", "init"),
}

_NOT_YET = "KDC_ERR_PREAUTH_REQUIRED"
"""Kerberos asks for proof: neither let in nor turned away."""


class Zeek:
    """Kind: (log, log-on); the latter is accepted or refused where the record shows one, else empty."""

    shape: ClassVar[str] = "zeek"

    def recognises(self, document: Fields) -> bool:
        return _name(document) != ""

    def parse(self, document: Fields, origin: Origin) -> Parsed:
        log = as_word(_name(document), "log")
        time = time_in(document, "ts", "_write_ts", "@timestamp")
        return Parsed((log, _log_on(log, document)), document, time)


def _name(document: Fields) -> str:
    """The log's name; '' when this is none of Zeek's."""
    for field in _NAMES:
        value = document.get(field)
        if isinstance(value, str):
            return value if _LOG_NAME.fullmatch(value) else ""
    return _guessed(document) if "ts" in document else ""


def _guessed(document: Fields) -> str:
    if "uid" not in document or not _has_connection(document):
        return _first(_FIELDS_OF_OTHERS, document)
    action = document.get("action")
    if isinstance(action, str) and action.startswith("SMB::"):
        return "smb_files"
    return _first(_FIELDS_OF, document) or ("ntlm" if _is_ntlm(document) else "unnamed")


def _first(table: dict[str, tuple[str, ...]], document: Fields) -> str:
    return next((log for log, fields in table.items() if all(_has(document, field) for field in fields)), "")


def _has_connection(document: Fields) -> bool:
    return _has(document, "id.orig_h")


def _has(document: Fields, field: str) -> bool:
    """Whether the field is there, spelled with a dot, nested, or with the underscore of those who cannot have dots."""
    if field in document:
        return True
    holder, dot, name = field.partition(".")
    return bool(dot) and (name in inner(document, holder) or f"{holder}_{name}" in document)


def _is_ntlm(document: Fields) -> bool:
    return "domainname" in document or "server_nb_computer_name" in document


def _log_on(log: str, document: Fields) -> str:
    if log == "ssh":
        return _decided(document.get("auth_success"))
    if log == "ntlm":
        return _decided(document.get("success"))
    if log == "kerberos" and document.get("request_type") == "AS" and document.get("error_msg") != _NOT_YET:
        return _decided(document.get("success"))
    return ""


def _decided(success: Json) -> str:
    if success is True:
        return "accepted"
    return "refused" if success is False else ""
