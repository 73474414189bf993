"""Decodes the structured data of RFC 5424."""

from __future__ import annotations

from tocsin.core.errors import RecordError
from tocsin.core.event import Fields


def read_structured_data(text: str) -> tuple[Fields, int]:
    """Element id → its parameters, and how many characters they took; a parameter given twice becomes a list.

    Raises RecordError where an element is not closed.
    """
    if text[:1] == "-":
        return {}, 1
    if text[:1] != "[":
        raise _broken()
    elements: Fields = {}
    at = 0
    while text[at : at + 1] == "[":
        name, at = _word(text, at + 1, " ]")
        parameters, at = _parameters(text, at)
        elements[name] = parameters
    return elements, at


def _parameters(text: str, at: int) -> tuple[Fields, int]:
    parameters: Fields = {}
    while text[at : at + 1] == " ":
        name, at = _word(text, at + 1, "=")
        if text[at : at + 2] != '="':
            raise _broken()
        value, at = _value(text, at + 2)
        before = parameters.get(name)
        if before is None:
            parameters[name] = value
        elif isinstance(before, list):
            before.append(value)
        else:
            parameters[name] = [before, value]
    if text[at : at + 1] != "]":
        raise _broken()
    return parameters, at + 1


def _word(text: str, start: int, ends: str) -> tuple[str, int]:
    at = start
    while at < len(text) and text[at] not in ends:
        if text[at] in ' ="]':
            raise _broken()
        at += 1
    if at == start:
        raise _broken()
    return text[start:at], at


def _value(text: str, start: int) -> tuple[str, int]:
    pieces: list[str] = []
    at = start
    while at < len(text):
        if text[at] == '"':
            pieces.append(text[start:at])
            return "".join(pieces), at + 1
        if text[at] == "\\" and text[at + 1 : at + 2] in ('"', "\\", "]"):
            pieces.append(text[start:at])
            start = at + 1
            at += 2
        else:
            at += 1
    raise _broken()


def _broken() -> RecordError:
    return RecordError("bad structured data")
