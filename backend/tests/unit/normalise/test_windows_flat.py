"""Windows events with all fields at the top are recognised, timed and named in every spelling."""

from __future__ import annotations

import pytest

from tocsin.core.clock import SECOND
from tocsin.core.errors import RecordError
from tocsin.core.event import Fields, Json, Origin
from tocsin.core.ids import LOCAL
from tocsin.pipeline.normalise.parsers.windows_flat import WindowsFlat
from tocsin.pipeline.normalise.times import iso_time
from tocsin.pipeline.normalise.types import Parsed

UTC = Origin(tenant=LOCAL, source="nxlog.json", lane="1", batch="1", received=0)
BERLIN = Origin(tenant=LOCAL, source="nxlog.json", lane="1", batch="1", received=0, zone="Europe/Berlin")
SYSMON: Fields = {
    "Channel": "Microsoft-Windows-Sysmon/Operational",
    "SourceName": "Microsoft-Windows-Sysmon",
    "EventID": 1,
    "Hostname": "ws1.example.org",
    "RecordNumber": 77,
    "@timestamp": "2026-11-23T05:21:48.250Z",
    "Image": "C:\\Windows\\System32\\whoami.exe",
}


def parse(document: Fields, origin: Origin = UTC) -> Parsed:
    parser = WindowsFlat()
    assert parser.recognises(document)
    return parser.parse(document, origin)


def without(*names: str, **changed: Json) -> Fields:
    return {name: value for name, value in SYSMON.items() if name not in names} | changed


def test_kind_time_and_identity_come_from_the_record() -> None:
    parsed = parse(SYSMON)
    assert parsed.kind == ("microsoft-windows-sysmon/operational", "microsoft-windows-sysmon", "1")
    assert parsed.time == iso_time("2026-11-23T05:21:48.250Z")
    assert parsed.identity == "ws1.example.org|Microsoft-Windows-Sysmon/Operational|77"
    assert parsed.fields["Image"] == "C:\\Windows\\System32\\whoami.exe"


def test_channels_compare_without_case() -> None:
    assert (
        parse(without(Channel="security", EventID=4688)).kind == parse(without(Channel="Security", EventID="4688")).kind
    )


@pytest.mark.parametrize(
    ("spelled", "value"),
    [("Channel", "System"), ("LogName", "System"), ("log_name", "System"), ("channel", "System")],
)
def test_the_channel_in_its_spellings(spelled: str, value: str) -> None:
    assert parse({spelled: value, "ProviderName": "Service Control Manager", "EventID": 7045}).kind == (
        "system",
        "service control manager",
        "7045",
    )


def test_a_provider_that_writes_to_one_channel_names_it() -> None:
    assert parse(without("Channel")).kind[0] == "microsoft-windows-sysmon/operational"


def test_a_provider_s_guid_names_it() -> None:
    document = without("Channel", "SourceName", ProviderGuid="{5770385F-C22A-43E0-BF4C-06F5698FFBD9}")
    assert parse(document).kind == ("microsoft-windows-sysmon/operational", "microsoft-windows-sysmon", "1")


def test_qualifiers_are_no_part_of_the_event_id() -> None:
    assert parse({"SourceName": "Service Control Manager", "EventID": 1073748860}).kind[2] == "7036"


@pytest.mark.parametrize("event_id", [None, "", "4688x", -1, 1.5, [1], {"a": 1}, "٤٦٨٨x", 1 << 40])
def test_without_an_event_id_it_is_no_event(event_id: Json) -> None:
    with pytest.raises(RecordError):
        parse(without(EventID=event_id))


@pytest.mark.parametrize("channel", [7, ["Security"], "x" * 257])
def test_a_channel_is_a_name(channel: Json) -> None:
    with pytest.raises(RecordError):
        parse(without(Channel=channel))


def test_one_clock_for_all_channels_comes_before_sysmon_s_own() -> None:
    assert parse(without(UtcTime="2026-11-23 05:21:40.000")).time == iso_time("2026-11-23T05:21:48.250Z")


def test_sysmon_s_utc_time_comes_before_a_local_one() -> None:
    document = without("@timestamp", EventTime="2026-11-23 06:21:48", UtcTime="2026-11-23 05:21:48.200")
    assert parse(document, BERLIN).time == iso_time("2026-11-23T05:21:48.200Z")


