"""Tests beside rules: events that must fire, and near misses that must not, through the real parsers and windows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import orjson
import yaml

from tocsin.core import clock
from tocsin.core.errors import ContentError
from tocsin.core.event import Event, Origin
from tocsin.core.ids import LOCAL, RuleId
from tocsin.core.settings import Settings
from tocsin.entry import wiring
from tocsin.pipeline.detect.types import RuleSet
from tocsin.pipeline.ingest.types import Record, Rejected
from tocsin.pipeline.normalise.aliases import Aliases

ENDING = ".tests.yml"


class RuleTest(NamedTuple):
    """One test: these events, in this order, make so many alerts of this rule."""

    path: str
    name: str
    rule: str
    """Title, id or name; '' for every rule of the file beside it."""
    alerts: int
    records: tuple[Record, ...]


class Outcome(NamedTuple):
    """What a test came to."""

    test: RuleTest
    passed: bool
    found: str
    """What was there instead, in words; '' when it passed."""


def tests_under(paths: Iterable[Path]) -> Iterator[RuleTest]:
    """Every test in *.tests.yml files; raises ContentError naming the file."""
    for path in paths:
        files = sorted(path.rglob(f"*{ENDING}")) if path.is_dir() else [_beside(path)]
        for file in files:
            if file.is_file():
                yield from _tests(file)


def untested(rules: RuleSet, tests: Iterable[RuleTest]) -> list[str]:
    """Rule files without a test that must fire, or without one that must not."""
    fires: set[str] = set()
    quiet: set[str] = set()
    for test in tests:
        (fires if test.alerts else quiet).add(_rule_file(test))
    files = {one.source.path for one in (*rules.rules, *rules.correlations)}
    return sorted(file for file in files if file not in fires or file not in quiet)


def run(test: RuleTest, rules: RuleSet, aliases: Aliases, settings: Settings) -> Outcome:
    """Runs one test in an ephemeral pipeline of its own."""
    mine = _subject(test, rules)
    if not mine:
        return Outcome(test, passed=False, found=f"no rule {test.rule!r} in {_rule_file(test)}")
    detector = wiring.detector(LOCAL, _with_bases(mine, rules), aliases, settings)
    for outcome in _events(test):
        if isinstance(outcome, Rejected):
            return Outcome(test, passed=False, found=f"event {outcome.position} was not read: {outcome.reason}")
        detector.feed(outcome)
    alerts = [draft.alert() for draft in detector.alerts.drafts().values()]
    count = sum(1 for alert in alerts if alert.rule in mine)
    found = "" if count == test.alerts else f"{count} alerts instead of {test.alerts}"
    return Outcome(test, count == test.alerts, found)


def _events(test: RuleTest) -> Iterator[Event | Rejected]:
    normaliser = wiring.normaliser()
    origin = Origin(tenant=LOCAL, source=test.path, lane=test.path, batch=test.name, received=clock.now())
    yield from normaliser.events(origin, test.records)
    yield from normaliser.flush()


def _subject(test: RuleTest, rules: RuleSet) -> set[RuleId]:
    file = _rule_file(test)
    return {
        one.id
        for one in (*rules.rules, *rules.correlations)
        if one.source.path == file and test.rule in ("", one.title, one.id, one.name)
    }


def _with_bases(wanted: set[RuleId], rules: RuleSet) -> RuleSet:
    correlations = tuple(one for one in rules.correlations if one.id in wanted)
    needed = wanted | {rule for one in correlations for rule in one.rules}
    return RuleSet(tuple(rule for rule in rules.rules if rule.id in needed), correlations)


def _rule_file(test: RuleTest) -> str:
    return test.path.removesuffix(ENDING) + ".yml"


def _beside(rule: Path) -> Path:
    return rule if rule.name.endswith(ENDING) else rule.with_name(rule.name.removesuffix(".yml") + ENDING)


def _tests(file: Path) -> Iterator[RuleTest]:
    try:
        content = yaml.load(file.read_bytes(), Loader=yaml.CSafeLoader)
        for one in content:
            yield _test(file, one)
    except (yaml.YAMLError, KeyError, TypeError, ValueError) as error:
        message = f"{file}: {error!r}"
        raise ContentError(message) from error


def _test(file: Path, content: dict[str, Any]) -> RuleTest:
    if strange := set(content) - {"name", "rule", "alerts", "events"}:
        message = f"{file}: unknown keys {sorted(strange)}"
        raise ContentError(message)
    raws = [_raw(event) for event in content["events"]]
    return RuleTest(
        path=str(file),
        name=str(content["name"]),
        rule=str(content.get("rule", "")),
        alerts=int(content["alerts"]),
        records=tuple(Record(raw, position) for position, raw in enumerate(raws, 1)),
    )


def _raw(event: str | dict[str, Any]) -> bytes:
    return event.encode() if isinstance(event, str) else orjson.dumps(event)
