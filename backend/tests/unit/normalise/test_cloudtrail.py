"""AWS CloudTrail: who called what, for every kind of identity AWS knows."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.factories.samples import ORIGIN, documents, event, recorded, view
from tocsin.core.errors import RecordError
from tocsin.core.event import Fields, Json
from tocsin.pipeline.normalise.aliases import LogSource, bundled
from tocsin.pipeline.normalise.parsers import DOCUMENT_PARSERS
from tocsin.pipeline.normalise.parsers.cloudtrail import CloudTrail
from tocsin.pipeline.normalise.times import iso_time

CALL: Fields = {
    "eventVersion": "1.09",
    "eventTime": "2026-11-23T06:20:05Z",
    "eventSource": "EC2.amazonaws.com",
    "eventName": "RunInstances",
    "eventID": "10000000-0000-4000-8000-000000000005",
    "sourceIPAddress": "198.51.100.7",
    "userIdentity": {"type": "IAMUser", "userName": "alice", "accountId": "111122223333"},
}


def sample(call: str, who: str = "") -> Fields:
    return next(
        one
        for one in documents("cloudtrail")
        if one.get("eventName") == call and (not who or view(event(CloudTrail(), one))["kind"][2] == who)
    )


def columns(document: Fields) -> dict[str, Json]:
    return view(event(CloudTrail(), document))["columns"]


def read(field: str, document: Fields) -> Json:
    one = event(CloudTrail(), document)
    return bundled().route(one.shape, one.kind).resolve(field).read(one.fields)


def test_kind_time_and_identity_come_from_the_record() -> None:
    parsed = CloudTrail().parse(CALL, ORIGIN)

    assert parsed.kind == ("ec2.amazonaws.com", "runinstances", "")
    assert parsed.time == iso_time("2026-11-23T06:20:05Z")
    assert parsed.identity == "10000000-0000-4000-8000-000000000005"


@pytest.mark.parametrize(
    ("call", "actor"),
    [
        ("ModifyInstanceAttribute", "alice"),
        ("GetObject", "web"),
        ("UpdateDetector", "alice"),
        ("UpdateFunctionConfiguration20150331v2", "carol@example.org"),
        ("RunInstances", "autoscaling.amazonaws.com"),
        ("AssumeRole", "AIDAEXAMPLEOTHER"),
        ("GenerateRecommendations", "90677eb8-0000-0000-0000-000000000001"),
    ],
)
def test_every_kind_of_identity_has_a_name(call: str, actor: str) -> None:
    assert columns(sample(call))["actor.user.name"] == actor


def test_the_account_itself_is_root() -> None:
    brought = documents("cloudtrail")[-1]

    assert columns(brought)["actor.user.name"] == "root"


def test_a_record_that_eventbridge_brings_is_the_record_inside() -> None:
    brought = documents("cloudtrail")[-1]

    assert CloudTrail().recognises(brought)
    assert CloudTrail().parse(brought, ORIGIN).kind == ("cloudtrail.amazonaws.com", "stoplogging", "root")
    assert read("requestParameters.name", brought) == "main"


def test_a_console_log_in_is_an_authentication_of_the_one_who_tries() -> None:
    first, hidden, root = (one for one in documents("cloudtrail") if one.get("eventName") == "ConsoleLogin")

    one = event(CloudTrail(), first)
    assert LogSource("aws", "authentication", "cloudtrail") in bundled().route(one.shape, one.kind).logsources
    assert [(columns(each).get("user.name"), columns(each)["status"]) for each in (first, hidden, root)] == [
        ("alice", "Success"),
        (None, "Failure"),
        ("root", "Failure"),
    ]
    assert not any("actor.user.name" in columns(each) for each in (first, hidden, root))


def test_a_refused_call_is_a_failure_and_any_other_a_success() -> None:
    assert columns(sample("ModifyInstanceAttribute"))["status"] == "Failure"
    assert columns(sample("GetObject"))["status"] == "Success"


def test_only_an_address_is_a_source_address() -> None:
    assert columns(CALL)["src_endpoint.ip"] == "198.51.100.7"
    assert columns(CALL | {"sourceIPAddress": "2001:DB8::7"})["src_endpoint.ip"] == "2001:db8::7"
    assert "src_endpoint.ip" not in columns(CALL | {"sourceIPAddress": "AWS Internal"})
    assert "src_endpoint.ip" not in columns(CALL | {"sourceIPAddress": "ec2.amazonaws.com"})


def test_parameters_are_found_at_every_depth() -> None:
    task = sample("RegisterTaskDefinition")

    assert read("requestParameters.containerDefinitions.command", task) == [
        "sh",
        "-c",
        "curl $AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    ]
    assert read("requestParameters.enable", sample("UpdateDetector")) is False


@pytest.mark.parametrize("name", ["eventSource", "eventName"])
@pytest.mark.parametrize("value", [None, 7, {}, "", "x" * 200])
def test_a_call_without_a_name_is_refused(name: str, value: Json) -> None:
    with pytest.raises(RecordError):
        CloudTrail().parse(CALL | {name: value}, ORIGIN)


def test_recorded_calls_are_read_with_their_time(reference_data: Callable[[str], Path]) -> None:
    records = recorded(reference_data("events/otrf-security-datasets-50k.jsonl.zst"), b'"eventSource"')

    assert len(records) == 5
    for record in records:
        assert [parser.shape for parser in DOCUMENT_PARSERS if parser.recognises(record)] == ["cloudtrail"]
        assert CloudTrail().parse(record, ORIGIN).time == iso_time(str(record["@timestamp"]))


def test_names_are_shown_as_aws_writes_them() -> None:
    """The kind is in lower case; what a rule matched is shown to people."""
    one = event(CloudTrail(), CALL)
    route = bundled().route(one.shape, one.kind)

    assert route.constant("eventName") is None
    assert route.resolve("eventName").read(one.fields) == "RunInstances"
