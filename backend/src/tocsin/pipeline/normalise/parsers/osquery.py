"""osquery's results log: rows of scheduled queries, as they appear, go, or stand."""

from __future__ import annotations

from typing import ClassVar

from tocsin.core.event import Fields, Origin
from tocsin.pipeline.normalise.parsers.documents import inner, time_in, word_in
from tocsin.pipeline.normalise.types import Parsed

_ACTIONS = frozenset({"added", "removed", "snapshot"})


class Osquery:
    """Kind: (query, action, row); the row is process or connection where its columns are those of one, else empty."""

    shape: ClassVar[str] = "osquery"

    def recognises(self, document: Fields) -> bool:
        return "hostIdentifier" in document and "name" in document and str(document.get("action")) in _ACTIONS

    def parse(self, document: Fields, origin: Origin) -> Parsed:
        action = word_in(document, "action")
        row = _row(inner(document, "columns")) if action == "added" else ""
        return Parsed((word_in(document, "name"), action, row), document, time_in(document, "unixTime"))


def _row(columns: Fields) -> str:
    if "cmdline" in columns and str(columns.get("path"))[:1] == "/":
        return "process"
    return "connection" if "remote_address" in columns and "remote_port" in columns else ""
