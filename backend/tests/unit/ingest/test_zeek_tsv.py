"""Rows of Zeek's tables become the objects that its JSON writer would have written."""

from __future__ import annotations

from io import BytesIO

from hypothesis import given
from hypothesis import strategies as st

from tocsin.core.event import Fields
from tocsin.pipeline.ingest.types import Record
from tocsin.pipeline.ingest.zeek_tsv import is_zeek_tsv, zeek_rows

HEADER = b"""#separator \\x09
#set_separator\t,
#empty_field\t(empty)
#unset_field\t-
#path\tconn
#open\t2026-11-23-05-00-00
#fields\tts\tuid\tid.orig_h\tid.orig_p\tservice\tduration\tlocal_orig\ttunnel_parents\torig_bytes
#types\ttime\tstring\taddr\tport\tstring\tinterval\tbool\tset[string]\tcount
"""
ROW = b"1795411308.123456\tCabc\t10.0.0.1\t49152\tdns\t0.25\tT\tC1,C2\t52\n"


def found(data: bytes) -> list[Fields | str | None]:
    return [
        frame.document if isinstance(frame, Record) else frame.reason for frame in zeek_rows(BytesIO(data), "conn.log")
    ]


def test_values_have_the_types_of_the_header() -> None:
    assert is_zeek_tsv(HEADER)
    assert found(HEADER + ROW + b"#close\t2026-11-23-06-00-00\n") == [
        {
            "_path": "conn",
            "ts": 1795411308.123456,
            "uid": "Cabc",
            "id.orig_h": "10.0.0.1",
            "id.orig_p": 49152,
            "service": "dns",
            "duration": 0.25,
            "local_orig": True,
            "tunnel_parents": ["C1", "C2"],
            "orig_bytes": 52,
        }
    ]


def test_unset_fields_are_left_out_and_empty_ones_are_empty() -> None:
    (document,) = found(HEADER + b"1795411308.0\tCabc\t-\t-\t(empty)\t-\t-\t(empty)\t-\n")
    assert document == {"_path": "conn", "ts": 1795411308.0, "uid": "Cabc", "service": "", "tunnel_parents": []}


def test_escaped_bytes_are_text_again() -> None:
    (document,) = found(HEADER + ROW.replace(b"dns", b"a\\x09b\\xc3\\xa9\\x5cx41"))
    assert isinstance(document, dict)
    assert document["service"] == "a\tbé\\x41"


def test_the_row_stays_as_it_was_and_keeps_its_line_number() -> None:
    (frame,) = zeek_rows(BytesIO(HEADER + ROW), "conn.log")
    assert (frame.raw, frame.position) == (ROW.strip(), 9)


def test_a_row_that_does_not_fit_is_rejected_alone() -> None:
    assert found(HEADER + ROW + b"one\ttwo\n" + ROW)[1] == "Zeek: a row does not fit its header"
    assert len(found(HEADER + ROW + b"one\ttwo\n" + ROW)) == 3


def test_logs_may_be_strung_together() -> None:
    other = b"#separator \\x09\n#path\tdns\n#fields\tts\tquery\n#types\ttime\tstring\n1795411308.5\texample.com\n"
    assert found(HEADER + ROW + other)[1] == {"_path": "dns", "ts": 1795411308.5, "query": "example.com"}


def test_a_value_that_is_not_of_its_type_stays_text() -> None:
    (document,) = found(
        HEADER + ROW.replace(b"49152", b"http").replace(b"0.25", b"nan").replace(b"\tT\t", b"\tmaybe\t")
    )
    assert isinstance(document, dict)
    assert (document["id.orig_p"], document["duration"], document["local_orig"]) == ("http", "nan", "maybe")


def test_a_row_without_a_header_is_rejected() -> None:
    assert found(b"#separator \\x09\n" + ROW) == ["Zeek: a row without a header"]


def test_without_types_all_is_text() -> None:
    assert found(b"#separator \\x09\n#fields\tts\ta\n1.5\tb\n") == [{"ts": "1.5", "a": "b"}]


@given(st.binary(max_size=300))
def test_any_bytes_after_the_header_are_records_or_rejections(data: bytes) -> None:
    for frame in zeek_rows(BytesIO(HEADER + data), "conn.log"):
        assert frame.raw
