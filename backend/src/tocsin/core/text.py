"""One way to read a native value as text, shared by matching, columns and evidence."""

from __future__ import annotations

from tocsin.core.event import Json


def text(value: Json) -> str:
    """true/false and null as JSON writes them, numbers without a trailing .0, containers as their leaves."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None:
        return ""
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, int):
        return str(value)
    return " ".join(leaves(value))


def leaves(value: Json) -> list[str]:
    """Every value inside as text, in order; keys are not values. Not recursive: nesting is the sender's choice."""
    found: list[str] = []
    stack: list[Json] = [value]
    while stack:
        item = stack.pop()
        if isinstance(item, dict):
            stack.extend(reversed(item.values()))
        elif isinstance(item, list):
            stack.extend(reversed(item))
        elif item is not None:
            found.append(text(item))
    return found
