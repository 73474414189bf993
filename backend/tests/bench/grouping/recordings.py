"""The OTRF recordings by name, drawn by hash and moved into one hour."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

import orjson
import zstandard

from tocsin.core.clock import SECOND, Nanoseconds, nanoseconds
from tocsin.core.event import Fields, Json

LABEL = "_src"


class Recording(NamedTuple):
    """One recorded attack."""

    name: str
    events: tuple[Fields, ...]
    """Without their label."""


def read(path: Path) -> list[Recording]:
    """All recordings, by name."""
    found: dict[str, list[Fields]] = {}
    with path.open("rb") as file, zstandard.ZstdDecompressor().stream_reader(file) as stream:
        for line in io.BufferedReader(stream):
            event: Fields = orjson.loads(line)
            found.setdefault(str(event.pop(LABEL)), []).append(event)
    return [Recording(name, tuple(events)) for name, events in sorted(found.items())]


def draw(names: Iterable[str], seed: int, count: int) -> list[str]:
    """The first `count` in the order of SHA-256(seed|name): chosen by no one."""
    return sorted(names, key=lambda name: sha256(f"{seed}|{name}".encode()).digest())[:count]


def is_held_out(name: str) -> bool:
    """Half of the recordings, by hash; the weights were never looked at against these."""
    return sha256(f"half|{name}".encode()).digest()[0] % 2 == 1


def shifted(event: Fields, by: Nanoseconds) -> Fields:
    """Every time in the event, in whatever form, moved."""
    return {name: _moved(name, value, by) for name, value in event.items()}


def changed(value: Json, change: Callable[[str], str]) -> Json:
    """Every text inside a value, changed; names of fields are left."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, list):
        return [changed(inner, change) for inner in value]
    if isinstance(value, dict):
        return {name: changed(inner, change) for name, inner in value.items()}
    return value


_STAMP = re.compile(r"\b(\d{4})-(\d\d)-(\d\d)([T ])(\d\d):(\d\d):(\d\d)(\.\d{1,9})?", re.ASCII)
_DATE = re.compile(r"/Date\((\d{12,14})\)/", re.ASCII)


def _moved(name: str, value: Json, by: Nanoseconds) -> Json:
    if name == "ts" and isinstance(value, int | float):
        return value + by / SECOND
    return changed(value, partial(_text, by=by))


def _text(text: str, by: Nanoseconds) -> str:
    text = _DATE.sub(lambda found: f"/Date({int(found[1]) + by // 1_000_000})/", text)
    return _STAMP.sub(partial(_stamp, by=by), text)


def _stamp(found: re.Match[str], by: Nanoseconds) -> str:
    year, month, day, between, hour, minute, second, rest = found.groups()
    try:
        at = datetime(int(year), int(month), int(day), int(hour), int(minute), int(second), tzinfo=UTC)
        moved = at + timedelta(seconds=by // SECOND)
    except (ValueError, OverflowError):
        return found[0]
    return moved.strftime(f"%Y-%m-%d{between}%H:%M:%S") + (rest or "")


def at(text: str) -> Nanoseconds:
    """An ISO time as nanoseconds."""
    return nanoseconds(datetime.fromisoformat(text))
