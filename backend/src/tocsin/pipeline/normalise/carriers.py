"""Records that only carry another one, a container's log or a shipper's message: what stands inside is what counts."""

from __future__ import annotations

import re
from typing import NamedTuple

from tocsin.core.clock import Nanoseconds
from tocsin.core.errors import RecordError
from tocsin.core.event import Fields, Json, Origin
from tocsin.pipeline.normalise.decoding import document_of, is_document
from tocsin.pipeline.normalise.recognise import Recogniser
from tocsin.pipeline.normalise.times import any_time
from tocsin.pipeline.normalise.types import Parsed

CARRIER = "carrier"
"""The field under which what the carrier says of itself is kept beside the fields of what it carried."""

_MARKS = {
    "log": ("stream", "date", "time", "kubernetes", "container_id", "container_name"),
    "message": ("agent", "beat", "host", "log", "file", "stream", "source_type", "kubernetes", "docker", "@version"),
}
"""Where the text stands → what else a carrier has: Docker, Fluentd and Fluent Bit; Beats, Logstash and Vector."""

_LEVELS = 3
"""A container's log of a shipper's message: deeper than that nobody packs."""
_TIMES = ("time", "@timestamp", "timestamp", "date")
_CRI = re.compile(r"(\d{4}-\d\d-\d\dT\S{1,32}) (stdout|stderr) [FP] (.*)", re.ASCII | re.DOTALL)


class Carried(NamedTuple):
    """What stood inside, and what its carrier knew."""

    text: str
    time: Nanoseconds | None
    """When it was taken up: stands in where the inner record has no time of its own."""
    carrier: Fields


def carried_in(document: Fields) -> Carried | None:
    """The text inside an object that is known for carrying one."""
    for name, marks in _MARKS.items():
        text = document.get(name)
        if isinstance(text, str) and text.strip() and any(mark in document for mark in marks):
            carrier: Fields = {field: value for field, value in document.items() if field != name}
            return Carried(text.strip("\r\n"), _time(document), carrier)
    return None


def carried_by(line: str) -> Carried | None:
    """The text inside a line of a container runtime: time, stream, F for a full or P for a partial line, text."""
    found = _CRI.fullmatch(line)
    if found is None or not found[3].strip():
        return None
    return Carried(found[3], _read(found[1]), {"stream": found[2]})


def inside(carried: Carried, recogniser: Recogniser, origin: Origin) -> tuple[str, Parsed] | None:
    """Shape and content of the innermost record; None where nobody knows what it is.

    Raises RecordError when it is known and broken.
    """
    inner: Carried | None = carried
    for _ in range(_LEVELS):
        if inner is None:
            return None
        carried = inner
        document = _object(carried.text)
        if document is not None:
            parser = recogniser.document(document)
            inner = carried_in(document) if recogniser.is_last_resort(parser) else None
            if inner is None:
                return parser.shape, _with_carrier(parser.parse(document, origin), carried)
        else:
            line_parser = recogniser.line(carried.text)
            if line_parser is not None:
                return line_parser.shape, _with_carrier(line_parser.parse(carried.text, origin), carried)
            inner = carried_by(carried.text)
    return None


def _object(text: str) -> Fields | None:
    raw = text.encode()
    if not is_document(raw):
        return None
    try:
        return document_of(raw)
    except RecordError:  # a line that only begins like an object
        return None


def _with_carrier(parsed: Parsed, carried: Carried) -> Parsed:
    fields = parsed.fields if CARRIER in parsed.fields else {**parsed.fields, CARRIER: carried.carrier}
    return parsed._replace(fields=fields, time=parsed.time if parsed.time is not None else carried.time)


def _time(document: Fields) -> Nanoseconds | None:
    return next((time for name in _TIMES if (time := _read(document.get(name))) is not None), None)


def _read(value: Json) -> Nanoseconds | None:
    try:
        return any_time(value)
    except ValueError:
        return None
