"""JSON in arrays, wrappers and over lines is cut into its objects; what is broken costs its neighbours nothing."""

from __future__ import annotations

import time
from io import BytesIO
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.ingest.test_lines import Dribble
from tocsin.pipeline.ingest.json_documents import is_json_documents, json_documents
from tocsin.pipeline.ingest.types import LONGEST_RECORD, Record


def objects(data: bytes, size: int = 1 << 20) -> list[Any]:
    """The objects, and the reasons of what was rejected."""
    return [
        orjson.loads(frame.raw) if isinstance(frame, Record) else frame.reason
        for frame in json_documents(Dribble(data, size), "a.json")
    ]


@pytest.mark.parametrize(
    "data",
    [
        b'[{"a":1},{"a":2},{"a":3}]',
        b'[\n  {"a": 1},\n  {"a": 2},\n  {\n    "a": 3\n  }\n]\n',
        b'{\n  "a": 1\n}\n{\n  "a": 2\n}\n{\n  "a": 3\n}\n',
        b'{"Records":[{"a":1},{"a":2},{"a":3}]}',
        b'{"Records":[{"a":1}]}\n{"Records":[{"a":2},{"a":3}]}\n',
        b'{"@odata.context":"https://x/y","value":[{"a":1},{"a":2},{"a":3}],"@odata.nextLink":"https://x/z"}',
        b'{"source_type":"app","hostname":"h","events":[{"a":1},{"a":2},{"a":3}]}',
        b'[[{"a":1}],[{"a":2},{"a":3}]]',
    ],
)
def test_objects_are_found_in_every_packing(data: bytes) -> None:
    assert is_json_documents(data)
    assert objects(data) == [{"a": 1}, {"a": 2}, {"a": 3}]


def test_the_record_is_kept_as_it_was_written() -> None:
    (frame,) = json_documents(BytesIO(b'[ { "b" : 1.0 , "b":\t2} ]'), "a.json")
    assert isinstance(frame, Record)
    assert frame.raw == b'{ "b" : 1.0 , "b":\t2}'
    assert (frame.position, frame.unit) == (1, "record")


def test_one_object_a_line_is_left_to_lines() -> None:
    assert not is_json_documents(b'{"a":1}\n{"a":2}\n')
    assert not is_json_documents(b'{"a":1}')
    assert not is_json_documents(b'{"a":{"b":\n{"a":2}\n')  # its first line is torn off
    assert not is_json_documents(b'{"a":"b\n{"a":2}\n')


def test_lines_that_begin_with_a_bracket_are_left_to_lines() -> None:
    assert not is_json_documents(b"[Mon Nov 23 05:21:48 2026] [error] ...")
    assert not is_json_documents(b"[    0.000000] Linux version")


def test_an_event_that_has_a_list_called_events_is_not_a_wrapper() -> None:
    data = b'{\n "time": "2026-11-23T05:21:48Z",\n "events": [{"a": 1}]\n}\n'
    assert objects(data) == [orjson.loads(data)]


def test_empty_arrays_hold_nothing() -> None:
    assert objects(b"[]") == objects(b'{"Records":[]}') == objects(b"[[],[]]") == []


@pytest.mark.parametrize(
    "broken",
    [b'{"a":2,"b":"x}', b'{"a":2,"b":[1}', b'{"a":2,"b":{"c":1}', b'"a":2}', b'{"a":2 "b"', b"x"],
)
def test_neighbours_of_a_broken_object_survive(broken: bytes) -> None:
    found = objects(b'[{"a":1,"b":[{"c":1},{"c":2}]},' + broken + b',{"a":3},{"a":4}]')
    assert [one for one in found if isinstance(one, dict)] == [
        {"a": 1, "b": [{"c": 1}, {"c": 2}]},
        {"a": 3},
        {"a": 4},
    ]
    assert any(isinstance(one, str) for one in found)


def test_a_file_that_ends_inside_an_object_says_so() -> None:
    assert objects(b'[{"a":1},{"a":2,"b":{"c"') == [{"a": 1}, "broken JSON"]


def test_values_that_are_no_objects_are_rejected() -> None:
    assert objects(b'[{"a":1},17,{"a":2}]') == [{"a": 1}, "not a JSON object", {"a": 2}]


def test_an_object_over_a_mebibyte_is_rejected_and_the_next_is_read() -> None:
    long = b'{"b":"' + b"x" * (3 * LONGEST_RECORD) + b'","c":[{"d":1},{"d":2}]}'
    assert objects(b'[{"a":1},' + long + b',{"a":2}]') == [{"a": 1}, "record too long", {"a": 2}]


def test_quotes_and_brackets_inside_strings_mean_nothing() -> None:
    tricky = {"a": 'x"]},{["\\', "b": "}{", "c": "\\\\"}
    assert objects(orjson.dumps([tricky, tricky])) == [tricky, tricky]


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(1 << 53), 1 << 53) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=8,
)


@given(st.lists(st.dictionaries(st.text(max_size=4), _JSON, min_size=1, max_size=4), min_size=1), st.integers(1, 64))
def test_any_objects_come_back_wherever_the_reads_fall(given_objects: list[dict[str, Any]], size: int) -> None:
    assert objects(orjson.dumps(given_objects), size) == given_objects
    assert objects(orjson.dumps(given_objects, option=orjson.OPT_INDENT_2), size) == given_objects


@given(st.text(alphabet='[]{},:"\\\n 1a', max_size=200), st.integers(1, 64))
def test_any_text_ends_in_records_and_rejections(text: str, size: int) -> None:
    for frame in json_documents(Dribble(text.encode(), size), "a.json"):
        assert frame.raw


@pytest.mark.parametrize("piece", [b'{"a":{},', b'{"a":1},{"a":{},', b'{"a":1},{"b":"', b"[", b"{", b'}{"', b'"a":'])
def test_no_text_makes_us_look_at_it_over_and_over(piece: bytes) -> None:
    began = time.process_time()
    for _ in json_documents(BytesIO(b"[" + piece * (2_000_000 // len(piece))), "a.json"):
        pass
    assert time.process_time() - began < 20
