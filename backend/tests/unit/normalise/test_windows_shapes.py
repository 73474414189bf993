"""The same act reads the same in whatever shape it travels, and as Sysmon and as Security saw it."""

from __future__ import annotations

from typing import NamedTuple

import orjson
import pytest

from tests.factories.samples import event, view
from tocsin.core.event import Event, Fields
from tocsin.core.settings import settings
from tocsin.core.text import text
from tocsin.pipeline.normalise.aliases import LogSource, Route, bundled
from tocsin.pipeline.normalise.parsers import DOCUMENT_PARSERS

FULL = (
    ("windows-flat", "nxlog"),
    ("winlogbeat", "nested"),
    ("winlogbeat-6", "written"),
    ("wazuh-windows", "written"),
)
"""Each holds the same 28 events as windows-rendered/evtx, in the same order."""
SIGMA = (
    "Image", "CommandLine", "ParentImage", "ParentCommandLine", "User", "IntegrityLevel", "LogonId", "OriginalFileName",
    "CurrentDirectory", "Hashes", "Imphash", "TargetObject", "Details", "EventType", "SourceImage", "TargetImage",
    "GrantedAccess", "CallTrace", "SourceUser", "SourceIp", "SourcePort", "DestinationIp", "DestinationPort", "Protocol",
    "Initiated", "QueryName", "QueryStatus", "QueryResults", "Destination", "LogonType", "TargetUserName", "IpAddress",
    "ServiceName", "ImagePath", "ScriptBlockText", "ThreatName", "Signature", "ShareName",
    "RelativeTargetName", "PossibleCause", "SubjectUserName", "payload", "NewProcessName", "EventID", "Channel",
    "Provider_Name",
)  # fmt: skip


class Pair(NamedTuple):
    """Two events that tell of one act."""

    category: str
    sysmon: str
    other: str
    both: tuple[str, ...]
    sysmon_alone: tuple[str, ...] = ()


PAIRS = (
    Pair(
        "process_creation",
        "1",
        "4688",
        ("Image", "CommandLine", "ParentImage", "ParentProcessId", "User", "IntegrityLevel", "LogonId"),
        ("ParentCommandLine", "OriginalFileName", "Hashes", "CurrentDirectory", "Description", "Product", "Company"),
    ),
    Pair("process_termination", "5", "4689", ("Image", "User")),
    Pair("registry_set", "13", "4657", ("Image", "TargetObject", "Details", "EventType", "User")),
    Pair(
        "network_connection",
        "3",
        "5156",
        ("Image", "SourceIp", "SourcePort", "DestinationIp", "DestinationPort", "Protocol", "Initiated"),
        ("User", "DestinationHostname", "SourceHostname"),
    ),
    Pair(
        "process_access",
        "10",
        "4663",
        ("SourceImage", "TargetImage", "SourceUser", "GrantedAccess"),
        ("CallTrace", "TargetUser"),
    ),
    Pair("dns_query", "22", "3008", ("QueryName", "QueryStatus", "QueryResults"), ("Image", "User")),
    Pair("wmi_event", "20", "5861", (), ("Operation", "Type")),
)


def sample(shape: str, name: str) -> list[Fields]:
    lines = (settings().content / "samples" / shape / f"{name}.json").read_bytes().splitlines()
    return [orjson.loads(line) for line in lines]


def read(shape: str, document: Fields) -> tuple[Event, Route]:
    parser = next(parser for parser in DOCUMENT_PARSERS if parser.recognises(document))
    assert parser.shape == shape
    one = event(parser, document)
    return one, bundled().route(one.shape, one.kind)


def value(of: tuple[Event, Route], field: str) -> str:
    one, route = of
    fixed = route.constant(field)
    shown = text(route.resolve(field).read(one.fields)) if fixed is None else fixed
    return shown.strip("{}").lower()


RENDERED = sample("windows-rendered", "evtx")


@pytest.mark.parametrize(("shape", "name"), FULL)
@pytest.mark.parametrize("at", range(len(RENDERED)))
def test_every_shape_gives_the_same_log_sources_columns_and_sigma_fields(shape: str, name: str, at: int) -> None:
    first, second = read("windows-rendered", RENDERED[at]), read(shape, sample(shape, name)[at])

    assert second[0].kind == first[0].kind
    assert second[1].logsources == first[1].logsources
    assert _columns(second[0]) == _columns(first[0])
    assert {field: value(second, field) for field in SIGMA} == {field: value(first, field) for field in SIGMA}


def test_dotted_keys_read_as_nested_ones() -> None:
    nested = {
        one["winlog"]["event_id"]: one for one in sample("winlogbeat", "nested") if isinstance(one["winlog"], dict)
    }
    for document in sample("winlogbeat", "dotted"):
        dotted = read("winlogbeat", document)
        again = read("winlogbeat", nested[dotted[0].kind[2]])
        assert _columns(dotted[0]) == _columns(again[0])


def test_a_document_in_ecs_alone_is_a_process_creation_too() -> None:
    (document,) = sample("winlogbeat", "ecs")
    ecs, beat = read("winlogbeat", document), read("winlogbeat", sample("winlogbeat", "nested")[0])

    assert ecs[0].kind == beat[0].kind
    for field in (
        "Image",
        "CommandLine",
        "ParentImage",
        "ParentCommandLine",
        "OriginalFileName",
        "User",
        "sha256",
        "md5",
    ):
        assert value(ecs, field) == value(beat, field) != "", field
    assert ("sha256=" + value(beat, "sha256")) in value(ecs, "Hashes")


