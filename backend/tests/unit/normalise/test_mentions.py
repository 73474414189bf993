"""What an event speaks of, in one spelling and in its role."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.factories.alerts import columns
from tocsin.core.event import Columns
from tocsin.pipeline.normalise import canonical
from tocsin.pipeline.normalise.mentions import mentions


def told(event: Columns) -> set[tuple[str, str, str]]:
    return {(one.entity.kind, one.entity.value, one.role) for one in mentions(event)}


def test_a_process_start_speaks_of_host_user_process_and_parent() -> None:
    event = columns(
        host="WS5.acme.org", actor__user__name="Ann", actor__user__domain="ACME", process="{P-1}", parent="P-0"
    )
    assert told(event) == {
        ("host", "ws5.acme.org", "subject"),
        ("user", "acme\\ann", "actor"),
        ("process", "ws5.acme.org|p-1", "actor"),
        ("process", "ws5.acme.org|p-0", "parent"),
    }


def test_who_has_logged_on_acts_and_who_failed_was_a_target() -> None:
    event: dict[str, Any] = {"host": "web01", "user__name": "root", "auth_protocol": "ssh", "source": "203.0.113.66"}
    assert ("user", "root", "actor") in told(columns(**event, status="Success"))
    assert ("user", "root", "target") in told(columns(**event, status="Failure"))


def test_a_machine_account_speaks_of_its_machine() -> None:
    assert ("host", "ws5", "source") in told(columns(host="dc01", user__name="WS5$", user__domain="ACME"))
    assert ("host", "dc01", "source") not in told(columns(host="dc01.acme.org", user__name="DC01$"))


def test_a_sensor_only_observes_traffic_of_others() -> None:
    event = columns(host="sensor", source="10.0.0.5", target="198.51.100.9")
    assert ("host", "sensor", "observer") in told(event)
    assert ("host", "ws5", "subject") in told(
        columns(host="ws5", source="10.0.0.5", target="198.51.100.9", image="x.exe")
    )


def test_addresses_that_are_no_place_are_left_out() -> None:
    for address in ("127.0.0.1", "::1", "0.0.0.0", "fe80::1", "224.0.0.1", "-", "localhost", "not an address"):
        assert told(columns(source=address)) == set()
    assert told(columns(source="::ffff:203.0.113.7")) == {("address", "203.0.113.7", "source")}


def test_the_strongest_hash_counts_and_installed_software_is_told_apart() -> None:
    both: dict[str, Any] = {"file__hashes__md5": "a" * 32, "file__hashes__sha256": "B" * 64}
    assert ("hash", "b" * 64, "subject") in told(columns(**both, image="C:\\Users\\Public\\t.exe"))
    assert ("hash", "b" * 64, "installed") in told(columns(**both, image="C:\\Windows\\System32\\cmd.exe"))
    assert ("hash", "b" * 64, "installed") in told(columns(**both, image="/usr/bin/curl"))
    assert told(columns(file__hashes__sha256="0" * 64)) == set()


def test_names_that_are_somebodys_are_domains() -> None:
    assert ("domain", "evil.example", "destination") in told(columns(query__hostname="Evil.Example."))
    assert ("domain", "evil.example", "destination") in told(columns(http_request__url__text="http://evil.example/x?y"))
    for name in ("wpad", "1.0.0.10.in-addr.arpa", "ws5.acme.local", "10.0.0.1"):
        assert told(columns(query__hostname=name)) == set()
    assert told(columns(http_request__url__text="http://[broken/x")) == set()


@pytest.mark.parametrize("spelled", ["ACME\\Ann", "ann@acme", "acme\\ann"])
def test_a_user_has_one_spelling(spelled: str) -> None:
    assert canonical.user(spelled) == "acme\\ann"


def test_a_user_without_a_domain_stays_without() -> None:
    assert canonical.user("Ann") == canonical.user(".\\Ann") == canonical.user("Ann", "-") == "ann"
    assert canonical.user("-") is canonical.user(None) is None


@pytest.mark.parametrize(
    "account",
    [
        "nt authority\\system",
        "system",
        "acme\\ws5$",
        "root",
        "www-data",
        "window manager\\dwm-1",
        "s-1-5-18",
        "nt service\\x",
    ],
)
def test_parts_of_the_system_are_no_persons(account: str) -> None:
    assert not canonical.is_person(account)


def test_people_are_persons() -> None:
    assert canonical.is_person("acme\\ann")
    assert canonical.is_person("s-1-5-21-1-2-3-1104")


def test_inner_addresses_are_told_from_outside_ones() -> None:
    assert canonical.is_private("10.0.0.5")
    assert canonical.is_private("fd00::5")
    assert not canonical.is_private("203.0.113.66")
    assert not canonical.is_private("8.8.8.8")


@given(st.text(), st.text())
def test_whatever_an_event_says_mentions_come_sorted_once_and_short(name: str, other: str) -> None:
    event = columns(
        host=name, user=other, source=name, query__hostname=other, http_request__url__text=name, process=other,
        file__hashes__md5=name, file__path=other, session__uid=name, cloud__account__uid=other,
    )  # fmt: skip
    found = mentions(event)
    assert list(found) == sorted(set(found))
    assert all(one.entity.value and len(one.entity.value) <= 512 for one in found)
