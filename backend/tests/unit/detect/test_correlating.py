"""Hits reach the windows of the group they belong to, by what their columns say."""

from __future__ import annotations

import pytest

from tests.factories import samples
from tocsin.core.event import Fields
from tocsin.core.ids import LOCAL
from tocsin.pipeline.detect.service import Detector
from tocsin.pipeline.detect.sigma.reading import RuleFile, read
from tocsin.pipeline.normalise.aliases import bundled
from tocsin.pipeline.normalise.parsers.windows_flat import WindowsFlat

RULES = b"""
title: Failed log-in
name: failed
level: informational
logsource: {category: authentication}
detection: {selection: {status: Failure}, condition: selection}
---
title: Log-in
name: succeeded
level: informational
logsource: {category: authentication}
detection: {selection: {status: Success}, condition: selection}
---
title: Two failures from one address
level: medium
correlation:
    type: event_count
    rules: [failed]
    group-by: [src_endpoint.ip]
    timespan: 1m
    condition: {gte: 2}
---
title: Two failures, then a log-in
level: high
correlation:
    type: temporal_ordered
    rules: [failed, failed, succeeded]
    group-by: [src_endpoint.ip]
    timespan: 1m
"""


def log_on(event_id: int, second: int, address: str) -> Fields:
    return {
        "EventID": event_id,
        "Channel": "Security",
        "SourceName": "Microsoft-Windows-Security-Auditing",
        "Hostname": "ws1",
        "@timestamp": f"2026-11-22T10:00:{second:02}Z",
        "TargetUserName": "ada",
        "IpAddress": address,
    }


def alerts(*events: Fields) -> dict[str, int]:
    """The titles raised, with the number of events in each."""
    rules = read([RuleFile("rules/a.yml", RULES)])
    assert rules.failures == ()
    detector = Detector(LOCAL, rules, bundled(), lateness=900)
    for index, event in enumerate(events):
        detector.feed(samples.event(WindowsFlat(), event, index))
    found = [draft.alert() for draft in detector.alerts.drafts().values()]
    return {alert.title: len(alert.event_ids) for alert in found}


@pytest.mark.parametrize("nothing", ["-", ""])
def test_events_without_an_address_are_not_those_of_one_address(nothing: str):
    assert alerts(log_on(4625, 1, nothing), log_on(4625, 2, nothing)) == {}


def test_an_address_is_the_same_in_each_of_its_spellings():
    found = alerts(log_on(4625, 1, "203.0.113.9"), log_on(4625, 2, "::ffff:203.0.113.9"))
    assert found == {"Two failures from one address": 2}


def test_a_rule_named_twice_in_a_chain_needs_two_events():
    one = log_on(4625, 1, "203.0.113.9")
    assert "Two failures, then a log-in" not in alerts(one, log_on(4624, 9, "203.0.113.9"))
    found = alerts(one, log_on(4625, 2, "203.0.113.9"), log_on(4624, 9, "203.0.113.9"))
    assert found["Two failures, then a log-in"] == 3


def test_a_chain_keeps_its_order():
    found = alerts(log_on(4625, 1, "203.0.113.9"), log_on(4624, 2, "203.0.113.9"), log_on(4625, 9, "203.0.113.9"))
    assert "Two failures, then a log-in" not in found
