"""Cowrie's JSON log: what attackers do in an SSH and Telnet honeypot."""

from __future__ import annotations

from typing import ClassVar

from tocsin.core.event import Fields, Origin
from tocsin.pipeline.normalise.parsers.documents import time_in, word_in
from tocsin.pipeline.normalise.types import Parsed

_PREFIX = "cowrie."


class Cowrie:
    """Kind: (event id,) without the leading 'cowrie.': login.failed, command.input …"""

    shape: ClassVar[str] = "cowrie"

    def recognises(self, document: Fields) -> bool:
        name = document.get("eventid")
        return isinstance(name, str) and name.startswith(_PREFIX)

    def parse(self, document: Fields, origin: Origin) -> Parsed:
        kind = (word_in(document, "eventid").removeprefix(_PREFIX),)
        return Parsed(kind, document, time_in(document, "timestamp", "@timestamp", "time"))
