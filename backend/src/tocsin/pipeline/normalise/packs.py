"""Reads an alias pack from YAML and says what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple, cast

import yaml

from tocsin.core.errors import ContentError
from tocsin.pipeline.normalise.views import VIEWS


class Spec(NamedTuple):
    """Where a field comes from: the first of `names` that has a value, through a view or a mapping, or a constant."""

    names: tuple[str, ...] = ()
    view: str = ""
    mapping: tuple[tuple[str, str], ...] = ()
    constant: str | None = None


class Entry(NamedTuple):
    """What holds for the events of a pack that match `when`."""

    when: dict[str, frozenset[str]]
    logsource: tuple[dict[str, str], ...]
    fields: dict[str, Spec]
    carries: tuple[str, ...]
    """Native data names that such events have, in the order of the source's own template; empty when not known."""

    def matches(self, parts: Mapping[str, str]) -> bool:
        return all(parts.get(name, "") in values for name, values in self.when.items())


class Layout(NamedTuple):
    """How one shape nests its fields."""

    data: tuple[str, ...]
    """Dotted paths of the objects that hold the data fields; '' is the top."""
    names: dict[str, tuple[str, ...]]
    """Fields that stand elsewhere: name → dotted paths."""
    also: dict[str, tuple[str, ...]]
    """Data fields that may stand elsewhere too: name → dotted paths, tried after `data`."""
    fields: dict[str, Spec]
    """Aliases that only this shape needs."""
    lower_first: bool
    """Data fields are written with a small first letter (Wazuh)."""

    def paths(self, name: str) -> tuple[tuple[str, ...], ...]:
        """Where a native name may stand, in order."""
        if name in self.names:
            return tuple(_steps(path) for path in self.names[name])
        spelled = name[:1].lower() + name[1:] if self.lower_first else name
        found: list[tuple[str, ...]] = []
        for holder in self.data:
            found.append((*_steps(holder), spelled))
            if "." in spelled:
                found.append((*_steps(holder), *spelled.split(".")))
        found.extend(_steps(path) for path in self.also.get(name, ()))
        return tuple(found)


class Pack(NamedTuple):
    """One alias file."""

    path: str
    part_of: str
    """The name of the pack whose events these are, where one file would grow too long."""
    product: str
    kind: tuple[str, ...]
    kind_fields: dict[str, str]
    """Sigma field → the part of the kind that fixes its value."""
    layouts: dict[str, Layout]
    logsource: tuple[dict[str, str], ...]
    fields: dict[str, Spec]
    events: tuple[Entry, ...]


def read_pack(path: Path) -> Pack:
    """Raises ContentError with the file's name."""
    try:
        content = yaml.load(path.read_bytes(), Loader=yaml.CSafeLoader)
        return _pack(path, content)
    except (yaml.YAMLError, KeyError, TypeError, ValueError, AttributeError) as error:
        message = f"{path}: {error!r}"
        raise ContentError(message) from error


def read_packs(folder: Path) -> list[Pack]:
    """Every *.yml of a folder, the parts of a pack put together; raises ContentError naming the file."""
    files = {path.stem: read_pack(path) for path in sorted(folder.glob("*.yml"))}
    wholes = {name: pack for name, pack in files.items() if not pack.part_of}
    for part in files.values():
        if not part.part_of:
            continue
        whole = wholes.get(part.part_of)
        if whole is None:
            message = f"{part.path}: no pack is called {part.part_of!r}"
            raise ContentError(message)
        wholes[part.part_of] = whole._replace(events=whole.events + part.events)
    return list(wholes.values())


def _pack(path: Path, content: dict[str, Any]) -> Pack:
    _known(path, content, {"part_of", "product", "kind", "kind_fields", "layouts", "logsource", "fields", "events"})
    return Pack(
        path=str(path),
        part_of=str(content.get("part_of", "")),
        product=str(content.get("product", "")),
        kind=tuple(content.get("kind", ())),
        kind_fields=dict(content.get("kind_fields", {})),
        layouts={shape: _layout(path, layout or {}) for shape, layout in _layouts(content).items()},
        logsource=tuple(content.get("logsource", ())),
        fields={name: _spec(path, spec) for name, spec in content.get("fields", {}).items()},
        events=tuple(_entry(path, entry) for entry in content.get("events", ())),
    )


def _layouts(content: dict[str, Any]) -> dict[str, Any]:
    return {} if "part_of" in content else content["layouts"]


def _layout(path: Path, content: dict[str, Any]) -> Layout:
    _known(path, content, {"data", "names", "also", "fields", "lower_first"})
    return Layout(
        data=tuple(content.get("data", ("",))),
        names={name: _texts(paths) for name, paths in content.get("names", {}).items()},
        also={name: _texts(paths) for name, paths in content.get("also", {}).items()},
        fields={name: _spec(path, spec) for name, spec in content.get("fields", {}).items()},
        lower_first=bool(content.get("lower_first", False)),
    )


def _entry(path: Path, content: dict[str, Any]) -> Entry:
    _known(path, content, {"when", "logsource", "fields", "carries"})
    return Entry(
        when={name: frozenset(v.lower() for v in _texts(values)) for name, values in content["when"].items()},
        logsource=tuple(content.get("logsource", ())),
        fields={name: _spec(path, spec) for name, spec in content.get("fields", {}).items()},
        carries=tuple(str(name) for name in content.get("carries", ())),
    )


def _spec(path: Path, content: str | list[str] | dict[str, Any]) -> Spec:
    if not isinstance(content, dict):
        return Spec(names=_texts(content))
    _known(path, content, {"of", "view", "map", "const"})
    view = content.get("view", "")
    if view and view not in VIEWS:
        message = f"{path}: no view is called {view!r}"
        raise ContentError(message)
    constant = content.get("const")
    return Spec(
        names=_texts(content.get("of", ())),
        view=view,
        mapping=tuple((str(key).lower(), str(value)) for key, value in content.get("map", {}).items()),
        constant=None if constant is None else str(constant),
    )


def _known(path: Path, content: dict[str, Any], keys: set[str]) -> None:
    if strange := set(content) - keys:
        message = f"{path}: unknown keys {sorted(strange)}"
        raise ContentError(message)


def _texts(value: object) -> tuple[str, ...]:
    return tuple(str(one) for one in cast("list[object]", value)) if isinstance(value, list) else (str(value),)


def _steps(path: str) -> tuple[str, ...]:
    return tuple(path.split(".")) if path else ()
