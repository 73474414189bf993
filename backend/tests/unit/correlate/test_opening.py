"""What opens an incident, where it ends, and what it is called."""

from __future__ import annotations

from tests.factories.alerts import START, alert
from tocsin.core.clock import DAY
from tocsin.core.messages import Alert, Entity, Fact
from tocsin.core.severity import Severity
from tocsin.pipeline.correlate import naming
from tocsin.pipeline.correlate.opening import incidents, opened_by

LOW, MEDIUM, HIGH = Severity.LOW, Severity.MEDIUM, Severity.HIGH


def of(*severities: Severity) -> list[Alert]:
    return [alert(f"rule{place}", place, host="h", severity=one) for place, one in enumerate(severities)]


def test_one_alert_of_high_opens() -> None:
    assert opened_by(of(HIGH)) == "an alert of severity high: Rule0"


def test_weights_of_different_rules_add_up() -> None:
    assert opened_by(of(MEDIUM, MEDIUM)) == "2 rules whose weights come to 6 of 6"
    assert opened_by(of(MEDIUM, LOW, LOW, LOW)) == "4 rules whose weights come to 6 of 6"
    assert opened_by(of(*[LOW] * 6))
    assert not opened_by(of(MEDIUM, LOW, LOW))
    assert not opened_by(of(*[LOW] * 5))


def test_a_rule_that_repeats_itself_counts_once() -> None:
    assert not opened_by([alert("same", minute, host="h", severity=MEDIUM) for minute in range(50)])


def test_informational_alerts_open_nothing() -> None:
    assert not opened_by(of(*[Severity.INFORMATIONAL] * 100))
    assert not opened_by(of(MEDIUM, *[Severity.INFORMATIONAL] * 100))


def test_an_incident_ends_after_a_week_and_is_linked() -> None:
    found = incidents([alert(f"r{day}", day * 24 * 60, host="h") for day in range(20)], [])
    assert [len(one.alerts) for one in found] == [8, 8, 4]
    assert [one.continues for one in found] == [None, found[0].id, found[1].id]
    assert found[1].first_seen == START + 8 * DAY


def test_what_goes_on_is_kept_even_where_it_would_not_open_by_itself() -> None:
    late = alert("late", 8 * 24 * 60, host="h", severity=LOW)
    first, second = incidents([*of(HIGH), late], [])
    assert second.alerts == (late.id,)
    assert second.opened_by == f"goes on from an incident that was opened by {first.opened_by}"


def test_the_id_is_that_of_the_earliest_alert() -> None:
    (one,) = incidents(of(HIGH, LOW), [])
    (other,) = incidents(of(HIGH), [])
    assert one.id == other.id


def test_the_title_goes_from_the_first_tactic_to_the_furthest() -> None:
    found = [
        alert(
            "a",
            0,
            host="web01.acme.org",
            source="203.0.113.66",
            tactics=("credential-access",),
            techniques=("T1110.001",),
        ),
        alert("b", 1, host="web01", user="root", tactics=("initial_access",)),
        alert("c", 2, host="web01", user="root", tactics=("persistence",)),
    ]
    assert naming.title(found) == "Brute force to persistence on web01 by root from 203.0.113.66"


def test_a_person_stands_in_the_title_before_the_system() -> None:
    found = [
        alert("a", 0, host="ws5", user="SYSTEM", tactics=("execution",)),
        alert("b", 1, host="ws5", user="SYSTEM", tactics=("execution",)),
        alert("c", 2, host="ws6", user="acme\\ann", tactics=("lateral-movement",)),
    ]
    assert naming.title(found) == "Execution to lateral movement on ws5 and 1 more by acme\\ann"


def test_without_tactics_the_worst_alert_names_it() -> None:
    assert naming.title(of(LOW, HIGH)) == "Rule1 on h"


def test_four_tactics_or_a_critical_asset_make_it_one_step_worse() -> None:
    tactics = ("execution", "persistence", "discovery", "impact")
    found = [alert(one, place, host="h", severity=MEDIUM, tactics=(one,)) for place, one in enumerate(tactics)]
    assert naming.severity(found[:3]) is MEDIUM
    assert naming.severity(found) is HIGH
    fact = Fact(Entity("host", "h"), "criticality", "critical", "assets.csv:2", 0)
    assert naming.severity([alert("a", host="h", severity=MEDIUM, facts=(fact,))]) is HIGH
    assert naming.severity([alert("a", host="h", severity=LOW, facts=(fact,))]) is LOW
