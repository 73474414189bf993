"""Windows of correlations against a brute-force reading of what they mean, in any order and however often."""

from __future__ import annotations

from itertools import permutations, product
from random import Random  # noqa: TID251 - hypothesis hands it out, seeded

from hypothesis import given
from hypothesis import strategies as st

from tocsin.core.clock import SECOND
from tocsin.core.ids import EventId, RuleId
from tocsin.core.severity import Severity
from tocsin.pipeline.detect.types import Correlation, CorrelationType, Counted, Glimpse, Source
from tocsin.pipeline.detect.windows import window

RULES = (RuleId("a"), RuleId("b"), RuleId("c"))


def correlation(kind: CorrelationType, span: int, at_least: int, rules: tuple[RuleId, ...] = RULES) -> Correlation:
    return Correlation(
        id=RuleId("x"),
        name="x",
        title="x",
        severity=Severity.HIGH,
        status="",
        type=kind,
        rules=rules,
        group_by=(),
        timespan=span * SECOND,
        at_least=len(rules) if kind.startswith("temporal") else at_least,
        source=Source("x.yml", 1),
    )


def hit(number: int, second: int, rule: int, value: int) -> Counted:
    event = EventId(f"e{number}")
    return Counted(second * SECOND, RULES[rule], str(value), Glimpse(second * SECOND, event, "f", number, b"", ()))


def numbered(rows: list[tuple[int, int, int]]) -> list[Counted]:
    return [hit(number, *row) for number, row in enumerate(rows)]


hits = st.lists(st.tuples(st.integers(0, 12), st.integers(0, 2), st.integers(0, 3)), max_size=9).map(numbered)


def reported(one: Correlation, order: list[Counted]) -> set[str]:
    state = window(one)
    return {found.event_id for each in order for found in state.add(each)}


def windows_of(one: Correlation, all_hits: list[Counted]) -> list[list[Counted]]:
    """Every set of hits that one placement of the window can hold."""
    return [[h for h in all_hits if start.time <= h.time <= start.time + one.timespan] for start in all_hits]


def by_brute_force(one: Correlation, all_hits: list[Counted]) -> set[str]:
    found: set[str] = set()
    for held in windows_of(one, all_hits):
        if one.type == "event_count":
            satisfied = len({h.event_id for h in held}) >= one.at_least
        elif one.type == "value_count":
            satisfied = len({h.value for h in held}) >= one.at_least
        else:
            satisfied = {h.rule for h in held} == set(one.rules)
        if satisfied:
            found.update(h.event_id for h in held)
    return found


def chains(one: Correlation, all_hits: list[Counted]) -> set[str]:
    steps = [[h for h in all_hits if h.rule == rule] for rule in one.rules]
    found: set[str] = set()
    for chain in product(*steps):
        times = [h.time for h in chain]
        if len({h.event_id for h in chain}) < len(chain):
            continue
        if times == sorted(times) and times[-1] - times[0] <= one.timespan:
            found.update(h.event_id for h in chain)
    return found


@given(
    hits,
    st.integers(1, 6),
    st.integers(1, 5),
    st.sampled_from(["event_count", "value_count", "temporal"]),
    st.randoms(),
)
def test_the_reported_hits_are_those_of_every_satisfied_window(
    all_hits: list[Counted], span: int, at_least: int, kind: CorrelationType, shuffler: Random
):
    one = correlation(kind, span, at_least)
    order = list(all_hits)
    shuffler.shuffle(order)
    expected = by_brute_force(one, all_hits)
    assert reported(one, sorted(all_hits, key=lambda h: h.time)) == expected
    assert reported(one, order) == expected
    assert reported(one, order + order) == expected


@given(hits, st.integers(1, 6), st.lists(st.sampled_from(RULES), min_size=1, max_size=4).map(tuple), st.randoms())
def test_an_ordered_chain_reports_every_hit_that_lies_on_one(
    all_hits: list[Counted], span: int, steps: tuple[RuleId, ...], shuffler: Random
):
    one = correlation("temporal_ordered", span, 0, steps)
    mine = [h for h in all_hits if h.rule in one.rules]
    order = list(mine)
    shuffler.shuffle(order)
    expected = chains(one, mine)
    assert reported(one, sorted(mine, key=lambda h: h.time)) == expected
    assert reported(one, order) == expected


def test_the_last_of_n_in_a_row_reports_all_of_them_in_each_order():
    one = correlation("event_count", 60, 3)
    three = [hit(0, 0, 0, 0), hit(1, 30, 0, 0), hit(2, 60, 0, 0)]
    for order in permutations(three):
        assert reported(one, list(order)) == {"e0", "e1", "e2"}


def test_one_second_more_than_the_timespan_is_too_long():
    one = correlation("event_count", 60, 3)
    assert reported(one, [hit(0, 0, 0, 0), hit(1, 30, 0, 0), hit(2, 61, 0, 0)]) == set()


def test_one_event_that_hits_two_member_rules_counts_once():
    one = correlation("event_count", 60, 2)
    both = hit(0, 0, 0, 0)
    assert reported(one, [both, both._replace(rule=RULES[1])]) == set()
