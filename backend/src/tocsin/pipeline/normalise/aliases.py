"""Alias packs: which log sources an event belongs to, and where a Sigma or OCSF field stands in it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

from tocsin.core.errors import ContentError
from tocsin.core.event import Fields, Json, Kind
from tocsin.core.settings import settings
from tocsin.core.text import text
from tocsin.pipeline.normalise.entries import Entries
from tocsin.pipeline.normalise.packs import Pack, Spec, read_packs
from tocsin.pipeline.normalise.views import VIEWS

_DEPTH = 5
_KINDS_KEPT = 8192


class LogSource(NamedTuple):
    """A Sigma log source; an empty part means any."""

    product: str = ""
    category: str = ""
    service: str = ""


FieldPath = tuple[str, ...]


class Resolved(NamedTuple):
    """Where a field stands in events of one kind: the first path that holds a value, seen through a view."""

    name: str
    """The native name, as a person would look for it."""
    paths: tuple[FieldPath, ...] = ()
    view: str = ""
    parts: tuple[Resolved, ...] = ()
    """The arguments of the view."""
    mapping: tuple[tuple[str, str], ...] = ()
    """Lower-case value → value shown instead."""
    constant: str | None = None
    carried: bool = True
    """False when events of this kind are known never to carry it."""

    def read(self, fields: Fields) -> Json:
        """The value in these fields, or None."""
        if self.constant is not None:
            return self.constant
        if self.view:
            return self._seen(fields)
        value = self._found(fields)
        if self.mapping and value is not None:
            return dict(self.mapping).get(text(value).lower(), value)
        return value

    def _found(self, fields: Fields) -> Json:
        for path in self.paths:
            value = at(fields, path)
            if value is not None:
                return value
        return None

    def _seen(self, fields: Fields) -> Json:
        values = [text(value) for part in self.parts if (value := part.read(fields)) is not None]
        return VIEWS[self.view](values) if values else None


def at(fields: Json, path: FieldPath) -> Json:
    """The value at a path; '*' steps into the first object there, and a name steps into every object of a list."""
    value = fields
    for step in path:
        if isinstance(value, list):
            value = _of_each(value, step)
        elif not isinstance(value, dict):
            return None
        elif step == "*":
            value = next((inner for inner in value.values() if isinstance(inner, dict)), None)
        else:
            value = value.get(step)
    return value


def _of_each(holders: list[Json], name: str) -> Json:
    found: list[Json] = []
    for holder in holders:
        value = holder.get(name) if isinstance(holder, dict) else None
        if isinstance(value, list):
            found.extend(value)
        elif value is not None:
            found.append(value)
    return found or None


class Route:
    """What the aliases say of one kind of event."""

    def __init__(self, pack: Pack, entries: Entries, shape: str, kind: Kind) -> None:
        layout = self._layout = pack.layouts[shape]
        parts = dict(zip(pack.kind, kind, strict=False))
        matching = entries.matching(parts)
        self._fields: dict[str, Spec] = pack.fields | layout.fields
        self.carries = tuple(dict.fromkeys(name for entry in matching for name in entry.carries))
        for entry in matching:
            self._fields.update(entry.fields)
        named = (*pack.logsource, *(source for entry in matching for source in entry.logsource))
        self.logsources = frozenset(
            LogSource(one.get("product", pack.product), one.get("category", ""), one.get("service", ""))
            for one in ({}, *named)
        )
        self._constants = {name: parts[part] for name, part in pack.kind_fields.items() if parts.get(part)}
        self._memo: dict[str, Resolved] = {}

    @property
    def names(self) -> Iterable[str]:
        """Every aliased field of this kind."""
        return self._fields.keys() | self._constants.keys()

    def resolve(self, field: str) -> Resolved:
        """Where `field` (a Sigma, OCSF or native name) stands."""
        found = self._memo.get(field)
        if found is None:
            found = self._memo[field] = self._resolve(field, 0)
        return found

    def constant(self, field: str) -> str | None:
        """The value every event of this kind has, where the kind fixes one."""
        if field in self._constants:
            return self._constants[field]
        return self.resolve(field).constant

    def _resolve(self, field: str, depth: int) -> Resolved:
        spec = self._fields.get(field)
        if spec is None or depth > _DEPTH:
            return self._native(field)
        if spec.constant is not None:
            return Resolved(field, constant=spec.constant)
        if not spec.names:
            return Resolved(field, carried=False)
        parts = tuple(self._native(name) if name == field else self._resolve(name, depth + 1) for name in spec.names)
        if spec.view:
            return Resolved(
                "+".join(part.name for part in parts),
                view=spec.view,
                parts=parts,
                carried=any(p.carried for p in parts),
            )
        if len(parts) == 1 and not spec.mapping:
            return parts[0]
        if any(part.view or part.constant is not None for part in parts):
            return self._alternatives(parts, spec)
        return Resolved(
            parts[0].name,
            paths=tuple(path for part in parts for path in part.paths),
            mapping=spec.mapping,
            carried=any(part.carried for part in parts),
        )

    def _alternatives(self, parts: tuple[Resolved, ...], spec: Spec) -> Resolved:
        if len(parts) != 1 or spec.mapping:
            message = f"an alternative cannot name a field that is itself a view: {spec.names}"
            raise ContentError(message)
        return parts[0]

    def _native(self, name: str) -> Resolved:
        paths = self._layout.paths(name)
        carried = not self.carries or name in self.carries or name in self._layout.names
        return Resolved(name, paths=paths, carried=carried)


class Aliases:
    """All packs; routes are built when first asked for and kept within a bound."""

    def __init__(self, packs: Iterable[Pack]) -> None:
        self._packs: dict[str, Pack] = {}
        self._entries: dict[str, Entries] = {}
        for pack in packs:
            entries = Entries(pack)
            for shape in pack.layouts:
                self._packs[shape], self._entries[shape] = pack, entries
        self._routes: dict[tuple[str, Kind], Route] = {}

    @property
    def packs(self) -> Mapping[str, Pack]:
        """Shape → its pack."""
        return self._packs

    def route(self, shape: str, kind: Kind) -> Route:
        """Raises ContentError for a shape without a pack."""
        found = self._routes.get((shape, kind))
        if found is None:
            pack = self._packs.get(shape)
            if pack is None:
                message = f"no alias pack knows the shape {shape!r}"
                raise ContentError(message)
            if len(self._routes) >= _KINDS_KEPT:  # kinds come from senders, who may invent them without end
                self._routes.clear()
            found = self._routes[shape, kind] = Route(pack, self._entries[shape], shape, kind)
        return found


@cache
def bundled() -> Aliases:
    """The packs of content/aliases."""
    return load(settings().content / "aliases")


def load(folder: Path) -> Aliases:
    """Every *.yml of a folder; raises ContentError naming the file."""
    return Aliases(read_packs(folder))
