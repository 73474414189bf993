"""Alerts of one attack come together; what merely happens beside it does not."""

from __future__ import annotations

import time
from typing import Any

import pytest

from tests.factories.alerts import alert, columns
from tocsin.core.event import Columns
from tocsin.core.messages import Alert, Entity, Fact
from tocsin.core.severity import Severity
from tocsin.pipeline.correlate.grouping import group
from tocsin.pipeline.correlate.observations import Observations


def stories(alerts: list[Alert], known: Observations | None = None) -> list[set[str]]:
    """The incidents, each as the rules of its alerts, in alphabetical order."""
    rules = {one.id: one.rule for one in alerts}
    told = ({str(rules[member]) for member in incident.alerts} for incident in group(alerts, known or Observations()))
    return sorted(told, key=sorted)


def test_the_same_user_on_the_same_host_is_one_story() -> None:
    found = [
        alert("dump", 0, host="web01", user="ACME\\ann"),
        alert("persist", 8, host="WEB01.acme.org", user="ann@acme"),
    ]
    (incident,) = group(found, Observations())
    assert set(incident.alerts) == {one.id for one in found}
    assert incident.edges[0].reasons == (("the same user acme\\ann on the same host web01 within 10 minutes", 11.0),)


def test_two_users_on_one_terminal_server_are_two_stories() -> None:
    found = [
        alert("a1", 0, host="ts01", user="acme\\ann"),
        alert("b1", 1, host="ts01", user="acme\\bob"),
        alert("a2", 2, host="ts01", user="acme\\ann"),
        alert("b2", 3, host="ts01", user="acme\\bob"),
    ]
    assert stories(found) == [{"a1", "a2"}, {"b1", "b2"}]


def test_what_system_does_between_two_users_joins_one_of_them_only() -> None:
    found = [
        alert("a", 0, host="ts01", user="acme\\ann"),
        alert("s", 0.5, host="ts01", user="NT AUTHORITY\\SYSTEM"),
        alert("b", 3, host="ts01", user="acme\\bob"),
    ]
    assert stories(found) == [{"a", "s"}, {"b"}]


def test_what_is_as_near_to_one_as_to_the_other_joins_neither() -> None:
    found = [
        alert("a", 0, host="ts01", user="acme\\ann"),
        alert("s", 2, host="ts01", user="NT AUTHORITY\\SYSTEM"),
        alert("b", 4, host="ts01", user="acme\\bob"),
    ]
    assert stories(found) == [{"a"}, {"b"}, {"s"}]


def test_a_chain_of_what_system_does_never_joins_two_users() -> None:
    found = [
        alert("a", 0, host="ts01", user="acme\\ann"),
        *(alert(f"s{minute}", minute, host="ts01", user="NT AUTHORITY\\SYSTEM") for minute in (8, 17, 26)),
        alert("b", 34, host="ts01", user="acme\\bob"),
    ]
    told = stories(found)
    assert len(told) == 2
    assert not any({"a", "b"} <= one for one in told)


def test_system_on_two_hosts_joins_nothing() -> None:
    found = [
        alert("a", 0, host="one", user="NT AUTHORITY\\SYSTEM"),
        alert("b", 0, host="two", user="NT AUTHORITY\\SYSTEM"),
    ]
    assert stories(found) == [{"a"}, {"b"}]


def test_loopback_joins_nothing() -> None:
    found = [alert("a", 0, host="one", source="127.0.0.1"), alert("b", 0, host="two", source="127.0.0.1")]
    assert stories(found) == [{"a"}, {"b"}]


def test_lateral_movement_by_the_same_user_is_one_story() -> None:
    found = [
        alert("dump", 0, host="ws5", user="acme\\ann"),
        alert("service", 6, host="ws6", user="acme\\ann", source="10.0.0.5"),
    ]
    assert stories(found) == [{"dump", "service"}]


def test_a_log_on_from_the_first_host_joins_another_account_on_the_second() -> None:
    known = Observations()
    known.observe(columns(0, host="ws5", device__ip="10.0.0.5"))
    known.observe(_log_on(4, "ws6", "acme\\adm", "10.0.0.5"))
    found = [alert("dump", 0, host="ws5", user="acme\\ann"), alert("service", 6, host="ws6", user="acme\\adm")]
    assert stories(found, known) == [{"dump", "service"}]
    assert stories(found) == [{"dump"}, {"service"}]


def test_what_came_from_the_first_host_joins_another_account_on_the_second() -> None:
    known = Observations()
    known.observe(columns(0, host="ws5", device__ip="10.0.0.5"))
    found = [
        alert("dump", 0, host="ws5", user="acme\\ann"),
        alert("log-on", 6, **LOG_ON, host="ws6", user__name="acme\\adm", source="10.0.0.5"),
    ]
    assert stories(found, known) == [{"dump", "log-on"}]
    assert stories(found) == [{"dump"}, {"log-on"}]


