"""Decides ahead of time what the kind of an event already settles: its channel, provider, event id and constants."""

from __future__ import annotations

from collections.abc import Iterable

from tocsin.pipeline.detect.sigma.comparing import satisfies
from tocsin.pipeline.detect.types import FALSE, TRUE, AllOf, AnyOf, Node, Not, Test
from tocsin.pipeline.normalise.aliases import Route

_ABOUT_ONE_VALUE = frozenset({"equals", "contains", "startswith", "endswith", "like", "cidr", "lt", "lte", "gt", "gte"})


def fold(node: Node, route: Route) -> Node:
    """An equivalent, smaller tree for events of this kind; TRUE or FALSE where the kind alone decides."""
    if isinstance(node, Test):
        return _test(node, route)
    if isinstance(node, Not):
        child = fold(node.child, route)
        return _negated(child)
    if isinstance(node, AllOf):
        return _all(fold(child, route) for child in node.children)
    return _any(fold(child, route) for child in node.children)


def decides(test: Test) -> bool:
    """Does a fixed value of its field settle the test?"""
    return test.op in _ABOUT_ONE_VALUE and not test.cased


def _test(test: Test, route: Route) -> Node:
    if not test.field:
        return test
    value = route.constant(test.field)
    if value is None:
        return test
    if test.op == "exists":
        return TRUE if test.value else FALSE
    if test.op == "null":
        return FALSE
    if decides(test):
        return TRUE if satisfies(test, value) else FALSE
    return test


def _negated(child: Node) -> Node:
    if child == TRUE:
        return FALSE
    if child == FALSE:
        return TRUE
    return child.child if isinstance(child, Not) else Not(child)


def _all(children: Iterable[Node]) -> Node:
    kept: list[Node] = []
    for child in children:
        if child == FALSE:
            return FALSE
        if isinstance(child, AllOf):
            kept.extend(child.children)
        else:
            kept.append(child)
    return kept[0] if len(kept) == 1 else AllOf(tuple(kept))


def _any(children: Iterable[Node]) -> Node:
    kept: list[Node] = []
    for child in children:
        if child == TRUE:
            return TRUE
        if isinstance(child, AnyOf):
            kept.extend(child.children)
        else:
            kept.append(child)
    return kept[0] if len(kept) == 1 else AnyOf(tuple(kept))
