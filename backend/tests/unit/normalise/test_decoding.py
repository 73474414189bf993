"""Bytes become a JSON object or text, or say why not."""

from __future__ import annotations

import contextlib

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.core.errors import RecordError
from tocsin.core.event import Json
from tocsin.pipeline.normalise.decoding import DEEPEST, depth, document_of, is_document, text_of


def reason(raw: bytes) -> str:
    with pytest.raises(RecordError) as caught:
        document_of(raw)
    return caught.value.reason


def nested(levels: int, opening: bytes = b'{"a":', closing: bytes = b"}") -> bytes:
    return b'{"a":' + opening * (levels - 2) + b"{}" + closing * (levels - 2) + b"}"


def test_an_object_is_decoded() -> None:
    assert document_of(b'{"a":[1,"b",null]}') == {"a": [1, "b", None]}


def test_of_a_key_that_stands_twice_the_last_value_counts() -> None:
    assert document_of(b'{"a":1,"a":2}') == {"a": 2}


def test_numbers_too_large_for_64_bits_lose_precision_and_nothing_else() -> None:
    assert document_of(b'{"a":18446744073709551615,"b":123456789012345678901234567890}') == {
        "a": 18446744073709551615,
        "b": 1.2345678901234568e29,
    }


@pytest.mark.parametrize(
    "raw",
    [
        b"{",
        b'{"a"}',
        b'{"a":NaN}',
        b'{"a":Infinity}',
        b'{"a":1e999}',
        b'{"a":' + b"9" * 5000 + b"}",
        b'{"a":"\0"}',
        b"{}x",
    ],
)
def test_what_is_no_json_is_broken(raw: bytes) -> None:
    assert reason(raw) == "broken JSON"


@pytest.mark.parametrize("raw", [b"[1]", b'"a"', b"7", b"null", b'[{"a":1}]'])
def test_other_values_are_no_records(raw: bytes) -> None:
    assert reason(raw) == "not a JSON object"


def test_nesting_is_good_to_the_limit_and_no_further() -> None:
    assert document_of(nested(DEEPEST))
    assert reason(nested(DEEPEST + 1)) == "nested too deeply"
    assert reason(nested(DEEPEST + 2, b"[", b"]")) == "nested too deeply"
    assert reason(nested(900)) == "nested too deeply"
    assert reason(nested(100_000)) == "broken JSON"


def test_brackets_in_text_are_no_nesting() -> None:
    raw = orjson.dumps({"a": "{[" * 500, "b": [{}] * 500})
    assert document_of(raw) == orjson.loads(raw)


def test_bytes_that_are_no_utf8_are_read_as_latin1() -> None:
    assert document_of('{"a":"é"}'.encode("latin-1")) == {"a": "é"}
    assert text_of("é".encode("latin-1")) == "é"


def test_halves_of_surrogate_pairs_are_replaced() -> None:
    raw = rb'{"a":"x\udc80y\uD83D","pair":"\uD83D\uDE00","escaped":"\\ud800"}'
    assert document_of(raw) == {"a": "x\ufffdy\ufffd", "pair": "\U0001f600", "escaped": "\\ud800"}


def test_nuls_around_a_record_go_and_inside_they_stay() -> None:
    assert document_of(b'\0\0{"a":1}\0') == {"a": 1}
    assert text_of(b"\0\0one\0two\0") == "one\0two"
    assert is_document(b'\0 \t{"a":1}')
    assert not is_document(b"\0x{")
    assert not is_document(b"")


@given(
    st.recursive(
        st.integers(), lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3)
    )
)
def test_depth_counts_containers(value: Json) -> None:
    assert depth(value) == plainly(value)


def plainly(value: Json) -> int:
    if isinstance(value, dict):
        value = list(value.values())
    return 1 + max(map(plainly, value), default=0) if isinstance(value, list) else 0


@given(st.binary(max_size=200))
def test_any_bytes_are_an_object_or_a_reason(raw: bytes) -> None:
    with contextlib.suppress(RecordError):
        assert isinstance(document_of(raw), dict)
    assert isinstance(text_of(raw), str)
