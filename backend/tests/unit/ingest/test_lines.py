"""Lines are cut where they end, whatever their length and wherever the reads fall."""

from __future__ import annotations

from io import BytesIO

from hypothesis import given
from hypothesis import strategies as st

from tocsin.pipeline.ingest.lines import lines
from tocsin.pipeline.ingest.types import LONGEST_RECORD, Record, Rejected


class Dribble:
    """Gives what it has in pieces of the asked or a smaller size."""

    def __init__(self, data: bytes, size: int) -> None:
        self._data = BytesIO(data)
        self._size = size

    def read(self, size: int, /) -> bytes:
        return self._data.read(min(size, self._size))


def framed(data: bytes, size: int = 1 << 20) -> list[tuple[int, bytes | str]]:
    return [
        (frame.position, frame.raw if isinstance(frame, Record) else frame.reason)
        for frame in lines(Dribble(data, size), "a.log")
    ]


def test_each_line_has_its_number_and_loses_its_end() -> None:
    assert framed(b"one\ntwo\r\nthree") == [(1, b"one"), (2, b"two"), (3, b"three")]


def test_blank_lines_are_no_records_but_count() -> None:
    assert framed(b"\n \t\r\none\n\n\r\ntwo\n") == [(3, b"one"), (6, b"two")]


def test_a_line_may_begin_with_blanks() -> None:
    assert framed(b"  one\n") == [(1, b"  one")]


def test_a_line_over_a_mebibyte_is_rejected_and_the_next_is_read() -> None:
    long = b"x" * (LONGEST_RECORD + 1)
    assert framed(b"a\n" + long + b"\nb\n" + long) == [(1, b"a"), (2, "line too long"), (3, b"b"), (4, "line too long")]


def test_a_line_of_many_mebibytes_is_rejected_once() -> None:
    assert framed(b"x" * (5 * LONGEST_RECORD) + b"\nb") == [(1, "line too long"), (2, b"b")]


def test_a_line_of_just_a_mebibyte_is_read() -> None:
    assert framed(b"x" * LONGEST_RECORD) == [(1, b"x" * LONGEST_RECORD)]


def test_a_rejected_line_shows_its_beginning_only() -> None:
    (frame,) = lines(BytesIO(b"y" * (2 * LONGEST_RECORD)), "a.log")
    assert isinstance(frame, Rejected)
    assert frame.raw == b"y" * 256


@given(st.lists(st.binary(max_size=12)), st.integers(1, 9))
def test_where_the_reads_fall_changes_nothing(parts: list[bytes], size: int) -> None:
    data = b"\n".join(parts)
    expected = [
        (number, line.removesuffix(b"\r")) for number, line in enumerate(data.split(b"\n"), start=1) if line.strip()
    ]
    assert framed(data, size) == expected
