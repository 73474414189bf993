"""Whatever a document holds, a parser that recognises it reads it or says in a counted word why not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.factories.samples import ORIGIN, documents, view
from tocsin.core.clock import LATEST
from tocsin.core.errors import RecordError
from tocsin.core.event import Event, Fields, Json
from tocsin.pipeline.normalise.parsers import DOCUMENT_PARSERS
from tocsin.pipeline.normalise.types import DocumentParser, Parsed

SHAPES = ("cloudtrail", "cowrie", "opencanary", "osquery", "suricata", "zeek")
OURS = [parser for parser in DOCUMENT_PARSERS if parser.shape in SHAPES]

scalars: st.SearchStrategy[Json] = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(1 << 63), (1 << 64) - 1),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=40),
    st.sampled_from(["", "-", "\x00", "9999-12-31T23:59:59+0000", "1" * 5000, "🦀", "2026-02-30T00:00:00Z", "/" * 99]),
)
values: st.SearchStrategy[Json] = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=8,
)


def spoiled(document: Fields, changes: list[tuple[int, str, Json]]) -> Fields:
    """The document with some of its fields, at the top or one level down, dropped or given other values."""
    result = dict(document)
    for position, what, value in changes:
        holder = result
        name = sorted(holder)[position % len(holder)] if holder else ""
        below = holder.get(name)
        if what == "below" and isinstance(below, dict) and below:
            holder[name] = holder = dict(below)
            name = sorted(holder)[position % len(holder)]
        if what == "drop":
            holder.pop(name, None)
        elif holder:
            holder[name] = value
    return result


@pytest.mark.parametrize("parser", OURS, ids=lambda parser: parser.shape)
@given(data=st.data())
def test_a_spoiled_sample_is_read_or_refused(parser: DocumentParser, data: st.DataObject) -> None:
    document = data.draw(st.sampled_from(documents(parser.shape)))
    change = st.tuples(st.integers(0, 40), st.sampled_from(["set", "below", "drop"]), values)
    broken = spoiled(document, data.draw(st.lists(change, min_size=1, max_size=4)))
    if parser.recognises(broken):
        read_or_refused(parser, broken)


@pytest.mark.parametrize("parser", OURS, ids=lambda parser: parser.shape)
@given(document=st.dictionaries(st.text(max_size=12), values, max_size=6))
def test_a_stranger_is_not_recognised(parser: DocumentParser, document: Fields) -> None:
    assert not parser.recognises(document)


def read_or_refused(parser: DocumentParser, document: Fields) -> None:
    parsed = attempt(parser, document)
    if isinstance(parsed, RecordError):
        assert 0 < len(parsed.reason) < 60
        return
    assert parsed.time is None or 0 <= parsed.time <= LATEST
    assert all(part == part.lower() and len(part) <= 256 for part in parsed.kind)
    assert view(
        Event(ORIGIN, 0, b"{}", parser.shape, parsed.kind, parsed.fields, parsed.time or 0, identity=parsed.identity)
    )


def attempt(parser: DocumentParser, document: Fields) -> Parsed | RecordError:
    try:
        return parser.parse(document, ORIGIN)
    except RecordError as refused:
        return refused
