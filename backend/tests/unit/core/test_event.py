"""Ids come from content: a batch sent again adds nothing, two equal lines of one batch are two events."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tocsin.core.clock import HOUR
from tocsin.core.event import Event, Origin
from tocsin.core.ids import TenantId, derive

BASE: dict[str, Any] = {
    "tenant": TenantId("a"),
    "source": "auth.log",
    "lane": "auth.log",
    "batch": "b1",
    "received": 10 * HOUR,
}


def event(index: int = 0, raw: bytes = b"line", identity: str = "", **origin: Any) -> Event:
    return Event(Origin(**{**BASE, **origin}), index, raw, "syslog", ("sshd",), {}, 8 * HOUR, True, identity)


def test_the_same_record_sent_again_is_the_same_event():
    assert event().id == event().id
    assert event(identity="dc01|Security|7").id == event(3, identity="dc01|Security|7", batch="b2").id


def test_two_equal_lines_of_one_batch_are_two_events():
    assert event(0).id != event(1).id


def test_another_batch_is_another_event_where_the_record_has_no_identity():
    assert event().id != event(batch="b2").id


def test_the_same_identity_with_other_bytes_is_another_event():
    assert event(identity="dc01|Security|7").id != event(identity="dc01|Security|7", raw=b"other").id


def test_tenants_never_share_an_id():
    assert event().id != event(tenant=TenantId("b")).id
    assert event(identity="x").id != event(identity="x", tenant=TenantId("b")).id


def test_where_a_file_lies_and_when_it_came_do_not_matter():
    assert event().id == event(source="copy.log", lane="copy.log", received=11 * HOUR).id


def test_skew_is_how_long_the_event_took():
    assert event().skew == 2 * HOUR
    assert event(received=7 * HOUR).skew == -HOUR


@given(st.lists(st.text(max_size=4), max_size=4), st.lists(st.text(max_size=4), max_size=4))
def test_parts_of_an_id_cannot_pose_as_each_other(one: list[str], other: list[str]):
    assert (derive("x", *one) == derive("x", *other)) == (one == other)
