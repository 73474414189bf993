"""A rule that cannot be loaded says file, line and reason, and takes no other down."""

from __future__ import annotations

from textwrap import dedent

import pytest

from tocsin.core.clock import MINUTE
from tocsin.core.severity import Severity
from tocsin.pipeline.detect.sigma.reading import RuleFile, read
from tocsin.pipeline.detect.types import AllOf, Not, RuleSet, Test
from tocsin.pipeline.normalise.aliases import LogSource

GOOD = """
title: A shell is started
id: 6f1cfb27-5a1c-4a53-a2b3-0d0c4f0f8a01
name: shell_started
status: test
level: high
tags: [attack.execution, attack.t1059.004]
logsource: {product: linux, category: process_creation}
detection:
    selection:
        Image|endswith: /sh
    filter:
        User: root
    condition: selection and not filter
"""


def load(*documents: str) -> RuleSet:
    return read([RuleFile("rules/a.yml", "\n---\n".join(dedent(one) for one in documents).encode())])


def test_a_rule_is_read_as_it_is_written():
    (rule,) = load(GOOD).rules
    assert rule.title == "A shell is started"
    assert rule.severity is Severity.HIGH
    assert rule.logsource == LogSource("linux", "process_creation", "")
    assert rule.techniques == ("T1059.004",)
    assert rule.tactics == ("execution",)
    assert rule.condition == AllOf((Test("Image", "endswith", "/sh"), Not(Test("User", "equals", "root"))))


@pytest.mark.parametrize(
    ("broken", "line", "words"),
    [
        ("title: x\nlogsource: {product: linux}\ndetection:\n  a: {b: c}\n  condition: a and", 5, "condition"),
        ("title: x\nlogsource: {product: linux}\ndetection:\n  a: {b|nosuch: c}\n  condition: a", 4, "nosuch"),
        ("title: x\nlogsource: {product: linux}\ndetection:\n  a: {b: c}\n  condition: z", 5, "z"),
        ("title: x\nlogsource: {product: linux}\nlevel: terrible\ndetection: {a: {b: c}, condition: a}", 3, "terrible"),
        ("title: x\nlogsource: {product: linux}\ndetection:\n  a:\n    b|re: '('\n  condition: a", 5, "("),
        (
            "title: x\nlogsource: {product: linux}\ndetection:\n  a:\n    b|cidr: 1.2.3.4.5/8\n  condition: a",
            5,
            "1.2.3.4.5",
        ),
        ("title: x\n  y: [", 2, "mapping"),
        ("- a\n- b", 1, "mapping"),
        ("title: x\nlogsource: {product: linux}", 1, "no detection"),
        ("just words", 1, "mapping"),
        ("\x00", 1, "YAML"),
    ],
)
def test_a_broken_rule_says_where_and_why(broken: str, line: int, words: str):
    result = load(broken)
    assert result.rules == ()
    (failure,) = result.failures
    assert (failure.path, failure.line) == ("rules/a.yml", line)
    assert words in failure.reason


def test_a_broken_rule_leaves_its_neighbours_alone():
    result = load(GOOD, "title: x\nlogsource: {product: linux}\ndetection: {a: {b: c}, condition: z}")
    assert len(result.rules) == 1
    assert [failure.line for failure in result.failures] == [19]


def test_an_id_that_is_taken_is_a_failure_of_the_second():
    other = GOOD.replace("A shell is started", "Another")
    result = load(GOOD, other)
    assert [rule.title for rule in result.rules] == ["A shell is started"]
    assert "is taken by rules/a.yml:2" in result.failures[0].reason


def test_the_same_rule_twice_is_one_rule():
    result = read([RuleFile("a.yml", GOOD.encode()), RuleFile("a.yml", GOOD.encode())])
    assert len(result.rules) == 1
    assert result.failures == ()


def test_a_correlation_refers_by_name_or_id():
    result = load(
        GOOD,
        """
        title: Many shells
        level: medium
        correlation:
            type: event_count
            rules: [shell_started, 6f1cfb27-5a1c-4a53-a2b3-0d0c4f0f8a01]
            group-by: [User]
            timespan: 5m
            condition: {gt: 5}
        """,
    )
    (correlation,) = result.correlations
    assert correlation.rules == (result.rules[0].id,)
    assert correlation.timespan == 5 * MINUTE
    assert correlation.at_least == 6
    assert result.failures == ()


def test_a_correlation_of_a_rule_that_is_not_there_fails_alone():
    correlation = "title: x\ncorrelation: {type: event_count, rules: [nobody], timespan: 5m, condition: {gte: 5}}"
    result = load(GOOD, correlation)
    assert len(result.rules) == 1
    assert result.correlations == ()
    assert "nobody" in result.failures[0].reason


@pytest.mark.parametrize("operator", ["lt", "lte", "eq", "neq"])
def test_a_condition_that_needs_the_windows_end_is_refused_plainly(operator: str):
    correlation = f"title: x\ncorrelation: {{type: event_count, rules: [shell_started], timespan: 5m, condition: {{{operator}: 5}}}}"
    assert "not supported yet" in load(GOOD, correlation).failures[0].reason


def test_a_placeholder_without_a_list_loads_and_is_named():
    rule = GOOD.replace("User: root", "User|expand: '%administrators%'")
    assert load(rule).rules[0].unfilled == ("administrators",)


def test_a_filter_is_applied_to_the_rules_it_names():
    sigma_filter = """
        title: Not in the lab
        logsource: {product: linux, category: process_creation}
        filter:
            rules: [shell_started]
            lab: {Computer: lab01}
            condition: not lab
        """
    (rule,) = load(GOOD, sigma_filter).rules
    assert "lab01" in repr(rule.condition)


def test_global_and_reset_documents_shape_the_rules_between_them():
    result = load(
        "action: global\nlevel: high\nlogsource: {product: linux}",
        "title: first\ndetection: {a: {b: c}, condition: a}",
        "action: reset",
        "title: second\nlogsource: {product: windows}\ndetection: {a: {b: c}, condition: a}",
    )
    assert [(rule.title, rule.severity) for rule in result.rules] == [
        ("first", Severity.HIGH),
        ("second", Severity.MEDIUM),
    ]


@pytest.mark.parametrize(
    "bomb",
    [
        b"[" * 100_000,
        b"- " * 100_000,
        b"{a: " * 50_000,
        b"title: x\ndetection:\n  a: {b: c}\n  condition: " + b"(" * 20_000 + b"a" + b")" * 20_000,
        b"title: x\ndetection:\n  a: {b: c}\n  condition: " + b"not " * 20_000 + b"a",
        b"a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\ndetection: {d: *c, condition: d}",
        b"x" * (2 << 20),
    ],
    ids=["flow", "block", "map", "parentheses", "nots", "aliases", "large"],
)
def test_a_hostile_file_is_a_failure_not_a_crash(bomb: bytes):
    result = read([RuleFile("bomb.yml", bomb), RuleFile("good.yml", GOOD.encode())])
    assert [rule.title for rule in result.rules] == ["A shell is started"]
    assert {failure.path for failure in result.failures} == {"bomb.yml"}
