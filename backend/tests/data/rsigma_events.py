"""Events as rsigma is given them: the source's own fields, and one log source a line, after SigmaHQ's mapping.

Nothing here knows our alias packs. It says what docs/reference/rsigma.md says under "How the events were prepared", for
the channels that the reference data has.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from tocsin.core.event import Fields, Json

ROUTED = ("--logsource-routing", "--logsource-field-map", "product=ls_p,service=ls_s,category=ls_c")
"""How rsigma is told where a line's log source stands."""

NONE = "none"
"""A part that an event has not; rsigma would else let every value of it pass."""

_SYSMON = "microsoft-windows-sysmon/operational"
_POWERSHELL = "microsoft-windows-powershell/operational"
_CLASSIC = "windows powershell"
_SERVICES = {
    "application": "application",
    "microsoft-windows-dns-client/operational": "dns-client",
    "microsoft-windows-taskscheduler/operational": "taskscheduler",
    "microsoft-windows-windows firewall with advanced security/firewall": "firewall-as",
    "microsoft-windows-wmi-activity/operational": "wmi",
    "security": "security",
    "system": "system",
    _CLASSIC: "powershell-classic",
    _POWERSHELL: "powershell",
    _SYSMON: "sysmon",
}
_CATEGORIES: dict[str, dict[int, tuple[str, ...]]] = {
    "security": {4688: ("process_creation",)},
    _CLASSIC: {400: ("ps_classic_start",), 600: ("ps_classic_provider_start",), 800: ("ps_classic_script",)},
    _POWERSHELL: {4103: ("ps_module",), 4104: ("ps_script",)},
    _SYSMON: {
        1: ("process_creation",),
        2: ("file_change",),
        3: ("network_connection",),
        4: ("sysmon_status",),
        5: ("process_termination",),
        6: ("driver_load",),
        7: ("image_load",),
        8: ("create_remote_thread",),
        9: ("raw_access_thread",),
        10: ("process_access",),
        11: ("file_event",),
        12: ("registry_event", "registry_add", "registry_delete"),
        13: ("registry_event", "registry_set"),
        14: ("registry_event", "registry_rename"),
        15: ("create_stream_hash",),
        16: ("sysmon_status",),
        17: ("pipe_created",),
        18: ("pipe_created",),
        19: ("wmi_event",),
        20: ("wmi_event",),
        21: ("wmi_event",),
        22: ("dns_query",),
        23: ("file_delete",),
        24: ("clipboard_capture", "clipboard_change"),
        25: ("process_tampering",),
        26: ("file_delete_detected",),
        27: ("file_block_executable",),
        28: ("file_block_shredding",),
        29: ("file_executable_detected",),
        255: ("sysmon_error",),
    },
}
_SPELLINGS = {
    "Provider_Name": ("SourceName", "source_name"),
    "Computer": ("Hostname", "computer_name"),
    "Channel": ("log_name",),
    "Message": ("message",),
}
_PROCESS = {"Image": "NewProcessName", "ParentImage": "ParentProcessName"}
_SYSTEM = ("EventRecordID", "Level", "Task", "Opcode", "Keywords", "Version")
_ATTRIBUTES = (
    ("Provider", "Name", "Provider_Name"),
    ("Provider", "Guid", "Provider_Guid"),
    ("Security", "UserID", "UserID"),
)


class Source(NamedTuple):
    """What an event is."""

    product: str
    service: str
    categories: tuple[str, ...] = ()


def tagged(document: Fields, number: int) -> Iterator[Fields]:
    """The event once for each category and once without: each line with its log source and the event's number."""
    fields = _rendered(document["Event"]) if isinstance(document.get("Event"), dict) else _flat(document)
    source = source_of(fields)
    for category in (*source.categories, NONE):
        line = fields | {"ls_p": source.product, "ls_s": source.service, "ls_c": category, "ls_line": number}
        if category == "process_creation":
            line |= {name: fields[own] for name, own in _PROCESS.items() if own in fields and name not in fields}
        yield line


def source_of(fields: Fields) -> Source:
    channel = fields.get("Channel")
    if isinstance(channel, str):
        named = channel.lower()
        return Source("windows", _SERVICES.get(named, NONE), categories(named, _number(fields.get("EventID"))))
    if "@stream" in fields:
        return Source("zeek", str(fields["@stream"]))
    if str(fields.get("eventSource", "")).endswith("amazonaws.com"):
        return Source("aws", "cloudtrail")
    return Source("linux", "syslog")


def categories(channel: str, event_id: int) -> tuple[str, ...]:
    """The Sigma categories of a Windows event, its channel in lower case."""
    return _CATEGORIES.get(channel, {}).get(event_id, ())


def _flat(document: Fields) -> Fields:
    """Without the data set's own label; Winlogbeat's data lifted to the top; SigmaHQ's spelling where there is another."""
    fields = {name: value for name, value in document.items() if name not in ("_src", "event_data", "user_data")}
    for holder in ("event_data", "user_data"):
        data = document.get(holder)
        if isinstance(data, dict):
            fields |= data
    if "Channel" in fields or "log_name" in fields:
        fields.setdefault("EventID", fields.get("event_id"))
        for name, spellings in _SPELLINGS.items():
            found = next((fields[other] for other in spellings if other in fields), None)
            if name not in fields and found is not None:
                fields[name] = found
    return fields


def _rendered(event: Json) -> Fields:
    """EventData and UserData flat, beside what Sigma's rules name of System."""
    assert isinstance(event, dict)
    system = event["System"]
    assert isinstance(system, dict)
    fields: Fields = {}
    for data in (event.get("EventData"), *_objects(event.get("UserData"))):
        if isinstance(data, dict):
            fields |= {name: _text(value) for name, value in data.items() if name != "#attributes"}
    fields |= {
        "EventID": _number(system.get("EventID")),
        "Channel": system.get("Channel"),
        "Computer": system.get("Computer"),
    }
    fields |= {name: system[name] for name in _SYSTEM if name in system and name not in fields}
    for holder, attribute, name in _ATTRIBUTES:
        held = system.get(holder)
        attributes = held.get("#attributes") if isinstance(held, dict) else None
        if isinstance(attributes, dict) and attribute in attributes:
            fields[name] = attributes[attribute]
    return fields


def _objects(value: Json) -> list[Json]:
    return list(value.values()) if isinstance(value, dict) else []


def _text(value: Json) -> Json:
    return value.get("#text", value) if isinstance(value, dict) else value


def _number(value: Json) -> int:
    value = _text(value)
    return int(value) if isinstance(value, int | str) and str(value).strip().isdecimal() else -1