def test_a_local_time_is_read_in_the_source_s_zone() -> None:
    document = without("@timestamp", EventTime="2026-11-23 06:21:48")
    assert parse(document, BERLIN).time == iso_time("2026-11-23T05:21:48Z")
    assert parse(document, UTC).time == iso_time("2026-11-23T06:21:48Z")


def test_a_time_with_its_zone_is_not_moved() -> None:
    document = without("@timestamp", TimeCreated="2026-11-23 14:21:48 +0900")
    assert parse(document, BERLIN).time == iso_time("2026-11-23T05:21:48Z")


def test_hundred_nanosecond_ticks_are_kept() -> None:
    document = without("@timestamp", TimeCreated="2026-11-23T05:21:48.1234567Z")
    assert parse(document).time == iso_time("2026-11-23T05:21:48Z") + 123_456_700


def test_an_unreadable_time_gives_way_to_the_next_and_else_to_none() -> None:
    assert parse(without(**{"@timestamp": "yesterday"}, TimeCreated="2026-11-23T05:21:48Z")).time is not None
    assert parse(without(**{"@timestamp": "2026-99-99T99:99:99.999Z"})).time is None
    assert parse(without(**{"@timestamp": "1601-01-01T00:00:00.000Z"})).time is None


def test_powershell_s_exported_dates() -> None:
    document: Fields = {
        "Id": 4688,
        "LogName": "Security",
        "ProviderName": "Microsoft-Windows-Security-Auditing",
        "MachineName": "ws1",
        "RecordId": 5,
        "TimeCreated": "/Date(1795411308250)/",
    }
    parsed = parse(document)
    assert parsed.kind == ("security", "microsoft-windows-security-auditing", "4688")
    assert parsed.time == 1795411308250 * (SECOND // 1000)
    assert parsed.identity == "ws1|Security|5"


def test_fluent_bit_s_values_get_their_names_by_position() -> None:
    document: Fields = {
        "ProviderName": "Acme",
        "EventID": 7,
        "Channel": "Application",
        "Computer": "ws1",
        "EventRecordID": 3,
        "Message": "Ada did it",
        "StringInserts": ["Ada", "door", "left over"],
    }
    parser = WindowsFlat(template=lambda kind: ("Who", "Message") if kind[1] == "acme" else ())
    fields = parser.parse(document, UTC).fields
    assert fields["Who"] == "Ada"
    assert fields["Message"] == "Ada did it"  # a name that is there keeps its value
    assert fields["StringInserts"] == ["Ada", "door", "left over"]
    assert fields["Data"] == ["Ada", "door", "left over"]


def test_the_old_api_s_data_are_the_binary_part() -> None:
    document: Fields = {
        "SourceName": "Acme",
        "EventID": 7,
        "Channel": "Application",
        "Data": "00ff",
        "StringInserts": ["a"],
    }
    fields = parse(document).fields
    assert (fields["Binary"], fields["Data"]) == ("00ff", ["a"])


def test_values_of_another_version_are_named_only_as_far_as_all_versions_agree() -> None:
    document: Fields = {"ProviderName": "Acme", "EventID": 4616, "Channel": "Security", "StringInserts": list("abcdef")}
    parser = WindowsFlat(template=lambda _: ("A", "B", "C", "D", "E", "F", "G"))
    fields = parser.parse(document, UTC).fields
    assert fields["D"] == "d"
    assert "E" not in fields


@pytest.mark.parametrize(
    "other",
    [
        {"EventID": 1},
        {"Id": 1, "Channel": "a"},
        {"EventID": 1, "Channel": "Security", "EventData": "<EventData/>"},
        {"EventID": 1, "log_name": "Security", "event_data": {}},
        {"Event": {"System": {"EventID": 1}}},
        {"winlog": {"channel": "Security"}, "EventID": 1, "Channel": "Security"},
    ],
)
def test_other_shapes_are_left_to_others(other: Fields) -> None:
    assert not WindowsFlat().recognises(other)


@pytest.mark.parametrize(
    ("stamp", "zone"), [("9999-12-31 23:59:59", "America/Los_Angeles"), ("1970-01-01 00:00:00", "Asia/Tokyo")]
)
def test_a_zone_moves_no_time_over_the_ends_of_the_calendar(stamp: str, zone: str) -> None:
    origin = Origin(tenant=LOCAL, source="s", lane="1", batch="1", received=0, zone=zone)
    assert parse(without(**{"@timestamp": stamp}), origin).time == iso_time(stamp)