def test_a_spray_over_many_accounts_does_not_join_those_who_were_sprayed() -> None:
    tried = [
        columns(0, host="vpn", user__name=f"acme\\u{n}", source="203.0.113.9", status="Failure", auth_protocol="http")
        for n in range(40)
    ]
    found = [alert("spray", 0, *tried)]
    found += [alert(f"own{n}", 30, host="vpn", user=f"acme\\u{n}") for n in range(3)]
    assert stories(found) == [{"own0"}, {"own1"}, {"own2"}, {"spray"}]


def test_what_one_sensor_sees_of_two_hosts_is_two_stories() -> None:
    seen: dict[str, Any] = {"host": "sensor", "class_uid": 4001}
    found = [
        alert("beacon", 0, **seen, source="10.0.0.5", target="198.51.100.9"),
        alert("exploit", 1, **seen, source="203.0.113.7", target="10.0.0.8"),
    ]
    assert stories(found) == [{"beacon"}, {"exploit"}]
    known = Observations()
    known.observe(columns(0, host="web01", device__ip="10.0.0.8"))
    found.append(alert("shell", 2, host="web01", user="www-data"))
    assert stories(found, known) == [{"beacon"}, {"exploit", "shell"}]


def test_processes_of_one_tree_are_one_story_whoever_they_run_as() -> None:
    known = Observations()
    known.observe(columns(0, host="ws5", process="p1", parent="p0", image="C:\\x\\word.exe"))
    known.observe(columns(1, host="ws5", process="p2", parent="p1", image="C:\\x\\cmd.exe"))
    known.observe(columns(2, host="ws5", process="p3", parent="p2", image="C:\\x\\tool.exe"))
    found = [
        alert("macro", 0, host="ws5", user="acme\\ann", process="p1"),
        alert("tool", 90, host="ws5", user="acme\\bob", process="p3"),
    ]
    assert stories(found, known) == [{"macro", "tool"}]
    assert stories(found) == [{"macro"}, {"tool"}]


def test_a_process_that_starts_everything_joins_nothing() -> None:
    known = Observations()
    for uid, minute in (("a", 0), ("b", 1)):
        known.observe(
            columns(
                minute,
                host="ws5",
                process=uid,
                parent="s",
                process__parent_process__file__path="C:\\Windows\\System32\\services.exe",
            )
        )
    found = [
        alert("one", 0, host="ws5", user="acme\\ann", process="a"),
        alert("two", 1, host="ws5", user="acme\\bob", process="b"),
    ]
    assert stories(found, known) == [{"one"}, {"two"}]


def test_an_outside_address_joins_the_hosts_it_attacks() -> None:
    found = [
        alert("sqli", 0, host="web1", source="203.0.113.66"),
        alert("shell", 20, host="web2", source="203.0.113.66"),
    ]
    assert stories(found) == [{"sqli", "shell"}]


def test_an_address_that_translates_for_many_joins_nothing() -> None:
    known = Observations()
    for person in ("ann", "bob", "eve"):
        known.observe(_log_on(0, f"ws-{person}", f"acme\\{person}", "198.51.100.1"))
    found = [alert("a", 0, host="web1", source="198.51.100.1"), alert("b", 1, host="web2", source="198.51.100.1")]
    assert stories(found, known) == [{"a"}, {"b"}]


def test_an_address_that_enrichment_calls_nat_joins_nothing() -> None:
    nat = (Fact(Entity("address", "198.51.100.1"), "tag", "nat", "assets.csv:3", 0),)
    found = [
        alert("a", 0, host="web1", source="198.51.100.1", facts=nat),
        alert("b", 1, host="web2", source="198.51.100.1", facts=nat),
    ]
    assert stories(found) == [{"a"}, {"b"}]


def test_a_scanner_does_not_join_what_it_touches() -> None:
    known = Observations()
    for number in range(12):
        known.observe(columns(0, host=f"web{number}", source="10.9.9.9"))
    found = [alert("probe", 1, host=f"web{number}", source="10.9.9.9") for number in range(12)]
    found += [alert(f"own{number}", 2, host=f"web{number}", user=f"acme\\u{number}") for number in range(12)]
    told = stories(found, known)
    assert {"probe"} in told
    assert all({f"own{number}"} in told for number in range(12))


def test_what_a_scanner_does_to_a_host_is_not_the_hosts_doing() -> None:
    known = Observations()
    known.observe(columns(0, host="web0", device__ip="10.0.0.1"))
    for number in range(12):
        known.observe(columns(0, host=f"web{number}", source="10.9.9.9"))
    found = [
        alert("probe", 1, host="web0", source="10.9.9.9"),
        alert("log-on", 3, **LOG_ON, host="db", user__name="acme\\ann", source="10.0.0.1"),
    ]
    assert stories(found, known) == [{"log-on"}, {"probe"}]


