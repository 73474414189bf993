"""The bundled rules: each loads, fires on what it is for, stays silent on what it is not for, and says so in plain words."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import cast
from uuid import UUID

import pytest
import yaml

from tocsin.core.settings import settings
from tocsin.core.severity import Severity
from tocsin.entry.replay import rule_tests
from tocsin.entry.replay.run import Replayed, replay
from tocsin.pipeline.detect.rulesets import load
from tocsin.pipeline.detect.types import Correlation, Rule
from tocsin.pipeline.normalise.aliases import bundled
from tools import rules_page

FOLDER = settings().content / "rules"
DEMO = settings().content / "samples" / "demo"
RULES = load([FOLDER])
TESTS = tuple(rule_tests.tests_under([FOLDER]))
ALL: tuple[Rule | Correlation, ...] = (*RULES.rules, *RULES.correlations)
ALERTING = tuple(one for one in ALL if one.severity > Severity.INFORMATIONAL)

TACTICS = set(
    "reconnaissance resource-development initial-access execution persistence privilege-escalation stealth "
    "defense-impairment credential-access discovery lateral-movement collection command-and-control exfiltration "
    "impact".split()
)
TAG = re.compile(r"attack\.(?P<technique>t\d{4}(\.\d{3})?)|attack\.(?P<tactic>[a-z-]+)")
REVOKED = re.compile(r"t1562|t1070\.00[12]")
"""ATT&CK 19 calls impaired defences T1685 and T1686, and cleared logs T1685.005 and .006."""
HEDGING = re.compile(
    r"\b(suspicious|potential(ly)?|possible|possibly|detect(s|ed|ion)|malicious|activity)\b", re.IGNORECASE
)

each_alerting = pytest.mark.parametrize("rule", ALERTING, ids=lambda rule: rule.title)
each = pytest.mark.parametrize("rule", ALL, ids=lambda rule: rule.title)


def documents() -> Iterable[tuple[Path, dict[str, object]]]:
    """Every YAML document as it is written."""
    for file in sorted(FOLDER.rglob("*.yml")):
        if not file.name.endswith(rule_tests.ENDING):
            for document in yaml.safe_load_all(file.read_text("utf-8")):
                yield file, document


def test_every_rule_loads_and_can_fire():
    assert RULES.failures == ()
    assert [rule.title for rule in RULES.rules if rule.unfilled] == []


def test_there_are_enough_of_them():
    assert len(ALERTING) >= 60


@pytest.mark.parametrize("test", TESTS, ids=lambda test: f"{Path(test.path).name}: {test.name}")
def test_each_rule_does_what_its_tests_say(test: rule_tests.RuleTest):
    outcome = rule_tests.run(test, RULES, bundled(), settings())
    assert outcome.passed, outcome.found


def test_every_file_has_a_test_that_fires_and_one_that_does_not():
    assert rule_tests.untested(RULES, TESTS) == []


@each_alerting
def test_each_rule_that_alerts_has_its_own_test_that_fires(rule: Rule | Correlation):
    assert any(test.alerts for test in beside(rule))


@each_alerting
def test_each_rule_that_alerts_has_a_near_miss(rule: Rule | Correlation):
    assert any(not test.alerts for test in beside(rule))


def test_no_test_is_there_twice():
    named = [(test.path, test.name) for test in TESTS]
    assert len(named) == len(set(named))


def test_ids_are_random_uuids_and_nobody_shares_one():
    ids = [UUID(one.id) for one in ALL]
    assert len(ids) == len(set(ids))
    assert {one.version for one in ids} == {4}


def test_what_only_feeds_correlations_is_counted_by_one():
    counted = {rule for one in RULES.correlations for rule in one.rules}
    assert [
        rule.title for rule in RULES.rules if rule.severity == Severity.INFORMATIONAL and rule.id not in counted
    ] == []


@each_alerting
def test_a_title_says_plainly_what_happened(rule: Rule | Correlation):
    assert 10 <= len(rule.title) <= 90
    assert not rule.title.endswith(".")
    assert HEDGING.search(rule.title) is None


def test_titles_differ():
    titles = [one.title for one in ALL]
    assert len(titles) == len(set(titles))


@each_alerting
def test_a_description_says_what_was_seen_and_what_it_means(rule: Rule | Correlation):
    sentences = re.findall(r"[^.?!]+[.?!](?=\s|$)", rule.description)
    assert 2 <= len(sentences) <= 5
    assert rule.description.strip().endswith((".", "?"))


@each
def test_each_says_who_wrote_it_and_where_it_errs(rule: Rule | Correlation):
    assert rule.author == "Tocsin" or rule.severity == Severity.INFORMATIONAL
    assert rule.status == "test"
    assert rule.falsepositives


@each_alerting
def test_each_alert_stands_for_a_step_of_an_attack(rule: Rule | Correlation):
    assert rule.techniques
    assert rule.tactics


@pytest.mark.parametrize(("file", "document"), tuple(documents()), ids=lambda value: getattr(value, "stem", ""))
def test_tags_are_those_of_the_matrix_and_stand_beside_a_date(file: Path, document: dict[str, object]):
    for tag in cast("list[str]", document.get("tags", [])):
        found = TAG.fullmatch(tag)
        assert found, tag
        assert found["tactic"] is None or found["tactic"] in TACTICS, tag
        assert found["technique"] is None or not REVOKED.match(found["technique"]), tag
    if "tags" in document:
        assert "date" in document


def test_the_list_in_the_documentation_is_the_list():
    assert rules_page.PAGE.read_text("utf-8") == rules_page.page(load([rules_page.RULES]))


@pytest.fixture(scope="module")
def attack() -> Replayed:
    return replayed("attack")


def replayed(recording: str) -> Replayed:
    return replay([DEMO / recording], RULES, bundled(), settings())


def test_a_day_of_ordinary_work_raises_no_alert_above_low():
    ordinary = replayed("ordinary")
    assert ordinary.events > 1000
    assert [alert.title for alert in ordinary.alerts if alert.severity > Severity.LOW] == []
    assert ordinary.incidents == ()


@pytest.mark.parametrize("step", [
    "T1595", "T1110", "T1190", "T1078", "T1033", "T1548", "T1136", "T1098", "T1053", "T1105", "T1003", "T1046",
    "T1021", "T1560", "T1048", "T1685", "T1070",
])  # fmt: skip
def test_the_attack_is_seen_at_each_step(attack: Replayed, step: str):
    assert any(technique.startswith(step) for alert in attack.alerts for technique in alert.techniques)


def beside(rule: Rule | Correlation) -> list[rule_tests.RuleTest]:
    """The tests beside it that look at it."""
    mine = rule.source.path.removesuffix(".yml") + rule_tests.ENDING
    return [test for test in TESTS if test.path == mine and test.rule in ("", rule.title, rule.id, rule.name)]
