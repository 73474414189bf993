"""PAM modules, which speak through the program that uses them."""

from __future__ import annotations

from tocsin.core.event import Fields
from tocsin.pipeline.normalise.parsers.programs.detail import Detail, is_address, settings_in

_WHO = ("logname", "uid", "euid", "tty", "ruser", "rhost", "user")
_SELF_REPORTING = frozenset(("sshd", "su", "su-l", "login", "remote"))
"""These say themselves, in the same log, who tried to log in: PAM's line beside theirs is the same attempt."""


def is_pam(message: str) -> bool:
    """'pam_unix(sshd:auth): …' and sshd's own summary of PAM failures."""
    return message.startswith("pam_") or (message.startswith("PAM ") and " more authentication failure" in message[:40])


def read(message: str) -> Detail | None:
    """None for a message of an unknown form."""
    if message.startswith("PAM "):
        return _more_failures(message[4:])
    head, found, text = message.partition("): ")
    module, paren, place = head.partition("(")
    if not found or not paren or " " in module:
        return None
    service, _, function = place.partition(":")
    fields: Fields = {"pam_module": module, "pam_service": service, "pam_function": function}
    event = _said(text, fields)
    if event == "pam_authentication_failure" and service in _SELF_REPORTING:
        event = "pam_failure_beside"
    return Detail(event, fields)


def _said(text: str, fields: Fields) -> str:
    if text.startswith("authentication failure"):
        _who(text, fields)
        return "pam_authentication_failure"
    if text.startswith(("session opened for user ", "session closed for user ")):
        return _session(text, fields)
    if text.startswith("password changed for "):
        fields["user"] = text.removeprefix("password changed for ")
        return "pam_password_changed"
    if text.startswith("check pass; user unknown"):
        return "pam_user_unknown"
    if text.startswith("Consecutive login failures for user "):
        fields["user"] = text.removeprefix("Consecutive login failures for user ").partition(" account ")[0]
        return "pam_account_locked"
    fields["pam_message"] = text
    return "pam_message"


def _session(text: str, fields: Fields) -> str:
    """'session opened for user root(uid=0) by bob(uid=1000)', older without the first uid"""
    opened = text.startswith("session opened")
    rest = text[len("session opened for user ") :]
    user, _, by = rest.partition(" by ") if opened else (rest, "", "")
    fields["user"], uid = _name_and_uid(user)
    if uid:
        fields["user_uid"] = uid
    by_name, by_uid = _name_and_uid(by)
    if by_name:
        fields["by_user"] = by_name
    if by_uid:
        fields["by_uid"] = by_uid
    return "pam_session_opened" if opened else "pam_session_closed"


def _name_and_uid(text: str) -> tuple[str, str]:
    name, found, uid = text.rpartition("(uid=")
    return (name, uid.rstrip(")")) if found else (text, "")


def _who(text: str, fields: Fields) -> None:
    """'…; logname= uid=0 euid=0 tty=ssh ruser= rhost=203.0.113.9  user=root'"""
    for name, value in settings_in(text.partition("; ")[2], _WHO, " ").items():
        shown = str(value).strip()
        if shown:
            fields[name] = shown
    rhost = fields.get("rhost")
    if isinstance(rhost, str) and is_address(rhost):
        fields["src_ip"] = rhost


def _more_failures(text: str) -> Detail | None:
    count, found, rest = text.partition(" more authentication failure")
    if not found:
        return None
    fields: Fields = {"count": count}
    _who(rest, fields)
    return Detail("pam_more_failures", fields)
