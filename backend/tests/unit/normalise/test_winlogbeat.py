"""What collectors of Windows events do to them is undone, and what is broken is refused."""

from __future__ import annotations

import pytest

from tests.factories.samples import ORIGIN
from tocsin.core.errors import RecordError
from tocsin.core.event import Fields, Json
from tocsin.pipeline.normalise.parsers.log_analytics import LogAnalytics
from tocsin.pipeline.normalise.parsers.wazuh_windows import WazuhWindows
from tocsin.pipeline.normalise.parsers.winlogbeat import Winlogbeat, Winlogbeat6, nested
from tocsin.pipeline.normalise.times import iso_time


def beat(**winlog: Json) -> Fields:
    whole: Fields = {
        "channel": "Security",
        "provider_name": "Microsoft-Windows-Security-Auditing",
        "event_id": "4688",
        "record_id": 12,
        "computer_name": "ws1",
    }
    return {"@timestamp": "2026-11-23T05:21:48.250Z", "winlog": whole | winlog}


def test_winlogbeat_says_what_it_read_where_and_when() -> None:
    parsed = Winlogbeat().parse(beat(), ORIGIN)
    assert parsed.kind == ("security", "microsoft-windows-security-auditing", "4688")
    assert parsed.identity == "ws1|Security|12"
    assert parsed.time == iso_time("2026-11-23T05:21:48.250Z")


@pytest.mark.parametrize(
    ("event", "kind"),
    [
        ({"code": "1", "module": "sysmon"}, ("microsoft-windows-sysmon/operational", "microsoft-windows-sysmon", "1")),
        ({"code": 4625, "module": "security"}, ("security", "microsoft-windows-security-auditing", "4625")),
        ({"code": "7045", "provider": "Service Control Manager"}, ("system", "service control manager", "7045")),
    ],
)
def test_without_winlog_the_event_s_provider_or_module_names_the_channel(event: Fields, kind: tuple[str, ...]) -> None:
    assert Winlogbeat().parse({"event": event}, ORIGIN).kind == kind


def test_unnamed_data_are_also_called_data() -> None:
    parsed = Winlogbeat().parse(beat(event_data={"param2": "b", "param1": "a", "Binary": "00"}), ORIGIN)
    winlog = parsed.fields["winlog"]
    assert isinstance(winlog, dict)
    assert winlog["event_data"] == {"param2": "b", "param1": "a", "Binary": "00", "Data": ["a", "b"]}


@pytest.mark.parametrize(
    ("dotted", "whole"),
    [
        ({"a.b": 1, "a.c": 2}, {"a": {"b": 1, "c": 2}}),
        ({"a": {"b": 1}, "a.c": 2}, {"a": {"b": 1, "c": 2}}),
        ({"a.c": 2, "a": {"b": 1}}, {"a": {"c": 2, "b": 1}}),
        ({"x": 1}, {"x": 1}),
    ],
)
def test_dotted_names_are_nested(dotted: Fields, whole: Fields) -> None:
    assert nested(dotted) == whole


def test_a_name_that_is_value_and_object_is_refused() -> None:
    with pytest.raises(RecordError):
        nested({"a": 1, "a.b": 2})


def test_a_name_of_a_thousand_dots_makes_no_thousand_objects() -> None:
    value: Json = nested({".".join("x" * 1000): 1})
    depth = 0
    while isinstance(value, dict):
        (value,) = value.values()
        depth += 1
    assert depth < 20


@pytest.mark.parametrize(
    "other",
    [
        {"event": {"provider": "nginx", "code": 1}},
        {"winlog": "x"},
        {"event": {"provider": "Microsoft-Windows-Sysmon"}},
    ],
)
def test_other_documents_of_ecs_are_left_to_others(other: Fields) -> None:
    assert not Winlogbeat().recognises(other)


