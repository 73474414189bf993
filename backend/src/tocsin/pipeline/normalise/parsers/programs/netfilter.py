"""The kernel's packet log: iptables, nftables, UFW and firewalld."""

from __future__ import annotations

from tocsin.core.event import Fields
from tocsin.pipeline.normalise.parsers.programs.detail import Detail

_ACTIONS = (
    ("block", ("BLOCK", "DROP", "DENY", "DENIED", "REJECT")),
    ("allow", ("ALLOW", "ACCEPT", "PASS")),
    ("limit", ("LIMIT",)),
    ("audit", ("AUDIT",)),
)
_FLAGS = frozenset(("CWR", "ECE", "URG", "ACK", "PSH", "RST", "SYN", "FIN"))
_MARKS = frozenset(("CE", "DF", "MF"))


def read(message: str) -> Detail | None:
    """'[UFW BLOCK] IN=eth0 OUT= MAC=… SRC=203.0.113.9 DST=198.51.100.2 LEN=60 … PROTO=TCP SPT=4711 DPT=22 … SYN …'"""
    text = _without_uptime(message)
    prefix, found, rest = text.partition("IN=")
    if not found or " OUT=" not in rest or " SRC=" not in rest:
        return None
    prefix = prefix.strip()
    fields: Fields = {"prefix": prefix, "IN": ""}
    _packet("IN=" + rest, fields)
    action = _action(prefix.upper())
    if action:
        fields["action"] = action
    return Detail("packet", fields)


def _without_uptime(message: str) -> str:
    """'[12345.678901] ' stands before kernel messages that come by way of its ring buffer."""
    head, found, rest = message.partition("] ")
    uptime = head.removeprefix("[").strip()
    return rest if found and head[:1] == "[" and uptime.replace(".", "", 1).isdigit() else message


def _packet(text: str, fields: Fields) -> None:
    flags: list[str] = []
    for word in text.split():
        if word[0] == "[":  # the packet that an ICMP error quotes
            break
        name, equals, value = word.partition("=")
        if equals:
            fields.setdefault(name, value)
            if name == "IN":
                fields[name] = value
        elif name in _FLAGS:
            flags.append(name)
        elif name in _MARKS:
            fields[name] = True
    if flags:
        fields["flags"] = " ".join(flags)


def _action(prefix: str) -> str:
    for action, words in _ACTIONS:
        if any(word in prefix for word in words):
            return action
    return ""
