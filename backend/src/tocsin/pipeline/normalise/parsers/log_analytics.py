"""Windows events as rows of Azure Log Analytics: the tables SecurityEvent, WindowsEvent and Event."""

from __future__ import annotations

import html
import re
from typing import ClassVar

import orjson

from tocsin.core.errors import RecordError
from tocsin.core.event import Fields, Json, Origin
from tocsin.pipeline.normalise.types import Parsed
from tocsin.pipeline.normalise.windows import identity_of, kind_of, time_of

_TABLES = frozenset({"SecurityEvent", "WindowsEvent", "Event"})
_ELEMENT = re.compile(r"<(Data|Param)(?:\s+Name=(?:\"([^\"]{0,256})\"|'([^']{0,256})'))?\s*(?:/>|>([^<]*)</\1>)")


class LogAnalytics:
    """Their `EventData` is text, XML or JSON; here it is an object."""

    shape: ClassVar[str] = "windows-log-analytics"

    def recognises(self, document: Fields) -> bool:
        if "EventID" not in document:
            return False
        if "EventData" in document and ("Channel" in document or "EventLog" in document):
            return True
        return document.get("Type") in _TABLES and "Computer" in document

    def parse(self, document: Fields, origin: Origin) -> Parsed:
        channel = document.get("Channel") or document.get("EventLog")
        provider = document.get("EventSourceName") or document.get("Provider") or document.get("Source")
        kind = kind_of(channel, provider, document.get("EventID"))
        time = time_of(document.get("TimeGenerated", document.get("TimeCreated")), origin.zone)
        record = document.get("EventRecordId") or document.get("EventRecordID")
        fields: Fields = {**document, "EventData": _data(document.get("EventData"))}
        return Parsed(kind, fields, time, identity_of(document.get("Computer"), channel, record))


def _data(written: Json) -> Fields:
    if isinstance(written, dict):
        return written
    if not isinstance(written, str):
        return {}
    text = written.strip()
    return _from_json(text) if text.startswith("{") else _from_xml(text)


def _from_json(text: str) -> Fields:
    try:
        found: Json = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        reason = "EventData is broken JSON"
        raise RecordError(reason) from error
    return found if isinstance(found, dict) else {}


def _from_xml(text: str) -> Fields:
    """A flat list of elements needs no XML parser, and so none of what documents can do to one."""
    found: Fields = {}
    unnamed: list[Json] = []
    for element in _ELEMENT.finditer(text):
        _, double, single, value = element.groups()
        name, value = html.unescape(double or single or ""), html.unescape(value or "")
        if name:
            found[name] = value
        else:
            unnamed.append(value)
    if unnamed:
        found["Data"] = unnamed
    return found