def test_a_domain_controller_does_not_join_those_who_use_it() -> None:
    known = Observations()
    for number in range(20):
        known.observe(_log_on(0, "dc01", f"acme\\u{number}", f"10.0.0.{number}"))
        known.observe(columns(0, host=f"ws{number}", device__ip=f"10.0.0.{number}"))
    found = [alert("dc-a", 1, host="dc01", user="SYSTEM"), alert("dc-b", 1.5, host="dc01", user="SYSTEM")]
    found += [alert(f"ws{number}", 1, host=f"ws{number}", user=f"acme\\u{number}") for number in range(20)]
    assert all(len(one) == 1 for one in stories(found, known))


def test_the_same_unknown_file_on_another_host_soon_after_is_one_story() -> None:
    tool: dict[str, Any] = {"file__hashes__sha256": "ab" * 32, "image": "C:\\Users\\Public\\tool.exe"}
    found = [alert("a", 0, host="ws5", **tool), alert("b", 5, host="ws6", **tool)]
    assert stories(found) == [{"a", "b"}]
    installed: dict[str, Any] = {"file__hashes__sha256": "ab" * 32, "image": "C:\\Windows\\System32\\cmd.exe"}
    found = [alert("a", 0, host="ws5", **installed), alert("b", 5, host="ws6", **installed)]
    assert stories(found) == [{"a"}, {"b"}]


def test_one_alert_of_high_opens_and_one_of_medium_waits() -> None:
    assert stories([alert("a", host="h", severity=Severity.HIGH)]) == [{"a"}]
    assert stories([alert("a", host="h", severity=Severity.MEDIUM)]) == []


def test_two_rules_of_medium_open_but_one_that_repeats_does_not() -> None:
    def medium(rule: str, minute: float) -> Alert:
        return alert(rule, minute, host="h", user="acme\\ann", severity=Severity.MEDIUM)

    assert stories([medium("a", 0), medium("b", 1)]) == [{"a", "b"}]
    assert stories([medium("a", minute) for minute in range(9)]) == []


def test_informational_alerts_open_nothing_and_join_nothing_together() -> None:
    quiet = [alert(f"i{n}", n, host="h", user="acme\\ann", severity=Severity.INFORMATIONAL) for n in range(50)]
    assert stories(quiet) == []
    bridge = [
        alert("a", 0, host="ts01", user="acme\\ann"),
        alert("i", 1, host="ts01", user="SYSTEM", severity=Severity.INFORMATIONAL),
        alert("b", 2, host="ts02", user="acme\\bob"),
    ]
    assert stories(bridge) == [{"a", "i"}, {"b"}]


def test_an_incident_that_lasts_more_than_a_week_goes_on_as_a_linked_one() -> None:
    day = 24 * 60
    found = [alert(f"r{n}", n * day / 4, host="h", user="acme\\ann") for n in range(40)]
    first, second = group(found, Observations())
    assert len(first.alerts) == 29
    assert second.continues == first.id
    assert first.continues is None


def test_an_incident_of_more_than_a_thousand_alerts_goes_on_as_a_linked_one() -> None:
    found = [alert(f"r{n}", n / 60, host="h", user="acme\\ann") for n in range(2500)]
    sizes = [len(incident.alerts) for incident in group(found, Observations())]
    assert sizes == [1000, 1000, 500]


@pytest.mark.alone
def test_four_times_the_alerts_on_one_host_take_about_four_times_as_long() -> None:
    few, many = (_spent_on(number) for number in (5_000, 20_000))
    assert many < 8 * few
    assert many < 15


def _spent_on(number: int) -> float:
    found = [alert(f"r{n}", n / 100, host="h", user=f"acme\\u{n % 7}", source="203.0.113.9") for n in range(number)]
    start = time.process_time()
    group(found, Observations())
    return time.process_time() - start


LOG_ON: dict[str, Any] = {"logon_type": "3", "status": "Success", "class_uid": 3002}


def _log_on(minute: float, host: str, user: str, source: str) -> Columns:
    return columns(minute, host=host, user__name=user, source=source, **LOG_ON)


def test_an_attack_on_a_web_server_and_the_commands_of_its_account_are_one_story() -> None:
    request = alert("injection", 0, source="203.0.113.66", host="web01", tactics=("initial-access",))
    command = alert("shell", 0.1, host="web01", user="www-data", process="p1")
    assert stories([request, command]) == [{"injection", "shell"}]


def test_what_a_web_server_did_before_the_attack_is_not_of_it() -> None:
    people = Observations()
    for number in range(8):
        people.observe(columns(0, host="web01", user=f"user{number}", process=f"u{number}"))
    request = alert("injection", 5, source="203.0.113.66", host="web01", tactics=("initial-access",))
    command = alert("shell", 0, host="web01", user="www-data", process="p1")
    assert stories([request, command], people) == [{"injection"}, {"shell"}]
