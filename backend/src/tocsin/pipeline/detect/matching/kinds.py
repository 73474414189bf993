"""Which kinds of events are alike to every rule: senders may invent kinds without end, rules tell few apart."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from tocsin.core.event import Kind
from tocsin.pipeline.detect.matching.folding import decides
from tocsin.pipeline.detect.sigma.comparing import folded, satisfies
from tocsin.pipeline.detect.types import Node, Not, Rule, Test
from tocsin.pipeline.normalise.packs import Pack

Signature = tuple[str | bool, ...]


class Kinds:
    """For one pack: what its entries and the rules ask of each part of a kind."""

    def __init__(self, pack: Pack, tests: Iterable[Test]) -> None:
        """`tests` as `about` gives them; those of other packs' fields do not matter."""
        part_of = pack.kind_fields
        self._mentioned: list[set[str]] = [set() for _ in pack.kind]
        self._asked: list[list[Test]] = [[] for _ in pack.kind]
        place = {part: number for number, part in enumerate(pack.kind)}
        for entry in pack.events:
            for part, values in entry.when.items():
                self._mentioned[place[part]] |= values
        for test in tests:
            if test.field not in part_of:
                continue
            number = place[part_of[test.field]]
            if test.op == "equals" and not test.cased:
                self._mentioned[number].add(folded(str(test.value)))
            elif decides(test):
                self._asked[number].append(test)

    def signature(self, kind: Kind) -> Signature:
        """Equal for kinds that no entry and no rule tells apart."""
        parts: list[str | bool] = []
        for value, mentioned, asked in zip(kind, self._mentioned, self._asked, strict=False):
            parts.append(value if value in mentioned or not value else "*")
            parts.extend(satisfies(test, value) for test in asked)
        return tuple(parts)


def about(fields: Collection[str], rules: Iterable[Rule]) -> list[Test]:
    """The distinct tests of all rules on these fields."""
    found = (test for rule in rules for test in _tests(rule.condition) if test.field in fields)
    return list(dict.fromkeys(found))


def _tests(node: Node) -> Iterable[Test]:
    stack = [node]
    while stack:
        one = stack.pop()
        if isinstance(one, Test):
            yield one
        elif isinstance(one, Not):
            stack.append(one.child)
        else:
            stack.extend(one.children)