def test_winlogbeat_6_names_the_host_that_wrote_the_event_not_the_collector() -> None:
    document: Fields = {
        "log_name": "System",
        "source_name": "Service Control Manager",
        "event_id": 7045,
        "record_number": "5",
        "computer_name": "ws1",
        "host": {"name": "collector"},
        "event_data": {},
    }
    assert Winlogbeat6().recognises(document)
    parsed = Winlogbeat6().parse(document, ORIGIN)
    assert (parsed.kind[2], parsed.identity, parsed.time) == ("7045", "ws1|System|5", None)


def wazuh(eventdata: Json, **beside: Json) -> Fields:
    system: Fields = {
        "providerName": "Microsoft-Windows-Sysmon",
        "eventID": "1",
        "channel": "Microsoft-Windows-Sysmon/Operational",
        "systemTime": "2026-11-23T05:21:48.2504560Z",
    }
    windows: Fields = {"system": system, "eventdata": eventdata, **beside}
    data: Fields = {"win": windows}
    return {"timestamp": "2026-11-23T05:22:59.000+0000", "data": data}


def eventdata(document: Fields) -> Json:
    fields = WazuhWindows().parse(document, ORIGIN).fields
    data = fields["data"]
    assert isinstance(data, dict)
    windows = data["win"]
    assert isinstance(windows, dict)
    return windows["eventdata"]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("C:\\\\Windows\\\\cmd.exe", "C:\\Windows\\cmd.exe"),
        ('\\"C:\\\\a b.exe\\" /c', '"C:\\a b.exe" /c'),
        ("\\\\\\\\srv\\\\share", "\\\\srv\\share"),
        ("C:\\Windows\\cmd.exe", "C:\\Windows\\cmd.exe"),
        ('"C:\\\\a.exe"', '"C:\\\\a.exe"'),
        ("plain", "plain"),
    ],
)
def test_the_manager_s_escapes_are_undone_where_all_are_there(written: str, meant: str) -> None:
    assert eventdata(wazuh({"image": written})) == {"image": meant}


def test_the_event_s_own_time_comes_before_the_manager_s() -> None:
    assert WazuhWindows().parse(wazuh({}), ORIGIN).time == iso_time("2026-11-23T05:21:48.250456Z")


def test_user_data_are_event_data_too() -> None:
    assert eventdata(wazuh(None, logFileCleared={"subjectUserName": "ada"})) == {"subjectUserName": "ada"}


def test_what_an_agent_sends_reads_as_what_the_manager_stores() -> None:
    document = wazuh({"image": "a"})
    data = document["data"]
    assert isinstance(data, dict)
    bare = dict(data)
    assert WazuhWindows().recognises(bare)
    assert WazuhWindows().parse(bare, ORIGIN).kind == WazuhWindows().parse(document, ORIGIN).kind


def row(event_data: Json) -> Fields:
    return {
        "TimeGenerated": "2026-11-23T05:21:48.25Z",
        "Computer": "ws1",
        "Channel": "Security",
        "EventSourceName": "Microsoft-Windows-Security-Auditing",
        "EventID": 4688,
        "EventData": event_data,
        "Type": "SecurityEvent",
    }


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ('<EventData><Data Name="A">x &lt;y&gt; &amp;z</Data><Data Name="B"/></EventData>', {"A": "x <y> &z", "B": ""}),
        ("<DataItem><EventData><Data>a</Data><Data>b</Data></EventData></DataItem>", {"Data": ["a", "b"]}),
        ('{"A": "x", "n": 1}', {"A": "x", "n": 1}),
        ({"A": "x"}, {"A": "x"}),
        ("", {}),
        (None, {}),
        ("<Data Name=", {}),
    ],
)
def test_event_data_are_read_from_xml_and_json(written: Json, read: Fields) -> None:
    assert LogAnalytics().recognises(row(written))
    assert LogAnalytics().parse(row(written), ORIGIN).fields["EventData"] == read


def test_broken_json_inside_is_refused() -> None:
    with pytest.raises(RecordError):
        LogAnalytics().parse(row('{"A": '), ORIGIN)
