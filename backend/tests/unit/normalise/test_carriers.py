"""What a container runtime or a shipper wraps around a record comes off; the record inside is read as itself."""

from __future__ import annotations

import orjson
import pytest

from tests.factories.samples import ORIGIN
from tocsin.core.event import Event, Fields, Json
from tocsin.pipeline.ingest.types import Record, Rejected
from tocsin.pipeline.normalise.service import Normaliser
from tocsin.pipeline.normalise.times import iso_time

ACCESS = '198.51.100.7 - - [23/Nov/2026:06:10:01 +0000] "GET /admin HTTP/1.1" 404 12 "-" "curl/8.5.0"'
SSHD = "Nov 23 06:10:01 web1 sshd[77]: Failed password for root from 198.51.100.7 port 4242 ssh2"
EVE = '{"timestamp":"2026-11-23T06:10:01+0000","event_type":"alert","flow_id":7,"alert":{"signature":"x"}}'


def outcome(record: Fields | str) -> Event | Rejected:
    raw = record.encode() if isinstance(record, str) else orjson.dumps(record)
    (one,) = Normaliser().events(ORIGIN, [Record(raw, 1)])
    return one


def read(record: Fields | str) -> Event:
    one = outcome(record)
    assert isinstance(one, Event), one
    return one


@pytest.mark.parametrize(
    "carrier",
    [
        {"log": ACCESS + "\n", "stream": "stdout", "time": "2026-11-23T06:10:02.5Z"},
        {"date": 1795414202.5, "log": ACCESS, "kubernetes": {"pod_name": "web-1"}},
        {"@timestamp": "2026-11-23T06:10:02.5Z", "message": ACCESS, "agent": {"type": "filebeat"}},
        {"@timestamp": "2026-11-23T06:10:02.5Z", "message": ACCESS, "host": {"name": "web-1"}, "@version": "1"},
        {"timestamp": "2026-11-23T06:10:02.5Z", "message": ACCESS, "file": "/x.log", "source_type": "file"},
    ],
    ids=["docker", "fluent-bit", "filebeat", "logstash", "vector"],
)
def test_a_line_inside_an_object_is_read_as_a_line(carrier: Fields) -> None:
    bare = read(ACCESS)
    one = read(carrier)

    assert (one.shape, one.kind, one.time) == (bare.shape, bare.kind, bare.time)
    assert one.raw == orjson.dumps(carrier)


def test_a_line_of_a_container_runtime_is_read_as_what_it_carries() -> None:
    assert read(f"2026-11-23T06:10:02.123456789+00:00 stderr F {ACCESS}").shape == read(ACCESS).shape


def test_an_object_inside_an_object_is_read_as_itself() -> None:
    assert read({"log": EVE, "stream": "stdout", "time": "2026-11-23T06:10:02Z"}).shape == "suricata"


def test_what_a_shipper_wrapped_around_a_container_log_comes_off_too() -> None:
    docker: Fields = {"log": ACCESS, "stream": "stdout", "time": "2026-11-23T06:10:02Z"}

    assert read({"message": orjson.dumps(docker).decode(), "agent": {}}).shape == "access-log"


def test_wrapping_without_end_is_kept_as_it_came() -> None:
    wrapped = ACCESS
    for _ in range(9):
        wrapped = orjson.dumps({"log": wrapped, "stream": "stdout"}).decode()

    assert read(wrapped).shape == "generic-json"


def test_the_carrier_is_kept_beside_what_it_carried() -> None:
    one = read({"log": SSHD, "stream": "stdout", "kubernetes": {"pod_name": "web-1"}})

    assert one.fields["carrier"] == {"stream": "stdout", "kubernetes": {"pod_name": "web-1"}}


def test_the_carriers_time_stands_in_where_there_is_no_other() -> None:
    one = read({"log": '{"eventid":"cowrie.log.open"}', "stream": "stdout", "time": "2026-11-23T06:10:02.5Z"})

    assert (one.shape, one.timed, one.time) == ("cowrie", True, iso_time("2026-11-23T06:10:02.5Z"))


@pytest.mark.parametrize("text", ["listening on :8080", "{not json", '{"level":"info"'])
def test_what_nobody_knows_stays_an_object_of_its_own(text: str) -> None:
    record: Fields = {"log": text, "stream": "stdout", "time": "2026-11-23T06:10:02Z"}

    one = read(record)
    assert (one.shape, one.fields, one.time) == ("generic-json", record, iso_time("2026-11-23T06:10:02Z"))


@pytest.mark.parametrize("value", [None, 7, [], {"file": {"path": "/x"}}, "", "\n"])
def test_only_text_is_carried(value: Json) -> None:
    assert read({"log": value, "stream": "stdout"}).shape == "generic-json"


def test_a_broken_record_inside_is_refused_as_it_would_be_alone() -> None:
    broken = EVE.replace("2026-11-23T06:10:01+0000", "soon")

    alone, carried = outcome(broken), outcome({"log": broken, "stream": "stdout"})
    assert isinstance(alone, Rejected)
    assert isinstance(carried, Rejected)
    assert alone.reason == carried.reason == "unreadable time"


def test_a_line_of_a_container_runtime_that_nobody_knows_is_refused() -> None:
    one = outcome("2026-11-23T06:10:02.123456789Z stdout F listening on :8080")

    assert isinstance(one, Rejected)
    assert one.reason == "unknown format"
