"""Reads what well-known programs say in their log messages, wherever the messages travel: syslog or journald."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from tocsin.core.event import Fields, Kind
from tocsin.pipeline.normalise.parsers.programs import (
    accounts,
    clamav,
    cron,
    login,
    named,
    netfilter,
    pam,
    sshd,
    su,
    sudo,
    vsftpd,
    web,
)
from tocsin.pipeline.normalise.parsers.programs.detail import Detail

Reader = Callable[[str], Detail | None]
"""From one message to what it says, None where the message is not one that we know. Never raises."""


class Said(NamedTuple):
    """A message understood as far as its program is known."""

    kind: Kind
    """(program, event)"""
    fields: Fields
    """To stand beside the fields of the transport."""


READERS: dict[str, Reader] = {
    "apache2": web.read,
    "chage": accounts.read,
    "chfn": accounts.read,
    "chsh": accounts.read,
    "clamd": clamav.read,
    "clamscan": clamav.read,
    "cron": cron.read,
    "crontab": cron.read,
    "gpasswd": accounts.read,
    "groupadd": accounts.read,
    "groupdel": accounts.read,
    "groupmod": accounts.read,
    "httpd": web.read,
    "kernel": netfilter.read,
    "login": login.read,
    "named": named.read,
    "nginx": web.read,
    "passwd": accounts.read,
    "sshd": sshd.read,
    "su": su.read,
    "sudo": sudo.read,
    "systemd-logind": login.read,
    "useradd": accounts.read,
    "userdel": accounts.read,
    "usermod": accounts.read,
    "vsftpd": vsftpd.read,
}
_ALSO_CALLED = {
    "adduser": "useradd",
    "apache": "apache2",
    "anacron": "cron",
    "clamav": "clamd",
    "crond": "cron",
    "sshd-auth": "sshd",
    "sshd-session": "sshd",
    "su-l": "su",
}


def understand(program: str, message: str) -> Said:
    """What `program` says in `message`."""
    name = _plain(program)
    message, repeated = _unfolded(message.lstrip())
    detail = _detail(name, message)
    if detail is None:
        event = "repeated" if repeated and not message else ""
        fields: Fields = {}
    else:
        event, fields = detail.event, {"event": detail.event, **detail.fields}
    if repeated:
        fields["repeated"] = repeated
    return Said((name, event), fields)


def _detail(name: str, message: str) -> Detail | None:
    if pam.is_pam(message):
        return pam.read(message)
    reader = READERS.get(name)
    return reader(message) if reader else None


def _plain(program: str) -> str:
    """CRON, /usr/sbin/cron and cron are one program; so is the old sshd(pam_unix)."""
    name = program.rpartition("/")[2].partition("(")[0].lower() if program[:1] != "(" else program.strip("()").lower()
    return _ALSO_CALLED.get(name, name)


def _unfolded(message: str) -> tuple[str, str]:
    """The message inside 'message repeated 5 times: [ … ]' and '5'; of 'last message repeated 5 times' only '5'."""
    for start, inner in (("message repeated ", True), ("last message repeated ", False)):
        if not message.startswith(start):
            continue
        count, _, rest = message[len(start) :].partition(" ")
        if not (count.isascii() and count.isdigit() and len(count) < 10):
            continue
        if inner and rest.startswith("times: [") and rest.endswith("]"):
            return rest[8:-1].strip(), count
        if not inner and rest.startswith("time"):
            return "", count
    return message, ""
