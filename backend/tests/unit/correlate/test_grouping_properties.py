"""Whatever the alerts: order, repeats and arrival in parts change nothing, and people's word holds."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.factories.alerts import alert, columns
from tocsin.core.ids import AlertId
from tocsin.core.messages import Alert
from tocsin.core.severity import Severity
from tocsin.pipeline.correlate.grouping import Grouped, Grouping
from tocsin.pipeline.correlate.observations import Observations
from tocsin.pipeline.correlate.types import Constraint, KeepApart, KeepTogether

HOSTS = ("ws1", "ws2", "ws2.acme.org", "dc")
USERS = ("acme\\ann", "bob@acme", "SYSTEM", "ann", None)
ADDRESSES = ("203.0.113.66", "10.0.0.1", "10.0.0.2", "127.0.0.1", None)

minutes = st.one_of(st.integers(0, 90), st.sampled_from((600, 3000, 9000, 11_000)))


def made(rule: str, minute: float, severity: Severity, named: dict[str, Any]) -> Alert:
    return alert(rule, minute, severity=severity, **named)


alerts = st.builds(
    made,
    st.sampled_from("abcd"),
    minutes,
    st.sampled_from(Severity),
    st.fixed_dictionaries(
        {"host": st.sampled_from(HOSTS), "user": st.sampled_from(USERS)},
        optional={
            "source": st.sampled_from(ADDRESSES),
            "target": st.sampled_from(ADDRESSES),
            "process": st.sampled_from("pqr"),
            "actor__session__uid": st.sampled_from(("0x3e7", "0x1234", "0x5678")),
            "query__hostname": st.sampled_from(("evil.example", "news.example")),
        },
    ),
)
many = st.lists(alerts, min_size=1, max_size=25)


def world() -> Observations:
    known = Observations()
    known.observe(columns(0, host="ws1", device__ip="10.0.0.1"))
    known.observe(columns(0, host="ws2", device__ip="10.0.0.2"))
    for minute in range(0, 90, 7):
        known.observe(
            columns(
                minute,
                host="ws2",
                user__name="adm",
                source="10.0.0.1",
                logon_type="3",
                status="Success",
                class_uid=3002,
            )
        )
    known.observe(columns(0, host="ws1", process="q", parent="p", image="C:\\x.exe"))
    return known


WORLD = world()


def at_once(found: list[Alert], constraints: tuple[Constraint, ...] = ()) -> Grouped:
    grouping = Grouping(WORLD, constraints)
    grouping.add(found)
    return grouping.all()


def groups(told: Grouped) -> list[set[AlertId]]:
    """Chains of linked incidents as one; the waiting, too."""
    whole: dict[str, set[AlertId]] = {}
    for incident in told.incidents:
        members = whole.pop(incident.continues, set()) if incident.continues else set[AlertId]()
        whole[incident.id] = members | set(incident.alerts)
    return [*whole.values(), *(set(waiting) for waiting in told.waiting)]


@given(st.data(), many)
def test_order_changes_nothing(data: st.DataObject, found: list[Alert]) -> None:
    assert at_once(data.draw(st.permutations(found))) == at_once(found)


@given(many)
def test_repeats_change_nothing(found: list[Alert]) -> None:
    grouping = Grouping(WORLD)
    grouping.add(found)
    once = grouping.all()
    assert grouping.add(found) == ()
    assert grouping.all() == once == at_once(found + found)


@settings(max_examples=200)
@given(st.data(), many)
def test_alerts_that_come_in_parts_give_what_they_give_at_once(data: st.DataObject, found: list[Alert]) -> None:
    cuts = sorted(data.draw(st.lists(st.integers(0, len(found)), max_size=6)))
    grouping = Grouping(WORLD)
    for start, end in pairwise((0, *cuts, len(found))):
        grouping.add(found[start:end])
    assert grouping.all() == at_once(found)


@settings(max_examples=200)
@given(st.data(), many)
def test_a_later_revision_takes_the_place_of_the_earlier(data: st.DataObject, found: list[Alert]) -> None:
    grouping = Grouping(WORLD)
    grouping.add(found)
    other = data.draw(alerts)
    one = found[0]
    moved = {"mentions": other.mentions, "first_seen": other.first_seen, "last_seen": other.last_seen}
    revised = replace(one, revision=2, **moved)
    grouping.add([revised])
    assert grouping.all() == at_once([revised, *(alert for alert in found if alert.id != one.id)])


@given(many)
def test_every_alert_is_in_one_place(found: list[Alert]) -> None:
    told = at_once(found)
    placed = [member for incident in told.incidents for member in incident.alerts]
    placed += [member for waiting in told.waiting for member in waiting]
    assert sorted(placed) == sorted({one.id for one in found})


@given(st.data(), many)
def test_people_keep_apart_what_they_keep_apart(data: st.DataObject, found: list[Alert]) -> None:
    ids = st.sampled_from([one.id for one in found])
    apart = data.draw(st.lists(st.builds(KeepApart, ids, ids), max_size=5))
    together = data.draw(st.lists(st.builds(KeepTogether, ids, ids), max_size=5))
    told = at_once(found, (*together, *apart))
    for one in apart:
        if one.first != one.second:
            assert not any({one.first, one.second} <= group for group in groups(told))


@given(st.data(), many)
def test_people_keep_together_what_they_keep_together(data: st.DataObject, found: list[Alert]) -> None:
    ids = st.sampled_from([one.id for one in found])
    together = data.draw(st.lists(st.builds(KeepTogether, ids, ids), max_size=5))
    for one in together:
        assert any({one.first, one.second} <= group for group in groups(at_once(found, tuple(together))))


@given(many, alerts)
def test_more_alerts_never_make_an_incident_less_severe(found: list[Alert], more: Alert) -> None:
    before = {member: one.severity for one in at_once(found).incidents for member in one.alerts}
    grown = at_once([*found, more])
    for incident in grown.incidents:
        worst = max(one.severity for one in [*found, more] if one.id in incident.alerts)
        assert incident.severity >= worst
    for group in (set(one.alerts) for one in at_once(found).incidents):
        for incident in grown.incidents:
            if group <= set(incident.alerts):
                assert incident.severity >= max(before[member] for member in group)
