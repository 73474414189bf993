"""OpenSSH's server: who tried to log in, how, from where, and what became of it."""

from __future__ import annotations

from collections.abc import Callable

from tocsin.core.event import Fields
from tocsin.pipeline.normalise.parsers.programs.detail import Detail, endpoint_at_end, is_number, peer

_METHODS = frozenset(
    ("none", "password", "publickey", "hostbased", "keyboard-interactive", "gssapi-with-mic", "gssapi-keyex")
)
_ACCOUNT_STATES = ("invalid user ", "authenticating user ", "user ")
_COLONS = 3  # an address like 2001:db8:: has some before the one that counts


def read(message: str) -> Detail | None:
    """None for what is not about a connection or a log-in."""
    preauth = message.endswith(" [preauth]")
    text = message.removesuffix(" [preauth]") if preauth else message
    for level in ("error: ", "fatal: "):
        text = text.removeprefix(level)
    for start, reader in _READERS:
        if text.startswith(start):
            detail = reader(text[len(start) :])
            if detail is not None and preauth:
                detail.fields["preauth"] = True
            return detail
    return None


def _attempt(event: str) -> Callable[[str], Detail | None]:
    def reader(text: str) -> Detail | None:
        method, found, rest = text.partition(" for ")
        if not found or " " in method:
            return None
        method, _, submethod = method.partition("/")
        place = _place(rest)
        if place is None:
            return None
        head, address, port, key = place
        user, invalid = _account(head)
        fields: Fields = {"method": method, "user": user, **peer(address, port)}
        if submethod:
            fields["submethod"] = submethod
        if invalid:
            fields["invalid_user"] = True
        return Detail(_named(event, method), {**fields, **_key(key)})

    return reader


def _named(event: str, method: str) -> str:
    """A failure is named by its method, as `Failed none` is no guess and `Failed password` is one."""
    if event != "failed" or method not in _METHODS:
        return event
    return f"failed_{method.replace('-', '_')}"


def _place(rest: str) -> tuple[str, str, str, str] | None:
    """(user part, address, port, key) of 'USER from ADDRESS port N ssh2[: KEY]'.

    The user is the client's choice and may hold these very words, but no colon: sshd cuts it there. So the first
    'ssh2: ' is sshd's own, whatever a certificate within KEY is called, and before it the last address counts.
    """
    head, found, key = rest.partition(" ssh2: ")
    if not found and not rest.endswith(" ssh2"):
        return None
    return _ending(head.removesuffix(" ssh2"), key)


def _ending(text: str, key: str) -> tuple[str, str, str, str] | None:
    found = endpoint_at_end(text)
    if found is None or not found.head.endswith(" from"):
        return None
    return found.head.removesuffix(" from"), found.address, found.port, key


def _account(head: str) -> tuple[str, bool]:
    for prefix in ("invalid user ", "illegal user "):
        if head.startswith(prefix):
            return head[len(prefix) :], True
    return head, False


def _key(text: str) -> Fields:
    """'ED25519 SHA256:…', perhaps a certificate with more behind."""
    words = text.split(" ", 2)
    if len(words) < 2 or not words[1].startswith(("SHA256:", "MD5:")):
        return {}
    return {"key_type": words[0], "fingerprint": words[1]}


def _invalid_user(text: str) -> Detail | None:
    found = endpoint_at_end(text)
    if found is not None and found.head.endswith(" from"):
        return Detail("invalid_user", {"user": found.head[:-5], **peer(found.address, found.port)})
    user, here, address = text.rpartition(" from ")
    if not here or " " in address:
        return None
    return Detail("invalid_user", {"user": user, **peer(address)})


def _ended(event: str, before: str) -> Callable[[str], Detail | None]:
    """'[authenticating user|invalid user|user] NAME ADDRESS port N[: reason]'"""

    def reader(text: str) -> Detail | None:
        text = text.removeprefix(before)
        text, reason = _reason(text)
        found = endpoint_at_end(text)
        if found is None:
            return None
        fields: Fields = {**_user(found.head), **peer(found.address, found.port)}
        if reason:
            fields["reason"] = reason
        return Detail(event, fields)

    return reader


def _reason(text: str) -> tuple[str, str]:
    """What stands before the first ': ' that follows an address and a port, and what stands behind it."""
    at = -1
    for _ in range(_COLONS):
        at = text.find(": ", at + 1)
        if at < 0:
            break
        if endpoint_at_end(text[:at]) is not None:
            return text[:at], text[at + 2 :]
    return text, ""


def _user(head: str) -> Fields:
    for state in _ACCOUNT_STATES:
        if head.startswith(state):
            fields: Fields = {"user": head[len(state) :]}
            if state == "invalid user ":
                fields["invalid_user"] = True
            return fields
    return {}


