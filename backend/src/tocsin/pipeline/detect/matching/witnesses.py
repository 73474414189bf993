"""A witness of a rule: a small set of literals, one of which is in every event that the rule fires on."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple, TypeAlias

from tocsin.pipeline.detect.sigma import regex
from tocsin.pipeline.detect.sigma.comparing import folded
from tocsin.pipeline.detect.types import AllOf, Node, Not, Test

Place: TypeAlias = Literal["equals", "contains", "startswith", "endswith"]


class Witness(NamedTuple):
    """A folded literal that must stand in a field ('' for keywords)."""

    field: str
    place: Place
    literal: str
    ascii_only: bool = False
    """Only sure for ASCII values; others may match without it (a regex folds case in its own way)."""


class Choice(NamedTuple):
    """Witnesses by number, with the expected count of them in an event of no interest."""

    witnesses: tuple[int, ...]
    cost: float


class Options:
    """All that could witness a set of rules, each literal numbered once; choosing is then arithmetic."""

    def __init__(self, trees: Mapping[int, Node]) -> None:
        self._numbers: dict[Witness, int] = {}
        self._trees = {rule: self._tree(node) for rule, node in trees.items()}
        self.witnesses: tuple[Witness, ...] = tuple(self._numbers)

    def choose(self, rates: Sequence[float]) -> dict[int, Choice | None]:
        """Rule → its cheapest witnesses, None when it can hold without any literal. `rates` go by witness number; they
        move the cost, never the soundness."""
        return {rule: _cheapest(tree, rates) for rule, tree in self._trees.items()}

    def _tree(self, node: Node) -> _Tree:
        if isinstance(node, Test):
            found = _witnesses(node)
            if found is None:
                return None
            return tuple(self._numbers.setdefault(one, len(self._numbers)) for one in sorted(found))
        if isinstance(node, Not):
            return None
        children = [self._tree(child) for child in node.children]
        if isinstance(node, AllOf):
            known = [child for child in children if child is not None]
            return _Either(known) if known else None
        union: list[_Tree] = []
        for child in children:
            if child is None:
                return None
            union.append(child)
        return _Together(union)


class _Either(list["_Tree"]):
    """Any one child is a witness on its own."""


class _Together(list["_Tree"]):
    """Only all children together are."""


_Tree: TypeAlias = "tuple[int, ...] | _Either | _Together | None"


def _cheapest(tree: _Tree, rates: Sequence[float]) -> Choice | None:
    if tree is None:
        return None
    if isinstance(tree, _Either):
        return min((choice for child in tree if (choice := _cheapest(child, rates))), key=_by_cost)
    if isinstance(tree, _Together):
        numbers = {number for child in tree if (choice := _cheapest(child, rates)) for number in choice.witnesses}
        return Choice(tuple(sorted(numbers)), sum(rates[number] for number in numbers))
    return Choice(tree, sum(rates[number] for number in tree))


def _by_cost(choice: Choice) -> tuple[float, tuple[int, ...]]:
    return choice.cost, choice.witnesses


def prior(witness: Witness) -> float:
    """How often the literal is expected in an event before anything was seen: shorter is commoner."""
    anchored = 0.3 if witness.place != "contains" else 1.0
    return anchored * 0.5 * math.exp(-0.3 * len(witness.literal))


def _witnesses(test: Test) -> frozenset[Witness] | None:
    if test.op in ("equals", "contains", "startswith", "endswith"):
        return _literal(test)
    if test.op == "like" and isinstance(test.value, tuple):
        pieces = [piece for piece in test.value if isinstance(piece, str)]
        longest = max(pieces, key=len, default="")
        return _literal(Test(test.field, "contains", longest, test.cased))
    if test.op == "re":
        found = regex.required(str(test.value), test.flags)
        if found is not None:
            return frozenset(Witness(test.field, "contains", literal, ascii_only=True) for literal in found)
    return None


def _literal(test: Test) -> frozenset[Witness] | None:
    literal = str(test.value)
    place: Place = test.op if test.op in ("equals", "contains", "startswith", "endswith") else "contains"
    if not literal and place != "equals":
        return None
    if test.cased and not literal.isascii():
        return None  # case folding of one letter may depend on its neighbours
    return frozenset({Witness(test.field, place, folded(literal))})
