"""Says of a rule, before any event came, that it cannot fire on a kind of event, and for want of which fields."""

from __future__ import annotations

from tocsin.pipeline.detect.sigma.oracle import applies
from tocsin.pipeline.detect.types import AllOf, Node, Not, Rule, Test
from tocsin.pipeline.normalise.aliases import Route


def out_of_reach(rule: Rule, route: Route) -> tuple[str, ...]:
    """The fields that the rule needs and that events of this kind never have, in the rule's order; empty when the rule
    can fire there, or is not meant for such events."""
    if not applies(rule.logsource, route) or _settled(rule.condition, route) is not False:
        return ()
    return tuple(dict.fromkeys(field for field in _fields(rule.condition) if not route.resolve(field).carried))


def _settled(node: Node, route: Route) -> bool | None:
    """What the tree comes to when the fields that are never there are absent; None while it depends on the event."""
    if isinstance(node, Test):
        return _test(node, route)
    if isinstance(node, Not):
        inner = _settled(node.child, route)
        return None if inner is None else not inner
    parts = [_settled(child, route) for child in node.children]
    deciding = not isinstance(node, AllOf)  # one false settles an AllOf, one true an AnyOf
    if deciding in parts:
        return deciding
    return None if None in parts else not deciding


def _test(test: Test, route: Route) -> bool | None:
    if not test.field or route.resolve(test.field).carried:
        return None
    if test.op == "exists":
        return not test.value
    return test.op == "null"


def _fields(node: Node) -> list[str]:
    if isinstance(node, Test):
        return [node.field] if node.field else []
    children = (node.child,) if isinstance(node, Not) else node.children
    return [field for child in children for field in _fields(child)]
