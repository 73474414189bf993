"""An object that no parser knows is kept as it is, in its own time."""

from __future__ import annotations

import pytest

from tests.factories.samples import ORIGIN, event
from tocsin.core.event import Fields
from tocsin.pipeline.normalise.aliases import bundled
from tocsin.pipeline.normalise.columns import columns
from tocsin.pipeline.normalise.parsers.generic_json import GenericJson

SOME = 1_795_411_308_000_000_000


@pytest.mark.parametrize(
    "document",
    [
        {"@timestamp": "2026-11-23T05:21:48Z"},
        {"timestamp": "2026-11-23 05:21:48"},
        {"time": 1795411308},
        {"ts": 1795411308000},
        {"eventTime": "1795411308.0"},
        {"time": 1795411308000000000},
        {"time": 12, "ts": 1795411308.0},
        {"time": "12 ms", "date": "2026-11-23T06:21:48+01:00"},
        {"timestamp": None, "created_at": "2026-11-23T05:21:48.000000000Z"},
    ],
)
def test_the_time_is_found_under_the_usual_names(document: Fields) -> None:
    assert GenericJson().parse(document, ORIGIN).time == SOME


@pytest.mark.parametrize("document", [{"a": 1}, {"time": 12}, {"time": "noon"}, {"time": {"at": 1}}, {"ts": True}])
def test_without_a_time_there_is_none(document: Fields) -> None:
    assert GenericJson().parse(document, ORIGIN).time is None


def test_an_empty_object_is_no_event() -> None:
    assert not GenericJson().recognises({})


def test_the_usual_names_of_addresses_and_people_reach_the_columns() -> None:
    given: Fields = {
        "host": "web1", "src_ip": "198.51.100.7", "dst_ip": "10.0.0.5", "src_port": 5, "user": "ada", "message": "hello",
    }  # fmt: skip
    filled = columns(event(GenericJson(), given), bundled())
    assert (filled.device__hostname, filled.src_endpoint__ip, filled.dst_endpoint__ip) == (
        "web1",
        "198.51.100.7",
        "10.0.0.5",
    )
    assert (filled.src_endpoint__port, filled.user__name, filled.message) == (5, "ada", "hello")
