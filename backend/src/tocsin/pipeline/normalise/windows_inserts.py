"""Names for the values that Fluent Bit and the old event log API hand over by position only."""

from __future__ import annotations

from collections.abc import Callable

from tocsin.core.event import Fields, Json, Kind
from tocsin.pipeline.normalise.aliases import bundled

Template = Callable[[Kind], tuple[str, ...]]
"""The names of an event's data in the order of its manifest; empty where it is not known."""


def bundled_template(kind: Kind) -> tuple[str, ...]:
    """From the `carries` lists of content/aliases, which keep the order of the manifests."""
    return bundled().route("windows-flat", kind).carries


def named(document: Fields, kind: Kind, inserts: Json, template: Template) -> Fields:
    """The document with each value also under its name; a name that is there already keeps its value."""
    if not isinstance(inserts, list):
        return document
    values = [_plain(value) for value in inserts]
    names = template(kind)
    return {**dict(zip(names, values, strict=False)), **document, "StringInserts": values}


def _plain(value: Json) -> Json:
    return value.get("Value") if isinstance(value, dict) and "Value" in value else value
