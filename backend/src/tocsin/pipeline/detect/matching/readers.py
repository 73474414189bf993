"""The quickest functions that read a resolved field: what `Resolved.read` does, decided once for each route."""

from __future__ import annotations

from tocsin.core.event import Fields, Json
from tocsin.core.text import text
from tocsin.pipeline.detect.matching.conditions import Reader
from tocsin.pipeline.normalise.aliases import FieldPath, Resolved, at
from tocsin.pipeline.normalise.views import VIEWS


def top_key(resolved: Resolved) -> str | None:
    """The name under which the field stands at the top of the event, where that is all there is to reading it."""
    if resolved.constant is None and not resolved.view and not resolved.mapping and len(resolved.paths) == 1:
        path = resolved.paths[0]
        return path[0] if len(path) == 1 else None
    return None


def reader(resolved: Resolved) -> Reader:
    """Equal to `resolved.read`."""
    if resolved.constant is not None:
        constant = resolved.constant
        return lambda fields: constant
    if resolved.view:
        return _seen(resolved)
    found = _first(tuple(_path(path) for path in resolved.paths))
    return _mapped(found, dict(resolved.mapping)) if resolved.mapping else found


def _path(path: FieldPath) -> Reader:
    if len(path) == 1:
        key = path[0]
        return lambda fields: fields.get(key)
    if len(path) == 2 and "*" not in path:
        return _nested(*path)
    return lambda fields: at(fields, path)


def _nested(outer: str, inner: str) -> Reader:
    def read(fields: Fields) -> Json:
        holder = fields.get(outer)
        return holder.get(inner) if type(holder) is dict else at(fields, (outer, inner))

    return read


def _first(readers: tuple[Reader, ...]) -> Reader:
    if len(readers) == 1:
        return readers[0]

    def read(fields: Fields) -> Json:
        for one in readers:
            value = one(fields)
            if value is not None:
                return value
        return None

    return read


def _mapped(found: Reader, mapping: dict[str, str]) -> Reader:
    def read(fields: Fields) -> Json:
        value = found(fields)
        return None if value is None else mapping.get(text(value).lower(), value)

    return read


def _seen(resolved: Resolved) -> Reader:
    view = VIEWS[resolved.view]
    parts = tuple(reader(part) for part in resolved.parts)

    def read(fields: Fields) -> Json:
        values = [value if type(value) is str else text(value) for part in parts if (value := part(fields)) is not None]
        return view(values) if values else None

    return read
