"""A CSV is read as people and spreadsheets write it; what cannot be used is named with its line."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.core.errors import ContentError
from tocsin.pipeline.enrich.csv_rows import REFUSALS_KEPT, Row, Sheet
from tocsin.pipeline.enrich.types import Refused, Source

SOURCE = Source("assets.csv", 7)


def read(raw: bytes | str, columns: tuple[str, ...] = ("host", "owner")) -> tuple[list[Row], tuple[Refused, ...]]:
    rows: list[Row] = []
    data = raw.encode() if isinstance(raw, str) else raw
    return rows, Sheet(data, SOURCE, columns, frozenset({"host"})).each(rows.append)


def cells(raw: bytes | str) -> list[tuple[str, str]]:
    rows, refused = read(raw)
    assert refused == ()
    return [(row.cell("host"), row.cell("owner")) for row in rows]


@pytest.mark.parametrize(
    "raw",
    [
        b"host,owner\nweb1,Ann\n",
        b"\xef\xbb\xbfhost,owner\r\nweb1,Ann\r\n",
        "host\towner\nweb1\tAnn\n".encode("utf-16"),
        b"host;owner\nweb1;Ann",
        b"sep=;\r\nhost;owner\r\nweb1;Ann\r\n",
        b"Host , OWNER\n web1 , Ann \n",
        b"# ours, as of; today\n\nhost,owner\n,\n# old: web0,Bob\nweb1,Ann\n",
        b'"host","owner"\n"web1","Ann"\n',
        b"owner,host\nAnn,web1,,\n",
    ],
    ids=["plain", "bom", "utf-16", "semicolons", "sep", "blanks", "comments", "quoted", "other-order"],
)
def test_the_same_table_in_many_hands(raw: bytes) -> None:
    assert cells(raw) == [("web1", "Ann")]


def test_a_quoted_cell_may_hold_the_delimiter_and_quotes() -> None:
    assert cells('host,owner\nweb1,"Ann ""the boss"", IT"\n') == [("web1", 'Ann "the boss", IT')]


def test_a_short_line_has_empty_cells() -> None:
    assert cells("host,owner\nweb1\n") == [("web1", "")]


def test_latin_letters_of_an_old_spreadsheet_are_read() -> None:
    assert cells("host,owner\nweb1,Jürgen\n".encode("latin-1")) == [("web1", "Jürgen")]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("web1,Ann,more", "more cells than columns"),
        ("web1," + "x" * 600, "a cell of more than 512 characters"),
        ("web1,\x1b[31mAnn", "a character that cannot be shown"),
        ("web1,A\x00nn", "a character that cannot be shown"),
        ('web1,"Ann"oops', "broken CSV"),
        ('web1,"two\nlines"', "a character that cannot be shown"),
    ],
)
def test_a_line_that_cannot_be_used_is_named_and_the_others_are_used(line: str, reason: str) -> None:
    rows, refused = read(f"host,owner\nweb0,Bob\n{line}\nweb2,Cid\n")

    assert [row.cell("host") for row in rows] == ["web0", "web2"]
    (one,) = refused
    assert (one.source, one.line) == ("assets.csv", 3)
    assert one.reason.startswith(reason)
    assert str(one).startswith("assets.csv:3: ")


def test_lines_are_counted_as_an_editor_counts_them() -> None:
    rows, refused = read('sep=,\nhost,owner\n\nweb1,"a\nb"\n# x\nweb2,Cid\n')

    assert [(row.line, row.cell("host")) for row in rows] == [(7, "web2")]
    assert [one.line for one in refused] == [4]


def test_a_quote_that_never_closes_is_named_where_it_opens() -> None:
    _, refused = read('host,owner\nweb1,"Ann\nweb2,Bob\n')

    assert [one.line for one in refused] == [2]


def test_without_the_column_that_it_is_about_nothing_is_used() -> None:
    rows, refused = read("name,owner\nweb1,Ann\n")

    assert rows == []
    assert [one.reason for one in refused] == [
        "unknown column 'name'; known are host, owner",
        "no column host; nothing of this file is used",
    ]


def test_an_unknown_column_is_named_and_left_out() -> None:
    rows, refused = read("host,colour\nweb1,red\n")

    assert [row.cell("host") for row in rows] == ["web1"]
    assert [str(one) for one in refused] == ["assets.csv:1: unknown column 'colour'; known are host, owner"]


def test_what_the_reader_of_a_line_refuses_is_refused_there() -> None:
    def take(row: Row) -> None:
        raise ContentError("no such host")

    assert Sheet(b"host\nweb1\n", SOURCE, ("host",), frozenset()).each(take) == (
        Refused("assets.csv", 2, "no such host"),
    )


def test_refusals_of_one_file_are_bounded() -> None:
    _, refused = read("host,owner\n" + "a,b,c\n" * 5000)

    assert len(refused) == REFUSALS_KEPT


@pytest.mark.parametrize("raw", [b"", b"\n\n", b"# nothing\n", b"sep=\n", b"\xff\xfe"])
def test_a_file_without_a_table_has_no_rows(raw: bytes) -> None:
    assert read(raw)[0] == []


@given(st.binary(max_size=300) | st.text(alphabet='hostwner,;"\t\r\n#=\x00é', max_size=80).map(str.encode))
def test_any_bytes_are_read_or_refused(raw: bytes) -> None:
    rows, refused = read(b"host,owner\n" + raw)

    assert all(row.line > 1 and all(cell.isprintable() for cell in row.cells.values()) for row in rows)
    assert all(one.line > 1 and one.reason for one in refused)
