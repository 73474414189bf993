"""What all events say of the world: names, addresses, processes, log-ons, and how common a value is."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.factories.alerts import START, columns
from tocsin.core.clock import DAY, MINUTE
from tocsin.core.event import Columns
from tocsin.core.messages import Entity
from tocsin.pipeline.correlate.observations import EVERYWHERE, Observations, is_telling
from tocsin.pipeline.correlate.types import Move, Spread

LOG_ON: dict[str, Any] = {"logon_type": "3", "status": "Success", "class_uid": 3002}
FAILED: dict[str, Any] = {**LOG_ON, "status": "Failure"}


def seen(*events: Columns) -> Observations:
    known = Observations()
    for event in events:
        known.observe(event)
    return known


def test_a_host_is_one_under_its_short_and_its_full_name() -> None:
    known = seen(columns(host="WEB01.acme.org"))
    assert known.host("web01") == known.host("web01.acme.org") == "web01"


def test_two_hosts_of_one_short_name_are_two() -> None:
    known = seen(columns(host="web01.acme.org"), columns(host="web01.other.org"))
    assert known.host("web01.acme.org") == "web01.acme.org"
    assert known.host("web01.other.org") == "web01.other.org"


def test_a_user_is_one_with_the_domain_short_or_full_without_it_and_as_a_sid() -> None:
    known = seen(
        columns(host="h", actor__user__name="Ann", actor__user__domain="ACME", actor__user__uid="S-1-5-21-9-1104")
    )
    for spelled in ("acme\\ann", "acme.org\\ann", "ann", "s-1-5-21-9-1104"):
        assert known.user(spelled) == "acme\\ann"


def test_a_bare_name_of_two_domains_stays_bare() -> None:
    known = seen(columns(host="h", user="acme\\ann"), columns(host="h", user="h\\ann"))
    assert known.user("ann") == "ann"


def test_a_sid_of_two_names_is_nobody() -> None:
    known = seen(
        columns(host="h", user="acme\\ann", actor__user__uid="S-1-5-21-9-1104"),
        columns(host="i", user="acme\\bob", actor__user__uid="S-1-5-21-9-1104"),
    )
    assert known.user("s-1-5-21-9-1104") == "s-1-0-0"


def test_an_address_is_of_the_host_that_had_it_then() -> None:
    known = seen(columns(host="ws5", device__ip="10.0.0.5"))
    assert known.host_at("10.0.0.5", START) == "ws5"
    assert known.host_at("10.0.0.5", START + 3 * DAY) is None


def test_an_address_of_two_hosts_at_once_is_of_neither() -> None:
    known = seen(columns(host="ws5", device__ip="10.0.0.5"), columns(host="ws6", device__ip="10.0.0.5"))
    assert known.host_at("10.0.0.5", START) is None


def test_the_end_that_all_connections_of_a_host_share_is_its_own() -> None:
    talks = [columns(host="ws5", image="x.exe", source="10.0.0.5", target=f"10.0.1.{n}") for n in range(4)]
    assert seen(*talks).host_at("10.0.0.5", START) == "ws5"
    assert seen(*talks[:2]).host_at("10.0.0.5", START) is None


def test_a_line_of_processes_goes_up_to_what_starts_everything() -> None:
    known = seen(
        columns(
            0,
            host="h",
            process="a",
            parent="s",
            process__parent_process__file__path="C:\\Windows\\System32\\services.exe",
        ),
        columns(1, host="h", process="b", parent="a"),
        columns(2, host="h", process="c", parent="b"),
    )
    assert known.lineage("h|c", START) == ("h|c", "h|b", "h|a")


def test_a_process_id_that_comes_back_has_the_parent_of_its_last_start() -> None:
    known = seen(
        columns(0, host="h", process__pid=9, process__parent_process__pid=1),
        columns(60, host="h", process__pid=9, process__parent_process__pid=2),
    )
    assert known.lineage("h|pid:9", START + 5 * MINUTE)[1] == "h|pid:1"
    assert known.lineage("h|pid:9", START + 65 * MINUTE)[1] == "h|pid:2"


def test_processes_that_are_each_others_parents_end() -> None:
    known = seen(columns(host="h", process="a", parent="b"), columns(host="h", process="b", parent="a"))
    assert known.lineage("h|a", START) == ("h|a", "h|b")


def test_a_session_is_of_who_logged_on() -> None:
    known = seen(columns(host="h", user__name="acme\\ann", session__uid="0x77", source="10.0.0.5", **LOG_ON))
    log_on = known.session("h|0x77")
    assert log_on is not None
    assert (log_on.user, log_on.source) == ("acme\\ann", "10.0.0.5")


def test_a_process_is_of_its_user_unless_two_claim_it() -> None:
    event = columns(host="h", process="p", user="acme\\ann")
    assert seen(event).owner("h|p") == "acme\\ann"
    assert seen(event, columns(host="h", process="p", user="acme\\bob")).owner("h|p") is None


def test_a_log_on_from_a_known_address_is_a_move() -> None:
    known = seen(
        columns(host="ws5", device__ip="10.0.0.5"),
        columns(3, host="ws6", user__name="acme\\ann", source="10.0.0.5", **LOG_ON),
        columns(4, host="ws6", user__name="acme\\ann", source="10.0.0.5", **LOG_ON),
    )
    assert known.moves() == [Move(START + 3 * MINUTE, "ws5", "ws6", "acme\\ann")]


def test_a_failed_log_on_is_no_move() -> None:
    known = seen(
        columns(host="ws5", device__ip="10.0.0.5"),
        columns(host="ws6", user__name="acme\\ann", source="10.0.0.5", **FAILED),
    )
    assert known.moves() == []


def test_an_address_that_several_log_on_from_without_failing_is_shared() -> None:
    fine = [columns(host=f"h{n}", user__name=f"acme\\u{n}", source="198.51.100.1", **LOG_ON) for n in range(3)]
    assert seen(*fine).spread(Entity("address", "198.51.100.1")) == Spread(hosts=3, users=3)
    tried = [columns(host="h", user__name=f"acme\\u{n}", source="198.51.100.1", **FAILED) for n in range(3)]
    assert seen(*fine, *tried).spread(Entity("address", "198.51.100.1")).users == 0


def test_people_at_a_host_are_those_who_act_then_and_are_not_everywhere() -> None:
    known = seen(
        columns(0, host="h.acme.org", user="acme\\ann"),
        columns(0, host="h", user="SYSTEM"),
        columns(0, host="h", user="acme\\bob"),
        columns(600, host="h", user="acme\\eve"),
        *(columns(0, host=host, user="acme\\deploy") for host in ("h", *(f"o{n}" for n in range(EVERYWHERE)))),
    )
    assert known.people_at("h", START) == 2
    assert known.people_at("h", START + 600 * MINUTE) == 1


def test_memory_is_bounded() -> None:
    known = Observations(capacity=100)
    for number in range(1000):
        known.observe(columns(host="h", process=f"p{number}", parent=f"p{number - 1}", source=f"10.0.{number % 250}.1"))
    assert known.lineage("h|p5", START) == ("h|p5",)
    assert len(known.lineage("h|p999", START)) > 1


def test_what_a_process_does_on_its_own_machine_tells_nothing() -> None:
    assert is_telling(["process.uid", "src_endpoint.ip"])
    assert not is_telling(["process.uid", "process.file.path", "file.path", "actor.user.name"])


events = st.builds(
    columns,
    st.integers(0, 300),
    host=st.sampled_from(("ws1", "ws1.acme.org", "ws2", None)),
    user=st.sampled_from(("acme\\ann", "bob", "SYSTEM", None)),
    user__name=st.sampled_from(("acme\\ann", "eve", None)),
    source=st.sampled_from(("10.0.0.1", "198.51.100.1", None)),
    target=st.sampled_from(("10.0.0.2", None)),
    dst_endpoint__port=st.sampled_from((445, 80, None)),
    device__ip=st.sampled_from(("10.0.0.1", "10.0.0.2", None)),
    process=st.sampled_from(("p", "q", None)),
    image=st.sampled_from(("/bin/sh", "/usr/sbin/sshd", None)),
    parent=st.sampled_from(("p", "q", "r", None)),
    session__uid=st.sampled_from(("0x77", None)),
    logon_type=st.sampled_from(("3", None)),
    status=st.sampled_from(("Success", "Failure", None)),
)


@given(st.data(), st.lists(events, max_size=15))
def test_the_order_of_events_changes_nothing(data: st.DataObject, found: list[Columns]) -> None:
    one, other = seen(*found), seen(*data.draw(st.permutations(found)))
    assert one.moves() == other.moves()
    for time in (START, START + 200 * MINUTE):
        for host in ("ws1", "ws2"):
            assert one.people_at(host, time) == other.people_at(host, time)
        for address in ("10.0.0.1", "10.0.0.2"):
            assert one.host_at(address, time) == other.host_at(address, time)
        for process in ("ws1|p", "ws1|q", "ws2|p"):
            assert one.lineage(process, time) == other.lineage(process, time)
            assert one.owner(process) == other.owner(process)
    assert one.session("ws1|0x77") == other.session("ws1|0x77")
    for entity in (Entity("address", "10.0.0.1"), Entity("user", "acme\\ann"), Entity("host", "ws1")):
        assert one.spread(entity) == other.spread(entity)