def _received_disconnect(text: str) -> Detail | None:
    """'ADDRESS port N:CODE: what the client said'"""
    colon = text.find(":", text.find(" port "))  # an IPv6 address has colons of its own
    head, rest = text[:colon], text[colon + 1 :]
    found = endpoint_at_end(head)
    if found is None or found.head:
        return None
    code, _, reason = rest.partition(": ")
    return Detail("disconnect", {**peer(found.address, found.port), "code": code.strip(), "reason": reason})


def _connection_from(text: str) -> Detail | None:
    """'ADDRESS port N on ADDRESS port N[ rdomain "…"]'"""
    words = text.split(" ")
    if len(words) < 3 or words[1] != "port" or not is_number(words[2]):
        return None
    fields = peer(words[0], words[2])
    if len(words) >= 7 and words[3] == "on" and words[5] == "port":
        fields["dst_ip"], fields["dst_port"] = words[4], words[6]
    return Detail("connection", fields)


def _too_many(text: str) -> Detail | None:
    place = _place(text)
    if place is None:
        return None
    user, invalid = _account(place[0])
    fields: Fields = {"user": user, **peer(place[1], place[2])}
    if invalid:
        fields["invalid_user"] = True
    return Detail("max_attempts", fields)


def _refused(text: str) -> Detail | None:
    """'NAME from HOST not allowed because …': the account exists, so its name is no attacker's text."""
    head, found, reason = text.rpartition(" not allowed because ")
    user, here, host = head.rpartition(" from ")
    if not found or not here:
        return None
    return Detail("not_allowed", {"user": user, **peer(host), "reason": reason})


def _pam_error(text: str) -> Detail | None:
    """'Authentication failure for NAME from HOST'"""
    reason, found, rest = text.partition(" for ")
    user, here, host = rest.rpartition(" from ")
    if not found or not here:
        return None
    name, invalid = _account(user)
    fields: Fields = {"user": name, **peer(host), "reason": reason}
    if invalid:
        fields["invalid_user"] = True
    return Detail("pam_error", fields)


def _before_login(event: str, start: str = "") -> Callable[[str], Detail | None]:
    """'ADDRESS port N' with anything behind; the address comes first, so nothing can pose as it."""

    def reader(text: str) -> Detail | None:
        words = text.removeprefix(start).split(" ", 3)
        if len(words) < 3 or words[1] != "port":
            return Detail(event, peer(words[0])) if words[0] else None
        port = words[2].rstrip(":.")
        return Detail(event, peer(words[0], port)) if is_number(port) else None

    return reader


def _bad_protocol(text: str) -> Detail | None:
    """ "'what the client sent' from ADDRESS port N"""
    found = endpoint_at_end(text)
    if found is None or not found.head.endswith(" from"):
        return None
    said = found.head.removesuffix(" from").strip("'")
    return Detail("bad_protocol", {**peer(found.address, found.port), "identification": said})


def _session(event: str) -> Callable[[str], Detail | None]:
    """'shell on pts/0 for NAME from ADDRESS port N id 0' and 'user NAME from ADDRESS port N id 0'"""

    def reader(text: str) -> Detail | None:
        head, found, _ = text.rpartition(" id ")
        place = _ending(head, "") if found else None
        if place is None:
            return None
        what, _, user = place[0].rpartition(" for ") if event == "session_started" else ("", "", place[0])
        fields: Fields = {"user": user.removeprefix("user "), **peer(place[1], place[2])}
        if what:
            fields["session"] = what
        return Detail(event, fields)

    return reader


def _listening(text: str) -> Detail | None:
    found = endpoint_at_end(text.rstrip("."))
    return Detail("listening", {"dst_ip": found.address, "dst_port": found.port}) if found else None


# the longer beginnings of a word come first
_READERS: tuple[tuple[str, Callable[[str], Detail | None]], ...] = (
    ("Failed ", _attempt("failed")),
    ("Accepted ", _attempt("accepted")),
    ("Partial ", _attempt("partial")),
    ("Postponed ", _attempt("postponed")),
    ("Invalid user ", _invalid_user),
    ("Illegal user ", _invalid_user),
    ("Connection closed by ", _ended("connection_closed", "")),
    ("Connection reset by ", _ended("connection_reset", "")),
    ("Connection from ", _connection_from),
    ("Disconnected from ", _ended("disconnected", "")),
    ("Disconnecting ", _ended("disconnecting", "")),
    ("Received disconnect from ", _received_disconnect),
    ("maximum authentication attempts exceeded for ", _too_many),
    ("User ", _refused),
    ("PAM: ", _pam_error),
    ("Did not receive identification string from ", _before_login("no_identification")),
    ("Bad protocol version identification ", _bad_protocol),
    ("Unable to negotiate with ", _before_login("no_negotiation")),
    ("banner exchange: Connection from ", _before_login("bad_banner")),
    ("Timeout before authentication for ", _before_login("timeout", "connection from ")),
    ("Starting session: ", _session("session_started")),
    ("Close session: ", _session("session_closed")),
    ("Server listening on ", _listening),
)
