"""Fills the typed columns of an event, with OCSF names, from what its alias pack says."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

from tocsin.core.event import COLUMN_OF, Columns, Event, Fields, Json
from tocsin.core.text import text
from tocsin.pipeline.normalise.aliases import Aliases, Resolved, Route
from tocsin.pipeline.normalise.views import VIEWS, View

Cell = str | int | None
_Read = Callable[[Fields], Json]

_ROUTES_KEPT = 8192
_LARGEST = (1 << 63) - 1
_NOTHING = frozenset({"", "-"})
_OWN = frozenset({"time", "ingest_time"})
_NUMBERS = frozenset(name for name, kind in Columns.__annotations__.items() if kind == "int | None")
_ADDRESSES = frozenset(name for name in Columns.__struct_fields__ if name.endswith("__ip"))


def columns(event: Event, aliases: Aliases) -> Columns:
    """'-' and '' are read as absent; numbers that are none, or do not fit 64 bits, too."""
    plan = _plan(aliases.route(event.shape, event.kind))
    fields = event.fields
    cells: dict[str, Cell] = dict(plan.constants)
    for name, read, shaped in plan.readers:
        value = read(fields)
        if value is not None and (cell := shaped(value)) is not None:
            cells[name] = cell
    return Columns(time=event.time, ingest_time=event.origin.received, **cells)  # pyright: ignore[reportArgumentType]


class _Reader(NamedTuple):
    column: str
    read: _Read
    shaped: Callable[[Json], Cell]


class _Plan(NamedTuple):
    """What is to be done for every event of one route."""

    constants: tuple[tuple[str, Cell], ...]
    readers: tuple[_Reader, ...]


@lru_cache(maxsize=_ROUTES_KEPT)
def _plan(route: Route) -> _Plan:
    constants: list[tuple[str, Cell]] = []
    readers: list[_Reader] = []
    for ocsf in route.names:
        column = COLUMN_OF.get(ocsf)
        if column is None or column in _OWN:
            continue
        resolved = route.resolve(ocsf)
        shaped = _shape(column)
        if (fixed := route.constant(ocsf)) is not None:
            constants.append((column, shaped(fixed)))
        elif resolved.carried:
            readers.append(_Reader(column, _read(resolved), shaped))
    return _Plan(tuple(constants), tuple(readers))


def _read(resolved: Resolved) -> _Read:
    """Resolved.read for the two common cases without its walk: a plain name at the top, and a view of one such value."""
    if resolved.view and len(resolved.parts) == 1:
        return _seen(_read(resolved.parts[0]), VIEWS[resolved.view])
    if resolved.view or resolved.mapping or len(resolved.paths) != 1 or len(resolved.paths[0]) != 1:
        return resolved.read
    name = resolved.paths[0][0]
    return lambda fields: fields.get(name)


def _seen(read: _Read, view: View) -> _Read:
    def seen(fields: Fields) -> Json:
        value = read(fields)
        return None if value is None else view([value if isinstance(value, str) else text(value)])

    return seen


def _shape(column: str) -> Callable[[Json], Cell]:
    if column in _NUMBERS:
        return _number
    return _address if column in _ADDRESSES else _words


def _words(value: Json) -> str | None:
    shown = value if isinstance(value, str) else text(value)
    return None if shown in _NOTHING else shown


def _address(value: Json) -> str | None:
    shown = _words(value)
    return None if shown is None else VIEWS["address"]([shown])


def _number(value: Json) -> int | None:
    if isinstance(value, str):
        return _digits(value)
    if isinstance(value, float) and value.is_integer():
        return _fitting(int(value))
    if isinstance(value, int) and not isinstance(value, bool):
        return _fitting(value)
    return None


def _digits(value: str) -> int | None:
    if len(value) > 20:  # longer than any 64-bit number; int() takes quadratic time
        return None
    try:
        return _fitting(int(value, 16 if value[:2] in {"0x", "0X"} else 10))
    except ValueError:
        return None


def _fitting(value: int) -> int | None:
    return value if -_LARGEST <= value <= _LARGEST else None
