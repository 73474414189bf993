"""Suricata's EVE JSON: alerts, flows and the protocols seen on the wire."""

from __future__ import annotations

from typing import ClassVar

from tocsin.core.event import Fields, Json, Origin
from tocsin.pipeline.normalise.parsers.documents import inner, time_in, word_in
from tocsin.pipeline.normalise.types import Parsed

_NOT_YET = frozenset(
    {"STATUS_MORE_PROCESSING_REQUIRED", "KDC_ERR_PREAUTH_REQUIRED", "KDC_ERR_MORE_PREAUTH_DATA_REQUIRED"}
)
"""A log-on goes on after these: they neither let in nor turn away."""


class Suricata:
    """Kind: (event type, log-on); the latter is accepted or refused where the record shows one, else empty."""

    shape: ClassVar[str] = "suricata"

    def recognises(self, document: Fields) -> bool:
        event_type = document.get("event_type")
        if not isinstance(event_type, str) or "timestamp" not in document:
            return False
        return "flow_id" in document or isinstance(document.get(event_type), dict)

    def parse(self, document: Fields, origin: Origin) -> Parsed:
        event_type = word_in(document, "event_type")
        return Parsed((event_type, _log_on(event_type, document)), document, time_in(document, "timestamp"))


def _log_on(event_type: str, document: Fields) -> str:
    if event_type == "krb5":
        return _kerberos(inner(document, "krb5"))
    if event_type == "smb":
        return _smb(inner(document, "smb"))
    return _ftp(inner(document, "ftp")) if event_type == "ftp" else ""


def _kerberos(seen: Fields) -> str:
    if seen.get("msg_type") == "KRB_AS_REP":
        return "accepted"
    failed = seen.get("failed_request") == "KRB_AS_REQ" and not _is_any_of(seen.get("error_code"), _NOT_YET)
    return "refused" if failed else ""


def _smb(seen: Fields) -> str:
    status = seen.get("status")
    if "SESSION_SETUP" not in str(seen.get("command")) or not isinstance(status, str) or status in _NOT_YET:
        return ""
    return "accepted" if status == "STATUS_SUCCESS" else "refused"


def _ftp(seen: Fields) -> str:
    codes = seen.get("completion_code")
    if seen.get("command") != "PASS" or not isinstance(codes, list):
        return ""
    if "230" in codes:
        return "accepted"
    return "refused" if "530" in codes else ""


def _is_any_of(value: Json, words: frozenset[str]) -> bool:
    return isinstance(value, str) and value in words
