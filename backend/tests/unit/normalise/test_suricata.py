"""Suricata's EVE records under the names that source-agnostic rules use."""

from __future__ import annotations

import pytest

from tests.factories.samples import ORIGIN, documents, event, view
from tocsin.core.errors import RecordError
from tocsin.core.event import Fields, Json
from tocsin.pipeline.normalise.aliases import LogSource, bundled
from tocsin.pipeline.normalise.parsers.suricata import Suricata

ALERT: Fields = {
    "timestamp": "2026-11-23T06:10:01.001111+0000",
    "flow_id": 1701244411000001,
    "event_type": "alert",
    "src_ip": "198.51.100.7",
    "dest_ip": "192.0.2.10",
    "proto": "TCP",
    "alert": {"signature": "LOCAL WEB shell upload", "severity": 1},
}


def samples(event_type: str) -> list[Fields]:
    return [one for one in documents("suricata") if one["event_type"] == event_type]


def read(field: str, document: Fields) -> Json:
    one = event(Suricata(), document)
    return bundled().route(one.shape, one.kind).resolve(field).read(one.fields)


def sources(document: Fields) -> frozenset[LogSource]:
    one = event(Suricata(), document)
    return bundled().route(one.shape, one.kind).logsources


@pytest.mark.parametrize(("severity", "word"), [(1, "high"), (2, "medium"), (3, "low"), (4, "informational")])
def test_alert_severities_become_words(severity: int, word: str) -> None:
    rated: Fields = {"signature": "x", "severity": severity}

    assert view(event(Suricata(), {**ALERT, "alert": rated}))["columns"]["severity"] == word


def test_an_alert_is_intrusion_detection() -> None:
    assert LogSource("suricata", "intrusion_detection", "alert") in sources(ALERT)
    assert read("rule.name", ALERT) == "LOCAL WEB shell upload"


def test_dns_answers_are_read_in_all_versions_of_the_record() -> None:
    first, second, third = samples("dns")

    assert [read("query", one) for one in (first, second, third)] == [
        "beacon.example.net",
        "beacon.example.net",
        ["www.example.net"],
    ]
    assert read("answer", second) == ["cmd.exe"]
    assert read("answer", third) == ["edge.example.net", "203.0.113.80"]
    assert read("record_type", third) == ["A"]


def test_http_is_web_access_seen_from_both_ends() -> None:
    (http,) = samples("http")

    assert {source.category for source in sources(http)} >= {"webserver", "proxy"}
    assert read("c-uri", http) == "http://shop.example.org/download/setup.exe?id=7"
    assert read("cs-uri-stem", http) == "/download/setup.exe"
    assert read("cs-uri-query", http) == "id=7"
    assert read("c-uri-extension", http) == "exe"


def test_a_log_on_counts_only_when_it_is_decided() -> None:
    """The first round of NTLM and of Kerberos is always turned back, to ask for proof."""
    outcomes = [(one["event_type"], event(Suricata(), one).kind[1]) for one in documents("suricata")]

    assert [one for one in outcomes if one[0] in ("smb", "krb5", "ftp")] == [
        ("smb", ""),
        ("smb", "refused"),
        ("krb5", "accepted"),
        ("krb5", ""),
        ("krb5", "refused"),
        ("ftp", "refused"),
    ]


def test_a_record_without_a_flow_is_known_by_the_object_of_its_type() -> None:
    assert Suricata().recognises({"event_type": "stats", "timestamp": "x", "stats": {}})
    assert not Suricata().recognises({"event_type": "login", "timestamp": "x", "user": "root"})


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("timestamp", "soon", "unreadable time"),
        ("timestamp", {"at": 1}, "unreadable time"),
        ("event_type", " ", "no event name"),
        ("event_type", "x" * 200, "event name too long"),
    ],
)
def test_what_is_broken_is_refused_with_a_reason(name: str, value: Json, reason: str) -> None:
    with pytest.raises(RecordError, match=reason):
        Suricata().parse(ALERT | {name: value}, ORIGIN)
