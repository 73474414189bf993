"""Names for the values that Fluent Bit and the old event log API hand over by position only."""

from __future__ import annotations

from collections.abc import Callable

from tocsin.core.event import Fields, Json, Kind
from tocsin.pipeline.normalise.aliases import bundled

_SYSMON = "microsoft-windows-sysmon"

Template = Callable[[Kind], tuple[str, ...]]
"""The names of an event's data in the order of its manifest; empty where it is not known."""

_SHARED = {
    "4616": 4,
    "4624": 22,
    "4656": 10,
    "4661": 10,
    "5058": 4,
    "5059": 4,
    "5140": 4,
    "5156": 8,
    "5157": 8,
    "6416": 4,
}
"""How many values stand in the same place in all versions of an event; the others only had some appended."""


def bundled_template(kind: Kind) -> tuple[str, ...]:
    """From the `carries` lists of content/aliases, which keep the order of the manifests."""
    return bundled().route("windows-flat", kind).carries


def named(document: Fields, kind: Kind, inserts: Json, template: Template) -> Fields:
    """The document with its values also under their names, and together under `Data`, as event logs call values without
    a name; what the old API calls Data is `Binary` there."""
    if not isinstance(inserts, list):
        return document
    values = [_plain(value) for value in inserts]
    names = template(kind)
    if len(values) != len(names):  # another version: better no name than a wrong one
        names = names[: 0 if kind[1] == _SYSMON else _SHARED.get(kind[2], len(names))]
    given = {name: value for name, value in document.items() if name != "Data"}
    binary = {"Binary": document["Data"]} if document.get("Data") else {}
    return {**dict(zip(names, values, strict=False)), **binary, **given, "Data": values}


def _plain(value: Json) -> Json:
    return value.get("Value") if isinstance(value, dict) and "Value" in value else value
