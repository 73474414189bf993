"""Windows events as Winlogbeat and Elastic Agent ship them: nested or with dotted keys, and in ECS alone."""

from __future__ import annotations

from typing import ClassVar

from tocsin.core.errors import RecordError
from tocsin.core.event import Fields, Json, Origin
from tocsin.pipeline.normalise.types import Parsed
from tocsin.pipeline.normalise.windows import identity_of, kind_of, time_of

_MODULES = {
    "powershell": "microsoft-windows-powershell",
    "security": "microsoft-windows-security-auditing",
    "sysmon": "microsoft-windows-sysmon",
}
_CLASSIC = frozenset({"PowerShell", "PowerShellCore", "Service Control Manager", "OpenSSH"})
_DEEPEST = 12


class Winlogbeat:
    """From version 7 on. Dotted keys are nested, as Elasticsearch reads them too."""

    shape: ClassVar[str] = "winlogbeat"

    def recognises(self, document: Fields) -> bool:
        if isinstance(document.get("winlog"), dict):
            return True
        if "winlog.channel" in document or "winlog.event_id" in document or "winlog.event_data" in document:
            return True
        event = document.get("event")
        provider = event.get("provider") if isinstance(event, dict) else document.get("event.provider")
        return _is_windows(provider) and _has_code(document, event)

    def parse(self, document: Fields, origin: Origin) -> Parsed:
        if any("." in name for name in document):
            document = nested(document)
        winlog, event = _object(document.get("winlog")), _object(document.get("event"))
        provider = winlog.get("provider_name") or event.get("provider")
        if provider is None and isinstance(module := event.get("module"), str):
            provider = _MODULES.get(module)
        channel = winlog.get("channel")
        event_id = winlog.get("event_id", event.get("code"))
        kind = kind_of(channel, provider, event_id, winlog.get("provider_guid"))
        computer = winlog.get("computer_name") or _object(document.get("host")).get("name")
        _number_unnamed(winlog.get("event_data"))
        time = time_of(document.get("@timestamp"), origin.zone)
        return Parsed(kind, document, time, identity_of(computer, channel, winlog.get("record_id")))


class Winlogbeat6:
    """Before version 7: `log_name`, `source_name`, `event_data`."""

    shape: ClassVar[str] = "winlogbeat-6"

    def recognises(self, document: Fields) -> bool:
        if "log_name" not in document or ("event_id" not in document and "EventID" not in document):
            return False
        return "event_data" in document or "user_data" in document or "beat" in document or "source_name" in document

    def parse(self, document: Fields, origin: Origin) -> Parsed:
        channel = document.get("log_name")
        event_id = document.get("event_id", document.get("EventID"))
        kind = kind_of(channel, document.get("source_name"), event_id, document.get("provider_guid"))
        _number_unnamed(document.get("event_data"))
        time = time_of(document.get("@timestamp"), origin.zone)
        identity = identity_of(document.get("computer_name"), channel, document.get("record_number"))
        return Parsed(kind, document, time, identity)


def nested(document: Fields) -> Fields:
    """{'a.b': 1, 'a': {'c': 2}} → {'a': {'b': 1, 'c': 2}}; raises RecordError where a name is both value and object."""
    whole: Fields = {}
    for dotted, value in document.items():
        steps = dotted.split(".", _DEEPEST)
        holder = whole
        for step in steps[:-1]:
            inner = holder.setdefault(step, {})
            if not isinstance(inner, dict):
                reason = "a dotted name is both a value and an object"
                raise RecordError(reason, dotted[:80])
            holder = inner
        last, there = steps[-1], holder.get(steps[-1])
        holder[last] = there | value if isinstance(there, dict) and isinstance(value, dict) else value
    return whole


def _is_windows(provider: Json) -> bool:
    return isinstance(provider, str) and (provider.startswith("Microsoft-Windows-") or provider in _CLASSIC)


def _has_code(document: Fields, event: Json) -> bool:
    return "code" in event if isinstance(event, dict) else "event.code" in document


def _object(value: Json) -> Fields:
    return value if isinstance(value, dict) else {}


def _number_unnamed(data: Json) -> None:
    """Winlogbeat calls unnamed data param1, param2 …; Sigma calls all of them Data."""
    if isinstance(data, dict) and "param1" in data and "Data" not in data:
        data["Data"] = [data[name] for at in range(1, len(data) + 1) if (name := f"param{at}") in data]
