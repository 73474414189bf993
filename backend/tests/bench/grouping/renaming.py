"""Renames the hosts, users, sessions, process ids and inner addresses of a recording apart from all others."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from hashlib import sha256

from tests.bench.grouping.recordings import Recording, changed
from tocsin.core.event import Fields, Json
from tocsin.core.text import text
from tocsin.pipeline.normalise import canonical

DOMAIN_CONTROLLER = "CORPDC01"
DOMAIN_CONTROLLER_ADDRESS = "10.0.0.10"

_HOST_FIELDS = ("Hostname", "Computer", "computer_name", "ComputerName", "WorkstationName", "MachineName")
_USER_FIELDS = ("TargetUserName", "SubjectUserName", "AccountName", "TargetOutboundUserName")
_JOINED_USER_FIELDS = ("User", "SourceUser", "TargetUser", "ParentUser")
_IS_CONTROLLER = re.compile(r"(^|[^a-z])(hf|mordor|root|corp)?dc\d*$", re.ASCII)
_GUID = re.compile(r"\{?\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b\}?", re.IGNORECASE | re.ASCII)
_SID = re.compile(r"\bS-1-5-21-(\d+)-(\d+)-(\d+)", re.IGNORECASE | re.ASCII)
_INNER = re.compile(r"(?<![\d.])(10\.\d+|192\.168|172\.(?:1[6-9]|2\d|3[01]))\.(\d+)\.(\d+)(?![\d.])", re.ASCII)
_LOGON = re.compile(r"\b0x[0-9a-f]{4,8}\b", re.IGNORECASE | re.ASCII)
_PLAIN_WORDS = frozenset({"user", "admin", "administrator", "test", "guest", "azure", "windows", "root", "public"})


class Renaming:
    """One recording's new names: the same old one always gets the same new one, in every field and inside texts."""

    def __init__(self, recording: Recording, number: int) -> None:
        self._number = number
        self._hosts = _hosts(recording.events)
        self._users = _users(recording.events) - self._hosts
        self._controllers = {host for host in self._hosts if _IS_CONTROLLER.search(host)}
        if self._controllers == self._hosts:
            self._controllers.clear()  # recorded on a domain controller alone: that one is the victim
        self._controller_address = _own_address(recording.events, self._controllers)
        self._guids = _guids(recording.events)
        self._logons = _logons(recording.events)
        names = sorted((*self._hosts, *(user for user in self._users if user not in _PLAIN_WORDS)), key=len)
        whole = "|".join(re.escape(name) for name in reversed(names)) or "$^"
        plain = "|".join(sorted(self._users & _PLAIN_WORDS)) or "$^"
        self._plain = re.compile(rf"(?<=\\)({plain})(?![a-z0-9])", re.IGNORECASE)
        self._names = re.compile(rf"(?<![a-z0-9])({whole})(?![a-z0-9])(\.[a-z0-9-]+\.[a-z]+)?", re.IGNORECASE)

    @property
    def hosts(self) -> list[str]:
        """The new names of its hosts, without the shared domain controller."""
        return sorted(self._host(host) for host in self._hosts - self._controllers)

    @property
    def users(self) -> list[str]:
        return sorted(self._new(user) for user in self._users)

    def apply(self, event: Fields) -> Fields:
        """The event with everything renamed."""
        return {name: self._value(name, value) for name, value in event.items()}

    def _value(self, name: str, value: Json) -> Json:
        if isinstance(value, dict):
            return {inner: self._value(inner, one) for inner, one in value.items()}
        plain = isinstance(value, str) and (name in _USER_FIELDS or name in _JOINED_USER_FIELDS)
        if plain and canonical.user_name(str(value).lower()) in self._users & _PLAIN_WORDS:
            head, slash, tail = str(value).rpartition("\\")
            return f"{self._text(head)}{slash}{self._new(tail)}"
        return changed(value, self._text)

    def _text(self, value: str) -> str:
        value = self._names.sub(self._name, value)
        value = self._plain.sub(lambda found: self._new(found[1]), value)
        value = _GUID.sub(self._guid, value)
        value = _SID.sub(self._sid, value)
        value = _LOGON.sub(self._logon, value)
        return _INNER.sub(self._address, value)

    def _name(self, found: re.Match[str]) -> str:
        name, domain = found[1].lower(), found[2] or ""
        if name in self._controllers:
            return DOMAIN_CONTROLLER + (".corp.example" if domain else "")
        return (self._host(found[1]) if name in self._hosts else self._new(found[1])) + domain

    def _host(self, name: str) -> str:
        return f"{name}-R{self._number:02d}"

    def _new(self, user: str) -> str:
        return f"{user}{self._number:02d}"

    def _guid(self, found: re.Match[str]) -> str:
        bare = found[0].strip("{}").lower()
        if bare not in self._guids:
            return found[0]
        new = sha256(f"{self._number}|{bare}".encode()).hexdigest()
        return found[0].lower().replace(bare, f"{new[:8]}-{new[8:12]}-{new[12:16]}-{new[16:20]}-{new[20:32]}")

    def _sid(self, found: re.Match[str]) -> str:
        parts = [str((int(part) + self._number * 7919) % 4_294_967_295) for part in found.groups()]
        return "S-1-5-21-" + "-".join(parts)

    def _logon(self, found: re.Match[str]) -> str:
        return f"{found[0]}{self._number:02x}" if found[0].lower() in self._logons else found[0]

    def _address(self, found: re.Match[str]) -> str:
        if found[0] == self._controller_address:
            return DOMAIN_CONTROLLER_ADDRESS
        first = int(sha256(found[1].encode()).hexdigest()[:2], 16)
        return f"10.{100 + self._number}.{(first + int(found[2])) % 256}.{found[3]}"


