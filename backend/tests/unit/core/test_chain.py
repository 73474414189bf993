"""A chain shows what was cut, changed, moved or put in."""

from __future__ import annotations

from hypothesis import assume, given
from hypothesis import strategies as st

from tocsin.core.chain import GENESIS, head, link

records = st.lists(st.binary(max_size=5), max_size=5)


@given(records, records)
def test_only_the_same_records_have_the_same_head(one: list[bytes], other: list[bytes]):
    assert (head(one) == head(other)) == (one == other)


@given(records, records)
def test_a_chain_can_be_continued_from_its_head(first: list[bytes], rest: list[bytes]):
    assert head(rest, head(first)) == head(first + rest)


@given(st.binary(max_size=5), st.binary(max_size=5))
def test_a_record_cannot_be_split_in_two(one: bytes, other: bytes):
    assume(one + other)
    assert link(GENESIS, one + other) != link(link(GENESIS, one), other)
