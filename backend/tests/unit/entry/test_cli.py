"""The tocsin command as a stranger uses it: what it prints, where, and how it exits."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from tocsin.core.settings import settings
from tocsin.entry.cli.main import app

LINES = "\n".join(
    f"2026-11-23T05:21:{second:02d}Z web01 sshd[4711]: Failed password for root from 203.0.113.9 port 5022 ssh2"
    for second in range(0, 60, 10)
)
RULES = """
title: A log-in failed
id: 0a5a3ac3-8c6a-4b05-8a4c-cf1e5c1f6a01
name: failed
level: informational
logsource: {category: authentication}
detection: {selection: {status: Failure}, condition: selection}
---
title: Many failures
id: 0a5a3ac3-8c6a-4b05-8a4c-cf1e5c1f6a02
level: high
tags: [attack.credential-access, attack.t1110.001]
correlation: {type: event_count, rules: [failed], group-by: [src_endpoint.ip], timespan: 1m, condition: {gte: 6}}
"""
TESTS = f"""
- name: six in a minute
  rule: Many failures
  alerts: 1
  events:
{chr(10).join(f"    - '{line}'" for line in LINES.splitlines())}
- name: one only
  alerts: 0
  events: ["2026-11-23T05:21:00Z web01 sshd[4711]: Failed password for root from 203.0.113.9 port 5022 ssh2"]
