"""The engine: one plan for kinds that are alike, and rules that say where they cannot fire."""

from __future__ import annotations

import orjson
import pytest

from tocsin.core.event import Event, Fields, Origin
from tocsin.core.ids import LOCAL
from tocsin.pipeline.detect.matching.engine import Engine
from tocsin.pipeline.detect.sigma.oracle import matches
from tocsin.pipeline.detect.sigma.reach import out_of_reach
from tocsin.pipeline.detect.sigma.reading import RuleFile, read
from tocsin.pipeline.detect.types import Rule
from tocsin.pipeline.normalise.aliases import bundled

ORIGIN = Origin(tenant=LOCAL, source="f", lane="f", batch="b", received=0)


def rules(*detections: str, logsource: str = "product: windows, service: security") -> list[Rule]:
    files = [
        RuleFile(f"{n}.yml", f"title: r{n}\nlogsource: {{{logsource}}}\ndetection:\n  {text}\n".encode())
        for n, text in enumerate(detections)
    ]
    loaded = read(files)
    assert loaded.failures == ()
    return list(loaded.rules)


def security(event_id: int, number: int = 0, **fields: str) -> Event:
    document: Fields = {"Channel": "Security", "EventID": event_id, **fields}
    kind = ("security", "microsoft-windows-security-auditing", str(event_id))
    return Event(ORIGIN, number, orjson.dumps(document), "windows-flat", kind, document, 0)


def test_ten_thousand_invented_event_ids_are_compiled_once():
    some = rules("a: {EventID: 4625}\n  condition: a", "a: {CommandLine|contains: evil}\n  condition: a")
    engine = Engine(some, bundled())
    for event_id in range(100_000, 110_000):
        event = security(event_id, CommandLine="evil" if event_id % 2 else "good")
        assert [rule.title for rule in engine.match(event)] == (["r1"] if event_id % 2 else [])
    assert len(engine.matchers) == 1


@pytest.mark.parametrize(
    "detection",
    [
        "a: {EventID: 4625}\n  condition: a",
        "a: {EventID: [4624, 4625]}\n  condition: not a",
        "a: {EventID|startswith: '46'}\n  condition: a",
        "a: {EventID|re: '^46'}\n  condition: a",
        "a: {EventID|gte: 4625}\n  condition: a",
        "a: {EventID|cased: '4625'}\n  condition: a",
        "a: {Channel|contains: secu}\n  condition: a",
        "a: {EventID|exists: true}\n  condition: a",
    ],
)
def test_what_kinds_share_never_changes_an_answer(detection: str):
    some = rules(detection)
    engine = Engine(some, bundled())
    for event_id in (1, 46, 4624, 4625, 4626, 9999):
        event = security(event_id)
        assert bool(engine.match(event)) == matches(some[0], event, bundled())


@pytest.mark.parametrize(
    ("detection", "fields"),
    [
        ("a: {OriginalFileName: x.exe}\n  condition: a", ("OriginalFileName",)),
        ("a: {OriginalFileName: x.exe, Image: x}\n  condition: a", ("OriginalFileName",)),
        ("a:\n    - OriginalFileName: x.exe\n    - Image: x\n  condition: a", ()),
        ("a: {Image: x}\n  b: {OriginalFileName: y}\n  condition: a and not b", ()),
        ("a: {Image: x, OriginalFileName: null}\n  condition: a", ()),
        ("a: {CommandLine: x}\n  condition: a", ()),
    ],
)
def test_a_rule_says_on_which_events_it_cannot_fire_and_why(detection: str, fields: tuple[str, ...]):
    (rule,) = rules(detection, logsource="product: windows, category: process_creation")
    log_of_starts = bundled().route("windows-flat", ("security", "microsoft-windows-security-auditing", "4688"))
    assert out_of_reach(rule, log_of_starts) == fields
