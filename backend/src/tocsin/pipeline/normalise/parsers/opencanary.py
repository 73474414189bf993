"""OpenCanary's JSON log: who touched a decoy service."""

from __future__ import annotations

from typing import ClassVar

from tocsin.core.errors import RecordError
from tocsin.core.event import Fields, Json, Origin
from tocsin.pipeline.normalise.parsers.documents import as_word, inner, time_in
from tocsin.pipeline.normalise.types import Parsed


class OpenCanary:
    """Kind: (log type, action): a number in text, 4002 is a log-in over SSH; the action only where logdata names one."""

    shape: ClassVar[str] = "opencanary"

    def recognises(self, document: Fields) -> bool:
        return "logtype" in document and "node_id" in document and "logdata" in document

    def parse(self, document: Fields, origin: Origin) -> Parsed:
        kind = (_log_type(document.get("logtype")), _action(inner(document, "logdata")))
        # in spite of its name local_time is UTC; it stands in for utc_time in records of old versions
        return Parsed(kind, document, time_in(document, "utc_time", "local_time"))


def _log_type(value: Json) -> str:
    if isinstance(value, str) and value.isascii() and value.isdecimal() and len(value) <= 6:
        return str(int(value))
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 1_000_000:
        return str(value)
    raise RecordError("log type is no number")


def _action(logdata: Fields) -> str:
    return as_word(logdata["action"], "action") if logdata.get("action") else ""
