"""The compiled matcher gives the oracle's answers on generated rules and on events aimed at them."""

from __future__ import annotations

import orjson
from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.core.event import Event, Fields, Origin
from tocsin.core.ids import LOCAL, RuleId
from tocsin.core.severity import Severity
from tocsin.pipeline.detect.matching.engine import Engine
from tocsin.pipeline.detect.matching.matcher import Matcher
from tocsin.pipeline.detect.sigma.oracle import matches
from tocsin.pipeline.detect.types import ANY, ONE, AllOf, AnyOf, Node, Not, Rule, Source, Test
from tocsin.pipeline.normalise.aliases import LogSource, bundled

ORIGIN = Origin(tenant=LOCAL, source="f", lane="f", batch="b", received=0)
FIELDS = ["Image", "CommandLine", "User", "Details", "EventID"]

pieces = st.text(alphabet='aAb\\é\u0130\u017f\u212aKs\x02\x03"', min_size=0, max_size=3)
fields = st.sampled_from(FIELDS)
literals = st.builds(
    Test,
    field=fields,
    op=st.sampled_from(["equals", "contains", "startswith", "endswith"]),
    value=pieces,
    cased=st.booleans(),
)
keywords = st.builds(Test, field=st.just(""), op=st.just("contains"), value=pieces.filter(bool), cased=st.booleans())
wildcards = st.builds(
    Test,
    field=fields,
    op=st.just("like"),
    value=st.lists(st.one_of(pieces.filter(bool), st.just(ANY), st.just(ONE)), min_size=1, max_size=5).map(tuple),
    cased=st.booleans(),
)
regexes = st.builds(
    Test,
    field=fields,
    op=st.just("re"),
    value=st.sampled_from(
        ["k", "aks", "a+b", "(ab|ba)a", "^a.*b$", "[ab]{2}", "k", "s0?", "a(b)?", r"\\a\.", "(?:ab|a.b)+"]
    ),
    cased=st.just(value=True),
    flags=st.sampled_from(["", "i"]),
)
others = st.one_of(
    st.builds(Test, field=fields, op=st.just("exists"), value=st.booleans()),
    st.builds(Test, field=fields, op=st.just("null"), value=st.just(value=True)),
    st.builds(Test, field=fields, op=st.sampled_from(["lt", "lte", "gt", "gte"]), value=st.integers(-1, 9)),
    st.builds(Test, field=fields, op=st.sampled_from(["same", "same_start", "same_end"]), value=fields),
)
tests = st.one_of(literals, literals, keywords, wildcards, regexes, others)
trees: st.SearchStrategy[Node] = st.recursive(
    tests,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4).map(lambda nodes: AllOf(tuple(nodes))),
        st.lists(inner, max_size=4).map(lambda nodes: AnyOf(tuple(nodes))),
        inner.map(Not),
    ),
    max_leaves=8,
)
others_values = st.one_of(st.integers(-1, 10), st.none(), st.booleans(), st.floats(-9, 9, width=16))


def literals_of(node: Node) -> list[str]:
    """What the tree's tests look for, so that events can be aimed at them."""
    if isinstance(node, Test):
        value = node.value if isinstance(node.value, tuple) else (node.value,)
        return [piece for piece in value if isinstance(piece, str)]
    if isinstance(node, Not):
        return literals_of(node.child)
    return [literal for child in node.children for literal in literals_of(child)]


def aimed(some_trees: list[Node]) -> st.SearchStrategy[Fields]:
    wanted = [literal for tree in some_trees for literal in literals_of(tree)] or [""]
    text = st.lists(st.one_of(st.sampled_from(wanted), pieces), min_size=1, max_size=3).map("".join)
    value = st.one_of(text, text, text, text.map(str.swapcase), st.lists(text, max_size=3), others_values)
    return st.dictionaries(st.sampled_from(FIELDS[:-1]), value, min_size=1, max_size=4)


Case = tuple[list[Node], list[Fields]]
cases: st.SearchStrategy[Case] = st.lists(trees, min_size=1, max_size=6).flatmap(
    lambda some_trees: st.tuples(st.just(some_trees), st.lists(aimed(some_trees), min_size=1, max_size=6))
)


def rule(number: int, tree: Node) -> Rule:
    return Rule(
        id=RuleId(str(number)),
        name="",
        title=str(number),
        severity=Severity.LOW,
        status="",
        logsource=LogSource("windows", "process_creation", ""),
        condition=tree,
        techniques=(),
        tactics=(),
        description="",
        author="",
        falsepositives=(),
        references=(),
        source=Source("f.yml", 1),
    )


def event(number: int, content: Fields) -> Event:
    document = {"Channel": "Security", "EventID": 4688, **content}
    kind = ("security", "microsoft-windows-security-auditing", "4688")
    return Event(ORIGIN, number, orjson.dumps(document), "windows-flat", kind, document, 0)


def assert_equal_answers(rules: list[Rule], all_events: list[Event], engine: Engine) -> None:
    for one in all_events:
        expected = [each.id for each in rules if matches(each, one, bundled())]
        assert [each.id for each in engine.match(one)] == expected


@settings(max_examples=400, deadline=None)
@given(cases)
def test_answers_are_equal(case: Case):
    some_trees, contents = case
    rules = [rule(number, tree) for number, tree in enumerate(some_trees)]
    all_events = [event(number, content) for number, content in enumerate(contents)]
    assert_equal_answers(rules, all_events, Engine(rules, bundled()))


@settings(max_examples=100, deadline=None)
@given(cases)
def test_answers_stay_equal_when_witnesses_are_chosen_anew(case: Case):
    some_trees, contents = case
    rules = [rule(number, tree) for number, tree in enumerate(some_trees)]
    engine = Engine(rules, bundled())
    all_events = [event(number, content) for number, content in enumerate(contents)]
    engine.match(all_events[0])
    for matcher in engine.matchers:
        learn_from(matcher, engine, all_events)
    assert_equal_answers(rules, all_events, engine)


def learn_from(matcher: Matcher, engine: Engine, all_events: list[Event]) -> None:
    matcher.learning = True
    while matcher.learning:
        for one in all_events:
            engine.match(one)
            if not matcher.learning:
                return
