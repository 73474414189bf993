"""Zeek's logs in all their spellings, with and without the log's name."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.factories.samples import ORIGIN, documents, event, recorded, view
from tocsin.core.errors import RecordError
from tocsin.core.event import Fields, Json
from tocsin.pipeline.normalise.aliases import LogSource, bundled
from tocsin.pipeline.normalise.parsers import DOCUMENT_PARSERS
from tocsin.pipeline.normalise.parsers.zeek import Zeek
from tocsin.pipeline.normalise.times import iso_time

DOTTED: Fields = {
    "ts": 1795414201.5,
    "uid": "CHhAvVGS1DHFjwGM9",
    "id.orig_h": "10.20.0.7",
    "id.orig_p": 49001,
    "id.resp_h": "192.0.2.10",
    "id.resp_p": 443,
    "proto": "tcp",
    "conn_state": "SF",
}
OTHERS: Fields = {name: value for name, value in DOTTED.items() if not name.startswith("id.")}
ENDS: Fields = {name: value for name, value in DOTTED.items() if name.startswith("id.")}
INNER: Fields = {name.removeprefix("id."): value for name, value in ENDS.items()}
UNDERSCORED: Fields = OTHERS | {name.replace(".", "_"): value for name, value in ENDS.items()}
NESTED: Fields = {**OTHERS, "id": INNER}


def kind(document: Fields) -> tuple[str, ...]:
    assert Zeek().recognises(document)
    return Zeek().parse(document, ORIGIN).kind


def read(field: str, document: Fields) -> Json:
    one = event(Zeek(), document)
    return bundled().route(one.shape, one.kind).resolve(field).read(one.fields)


@pytest.mark.parametrize("document", [DOTTED, UNDERSCORED, NESTED], ids=["dotted", "underscored", "nested"])
def test_the_ends_of_a_connection_are_found_in_every_spelling(document: Fields) -> None:
    assert kind(document) == ("conn", "")
    assert [read(name, document) for name in ("id.orig_h", "id.resp_p", "dst_ip")] == ["10.20.0.7", 443, "192.0.2.10"]
    columns = view(event(Zeek(), document))["columns"]
    assert (columns["src_endpoint.ip"], columns["dst_endpoint.port"]) == ("10.20.0.7", 443)


@pytest.mark.parametrize("name", ["_path", "@stream", "@path"])
def test_a_named_log_is_believed(name: str) -> None:
    assert kind({name: "modbus", "ts": 1795414201.5}) == ("modbus", "")


@pytest.mark.parametrize("name", ["/var/log/syslog", "C:\\logs", "", "Conn", "x" * 99, "conn.log"])
def test_a_path_that_is_no_log_of_zeek_is_not_claimed(name: str) -> None:
    assert not Zeek().recognises({"_path": name, "ts": 1795414201.5})


@pytest.mark.parametrize("named", [one for one in documents("zeek") if "@stream" not in one and "_path" not in one])
def test_a_sample_without_its_name_is_the_log_it_was_written_as(named: Fields) -> None:
    log = kind(named)[0]
    assert log not in ("", "unnamed") or "unheard_of" in named
    assert kind(named | {"_path": log}) == kind(named)


def test_a_connection_of_an_unknown_log_still_has_its_ends() -> None:
    unknown = {name: value for name, value in DOTTED.items() if name != "conn_state"}

    assert kind(unknown) == ("unnamed", "")
    assert view(event(Zeek(), unknown))["columns"]["dst_endpoint.ip"] == "192.0.2.10"


@pytest.mark.parametrize(
    "stamp", [1795414201.5, "1795414201.500000", "2026-11-23T06:10:01.500000Z", 1795414201500, "2026-11-23T06:10:01.5"]
)
def test_times_are_read_in_every_format_zeek_can_write(stamp: Json) -> None:
    assert Zeek().parse(DOTTED | {"ts": stamp}, ORIGIN).time == iso_time("2026-11-23T06:10:01.5Z")


def test_a_broken_time_is_refused() -> None:
    with pytest.raises(RecordError, match="unreadable time"):
        Zeek().parse(DOTTED | {"ts": "-1.0"}, ORIGIN)


def test_a_log_on_counts_only_when_it_is_decided() -> None:
    """Kerberos always turns the first request back, and SSH may end before Zeek can tell."""
    kinds = [kind(one) for one in documents("zeek")]

    assert [one for one in kinds if one[0] in ("ssh", "kerberos", "ntlm")] == [
        ("ssh", "refused"),
        ("ssh", "accepted"),
        ("ssh", ""),
        ("kerberos", ""),
        ("kerberos", "refused"),
        ("kerberos", "accepted"),
        ("kerberos", ""),
        ("ntlm", "refused"),
    ]


def test_a_refused_log_on_is_an_authentication() -> None:
    refused = next(one for one in documents("zeek") if kind(one) == ("kerberos", "refused"))

    one = event(Zeek(), refused)
    assert LogSource("zeek", "authentication") in bundled().route(one.shape, one.kind).logsources
    columns = view(one)["columns"]
    assert (columns["user.name"], columns["user.domain"], columns["status"], columns["auth_protocol"]) == (
        "alice",
        "EXAMPLE.ORG",
        "Failure",
        "kerberos",
    )


def test_the_sensor_is_not_the_device() -> None:
    """It saw the traffic of all: as a device it would tie all of it together."""
    assert "device.hostname" not in view(event(Zeek(), DOTTED | {"@stream": "conn", "@system": "sensor-1"}))["columns"]


@pytest.mark.parametrize("name", ["events/zeek-apt29-4k.jsonl.zst", "events/otrf-security-datasets-50k.jsonl.zst"])
def test_recorded_logs_are_read_with_their_time_also_without_their_name(
    name: str, reference_data: Callable[[str], Path]
) -> None:
    records = recorded(reference_data(name), b'"@stream"')

    assert len(records) > 300
    for record in records:
        assert [parser.shape for parser in DOCUMENT_PARSERS if parser.recognises(record)] == ["zeek"]
        parsed = Zeek().parse(record, ORIGIN)
        assert parsed.kind[0] == record["@stream"]
        # it lists what Zeek loaded when it started, and has no time of its own
        assert parsed.time is not None or record["@stream"] == "loaded_scripts"
        bare = {field: value for field, value in record.items() if not field.startswith("@")}
        if "ts" in bare and has_more_than_its_connection(bare):
            assert kind(bare) == parsed.kind


def has_more_than_its_connection(bare: Fields) -> bool:
    return not {*bare} <= {"ts", "uid", "id_orig_h", "id_orig_p", "id_resp_h", "id_resp_p", "_src"}
