"""Gathers the lines of one audit event, which share a time and a serial number and may be mixed with those of others."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field

from tocsin.pipeline.ingest.types import Record
from tocsin.pipeline.normalise.parsers.audit_line import AuditLine, find_audit_line, is_separator

_HELD = 2_000
_TIMEOUT = 2.0
_ALONE = (
    "USER_", "CRED_", "SERVICE_", "DAEMON_", "SYSTEM_", "CRYPTO_", "VIRT_", "ADD_", "DEL_", "GRP_", "ACCT_", "ROLE_", "LABEL_",
    "RESP_", "SOFTWARE_", "USYS_", "CHGRP_", "CHUSER_",
)  # fmt: skip
"""From user space, always one record."""

_Key = tuple[str, str, str]


@dataclass(slots=True)
class _Held:
    """An event as far as it came."""

    seconds: float | None
    records: list[Record] = field(default_factory=list[Record])
    told: bool = False
    """Its title is there, the last but EOE, or in what ausearch prints the first: another event's line ends it."""
    closed: bool = False


class AuditRecords:
    """Lets an event go when its end is there, when a later one is two seconds on, or when too much is held.

    Events leave in the order of their first lines.
    """

    def __init__(self) -> None:
        self._held: OrderedDict[_Key, _Held] = OrderedDict()
        self._lines = 0
        self._before: list[Record] = []
        """Separators that belong to the event whose first line is to come."""

    def claims(self, line: str) -> bool:
        return is_separator(line) or find_audit_line(line) is not None

    def feed(self, record: Record, line: str) -> list[list[Record]]:
        found = find_audit_line(line)
        if found is None:
            return self._separated(record)
        key = (found.node, found.stamp, found.serial)
        seconds = _seconds(found.stamp)
        wholes = self._left_behind(key, seconds)
        held = self._held.get(key)
        if held is None:
            held = self._held[key] = _Held(seconds, self._before)
            self._lines += len(self._before)
            self._before = []
        self._add(held, record, found)
        return wholes + self._closed()

    def flush(self) -> list[list[Record]]:
        wholes = [held.records for held in self._held.values()]
        if self._before:
            wholes.append(self._before)
        self._held.clear()
        self._lines, self._before = 0, []
        return wholes

    def _separated(self, record: Record) -> list[list[Record]]:
        """ausearch has sorted: a separator ends what came before."""
        if len(self._before) == 1:
            self._before.append(record)
            return []
        wholes = self.flush()
        self._before = [record]
        return wholes

    def _add(self, held: _Held, record: Record, found: AuditLine) -> None:
        held.told = held.told or found.type in ("PROCTITLE", "1327")
        held.closed = found.type in ("EOE", "1320") or (not held.records and found.type.startswith(_ALONE))
        held.records.append(record)
        self._lines += 1

    def _left_behind(self, key: _Key, seconds: float | None) -> list[list[Record]]:
        """The oldest, as long as they will get no more lines."""
        wholes: list[list[Record]] = []
        while self._held:
            oldest, held = next(iter(self._held.items()))
            if self._lines < _HELD and (oldest == key or not (held.told or _apart(held.seconds, seconds))):
                break
            wholes.append(self._let_go(oldest))
        return wholes

    def _closed(self) -> list[list[Record]]:
        wholes: list[list[Record]] = []
        while self._held:
            oldest, held = next(iter(self._held.items()))
            if not held.closed:
                break
            wholes.append(self._let_go(oldest))
        return wholes

    def _let_go(self, key: _Key) -> list[Record]:
        held = self._held.pop(key)
        self._lines -= len(held.records)
        return held.records


def _seconds(stamp: str) -> float | None:
    try:
        return float(stamp[:20])
    except ValueError:
        return None


def _apart(first: float | None, second: float | None) -> bool:
    """Where one says no time that can be compared, only the order can end an event."""
    return first is not None and second is not None and not abs(first - second) < _TIMEOUT
