"""Windows events nested as in their XML: `Event.System` and `Event.EventData`, as the evtx reader and XML converters write them."""

from __future__ import annotations

from typing import ClassVar

from tocsin.core.errors import RecordError
from tocsin.core.event import Fields, Json, Origin
from tocsin.pipeline.normalise.types import Parsed
from tocsin.pipeline.normalise.windows import identity_of, kind_of, time_of

_TEXTS = ("#text", "Value", "value", "$")
_DATA = "Data"


class WindowsRendered:
    """Unnamed data become one list under `Data`, named ones stand under their names, whatever the converter did."""

    shape: ClassVar[str] = "windows-rendered"

    def recognises(self, document: Fields) -> bool:
        event = document.get("Event", document)
        if not isinstance(event, dict):
            return False
        system = event.get("System")
        return isinstance(system, dict) and "EventID" in system

    def parse(self, document: Fields, origin: Origin) -> Parsed:
        event = document.get("Event", document)
        system = event.get("System") if isinstance(event, dict) else None
        if not isinstance(event, dict) or not isinstance(system, dict):
            reason = "no System part"
            raise RecordError(reason)
        if event is document:
            document = {"Event": document}
        channel, computer = _text(system.get("Channel")), _text(system.get("Computer"))
        provider, guid = _attribute(system, "Provider", "Name"), _attribute(system, "Provider", "Guid")
        kind = kind_of(channel, provider, _text(system.get("EventID")), guid)
        time = time_of(_attribute(system, "TimeCreated", "SystemTime"), origin.zone)
        _reshape(event)
        return Parsed(kind, document, time, identity_of(computer, channel, _text(system.get("EventRecordID"))))


def _attribute(system: Fields, element: str, name: str) -> Json:
    """An XML attribute, however the converter marks it."""
    holder = system.get(element)
    if isinstance(holder, str):
        return holder if name in {"Name", "SystemTime"} else None
    beside = system.get(f"{element}_attributes")
    for place in (holder, beside):
        if not isinstance(place, dict):
            continue
        inner = place.get("#attributes")
        for attributes in (inner, place):
            if isinstance(attributes, dict) and (value := attributes.get(name, attributes.get("@" + name))) is not None:
                return value
    return None


def _text(value: Json) -> Json:
    """The text of an element that may also carry attributes."""
    if not isinstance(value, dict):
        return value
    return next((value[name] for name in _TEXTS if name in value), None)


def _reshape(event: Fields) -> None:
    data = event.get("EventData")
    if data is not None:
        event["EventData"] = _named(data)
    user = event.get("UserData")
    if isinstance(user, dict):
        event["UserData"] = {root: _named(content) for root, content in user.items() if not _is_attribute(root)}


def _named(data: Json) -> Fields:
    if not isinstance(data, dict):
        return {_DATA: _listed(data)}
    found: Fields = {name: _value(value) for name, value in data.items() if name != _DATA}
    if data.get(_DATA) is not None:
        unnamed: list[Json] = []
        for item in _listed(data[_DATA]):
            name = _data_name(item)
            if name:
                found[name] = _text(item)
            else:
                unnamed.extend(_listed(_text(item)))
        if unnamed:
            found[_DATA] = unnamed
    return found


def _value(value: Json) -> Json:
    """An element as its text; one with children of its own stays as it is."""
    if isinstance(value, dict) and any(name in value for name in _TEXTS):
        return _text(value)
    return value


def _data_name(item: Json) -> str:
    if not isinstance(item, dict):
        return ""
    attributes = item.get("#attributes")
    holder = attributes if isinstance(attributes, dict) else item
    name = holder.get("Name", holder.get("@Name"))
    return name if isinstance(name, str) else ""


def _listed(value: Json) -> list[Json]:
    return value if isinstance(value, list) else [value]


def _is_attribute(name: str) -> bool:
    return name.startswith(("#", "@", "xmlns"))
