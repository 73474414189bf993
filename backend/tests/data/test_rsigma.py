"""We fire what rsigma fires, but for the listed differences, and each of those has a reason that holds."""

from __future__ import annotations

import re
import zipfile
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import pytest
import yaml
from msgspec.structs import replace

from tests.data.hits import fired
from tests.data.rsigma_events import categories
from tocsin.core.event import Event
from tocsin.pipeline.detect import rulesets
from tocsin.pipeline.detect.matching.engine import Engine
from tocsin.pipeline.detect.sigma.oracle import matches
from tocsin.pipeline.detect.types import Rule, RuleSet
from tocsin.pipeline.normalise.aliases import bundled
from tools import rsigma_page

RULES = "sigma/sigmahq-rules-8eaafff.zip"
FOLDERS = "sigma/regression-dev.zip"
MIXED = "events/otrf-security-datasets-50k.jsonl.zst"
PROCESSES = "events/process-creation-20k.jsonl.zst"

Data = Callable[[str], Path]


class Decision(NamedTuple):
    """What of ours makes a rule fire where rsigma does not fire it."""

    channel: str
    event_ids: frozenset[str] = frozenset()
    """Empty for all of the channel."""
    category: str = ""
    """We count such events into it; SigmaHQ's mapping does not."""
    reads: frozenset[str] = frozenset()
    """The fields that we read and rsigma is not given: without them the rule does not fire."""


ACCOUNT = ("UserSid", "UserName", "DomainName", "LogonId")
REASONS = {
    "account": Decision(
        "security",
        frozenset({"4688"}),
        reads=frozenset(f"{whose}{part}" for whose in ("Subject", "Target") for part in ACCOUNT),
    ),
    "classic-pipeline": Decision("windows powershell", frozenset({"800"}), "ps_module"),
    "corpus-label": Decision("application", reads=frozenset({"_src"})),
    "filtering-platform": Decision("security", frozenset({"5156"}), "network_connection"),
    "integrity-label": Decision("security", frozenset({"4688"}), reads=frozenset({"MandatoryLabel"})),
    "message-data": Decision("windows powershell", frozenset({"400", "600"}), reads=frozenset({"Message"})),
    "object-handles": Decision("security", frozenset({"4656", "4663"}), "process_access"),
}


def holds(reason: Decision, event: Event, rule: Rule) -> bool:
    """Is it this that makes the rule fire?"""
    channel, _, event_id = event.kind
    if channel != reason.channel or (reason.event_ids and event_id not in reason.event_ids):
        return False
    if reason.category:
        return rule.logsource.category == reason.category not in categories(channel, int(event_id))
    left = {name: value for name, value in event.fields.items() if name not in reason.reads}
    return not matches(rule, replace(event, fields=left), bundled())


@pytest.fixture(scope="module")
def rules(reference_data: Data) -> RuleSet:
    return rulesets.load([reference_data(RULES)])


@pytest.fixture(scope="module")
def engine(rules: RuleSet) -> Engine:
    return Engine(rules.rules, bundled())


@pytest.fixture(scope="module")
def folders(reference_data: Data, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    target = tmp_path_factory.mktemp("regression")
    with zipfile.ZipFile(reference_data(FOLDERS)) as archive:
        archive.extractall(target)
    return sorted(info.parent for info in target.rglob("info.yml"))


def test_mixed_events_fire_what_they_fire_in_rsigma_but_for_the_listed_differences(
    reference_data: Data, engine: Engine
):
    found: dict[tuple[str, int], tuple[Event, Rule]] = {
        (rule.id, event.index + 1): (event, rule) for event, rule in fired([reference_data(MIXED)], engine)
    }
    ours = listed("otrf", "ours")
    assert found.keys() - rsigma_page.mixed() == ours.keys()
    assert rsigma_page.mixed() - found.keys() == listed("otrf", "rsigma").keys()
    assert [pair for pair, reason in ours.items() if not holds(REASONS[reason], *found[pair])] == []


def test_process_creations_fire_each_rule_as_often_as_the_reason_of_the_difference_explains(
    reference_data: Data, engine: Engine
):
    reasons = {one.rule: REASONS[one.reason] for one in rsigma_page.processes() if one.ours != one.rsigma}
    found: Counter[str] = Counter()
    explained: Counter[str] = Counter()
    for event, rule in fired([reference_data(PROCESSES)], engine):
        found[rule.id] += 1
        explained[rule.id] += rule.id in reasons and holds(reasons[rule.id], event, rule)
    assert dict(found) == {one.rule: one.ours for one in rsigma_page.processes()}
    assert +explained == {one.rule: one.ours - one.rsigma for one in rsigma_page.processes() if one.rule in reasons}


def test_regression_folders_fire_what_they_fire_in_rsigma_and_no_rule_but_their_own_unless_it_is_listed(
    folders: Sequence[Path], engine: Engine
):
    found: set[tuple[str, int, str]] = set()
    own: dict[str, str] = {}
    for folder in folders:
        own[folder.name] = yaml.safe_load((folder / "info.yml").read_text())["rule_metadata"][0]["id"]
        hits = fired(sorted(folder.glob("*.evtx")), engine)
        found |= {(folder.name, event.index + 1, rule.id) for event, rule in hits}
    assert len(own) >= 100
    assert found == rsigma_page.regression()
    others = [(one.folder, one.event, one.rule) for one in rsigma_page.others()]
    assert {hit for hit in found if own[hit[0]] != hit[2]} == set(others)
    assert len(others) == len(set(others))


def test_the_rules_that_the_page_names_are_called_what_it_calls_them(rules: RuleSet):
    titles: dict[str, str] = {rule.id: rule.title for rule in rules.rules}
    assert {rule: titles.get(rule) for rule in rsigma_page.titles()} == rsigma_page.titles()


def test_the_page_s_tables_are_the_lists_and_every_reason_has_its_words():
    text = rsigma_page.PAGE.read_text(encoding="utf-8")
    assert rsigma_page.page(text) == text, "python tools/rsigma_page.py writes the tables anew"
    assert set(re.findall(r"^### ([a-z-]+)\n\n\S", text, re.MULTILINE)) == REASONS.keys()
    assert all(f"<!-- table: {reason} -->" in text for reason in {one.reason for one in rsigma_page.differences()})
    assert {one.reason for one in rsigma_page.differences()} <= REASONS.keys()
    assert all(one.because for one in rsigma_page.others())


def listed(corpus: str, side: str) -> dict[tuple[str, int], str]:
    """(rule, event) → reason of what one side fires alone."""
    pairs = [
        ((one.rule, event), one.reason)
        for one in rsigma_page.differences()
        if (one.corpus, one.side) == (corpus, side)
        for event in one.events
    ]
    assert len(dict(pairs)) == len(pairs)
    return dict(pairs)
