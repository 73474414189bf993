"""What the parsers of JSON documents share: the time a document carries, and words that route it."""

from __future__ import annotations

from tocsin.core.clock import Nanoseconds
from tocsin.core.errors import RecordError
from tocsin.core.event import Fields, Json
from tocsin.pipeline.normalise.times import any_time

_LONGEST_WORD = 128
_NO_TIME = (None, "", "-", 0, "0")


def time_in(document: Fields, *names: str) -> Nanoseconds | None:
    """The first of these fields that holds a time; None where all are absent, empty or zero.

    Raises RecordError when the first that is there cannot be read.
    """
    for name in names:
        value = document.get(name)
        if value in _NO_TIME:
            continue
        try:
            return any_time(value)
        except ValueError as error:
            raise RecordError("unreadable time", f"{name}: {error}") from error
    return None


def word_in(document: Fields, name: str) -> str:
    """A short text in lower case, to be part of a kind. Raises RecordError where it is missing or something else."""
    return as_word(document.get(name), name)


def as_word(value: Json, name: str) -> str:
    """The same of a value already at hand."""
    if not isinstance(value, str) or not value.strip():
        raise RecordError("no event name", name)
    if len(value) > _LONGEST_WORD:
        raise RecordError("event name too long", name)
    return value.strip().lower()


def inner(document: Fields, name: str) -> Fields:
    """The object of that name; an empty one where there is none."""
    value = document.get(name)
    return value if isinstance(value, dict) else {}
