"""A witness of a rule: a small set of literals, one of which is in every event that the rule fires on."""

from __future__ import annotations

import math
from collections.abc import Mapping
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
    """Witnesses with the expected number of them that an event of no interest shows."""

    witnesses: frozenset[Witness]
    cost: float


def choose(node: Node, rates: Mapping[Witness, float]) -> Choice | None:
    """The cheapest witnesses of a tree; None when it can hold without any literal. Pure: rates only move cost."""
    if isinstance(node, Test):
        return _of_test(node, rates)
    if isinstance(node, Not):
        return None
    choices = [choose(child, rates) for child in node.children]
    if isinstance(node, AllOf):
        known = [choice for choice in choices if choice is not None]
        return min(known, key=lambda choice: (choice.cost, sorted(choice.witnesses))) if known else None
    if not choices:
        return Choice(frozenset(), 0.0)  # an empty alternative never holds
    union: set[Witness] = set()
    for choice in choices:
        if choice is None:
            return None
        union |= choice.witnesses
    return Choice(frozenset(union), sum(_rate(one, rates) for one in union))


def every(node: Node) -> set[Witness]:
    """All witnesses that any choice could name."""
    found: set[Witness] = set()
    stack = [node]
    while stack:
        one = stack.pop()
        if isinstance(one, Test):
            found |= _witnesses(one) or set()
        elif not isinstance(one, Not):
            stack.extend(one.children)
    return found


def _of_test(test: Test, rates: Mapping[Witness, float]) -> Choice | None:
    found = _witnesses(test)
    return None if found is None else Choice(found, sum(_rate(one, rates) for one in found))


def _rate(witness: Witness, rates: Mapping[Witness, float]) -> float:
    rate = rates.get(witness)
    return prior(witness) if rate is None else rate


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
