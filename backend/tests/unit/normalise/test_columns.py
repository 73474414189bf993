"""Columns hold what the pack points at, typed, and nothing that only looks like a value."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.core.event import Columns, Event, Fields, Json, Origin
from tocsin.core.ids import LOCAL
from tocsin.pipeline.normalise.aliases import Aliases, load
from tocsin.pipeline.normalise.columns import columns

PACK = """
product: acme
kind: [name]
layouts:
  acme: {}
fields:
  device.hostname: host
  metadata.product.name: {const: Acme}
events:
  - when: {name: connect}
    carries: [host, from, to, port, sent, who]
    fields:
      class_uid: {const: 4001}
      src_endpoint.ip: from
      dst_endpoint.ip: to
      dst_endpoint.port: port
      traffic.bytes_out: sent
      actor.user.name: who
      process.cmd_line: command
      message: text
"""
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@pytest.fixture(scope="module")
def aliases(tmp_path_factory: pytest.TempPathFactory) -> Aliases:
    folder: Path = tmp_path_factory.mktemp("packs")
    (folder / "acme.yml").write_text(PACK)
    return load(folder)


def read(aliases: Aliases, fields: Fields, name: str = "connect") -> Columns:
    origin = Origin(tenant=LOCAL, source="acme.json", lane="1", batch="1", received=9)
    return columns(Event(origin, 0, b"", "acme", (name,), fields, time=5), aliases)


def test_time_and_ingest_time_are_the_event_s_own(aliases: Aliases) -> None:
    found = read(aliases, {"time": 1, "ingest_time": 2})
    assert (found.time, found.ingest_time) == (5, 9)


def test_a_column_holds_the_field_that_the_pack_points_at(aliases: Aliases) -> None:
    found = read(aliases, {"host": "web01", "who": "ACME\\Ada"})
    assert (found.device__hostname, found.actor__user__name) == ("web01", "ACME\\Ada")


def test_constants_are_typed_too(aliases: Aliases) -> None:
    found = read(aliases, {})
    assert (found.class_uid, found.metadata__product__name) == (4001, "Acme")


def test_what_only_one_kind_has_no_other_has(aliases: Aliases) -> None:
    found = read(aliases, {"host": "web01", "from": "192.0.2.1"}, name="listen")
    assert (found.class_uid, found.src_endpoint__ip, found.device__hostname) == (None, None, "web01")


def test_what_the_events_are_known_not_to_carry_is_not_read(aliases: Aliases) -> None:
    assert read(aliases, {"command": "whoami", "text": "hi"}).process__cmd_line is None


@pytest.mark.parametrize("nothing", ["", "-", None])
def test_a_placeholder_is_no_value(aliases: Aliases, nothing: Json) -> None:
    found = read(aliases, {"host": nothing, "port": nothing, "from": nothing})
    assert (found.device__hostname, found.dst_endpoint__port, found.src_endpoint__ip) == (None, None, None)


@pytest.mark.parametrize(
    ("written", "number"),
    [
        (443, 443),
        ("443", 443),
        ("0x1bb", 443),
        (443.0, 443),
        ("https", None),
        (True, None),
        (443.5, None),
        (1 << 63, None),
        ("9" * 400_000, None),
        ([443], None),
        (float("nan"), None),
    ],
)
def test_numbers_are_read_or_left_out(aliases: Aliases, written: Json, number: int | None) -> None:
    assert read(aliases, {"port": written}).dst_endpoint__port == number


@pytest.mark.parametrize(
    ("written", "address"),
    [("::ffff:192.0.2.7", "192.0.2.7"), ("fe80::1%12", "fe80::1"), ("LOCAL", None), ("192.0.2.7", "192.0.2.7")],
)
def test_addresses_are_written_in_one_way(aliases: Aliases, written: str, address: str | None) -> None:
    assert read(aliases, {"from": written}).src_endpoint__ip == address


@given(fields=st.dictionaries(st.sampled_from(["host", "from", "to", "port", "sent", "who"]), JSON))
def test_whatever_a_source_sends_the_columns_keep_their_types(aliases: Aliases, fields: Fields) -> None:
    found = read(aliases, fields)
    for name, kind in Columns.__annotations__.items():
        value = getattr(found, name)
        assert value is None or isinstance(value, int if "int" in kind or name.endswith("time") else str), name