"""


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TOCSIN_CACHE", str(tmp_path / "cache"))
    settings.cache_clear()
    (tmp_path / "auth.log").write_text(LINES)
    (tmp_path / "rules.yml").write_text(RULES)
    (tmp_path / "rules.tests.yml").write_text(TESTS)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture(autouse=True)
def settings_of_this_test_only() -> Any:
    yield
    settings.cache_clear()


def tocsin(*arguments: str) -> Result:
    return CliRunner().invoke(app, arguments)


def lines(result: Result) -> list[dict[str, Any]]:
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_replay_prints_alerts_then_incidents_then_the_summary(here: Path):
    found = tocsin("replay", "auth.log", "--rules", "rules.yml", "--json")
    assert found.exit_code == 0
    alert, incident, summary = lines(found)
    assert (alert["kind"], incident["kind"], summary["kind"]) == ("alert", "incident", "summary")
    assert alert["rule_title"] == "Many failures"
    assert alert["rule_kind"] == "correlation"
    assert alert["severity"] == "high"
    assert alert["techniques"] == ["T1110.001"]
    assert alert["group"] == {"src_endpoint.ip": "203.0.113.9"}
    assert alert["event_count"] == len(alert["event_ids"]) == 6
    assert alert["event_id"] == alert["event_ids"][0]
    assert alert["event_time"] == alert["first_seen"] == "2026-11-23T05:21:00.000Z"
    assert alert["last_seen"] == "2026-11-23T05:21:50.000Z"
    assert alert["entities"]["address"] == ["203.0.113.9"]
    assert incident["alerts"] == [alert["id"]]
    assert summary["events"] == 6
    assert summary["rules"] == {"loaded": 2, "failed": 0, "unfilled": 0}
    assert summary["ledger"]["balances"]


def test_a_second_run_prints_the_same_alerts_and_incidents(here: Path):
    first, second = (lines(tocsin("replay", "auth.log", "--rules", "rules.yml", "--json")) for _ in range(2))
    assert first[:-1] == second[:-1]


def test_the_story_names_the_attack_the_attacker_and_the_raw_line(here: Path):
    story = tocsin("replay", "auth.log", "--rules", "rules.yml").stdout
    assert "Many failures" in story
    assert "203.0.113.9" in story
    assert "auth.log:1 and 5 more" in story
    assert "Failed password for root" in " ".join(story.split())
    assert "6 records read = 6 events" in story


@pytest.mark.parametrize(("level", "code"), [("critical", 0), ("high", 1), ("low", 1)])
def test_fail_on_fails_from_that_severity(here: Path, level: str, code: int):
    assert tocsin("replay", "auth.log", "--rules", "rules.yml", "--fail-on", level).exit_code == code


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("replay",), 2),
        (("replay", "nosuch.log"), 2),
        (("replay", "auth.log", "--engine", "steam"), 2),
        (("replay", "auth.log", "--engine", "rust"), 1),
        (("replay", "auth.log", "--rules", "nosuch.yml"), 1),
        (("rules", "explain", "nosuch", "auth.log"), 1),
        (("nosuch",), 2),
        (("--help",), 0),
        (("rules", "--help"), 0),
        (("bench", "detect", "--help"), 0),
    ],
)
def test_exit_codes(here: Path, arguments: tuple[str, ...], code: int):
    found = tocsin(*arguments)
    assert found.exit_code == code
    assert code == 0 or found.stderr


def test_what_cannot_be_read_is_listed_with_its_place_and_reason(here: Path):
    (here / "auth.log").write_text(LINES + "\nno log line at all\n")
    *_, summary = lines(tocsin("replay", "auth.log", "--rules", "rules.yml", "--json"))
    assert summary["rejected"] == [{"source": "auth.log", "reason": "unknown format", "count": 1}]
    assert "unknown format, 1 x, first at line 7" in tocsin("replay", "auth.log", "--rules", "rules.yml").stdout


def test_control_characters_of_an_event_never_reach_the_terminal(here: Path):
    hostile = LINES.replace("for root", "for \x1b]0;owned\x07root")
    (here / "auth.log").write_text(hostile)
    story = tocsin("replay", "auth.log", "--rules", "rules.yml").stdout
    assert "\x1b" not in story
    assert "\x07" not in story


def test_times_without_a_zone_are_read_in_the_zone_that_is_given(here: Path):
    (here / "auth.log").write_text(
        "\n".join(
            f"Nov 23 05:21:{second:02d} web01 sshd[4711]: Failed password for root from 203.0.113.9 port 5022 ssh2"
            for second in range(0, 60, 10)
        )
    )
    alert, *_ = lines(tocsin("replay", "auth.log", "--rules", "rules.yml", "--zone", "Asia/Tokyo", "--json"))
    assert alert["first_seen"].endswith("11-22T20:21:00.000Z")
    assert tocsin("replay", "auth.log", "--zone", "Mars/Base").exit_code == 2


def test_rules_check_says_file_line_and_reason(here: Path):
    (here / "broken.yml").write_text("title: x\nlogsource: {product: linux}\ndetection:\n  a: {b: c}\n  condition: z\n")
    found = tocsin("rules", "check", "rules.yml", "broken.yml")
    assert found.exit_code == 1
    assert found.stdout.startswith("broken.yml:5: ")
    assert "1 rules and 1 correlations loaded, 1 failed" in found.stdout


def test_rules_check_of_a_path_that_is_not_there_fails(here: Path):
    found = tocsin("rules", "check", "nosuch.yml")
    assert found.exit_code == 1
    assert "nosuch.yml:1: " in found.stdout


def test_rules_test_runs_what_stands_beside_the_rules(here: Path):
    found = tocsin("rules", "test", "rules.yml")
    assert found.exit_code == 0, found.stdout
    assert "2 tests, 0 failed, 0 rule files untested" in found.stdout


def test_a_rule_test_that_finds_something_else_fails(here: Path):
    (here / "rules.tests.yml").write_text(TESTS.replace("alerts: 1", "alerts: 2"))
    found = tocsin("rules", "test", "rules.yml")
    assert found.exit_code == 1
    assert "six in a minute: 1 alerts instead of 2" in found.stdout


def test_a_rule_without_tests_fails(here: Path):
    (here / "rules.tests.yml").unlink()
    assert tocsin("rules", "test", "rules.yml").exit_code == 1


def test_explain_says_what_held_and_through_which_alias(here: Path):
    found = tocsin("rules", "explain", "rules.yml", "auth.log", "--json")
    assert found.exit_code == 0
    (told,) = lines(found)
    assert told["fires"]
    assert told["condition"]["held"]
    assert (told["condition"]["field"], told["condition"]["value"]) == ("status", "Failure")


def test_explain_counts_records_as_they_stand_in_the_file_joined_or_not(here: Path):
    script = {"Channel": "Microsoft-Windows-PowerShell/Operational", "EventID": 4104, "ScriptBlockId": "x"}
    parts = [script | {"MessageNumber": number, "MessageTotal": 2, "ScriptBlockText": "whoami"} for number in (1, 2)]
    failure = {"Channel": "Security", "EventID": 4625, "Hostname": "dc01"}
    (here / "events.jsonl").write_text("\n".join(map(json.dumps, [*parts, failure])))
    (told,) = lines(
        tocsin("rules", "explain", "A log-in failed", "events.jsonl", "--rules", "rules.yml", "--record", "3", "--json")
    )
    assert told["fires"]
    missing = tocsin("rules", "explain", "A log-in failed", "events.jsonl", "--rules", "rules.yml", "--record", "2")
    assert missing.exit_code == 1
    assert "later part of another" in missing.stderr


def test_explain_of_a_rule_that_does_not_fire_exits_with_one(here: Path):
    (here / "auth.log").write_text(LINES.replace("Failed", "Accepted"))
    found = tocsin("rules", "explain", "A log-in failed", "auth.log", "--rules", "rules.yml")
    assert found.exit_code == 1
    assert "does not fire" in found.stdout


def test_bench_prints_the_ratio_and_the_hashes(here: Path):
    event = {"Channel": "Security", "EventID": 4625, "@timestamp": "2026-11-23T05:21:48Z", "Hostname": "dc01"}
    (here / "events.jsonl").write_text("\n".join([json.dumps(event)] * 500))
    found = tocsin("bench", "detect", "--rules", "rules.yml", "--events", "events.jsonl", "--json")
    assert found.exit_code == 0, found.stderr
    (measured,) = lines(found)
    assert measured["events"] == 500
    assert measured["hits"] == 500
    assert len(measured["corpus_sha256"]) == len(measured["rules_sha256"]) == 64
    assert measured["ratio_to_orjson"] == pytest.approx(
        measured["events_per_second"] / measured["orjson_events_per_second"], rel=0.01
    )


def test_doctor_names_the_engine(here: Path):
    found = tocsin("doctor", "--json")
    assert any(check["name"] == "detection engine" and "python" in check["found"] for check in lines(found))
