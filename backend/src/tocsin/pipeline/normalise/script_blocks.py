"""Joins the parts in which PowerShell logs a long script (event 4104), so that rules see the script as it ran."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from msgspec.structs import replace

from tocsin.core.clock import MINUTE, Nanoseconds
from tocsin.core.event import Event, Fields, Json
from tocsin.core.text import text
from tocsin.pipeline.normalise.aliases import Aliases, FieldPath, Resolved, at

MOST_OPEN = 1024
LONGEST_WAIT: Nanoseconds = 15 * MINUTE
LARGEST_BLOCK = 4 << 20
LARGEST_TOTAL = 64 << 20
"""Bytes of raw records held over all blocks."""

_SCRIPT_BLOCK = "4104"
_CHANNELS = frozenset({"microsoft-windows-powershell/operational", "powershellcore/operational"})
_MOST_PARTS = 1 << 16

_Key = tuple[str, str, str, str]


class ScriptBlocks:
    """A Joiner. Waits in event time of the block's lane; an event ahead of its receipt moves no clock."""

    def __init__(self, aliases: Aliases) -> None:
        self.joined = 0
        self._aliases = aliases
        self._open: dict[_Key, _Block] = {}
        self._due: dict[str, Nanoseconds] = {}
        self._held = 0

    def feed(self, event: Event) -> list[Event]:
        overdue = self._overdue(event) if self._due else []
        if _SCRIPT_BLOCK not in event.kind or event.kind[0] not in _CHANNELS:
            return [*overdue, event]
        part = self._part(event)
        return [*overdue, *([event] if part is None else self._add(part))]

    def flush(self) -> list[Event]:
        wholes = [block.whole() for block in self._open.values()]
        self._open.clear()
        self._due.clear()
        self._held = 0
        return wholes

    def _part(self, event: Event) -> _Part | None:
        """None for a script in one part, and for a part that does not say which it is."""
        route = self._aliases.route(event.shape, event.kind)
        number, total, block, host = (
            text(route.resolve(name).read(event.fields))
            for name in ("MessageNumber", "MessageTotal", "ScriptBlockId", "Computer")
        )
        script = route.resolve("ScriptBlockText")
        if not (number.isdecimal() and total.isdecimal() and block) or len(number) > 5 or len(total) > 5:
            return None
        if not 1 <= int(number) <= int(total) <= _MOST_PARTS or int(total) == 1 or not _stands_at(event.fields, script):
            return None
        key = (str(event.origin.tenant), event.origin.lane, host.lower(), block.strip("{}").lower())
        return _Part(key, int(number), int(total), script, event)

    def _add(self, part: _Part) -> list[Event]:
        block = self._open.get(part.key)
        if block is None:
            block = self._start(part)
        elif part.number in block.parts:
            if block.parts[part.number].raw != part.event.raw:
                return [part.event]
            self.joined += 1  # the same part again
            return []
        elif block.size + len(part.event.raw) > LARGEST_BLOCK:
            whole = self._close(part.key)
            self._start(part)
            return [whole]
        else:
            self.joined += 1
            self._hold(block, part)
        if len(block.parts) == block.total:
            return [self._close(part.key)]
        return self._make_room()

    def _start(self, part: _Part) -> _Block:
        block = self._open[part.key] = _Block(part.total, part.script, part.event.time + LONGEST_WAIT)
        lane = part.event.origin.lane
        self._due[lane] = min(block.due, self._due.get(lane, block.due))
        self._hold(block, part)
        return block

    def _hold(self, block: _Block, part: _Part) -> None:
        block.parts[part.number] = part.event
        block.size += len(part.event.raw)
        self._held += len(part.event.raw)

    def _close(self, key: _Key) -> Event:
        block = self._open.pop(key)
        self._held -= block.size
        if not self._open:
            self._due.clear()
        return block.whole()

    def _make_room(self) -> list[Event]:
        wholes: list[Event] = []
        while len(self._open) > MOST_OPEN or self._held > LARGEST_TOTAL:
            wholes.append(self._close(next(iter(self._open))))
        return wholes

    def _overdue(self, event: Event) -> list[Event]:
        lane, now = event.origin.lane, event.time
        due = self._due.get(lane)
        if due is None or now <= due or now > event.origin.received:
            return []
        mine = [key for key in self._open if key[1] == lane]
        late = [key for key in mine if self._open[key].due < now]
        rest = [self._open[key].due for key in mine if self._open[key].due >= now]
        if rest:
            self._due[lane] = min(rest)
        else:
            self._due.pop(lane)
        return [self._close(key) for key in late]


class _Part(NamedTuple):
    key: _Key
    number: int
    total: int
    script: Resolved
    event: Event


@dataclass(slots=True)
class _Block:
    total: int
    script: Resolved
    due: Nanoseconds
    parts: dict[int, Event] = field(default_factory=dict[int, Event])
    size: int = 0

    def whole(self) -> Event:
        """The first part with the text of all that came."""
        events = [self.parts[number] for number in sorted(self.parts)]
        first = events[0]
        if len(events) == 1:
            return first
        path = _stands_at(first.fields, self.script)
        script = "".join(text(self.script.read(event.fields)) for event in events)
        raw = b"\n".join(event.raw for event in events)
        return replace(first, raw=raw, fields=_with(first.fields, path, script))


def _stands_at(fields: Fields, field: Resolved) -> FieldPath:
    return next((path for path in field.paths if "*" not in path and isinstance(at(fields, path), str)), ())


def _with(fields: Fields, path: FieldPath, value: Json) -> Fields:
    """A copy that differs at this path only."""
    whole: Fields = dict(fields)
    holder = whole
    for step in path[:-1]:
        inner = holder[step]
        copy = dict(inner) if isinstance(inner, dict) else {}
        holder[step] = copy
        holder = copy
    holder[path[-1]] = value
    return whole
