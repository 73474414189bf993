"""Windows events in XML become what the reader of their binary form makes of them."""

from __future__ import annotations

import time
from io import BytesIO

import pytest

from tests.factories.event_xml import EVENT
from tests.unit.ingest.test_lines import Dribble
from tocsin.core.event import Fields
from tocsin.pipeline.ingest.event_xml import is_event_xml, xml_events
from tocsin.pipeline.ingest.types import LONGEST_RECORD, Record

DOCUMENT: Fields = {
    "Event": {
        "#attributes": {"xmlns": "http://schemas.microsoft.com/win/2004/08/events/event"},
        "System": {
            "Provider": {
                "#attributes": {
                    "Name": "Microsoft-Windows-Security-Auditing",
                    "Guid": "{54849625-5478-4994-A5BA-3E3B0328C30D}",
                }
            },
            "EventID": {"#attributes": {"Qualifiers": "0"}, "#text": "4624"},
            "TimeCreated": {"#attributes": {"SystemTime": "2026-11-23T05:21:48.1234567Z"}},
            "Correlation": None,
            "Channel": "Security",
        },
        "EventData": {
            "Data": [
                {"#attributes": {"Name": "TargetUserName"}, "#text": "ada & co"},
                {"#attributes": {"Name": "Empty"}},
                "unnamed",
            ]
        },
    }
}


def found(data: str | bytes, size: int = 1 << 20) -> list[Fields | str | None]:
    given = data.encode() if isinstance(data, str) else data
    return [
        frame.document if isinstance(frame, Record) else frame.reason
        for frame in xml_events(Dribble(given, size), "a.xml")
    ]


@pytest.mark.parametrize(
    "data",
    [
        EVENT + EVENT,
        EVENT + "\r\n" + EVENT + "\r\n",
        "<Events>" + EVENT + EVENT + "</Events>",
        f"<?xml version='1.0' encoding='utf-8' standalone='yes'?>\n<!-- export -->\n<Events>{EVENT}\n{EVENT}</Events>\n",
    ],
)
@pytest.mark.parametrize("size", [7, 1 << 20])
def test_events_are_found_in_every_packing(data: str, size: int) -> None:
    assert is_event_xml(data.encode())
    assert found(data, size) == [DOCUMENT, DOCUMENT]


def test_the_record_is_the_element_as_it_was_written() -> None:
    frames = list(xml_events(BytesIO(f"<Events>{EVENT}</Events>".encode()), "a.xml"))
    assert [(frame.raw, frame.position) for frame in frames] == [(EVENT.encode(), 1)]


def test_other_markup_is_not_taken_for_events() -> None:
    assert not is_event_xml(b"<html><body>...")
    assert not is_event_xml(b"<?xml version='1.0'?><note/>")
    assert not is_event_xml(b"<34>1 2026-11-23T05:21:48Z host su - - - ...")


@pytest.mark.parametrize(
    "broken",
    [
        EVENT.replace("</Event>", ""),
        EVENT.replace("<System>", ""),
        EVENT.replace("<Event ", "<Even "),
        EVENT.replace("&amp;", "&lol;"),
        "<Event " + "x" * 1000,
    ],
)
def test_neighbours_of_a_broken_event_survive(broken: str) -> None:
    assert found(EVENT + broken + EVENT) == [DOCUMENT, "broken XML", DOCUMENT]


def test_a_document_type_is_no_way_in() -> None:
    bomb = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>' + EVENT.replace("ada", "&b;")
    assert set(map(str, found(bomb))) == {"broken XML"}


def test_characters_that_xml_forbids_are_replaced() -> None:
    for written in ("\x01", "&#1;", "&#x1F;"):
        (document,) = found(EVENT.replace("ada", written))
        assert "\ufffd & co" in str(document)


def test_bytes_that_are_no_utf8_are_read_as_latin1() -> None:
    (document,) = found(EVENT.replace("ada", "é").encode("latin-1"))
    assert "é & co" in str(document)


def test_an_event_over_a_mebibyte_is_rejected_and_the_next_is_read() -> None:
    long = EVENT.replace("ada", "x" * (LONGEST_RECORD + 10))
    assert found(EVENT + long + EVENT)[0] == DOCUMENT
    assert found(EVENT + long + EVENT)[-1] == DOCUMENT
    assert all(one == DOCUMENT or isinstance(one, str) for one in found(EVENT + long + EVENT))


def test_elements_nested_too_deeply_are_rejected() -> None:
    assert found(EVENT.replace("unnamed", "<a>" * 100 + "</a>" * 100)) == ["nested too deeply"]


@pytest.mark.parametrize("piece", ["<Event>", "<Event ", "x", "</Event>", "<Event><a>", EVENT[:200]])
def test_no_text_makes_us_look_at_it_over_and_over(piece: str) -> None:
    began = time.process_time()
    assert found(piece * (2_000_000 // len(piece)))
    assert time.process_time() - began < 20
