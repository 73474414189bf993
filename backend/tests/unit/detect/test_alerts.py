"""How hits fold into alerts, and what windows take: through the real parser of sshd's lines."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import permutations
from textwrap import dedent

import pytest

from tocsin.core.clock import HOUR, SECOND, Nanoseconds, iso
from tocsin.core.event import Origin
from tocsin.core.ids import LOCAL
from tocsin.core.messages import Alert
from tocsin.pipeline.detect.service import Detector
from tocsin.pipeline.detect.sigma.reading import RuleFile, read
from tocsin.pipeline.ingest.types import Record
from tocsin.pipeline.normalise.aliases import bundled
from tocsin.pipeline.normalise.service import Normaliser

START: Nanoseconds = 1_795_000_000 // 3600 * HOUR  # a full hour
NOW = START + 1000 * HOUR

BASE = """
title: A log-in failed
name: failed
level: informational
logsource: {category: authentication}
detection: {selection: {status: Failure}, condition: selection}
"""
BRUTE_FORCE = """
title: Many failures
level: high
correlation:
    type: event_count
    rules: [failed]
    group-by: [src_endpoint.ip]
    timespan: 1m
    condition: {gte: 6}
"""
NOTHING_ELSE = "---".join((BASE, BRUTE_FORCE))


def failure(second: float, address: str = "203.0.113.9", user: str = "root") -> str:
    at = iso(START + int(second * SECOND))
    return f"{at} web01 sshd[4711]: Failed password for {user} from {address} port 5022 ssh2"


def detector(rules: str, lateness: int = 900) -> Detector:
    loaded = read([RuleFile("rules.yml", dedent(rules).encode())])
    assert loaded.failures == ()
    return Detector(LOCAL, loaded, bundled(), lateness)


def feed(subject: Detector, lines: Iterable[str], source: str = "auth.log", lane: str = "auth.log") -> Detector:
    origin = Origin(tenant=LOCAL, source=source, lane=lane, batch=source, received=NOW)
    records = [Record(line.encode(), position) for position, line in enumerate(lines, 1)]
    for event in Normaliser().events(origin, records):
        assert not isinstance(event, tuple), event
        subject.feed(event)
    return subject


def alerts(subject: Detector) -> list[Alert]:
    found = (draft.alert() for draft in subject.alerts.drafts().values())
    return sorted(found, key=lambda alert: (alert.first_seen, alert.id))


def told(subject: Detector) -> list[tuple[str, tuple[str, ...], dict[str, str]]]:
    """What must not depend on order or repeats."""
    return [(alert.id, alert.event_ids, alert.evidence) for alert in alerts(subject)]


def test_six_failures_in_a_minute_are_one_alert_that_reaches_all_six():
    (alert,) = alerts(feed(detector(NOTHING_ELSE), [failure(10 * n) for n in range(6)]))
    assert alert.title == "Many failures"
    assert alert.kind == "correlation"
    assert alert.key == (("src_endpoint.ip", "203.0.113.9"),)
    assert len(alert.event_ids) == 6
    assert (alert.first_seen, alert.last_seen) == (START, START + 50 * SECOND)


def test_the_base_rule_does_not_alert_alone():
    assert alerts(feed(detector(NOTHING_ELSE), [failure(0)])) == []


def test_the_base_rule_alerts_too_where_the_correlation_generates():
    rules = "---".join((BASE, BRUTE_FORCE.replace("timespan", "generate: true\n    timespan")))
    assert [alert.title for alert in alerts(feed(detector(rules), [failure(0)]))] == ["A log-in failed"]


def test_sources_are_counted_apart():
    lines = [failure(n, f"203.0.113.{n % 3}") for n in range(15)]
    assert alerts(feed(detector(NOTHING_ELSE), lines)) == []


def test_ten_thousand_equal_failures_make_a_handful_of_alerts_with_the_exact_count():
    found = alerts(feed(detector(NOTHING_ELSE), [failure(n * 0.5) for n in range(10_000)]))
    assert len(found) == 2
    assert sum(len(alert.event_ids) for alert in found) == 10_000


def test_hits_of_the_next_hour_are_the_next_alert():
    lines = [failure(3590 + 4 * n) for n in range(6)]
    first, second = alerts(feed(detector(NOTHING_ELSE), lines))
    assert (len(first.event_ids), len(second.event_ids)) == (3, 3)
    assert first.id != second.id


def test_neither_order_nor_repeats_change_an_alert():
    lines = [failure(10 * n) for n in range(6)]
    expected = told(feed(detector(NOTHING_ELSE), lines))
    for order in list(permutations(range(6)))[::97]:
        subject = detector(NOTHING_ELSE)
        origin = Origin(tenant=LOCAL, source="auth.log", lane="auth.log", batch="auth.log", received=NOW)
        for position in (*order, *order):
            record = Record(lines[position].encode(), position + 1)
            for event in Normaliser().events(origin, [record]):
                assert not isinstance(event, tuple)
                subject.feed(event)
        assert told(subject) == expected


def test_two_equal_lines_are_two_events():
    (alert,) = alerts(feed(detector(NOTHING_ELSE), [failure(0)] * 6))
    assert len(set(alert.event_ids)) == 6


def test_a_failure_of_the_year_2099_in_the_middle_changes_nothing():
    lines = [failure(10 * n) for n in range(6)]
    strange = lines[0].replace(lines[0][:4], "2099")
    subject = feed(detector(NOTHING_ELSE), [*lines[:3], strange, *lines[3:]])
    (alert,) = alerts(subject)
    assert len(alert.event_ids) == 6
    assert not subject.correlating.too_late


def test_a_hit_later_than_its_sources_lateness_is_counted_not_taken():
    lines = [*(failure(10 * n) for n in range(5)), failure(2000), failure(50)]
    subject = feed(detector(NOTHING_ELSE), lines)
    assert alerts(subject) == []
    assert subject.correlating.too_late.total() == 1


def test_a_hit_within_the_lateness_is_taken():
    lines = [*(failure(10 * n) for n in range(5)), failure(800), failure(50)]
    (alert,) = alerts(feed(detector(NOTHING_ELSE), lines))
    assert len(alert.event_ids) == 6


def test_a_late_event_is_still_matched_by_rules_of_single_events():
    rule = BASE.replace("informational", "low")
    found = alerts(feed(detector(rule), [failure(20_000), failure(0)]))
    assert sum(len(alert.event_ids) for alert in found) == 2


def test_each_upload_has_its_own_watermark():
    subject = detector(NOTHING_ELSE)
    feed(subject, [failure(100_000, "198.51.100.1")], source="new.log", lane="new.log")
    feed(subject, [failure(10 * n) for n in range(6)], source="old.log", lane="old.log")
    assert len(alerts(subject)) == 1
    assert not subject.correlating.too_late


def test_a_window_spans_uploads():
    subject = detector(NOTHING_ELSE)
    feed(subject, [failure(10 * n) for n in range(3)], source="a.log", lane="a.log")
    feed(subject, [failure(30 + 10 * n) for n in range(3)], source="b.log", lane="b.log")
    assert len(alerts(subject)) == 1


def test_a_hit_without_the_group_value_is_counted():
    line = f"{iso(START)} web01 sshd[1]: Failed password for root from UNKNOWN port 5022 ssh2"
    rules = NOTHING_ELSE.replace("src_endpoint.ip", "cloud.region")
    subject = feed(detector(rules), [line.replace("UNKNOWN", "203.0.113.9")])
    assert subject.correlating.ungrouped.total() == 1


@pytest.mark.parametrize(("users", "count"), [(9, 0), (10, 1)])
def test_spraying_is_counted_by_distinct_users(users: int, count: int):
    rules = "---".join(
        (
            BASE,
            """
title: Many users tried
level: high
correlation:
    type: value_count
    rules: [failed]
    group-by: [src_endpoint.ip]
    timespan: 30m
    condition: {field: user.name, gte: 10}
""",
        )
    )
    lines = [failure(n, user=f"user{n % users}") for n in range(30)]
    assert len(alerts(feed(detector(rules), lines))) == count


def test_success_after_failure_is_ordered():
    rules = "---".join(
        (
            BASE,
            BASE.replace("failed", "accepted").replace("Failure", "Success"),
            """
title: In after all
level: high
correlation:
    type: temporal_ordered
    rules: [failed, accepted]
    group-by: [src_endpoint.ip]
    timespan: 10m
""",
        )
    )
    success = failure(30).replace("Failed", "Accepted")
    assert [a.title for a in alerts(feed(detector(rules), [failure(0), success]))] == ["In after all"]
    assert alerts(feed(detector(rules), [failure(60), success])) == []