@pytest.mark.parametrize("document", sample("windows-flat", "fluent-bit-winevtlog"))
def test_fluent_bit_s_positional_values_read_as_named_ones(document: Fields) -> None:
    fluent = read("windows-flat", document)
    named = next(
        one
        for one in (read("windows-flat", other) for other in sample("windows-flat", "nxlog"))
        if one[0].identity == fluent[0].identity
    )
    assert _columns(fluent[0]) == _columns(named[0])


def test_log_analytics_rows_read_as_the_events_they_hold() -> None:
    for document in sample("windows-log-analytics", "written"):
        row = read("windows-log-analytics", document)
        same = [
            one for one in (read("windows-rendered", other) for other in RENDERED) if one[0].kind[2] == row[0].kind[2]
        ]
        assert _columns(row[0]) in [_columns(one[0]) for one in same]


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair.category)
@pytest.mark.parametrize(("shape", "name"), [("windows-rendered", "evtx"), *FULL])
def test_sysmon_and_the_system_s_own_log_give_the_same_values_where_both_carry_them(
    pair: Pair, shape: str, name: str
) -> None:
    events = [read(shape, document) for document in sample(shape, name)]
    seen = next(one for one in events if one[0].kind[2] == pair.sysmon and "sysmon" in one[0].kind[0])
    logged = next(one for one in events if one[0].kind[2] == pair.other)

    for one in (seen, logged):
        assert any(source.category == pair.category for source in one[1].logsources)
    for field in pair.both:
        assert value(seen, field) == value(logged, field) != "", field
    for field in pair.sysmon_alone:
        assert seen[1].resolve(field).carried
        # Winlogbeat may have moved a field to a name of ECS, which any event may have
        assert not logged[1].resolve(field).carried or shape == "winlogbeat", field


@pytest.mark.parametrize(("shape", "name"), [("windows-rendered", "evtx"), *FULL])
def test_what_other_logs_hold_in_a_longer_text_is_found_in_it(shape: str, name: str) -> None:
    events = {one[0].kind[2]: one for one in (read(shape, document) for document in sample(shape, name))}

    assert "powershell.exe -nop -w hidden" in value(events["5861"], "Destination")
    assert value(events["800"], "Payload").startswith("commandinvocation(get-process)")
    assert "host application = powershell.exe" in value(events["800"], "ContextInfo")
    assert "commandline" not in value(events["800"], "ContextInfo")


@pytest.mark.parametrize(
    ("shape", "document"),
    [
        (
            "windows-flat",
            {"EventID": 4625, "Channel": "Security", "Keywords": -9218868437227405312, "Severity": "ERROR"},
        ),
        ("windows-flat", {"EventID": 4625, "Channel": "Security", "Keywords": "0x8010000000000000", "Level": 2}),
        (
            "winlogbeat",
            {"winlog": {"event_id": "4625", "channel": "Security", "keywords": ["Audit Failure"], "level": "error"}},
        ),
        (
            "windows-rendered",
            {
                "Event": {
                    "System": {"EventID": 4625, "Channel": "Security", "Keywords": "0x8010000000000000", "Level": 2}
                }
            },
        ),
    ],
)
def test_level_and_keywords_are_the_event_log_s_own_numbers(shape: str, document: Fields) -> None:
    one = read(shape, document)
    assert (value(one, "Keywords"), value(one, "Level")) == ("0x8010000000000000", "2")


def test_a_registry_value_is_set_and_is_a_registry_event() -> None:
    sources = bundled().route("windows-flat", ("microsoft-windows-sysmon/operational", "", "13")).logsources
    assert {LogSource("windows", "registry_set", "sysmon"), LogSource("windows", "registry_event", "sysmon")} <= sources


def test_an_access_to_a_file_is_no_access_to_a_process() -> None:
    document: Fields = next(one for one in sample("windows-flat", "nxlog") if one["EventID"] == 4663)
    file = read("windows-flat", document | {"ObjectType": "File", "ObjectName": "C:\\Windows\\System32\\lsass.exe"})

    assert value(file, "TargetImage") == value(file, "GrantedAccess") == value(file, "SourceImage") == ""
    assert value(file, "FileName") == "c:\\windows\\system32\\lsass.exe"


def _columns(one: Event) -> dict[str, object]:
    """Without the message, which each collector words in its own way."""
    return {name: seen for name, seen in view(one)["columns"].items() if name != "message"}


def test_a_process_started_for_somebody_is_theirs_and_in_their_session() -> None:
    creator: Fields = {
        "SubjectUserSid": "S-1-5-18",
        "SubjectUserName": "WS1$",
        "SubjectDomainName": "CORP",
        "SubjectLogonId": "0x3e7",
    }
    target: Fields = {
        "TargetUserSid": "S-1-0-0",
        "TargetUserName": "ada",
        "TargetDomainName": "CORP",
        "TargetLogonId": "0x5a3c1",
    }
    one = read("windows-flat", {"EventID": 4688, "Channel": "Security", **creator, **target})

    assert (value(one, "User"), value(one, "LogonId")) == ("corp\\ada", "0x5a3c1")
    assert value(one, "actor.session.uid") == "0x5a3c1"


@pytest.mark.parametrize("name", ["ProcessID", "ProcessId"])
def test_a_connection_is_its_process_s_however_the_collector_spells_it(name: str) -> None:
    assert value(read("windows-flat", {"EventID": 5156, "Channel": "Security", name: "1648"}), "process.pid") == "1648"
