"""What the shapes of Windows events share: how kind, time and identity are read."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from functools import cache, lru_cache
from zoneinfo import ZoneInfo

from tocsin.core.clock import LATEST, SECOND, Nanoseconds, moment, nanoseconds
from tocsin.core.errors import RecordError
from tocsin.core.event import Json, Kind
from tocsin.pipeline.normalise.times import any_time

_Plain = str | int | float | bool | None

_LONGEST_NAME = 256
"""Windows allows 255 characters in the name of a channel."""
_KINDS_KEPT = 8192
_START = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECONDS = re.compile(r"/Date\((\d{1,15})\)/", re.ASCII)
_NO_ZONE = re.compile(r"\d{4}-\d\d-\d\d[T ][\d:.,]+", re.ASCII)

# Only what a provider or its GUID leaves no doubt of: it writes to this one channel.
_CHANNEL_OF = {
    "microsoft-windows-bits-client": "microsoft-windows-bits-client/operational",
    "microsoft-windows-powershell": "microsoft-windows-powershell/operational",
    "microsoft-windows-security-auditing": "security",
    "microsoft-windows-sysmon": "microsoft-windows-sysmon/operational",
    "microsoft-windows-taskscheduler": "microsoft-windows-taskscheduler/operational",
    "microsoft-windows-windows defender": "microsoft-windows-windows defender/operational",
    "microsoft-windows-wmi-activity": "microsoft-windows-wmi-activity/operational",
    "openssh": "openssh/operational",
    "powershell": "windows powershell",
    "powershellcore": "powershellcore/operational",
    "service control manager": "system",
}
_PROVIDER_OF = {
    "{11cd958a-c507-4ef3-b3f2-5fd9dfbd2c78}": "microsoft-windows-windows defender",
    "{1418ef04-b0b4-4623-bf7e-d74ab47bbdaa}": "microsoft-windows-wmi-activity",
    "{54849625-5478-4994-a5ba-3e3b0328c30d}": "microsoft-windows-security-auditing",
    "{555908d1-a6d7-4695-8e1e-26931d2012f4}": "service control manager",
    "{5770385f-c22a-43e0-bf4c-06f5698ffbd9}": "microsoft-windows-sysmon",
    "{a0c1853b-5c40-4b15-8766-3cf1c58f985a}": "microsoft-windows-powershell",
    "{de7b24ea-73c8-4a09-985d-5bdadcfa9017}": "microsoft-windows-taskscheduler",
}


def kind_of(channel: Json, provider: Json, event_id: Json, guid: Json = None) -> Kind:
    """(channel, provider, event id) in lower case; a missing channel from the provider where it has only one.

    Raises RecordError without an event id, and for a channel or provider that is no name.
    """
    try:
        return _kind(channel, provider, event_id, guid)  # pyright: ignore[reportArgumentType]
    except TypeError as error:  # unhashable: a list or an object
        reason = "channel, provider or event id is not a plain value"
        raise RecordError(reason) from error


def time_of(value: Json, zone: str) -> Nanoseconds | None:
    """A time with a zone as it says; without one in `zone`; None where there is none that can be read."""
    try:
        if isinstance(value, str) and len(value) == 24 and value[10] == "T" and value[23] == "Z":
            return _milliseconds(value)
        found = any_time(value)
    except ValueError:
        return _exported_time(value)
    return _in_zone(found, zone) if zone != "UTC" and has_no_zone(value) else found


def has_no_zone(value: Json) -> bool:
    """Whether this is a date and a time of day that leaves open where on Earth."""
    return isinstance(value, str) and _NO_ZONE.fullmatch(value) is not None


def identity_of(computer: Json, channel: Json, record: Json) -> str:
    """The record's own identity, where all of its parts are there."""
    if computer and channel and record and isinstance(record, int | str):
        return f"{computer}|{channel}|{record}"
    return ""


@lru_cache(maxsize=_KINDS_KEPT)  # equal keys are one: so 4688.0 is 4688, and true is 1
def _kind(channel: _Plain, provider: _Plain, event_id: _Plain, guid: _Plain) -> Kind:
    source = _name(provider) or _PROVIDER_OF.get(_braced(guid), "")
    return _name(channel) or _CHANNEL_OF.get(source, ""), source, _number(event_id)


def _name(value: _Plain) -> str:
    if value is None:
        return ""
    if not isinstance(value, str) or len(value) > _LONGEST_NAME:
        reason = "channel or provider is not a name"
        raise RecordError(reason)
    return value.strip().lower()


def _number(value: _Plain) -> str:
    if isinstance(value, str) and len(value) <= 10 and value.strip().isdecimal():
        value = int(value)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, int) and 0 <= value < 1 << 32:
        return str(value & 0xFFFF)  # the upper half are qualifiers, which the old API leaves in
    reason = "no event id"
    raise RecordError(reason)


def _braced(guid: _Plain) -> str:
    return "{" + guid.strip("{}").lower() + "}" if isinstance(guid, str) and len(guid) <= 38 else ""


def _milliseconds(text: str) -> Nanoseconds:
    """2026-11-23T05:21:48.123Z, the form of nearly all of them, in a third of the time."""
    since = datetime.fromisoformat(text) - _START
    if since.days < 0:
        raise ValueError(text)
    return (since.days * 86_400 + since.seconds) * SECOND + since.microseconds * 1000


def _exported_time(value: Json) -> Nanoseconds | None:
    found = _MILLISECONDS.fullmatch(value) if isinstance(value, str) else None
    time = int(found[1]) * (SECOND // 1000) if found else LATEST
    return time if time < LATEST else None


def _in_zone(utc: Nanoseconds, zone: str) -> Nanoseconds:
    whole, rest = divmod(utc, SECOND)
    there = nanoseconds(moment(whole * SECOND).replace(tzinfo=_zone(zone))) + rest
    return there if 0 <= there <= LATEST else utc  # the last hours of the year 9999, or the first of 1970


@cache
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)
