"""Windows events as a Wazuh manager writes them to its alerts and archives."""

from __future__ import annotations

import re
from typing import ClassVar

from tocsin.core.errors import RecordError
from tocsin.core.event import Fields, Json, Origin
from tocsin.pipeline.normalise.types import Parsed
from tocsin.pipeline.normalise.windows import identity_of, kind_of, time_of

_ESCAPED = re.compile(r'[^\\"]*(?:\\[\\"][^\\"]*)+')
_ESCAPE = re.compile(r'\\([\\"])')


class WazuhWindows:
    """Time: the event's own; the manager's `timestamp` is when it received it."""

    shape: ClassVar[str] = "wazuh-windows"

    def recognises(self, document: Fields) -> bool:
        return isinstance(_system(document), dict)

    def parse(self, document: Fields, origin: Origin) -> Parsed:
        system = _system(document)
        if not isinstance(system, dict):
            reason = "no system part"
            raise RecordError(reason)
        if "win" in document:
            document = {**document, "data": {"win": document["win"]}}
        channel, computer = system.get("channel"), system.get("computer")
        kind = kind_of(channel, system.get("providerName"), system.get("eventID"), system.get("providerGuid"))
        time = time_of(system.get("systemTime"), origin.zone)
        if time is None:
            time = time_of(document.get("timestamp"), origin.zone)
        _reshape(document)
        return Parsed(kind, document, time, identity_of(computer, channel, system.get("eventRecordID")))


def _system(document: Fields) -> Json:
    data = document.get("data", document)
    windows = data.get("win") if isinstance(data, dict) else None
    return windows.get("system") if isinstance(windows, dict) else None


def _reshape(document: Fields) -> None:
    """Event data as Windows has them: user data under `eventdata` too, and without the manager's escapes."""
    data = document["data"]
    windows = data.get("win") if isinstance(data, dict) else None
    if not isinstance(windows, dict):
        return
    if not isinstance(windows.get("eventdata"), dict):
        others = [value for name, value in windows.items() if name != "system" and isinstance(value, dict)]
        windows["eventdata"] = others[0] if others else {}
    for name, part in windows.items():
        if isinstance(part, dict):
            windows[name] = {key: _unescaped(value) for key, value in part.items()}


def _unescaped(value: Json) -> Json:
    """C:\\\\Windows → C:\\Windows; left alone when any backslash or quote stands without its escape."""
    if isinstance(value, str) and "\\" in value and _ESCAPED.fullmatch(value):
        return _ESCAPE.sub(r"\1", value)
    return value