def _pairs(event: Fields) -> Iterator[tuple[str, Json]]:
    """Every field, also of nested objects."""
    waiting: list[Fields] = [event]
    while waiting:
        for name, value in waiting.pop().items():
            if isinstance(value, dict):
                waiting.append(value)
            else:
                yield name, value


def _hosts(events: Iterable[Fields]) -> set[str]:
    found: set[str] = set()
    for event in events:
        for field, value in _pairs(event):
            if field in _HOST_FIELDS and isinstance(value, str) and (host := canonical.host(value)):
                found.add(canonical.short(host))
    return {host for host in found if len(host) > 2}


def _users(events: Iterable[Fields]) -> set[str]:
    found: set[str] = set()
    for event in events:
        for field, value in _pairs(event):
            named = isinstance(value, str) and field in (*_USER_FIELDS, *_JOINED_USER_FIELDS)
            user = canonical.user(str(value)) if named else None
            if user and canonical.is_person(user) and len(canonical.user_name(user)) > 2:
                found.add(canonical.user_name(user))
    return found


def _guids(events: Iterable[Fields]) -> set[str]:
    """Of processes, log-ons, script blocks and activities: those that name things of this recording."""
    found: set[str] = set()
    for event in events:
        for name, value in _pairs(event):
            ends = name.lower().endswith(("guid", "scriptblockid", "activityid", "runspaceid"))
            if ends and "provider" not in name.lower() and isinstance(value, str) and _GUID.fullmatch(value):
                found.add(value.strip("{}").lower())
    return found


def _logons(events: Iterable[Fields]) -> set[str]:
    found: set[str] = set()
    for event in events:
        for name, value in _pairs(event):
            if name.endswith("LogonId") and isinstance(value, str) and canonical.session(value) and len(value) > 5:
                found.add(value.lower())
    return found


def _own_address(events: Iterable[Fields], hosts: set[str]) -> str | None:
    """The inner address that most connections of these hosts have at one end."""
    counts: Counter[str] = Counter()
    for event in events:
        if canonical.short(text(event.get("Hostname")).lower()) in hosts:
            ends = {text(event.get(name)) for name in ("SourceIp", "DestinationIp", "SourceAddress", "DestAddress")}
            counts.update(end for end in ends if _INNER.fullmatch(end))
    return min(counts, key=lambda end: (-counts[end], end)) if counts else None
