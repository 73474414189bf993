"""Windows events nested as in their XML read the same whichever converter wrote them."""

from __future__ import annotations

import pytest

from tocsin.core.errors import RecordError
from tocsin.core.event import Fields, Json, Origin
from tocsin.core.ids import LOCAL
from tocsin.pipeline.normalise.parsers.windows_rendered import WindowsRendered
from tocsin.pipeline.normalise.times import iso_time
from tocsin.pipeline.normalise.types import Parsed

ORIGIN = Origin(tenant=LOCAL, source="Security.evtx", lane="1", batch="1", received=0)
SYSTEM: Fields = {
    "Provider": {"#attributes": {"Name": "Service Control Manager", "Guid": "{555908d1-a6d7-4695-8e1e-26931d2012f4}"}},
    "EventID": {"#attributes": {"Qualifiers": 16384}, "#text": 7045},
    "TimeCreated": {"#attributes": {"SystemTime": "2026-11-23T05:21:48.250123Z"}},
    "EventRecordID": 12,
    "Channel": "System",
    "Computer": "ws1.example.org",
}


def parse(document: Fields) -> Parsed:
    parser = WindowsRendered()
    assert parser.recognises(document)
    return parser.parse(document, ORIGIN)


def data(event_data: Json) -> Json:
    event = parse({"Event": {"System": SYSTEM, "EventData": event_data}}).fields["Event"]
    assert isinstance(event, dict)
    return event["EventData"]


@pytest.mark.parametrize(
    "system",
    [
        SYSTEM,
        SYSTEM | {"EventID": 7045},
        SYSTEM | {"EventID": "7045"},
        SYSTEM | {"EventID": {"Value": 7045}, "Provider": {"Name": "Service Control Manager"}},
        SYSTEM
        | {
            "Provider": {"@Name": "Service Control Manager"},
            "EventID": {"@Qualifiers": "16384", "#text": "7045"},
            "TimeCreated": {"@SystemTime": "2026-11-23T05:21:48.250123Z"},
            "EventRecordID": "12",
        },
        SYSTEM
        | {
            "Provider": None,
            "Provider_attributes": {"Name": "Service Control Manager"},
            "TimeCreated": None,
            "TimeCreated_attributes": {"SystemTime": "2026-11-23T05:21:48.250123Z"},
        },
    ],
)
def test_every_converter_s_system_part_reads_the_same(system: Fields) -> None:
    parsed = parse({"Event": {"System": system}})
    assert parsed.kind == ("system", "service control manager", "7045")
    assert parsed.time == iso_time("2026-11-23T05:21:48.250123Z")
    assert parsed.identity == "ws1.example.org|System|12"


def test_without_the_root_element_it_is_put_back() -> None:
    parsed = parse({"System": SYSTEM, "EventData": {"ImagePath": "C:\\a.exe"}})
    assert parsed.fields == parse({"Event": {"System": SYSTEM, "EventData": {"ImagePath": "C:\\a.exe"}}}).fields


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ({"ServiceName": "x", "Count": 3}, {"ServiceName": "x", "Count": 3}),
        ({"Data": [{"@Name": "ServiceName", "#text": "x"}, {"@Name": "Empty"}]}, {"ServiceName": "x", "Empty": None}),
        ({"Data": {"@Name": "ServiceName", "#text": "x"}}, {"ServiceName": "x"}),
        ({"Data": [{"#attributes": {"Name": "ServiceName"}, "#text": "x"}]}, {"ServiceName": "x"}),
        ({"Data": {"#text": ["a", "b"]}}, {"Data": ["a", "b"]}),
        ({"Data": ["a", "b"], "Binary": "00FF"}, {"Data": ["a", "b"], "Binary": "00FF"}),
        ({"Data": "a"}, {"Data": ["a"]}),
        ({"Data": None, "Binary": None}, {"Binary": None}),
        ({"Data": [{"@Name": "ServiceName", "#text": "x"}, "loose"]}, {"ServiceName": "x", "Data": ["loose"]}),
        ({"ImagePath": {"#attributes": {"Type": "s"}, "#text": "C:\\a.exe"}}, {"ImagePath": "C:\\a.exe"}),
        ("plain text", {"Data": ["plain text"]}),
        (None, None),
    ],
)
def test_named_data_stand_under_their_names_and_unnamed_in_one_list(written: Json, read: Json) -> None:
    assert data(written) == read


def test_user_data_stay_under_their_root() -> None:
    event: Fields = {
        "System": SYSTEM,
        "UserData": {
            "#attributes": {"xmlns": "urn:x"},
            "LogFileCleared": {"#attributes": {"xmlns": "urn:y"}, "SubjectUserName": "ada", "Channel": "System"},
        },
    }
    fields = parse({"Event": event}).fields["Event"]
    assert isinstance(fields, dict)
    user = fields["UserData"]
    assert isinstance(user, dict)
    assert list(user) == ["LogFileCleared"]
    root = user["LogFileCleared"]
    assert isinstance(root, dict)
    assert root["SubjectUserName"] == "ada"


@pytest.mark.parametrize("event_id", [None, "", "x", {"#text": "x"}, {}, []])
def test_without_an_event_id_it_is_no_event(event_id: Json) -> None:
    with pytest.raises(RecordError):
        parse({"Event": {"System": SYSTEM | {"EventID": event_id}}})


@pytest.mark.parametrize(
    "other", [{}, {"Event": "x"}, {"Event": {"System": "x"}}, {"System": {"a": 1}}, {"Event": None}]
)
def test_other_documents_are_left_to_others(other: Fields) -> None:
    assert not WindowsRendered().recognises(other)
