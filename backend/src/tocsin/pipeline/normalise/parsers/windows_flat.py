"""Windows events with all fields at the top: NXLog, Logstash's and Fluent Bit's JSON, PowerShell exports."""

from __future__ import annotations

from typing import ClassVar

from tocsin.core.clock import Nanoseconds
from tocsin.core.event import Fields, Json, Origin
from tocsin.pipeline.normalise.types import Parsed
from tocsin.pipeline.normalise.windows import has_no_zone, identity_of, kind_of, time_of
from tocsin.pipeline.normalise.windows_inserts import Template, bundled_template, named

_EVENT_IDS = ("EventID", "EventId", "event_id", "Id")
_CHANNELS = ("Channel", "channel", "LogName", "log_name", "EventLog")
_PROVIDERS = ("SourceName", "ProviderName", "Provider_Name", "Provider", "source_name", "provider_name")
_GUIDS = ("ProviderGuid", "ProviderGUID", "provider_guid", "ProviderId")
_COMPUTERS = ("Hostname", "Computer", "ComputerName", "MachineName", "computer_name", "HostName")
_RECORDS = ("RecordNumber", "EventRecordID", "RecordId", "EventRecordId", "RecordID", "record_number")
_TIMES = ("@timestamp", "TimeCreated", "UtcTime", "EventTime", "TimeGenerated", "TimeWritten", "date")
_OTHERS = ("EventData", "EventSourceName", "event_data", "user_data", "winlog")
_INSERTS = ("StringInserts", "Properties")


class WindowsFlat:
    """Time: `@timestamp`, else the first that names its zone, else Sysmon's UtcTime, else a local one in the source's
    zone. One clock for all channels of a source comes first, so that they keep their order among themselves."""

    shape: ClassVar[str] = "windows-flat"

    def __init__(self, template: Template = bundled_template) -> None:
        self._template = template

    def recognises(self, document: Fields) -> bool:
        if not document.keys().isdisjoint(_OTHERS):
            return False
        if "EventID" in document:
            return "Channel" in document or _has_source(document)
        return _other_spelling(document)

    def parse(self, document: Fields, origin: Origin) -> Parsed:
        channel = document.get("Channel") or _first(document, _CHANNELS)
        provider = document.get("SourceName") or _first(document, _PROVIDERS)
        event_id = document.get("EventID")
        if event_id is None:
            event_id = _first(document, _EVENT_IDS)
        guid = None if provider else _first(document, _GUIDS)
        kind = kind_of(channel, provider, event_id, guid)
        if "StringInserts" in document or "Properties" in document:
            document = named(document, kind, _first(document, _INSERTS), self._template)
        computer = document.get("Hostname") or _first(document, _COMPUTERS)
        record = document.get("RecordNumber") or _first(document, _RECORDS)
        return Parsed(kind, document, _time(document, origin.zone), identity_of(computer, channel, record))


def _has_source(document: Fields) -> bool:
    return any(name in document for name in (*_CHANNELS, *_PROVIDERS, *_GUIDS))


def _other_spelling(document: Fields) -> bool:
    """The spellings of the event id that other software uses too need a channel and a provider beside them."""
    return (
        any(name in document for name in _EVENT_IDS)
        and any(name in document for name in _CHANNELS)
        and any(name in document for name in (*_PROVIDERS, *_GUIDS))
    )


def _first(document: Fields, names: tuple[str, ...]) -> Json:
    for name in names:
        value = document.get(name)
        if value is not None and value != "":
            return value
    return None


def _time(document: Fields, zone: str) -> Nanoseconds | None:
    stamp = document.get("@timestamp")
    if stamp is not None and (found := time_of(stamp, zone)) is not None:
        return found
    stamps = [value for name in _TIMES if (value := document.get(name)) is not None]
    stamps.sort(key=lambda value: has_no_zone(value) and value != document.get("UtcTime"))
    for value in stamps:
        found = time_of(value, "UTC" if value == document.get("UtcTime") else zone)
        if found is not None:
            return found
    return None
