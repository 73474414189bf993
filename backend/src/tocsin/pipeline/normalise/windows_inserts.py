"""Names for the values that Fluent Bit and the old event log API hand over by position only."""

from __future__ import annotations

from collections.abc import Callable

from tocsin.core.event import Fields, Json, Kind
from tocsin.pipeline.normalise.aliases import bundled

Template = Callable[[Kind], tuple[str, ...]]
"""The names of an event's data in the order of its manifest; empty where it is not known."""

_REORDERED = frozenset({"4616", "4656", "4661", "5058", "5059", "5140", "6416"})
"""Windows 7 wrote fewer values in another order; elsewhere newer versions only append."""


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
    if len(values) < len(names) and (kind[2] in _REORDERED or kind[0].startswith("microsoft-windows-sysmon")):
        names = ()
    given = {name: value for name, value in document.items() if name != "Data"}
    binary = {"Binary": document["Data"]} if document.get("Data") else {}
    return {**dict(zip(names, values, strict=False)), **binary, **given, "Data": values}


def _plain(value: Json) -> Json:
    return value.get("Value") if isinstance(value, dict) and "Value" in value else value
