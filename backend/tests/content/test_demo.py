"""The recorded demo: ordinary work opens nothing, the attack is told as one incident that names what really happened."""

from __future__ import annotations

import json
import tarfile
from functools import cache
from io import BytesIO
from pathlib import Path

import pytest

from tocsin.core.clock import MINUTE
from tocsin.core.settings import settings
from tocsin.entry import wiring
from tocsin.entry.replay.run import Replayed, replay
from tocsin.pipeline.detect import rulesets
from tocsin.pipeline.normalise.aliases import bundled
from tocsin.pipeline.normalise.times import any_time

DEMO = Path(__file__).resolve().parents[3] / "content/samples/demo"


@cache
def replayed(recording: str, *, context: bool = True) -> Replayed:
    rules = rulesets.load([settings().content / "rules"])
    assert rules.failures == ()
    tables = wiring.context(DEMO / "context").tables if context else ()
    return replay([DEMO / recording], rules, bundled(), settings(), None, tables)


@pytest.mark.parametrize("recording", ["ordinary", "attack"])
def test_every_recorded_line_is_read(recording: str):
    total = replayed(recording).ledger.total()
    assert total.balances
    assert total.read > 8_000
    assert not total.rejected


@pytest.mark.parametrize("context", [True, False])
def test_ordinary_work_opens_no_incident(*, context: bool):
    found = replayed("ordinary", context=context)
    assert found.incidents == ()
    assert found.alerts == [], [alert.title for alert in found.alerts]


def test_the_attack_is_one_incident():
    (incident,) = replayed("attack").incidents
    assert incident.severity.word == "critical"
    hosts = {entity.value for entity in incident.entities if entity.kind == "host"}
    assert {"web01", "db01", "trap01"} <= hosts
    assert "203.0.113.66" in {entity.value for entity in incident.entities if entity.kind == "address"}


def test_every_tactic_that_the_attacker_used_is_in_the_incident():
    found = replayed("attack")
    (incident,) = found.incidents
    tactics = {tactic for alert in found.alerts if alert.id in incident.alerts for tactic in alert.tactics}
    assert {
        "initial-access",
        "execution",
        "persistence",
        "privilege-escalation",
        "credential-access",
        "discovery",
        "lateral-movement",
        "collection",
        "command-and-control",
        "exfiltration",
        "stealth",
    } <= tactics


def test_no_alert_of_the_incident_lies_outside_the_attack():
    truth = json.loads((DEMO / "storylines/attack.json").read_text())
    attack = [one for one in truth["acts"] if one["kind"] == "attack"]
    (incident,) = replayed("attack").incidents
    assert any_time(min(one["start"] for one in attack)) <= incident.first_seen
    # the job that the attacker left in cron runs on, every minute
    assert incident.last_seen <= any_time(max(one["end"] for one in attack)) + MINUTE


def test_visitors_and_colleagues_are_not_accused():
    found = replayed("attack")
    (incident,) = found.incidents
    accused = {
        mention.entity.value
        for alert in found.alerts
        if alert.id in incident.alerts
        for mention in alert.mentions
        if mention.entity.kind == "address" and mention.role == "source"
    }
    assert not {address for address in accused if address.startswith("203.0.113.1")}


def test_every_step_reaches_its_raw_lines():
    found = replayed("attack")
    for alert in found.alerts:
        glimpses = [found.glimpses[event] for event in alert.event_ids[:100]]
        assert all(glimpse.raw for glimpse in glimpses)
        assert glimpses[0].source == alert.source


def test_the_recordings_take_less_than_a_megabyte_packed():
    packed = BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        archive.add(DEMO, arcname="demo")
    assert packed.tell() < 1 << 20
