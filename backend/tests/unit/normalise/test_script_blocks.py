"""A long script is one event when all of its parts came, and what came of it when they did not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tocsin.core.clock import DAY, MINUTE
from tocsin.core.event import Event, Fields, Origin
from tocsin.core.ids import LOCAL, TenantId
from tocsin.pipeline.normalise.aliases import bundled
from tocsin.pipeline.normalise.script_blocks import LARGEST_BLOCK, LONGEST_WAIT, MOST_OPEN, ScriptBlocks

NOW = 1_800_000_000_000_000_000
KIND = ("microsoft-windows-powershell/operational", "microsoft-windows-powershell", "4104")


def origin(lane: str = "1", tenant: TenantId = LOCAL) -> Origin:
    return Origin(tenant=tenant, source="ps.json", lane=lane, batch="1", received=NOW + DAY)


def part(number: int, total: int, words: str = "", block: str = "b1", host: str = "ws1") -> Event:
    fields: Fields = {
        "Hostname": host,
        "MessageNumber": str(number),
        "MessageTotal": total,
        "ScriptBlockText": words or f"<{number}>",
        "ScriptBlockId": block,
    }
    raw = f"{host}/{block}/{number}/{words}".encode()
    return Event(origin(), number, raw, "windows-flat", KIND, fields, NOW, identity=f"{host}|{block}|{number}")


def other(after: int = 0, of: Origin | None = None) -> Event:
    return Event(of or origin(), 99, b"x", "windows-flat", ("security", "", "4688"), {}, NOW + after)


def script(event: Event) -> str:
    return str(event.fields["ScriptBlockText"])


@pytest.fixture
def joiner() -> ScriptBlocks:
    return ScriptBlocks(bundled())


def test_a_script_in_one_part_passes(joiner: ScriptBlocks) -> None:
    one = part(1, 1, "whoami")
    assert joiner.feed(one) == [one]
    assert joiner.flush() == []


def test_other_events_pass_at_once(joiner: ScriptBlocks) -> None:
    joiner.feed(part(1, 2))
    one = other()
    assert joiner.feed(one) == [one]


@pytest.mark.parametrize("order", [[1, 2, 3], [3, 1, 2], [2, 3, 1]])
def test_parts_are_joined_in_their_own_order(joiner: ScriptBlocks, order: list[int]) -> None:
    *early, last = order
    for number in early:
        assert joiner.feed(part(number, 3)) == []
    (whole,) = joiner.feed(part(last, 3))

    assert script(whole) == "<1><2><3>"
    assert (whole.index, whole.identity, whole.raw) == (1, "ws1|b1|1", b"ws1/b1/1/\nws1/b1/2/\nws1/b1/3/")
    assert joiner.joined == 2
    assert joiner.flush() == []


def test_the_parts_themselves_are_not_changed(joiner: ScriptBlocks) -> None:
    first = part(1, 2)
    joiner.feed(first)
    joiner.feed(part(2, 2))
    assert script(first) == "<1>"


def test_blocks_of_two_hosts_lanes_or_tenants_are_not_mixed(joiner: ScriptBlocks) -> None:
    joiner.feed(part(1, 2, "mine"))
    assert joiner.feed(part(2, 2, host="ws2")) == []
    assert joiner.feed(replace(part(2, 2), origin=origin(lane="2"))) == []
    assert joiner.feed(replace(part(2, 2), origin=origin(tenant=TenantId("other")))) == []
    (whole,) = joiner.feed(part(2, 2, "too", host="WS1"))
    assert script(whole) == "minetoo"


def test_the_same_part_again_adds_nothing(joiner: ScriptBlocks) -> None:
    joiner.feed(part(1, 2))
    assert joiner.feed(part(1, 2)) == []
    (whole,) = joiner.feed(part(2, 2))
    assert script(whole) == "<1><2>"
    assert joiner.joined == 2


def test_another_text_for_the_same_part_goes_its_own_way(joiner: ScriptBlocks) -> None:
    joiner.feed(part(1, 2, "good"))
    forged = part(1, 2, "forged")
    assert joiner.feed(forged) == [forged]
    (whole,) = joiner.feed(part(2, 2))
    assert script(whole) == "good<2>"


def test_flush_gives_what_came(joiner: ScriptBlocks) -> None:
    joiner.feed(part(1, 3))
    joiner.feed(part(3, 3))
    (whole,) = joiner.flush()
    assert script(whole) == "<1><3>"
    assert joiner.flush() == []


def test_a_block_waits_fifteen_minutes_of_its_lane_s_event_time(joiner: ScriptBlocks) -> None:
    joiner.feed(part(1, 2))
    assert len(joiner.feed(other(after=LONGEST_WAIT))) == 1
    assert len(joiner.feed(other(after=LONGEST_WAIT + 1, of=origin(lane="2")))) == 1
    late, now = joiner.feed(other(after=LONGEST_WAIT + 1))
    assert script(late) == "<1>"
    assert now.kind[2] == "4688"


def test_a_block_that_began_later_waits_on(joiner: ScriptBlocks) -> None:
    joiner.feed(part(1, 2))
    joiner.feed(replace(part(1, 2, block="b2"), time=NOW + MINUTE))
    (late, _) = joiner.feed(other(after=LONGEST_WAIT + 1))
    assert late.identity == "ws1|b1|1"
    (later, _) = joiner.feed(other(after=LONGEST_WAIT + MINUTE + 1))
    assert later.identity == "ws1|b2|1"


def test_an_event_ahead_of_its_receipt_ends_no_waiting(joiner: ScriptBlocks) -> None:
    joiner.feed(part(1, 2))
    assert len(joiner.feed(other(after=70 * 365 * DAY))) == 1
    (whole,) = joiner.feed(replace(part(2, 2), time=NOW + MINUTE))
    assert script(whole) == "<1><2>"


def test_no_more_blocks_are_held_than_stated(joiner: ScriptBlocks) -> None:
    for at in range(MOST_OPEN):
        assert joiner.feed(part(1, 2, block=f"b{at}")) == []
    (oldest,) = joiner.feed(part(1, 2, block="one more"))
    assert oldest.identity == "ws1|b0|1"
    assert len(joiner.flush()) == MOST_OPEN


def test_a_block_too_large_is_let_go_as_far_as_it_came(joiner: ScriptBlocks) -> None:
    half = b"x" * (LARGEST_BLOCK // 2)
    assert joiner.feed(replace(part(1, 4), raw=half)) == []
    assert joiner.feed(replace(part(2, 4), raw=half)) == []
    (whole,) = joiner.feed(replace(part(3, 4), raw=b"y"))
    assert script(whole) == "<1><2>"
    (rest,) = joiner.flush()
    assert script(rest) == "<3>"


@pytest.mark.parametrize(("number", "total"), [(0, 2), (3, 2), (1, 10**6)])
def test_a_part_that_cannot_be_is_no_part(joiner: ScriptBlocks, number: int, total: int) -> None:
    one = part(number, total)
    assert joiner.feed(one) == [one]


@given(
    st.lists(st.tuples(st.integers(1, 4), st.sampled_from("abc"), st.integers(0, 40)), max_size=40).flatmap(
        st.permutations
    )
)
def test_every_event_comes_out_once_or_is_counted_as_joined(parts: list[tuple[int, str, int]]) -> None:
    joiner = ScriptBlocks(bundled())
    fed = [replace(part(number, 4, block=block), time=NOW + minutes * MINUTE) for number, block, minutes in parts]
    out = [one for event in fed for one in joiner.feed(event)] + joiner.flush()
    assert len(out) + joiner.joined == len(fed)
