"""What an event speaks of: its hosts, users, addresses, processes, hashes and domains, each in its role."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from tocsin.core.event import Columns
from tocsin.core.messages import Entity, EntityKind, Mention
from tocsin.pipeline.normalise import canonical

ACTOR = "actor"
TARGET = "target"
SOURCE = "source"
DESTINATION = "destination"
PARENT = "parent"
SUBJECT = "subject"
OBSERVER = "observer"
"""The sensor that saw traffic of others."""
INSTALLED = "installed"
"""A hash of installed software: shown, but the same on every machine."""


_AUTHORITY_ENDS = re.compile(r"""[/?#\s'"`<>|;&)\\]""")
_COMMAND_LINE_READ = 8192
_URLS_READ = 8


def mentions(columns: Columns) -> tuple[Mention, ...]:
    """Every entity of an event in its role, sorted, each once."""
    found = set(_hosts(columns))
    found.update(_users(columns))
    found.update(_addresses(columns))
    found.update(_processes(columns))
    found.update(_things(columns))
    return tuple(sorted(found))


def process(host: str | None, uid: str | None, pid: int | None) -> str | None:
    """The name of a process: host|uid, or host|pid:n where the source gives no uid."""
    if uid:
        return f"{host or ''}|{uid.strip('{}').lower()}"
    return f"{host}|pid:{pid}" if host and pid else None


def is_log_on(columns: Columns) -> bool:
    """Whether the event is somebody proving who they are."""
    return columns.class_uid == 3002 or columns.logon_type is not None or columns.auth_protocol is not None


def _hosts(columns: Columns) -> Iterator[Mention]:
    device = canonical.host(columns.device__hostname)
    if device:
        yield _mention("host", device, OBSERVER if _seen_from_outside(columns) else SUBJECT)
    if (source := canonical.host(columns.src_endpoint__hostname)) and source != device:
        yield _mention("host", source, SOURCE)
    if (destination := canonical.host(columns.dst_endpoint__hostname)) and destination != device:
        yield _mention("host", destination, DESTINATION)
    for name, domain in _accounts(columns):
        account = canonical.user(name, domain)
        machine = canonical.machine_of(account) if account else None
        if machine and machine != canonical.short(device or ""):
            yield _mention("host", machine, SOURCE)


def _accounts(columns: Columns) -> tuple[tuple[str | None, str | None], ...]:
    return (
        (columns.actor__user__name, columns.actor__user__domain),
        (columns.user__name, columns.user__domain),
    )


def _seen_from_outside(columns: Columns) -> bool:
    """Traffic between two others: no process, no account, and the device is neither end."""
    ends = (columns.src_endpoint__ip, columns.dst_endpoint__ip)
    if None in ends or columns.process__file__path or columns.process__pid or columns.process__uid:
        return False
    if columns.user__name or columns.actor__user__name:
        return False
    return columns.device__ip is None or columns.device__ip not in ends


def _users(columns: Columns) -> Iterator[Mention]:
    actor = canonical.user(columns.actor__user__name, columns.actor__user__domain) or _sid(columns.actor__user__uid)
    if actor:
        yield _mention("user", actor, ACTOR)
    target = canonical.user(columns.user__name, columns.user__domain) or _sid(columns.user__uid)
    if target:
        # who has logged on acts from then on; who was only tried, changed or created does not
        entered = is_log_on(columns) and (columns.status or "").lower() == "success"
        yield _mention("user", target, ACTOR if entered else TARGET)


def _sid(uid: str | None) -> str | None:
    value = (uid or "").strip().lower()
    return value if value.startswith("s-1-") and value != "s-1-0-0" else None


def _addresses(columns: Columns) -> Iterator[Mention]:
    if source := canonical.address(columns.src_endpoint__ip):
        yield _mention("address", source, SOURCE)
    if destination := canonical.address(columns.dst_endpoint__ip):
        yield _mention("address", destination, DESTINATION)
    if own := canonical.address(columns.device__ip):
        yield _mention("address", own, SUBJECT)


def _processes(columns: Columns) -> Iterator[Mention]:
    host = canonical.host(columns.device__hostname)
    if running := process(host, columns.process__uid, columns.process__pid):
        yield _mention("process", running, ACTOR)
    parent = process(host, columns.process__parent_process__uid, columns.process__parent_process__pid)
    if parent:
        yield _mention("process", parent, PARENT)


def _things(columns: Columns) -> Iterator[Mention]:
    host = canonical.host(columns.device__hostname)
    for uid in (columns.actor__session__uid, columns.session__uid):
        if session := canonical.session(uid):
            yield _mention("session", f"{host or ''}|{session}", SUBJECT)
    yield from _hashes(columns)
    for name in (columns.query__hostname, columns.tls__sni, _site(columns.http_request__url__text)):
        if domain := canonical.domain(name):
            yield _mention("domain", domain, DESTINATION)
    yield from _named_in(columns.process__cmd_line or "")
    if path := columns.file__path:
        yield _mention("file", path.lower(), SUBJECT)
    if columns.cloud__account__uid:
        yield _mention("cloud", columns.cloud__account__uid.lower(), SUBJECT)


def _named_in(command_line: str) -> Iterator[Mention]:
    """Where the URLs of a command line lead."""
    for rest in command_line[:_COMMAND_LINE_READ].split("://")[1 : _URLS_READ + 1]:
        authority = _AUTHORITY_ENDS.split(rest, maxsplit=1)[0].rpartition("@")[2]
        name = authority.partition("]")[0].lstrip("[") if authority.startswith("[") else authority.partition(":")[0]
        if address := canonical.address(name):
            yield _mention("address", address, DESTINATION)
        elif domain := canonical.domain(name):
            yield _mention("domain", domain, DESTINATION)


def _hashes(columns: Columns) -> Iterator[Mention]:
    hashes = (columns.file__hashes__sha256, columns.file__hashes__sha1, columns.file__hashes__md5)
    strongest = next((one for one in hashes if one), None)
    if strongest is None or len(strongest.strip("0")) < 16:
        return
    path = columns.file__path or columns.process__file__path or ""
    yield _mention("hash", strongest.lower(), INSTALLED if canonical.is_installed(path) else SUBJECT)


def _site(url: str | None) -> str | None:
    if not url or "://" not in url:
        return None
    try:
        return urlsplit(url).hostname
    except ValueError:  # an unclosed bracket in a hostile URL
        return None


def _mention(kind: EntityKind, value: str, role: str) -> Mention:
    return Mention(Entity(kind, value[:512]), role)
