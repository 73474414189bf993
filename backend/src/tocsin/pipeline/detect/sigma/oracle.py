"""The plain evaluator of a rule's tree: slow, obvious, and the judge of the compiled matcher."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from tocsin.core.clock import Nanoseconds, moment
from tocsin.core.event import Event, Json
from tocsin.core.text import leaves
from tocsin.pipeline.detect.sigma.comparing import TIME_PARTS, folded, satisfies, texts
from tocsin.pipeline.detect.types import AllOf, Node, Not, Rule, Test
from tocsin.pipeline.normalise.aliases import Aliases, LogSource, Route
from tocsin.pipeline.normalise.times import any_time


class Verdict(NamedTuple):
    """What one node of a rule came to on one event."""

    node: Node
    held: bool
    field: str
    """Sigma field of a test; '' for keywords and for inner nodes."""
    native: str
    """Where the alias pack read it."""
    value: str | None
    """The value that satisfied the test, else the first value; None when the event has none."""
    carried: bool
    """False when events of this kind never carry the field."""
    children: tuple[Verdict, ...] = ()


def applies(wanted: LogSource, route: Route) -> bool:
    """Is a rule for this log source meant for events of this kind?"""
    return any(
        (not wanted.product or wanted.product == has.product)
        and (not wanted.category or wanted.category == has.category)
        and (not wanted.service or wanted.service == has.service)
        for has in route.logsources
    )


def matches(rule: Rule, event: Event, aliases: Aliases) -> bool:
    """Does the rule fire on the event?"""
    route = aliases.route(event.shape, event.kind)
    return not rule.unfilled and applies(rule.logsource, route) and judge(rule.condition, event, route).held


def judge(node: Node, event: Event, route: Route) -> Verdict:
    """Every node's verdict, none skipped, so that it can be explained. Nesting is bounded by the rule's reader."""
    if isinstance(node, Test):
        return _test(node, event, route)
    if isinstance(node, Not):
        child = judge(node.child, event, route)
        return Verdict(node, not child.held, "", "", None, carried=True, children=(child,))
    children = tuple(judge(child, event, route) for child in node.children)
    held = all(c.held for c in children) if isinstance(node, AllOf) else any(c.held for c in children)
    return Verdict(node, held, "", "", None, carried=True, children=children)


def matched(verdict: Verdict) -> Iterator[Verdict]:
    """The tests that made it hold: positive ones on the path of truth, in the rule's order."""
    if not verdict.held or isinstance(verdict.node, Not):
        return
    if isinstance(verdict.node, Test):
        yield verdict
    for child in verdict.children:
        yield from matched(child)


def evidence(rule: Rule, event: Event, aliases: Aliases) -> tuple[dict[str, str], dict[str, str]]:
    """(Sigma field → value, Sigma field → native field) of the tests that made the rule fire."""
    found: dict[str, str] = {}
    names: dict[str, str] = {}
    for verdict in matched(judge(rule.condition, event, aliases.route(event.shape, event.kind))):
        field = verdict.field or "keyword"
        if field not in found and verdict.value is not None:
            found[field] = verdict.value
            names[field] = verdict.native
    return found, names


def keyword_texts(event: Event) -> list[str]:
    """Where keywords are looked for: every value of the event, and the raw text unless it is JSON."""
    values = leaves(event.fields)
    if event.raw[:1] not in (b"{", b"["):
        values.append(event.raw.decode("utf-8", "replace"))
    return values


def _test(test: Test, event: Event, route: Route) -> Verdict:
    if not test.field:
        hit = next((value for value in keyword_texts(event) if satisfies(test, value)), None)
        return Verdict(test, hit is not None, "", "", hit, carried=True)
    resolved = route.resolve(test.field)
    fixed = route.constant(test.field)
    value: Json = resolved.read(event.fields) if fixed is None else fixed
    held, shown = _compared(test, value, event, route)
    return Verdict(test, held, test.field, resolved.name, shown, carried=resolved.carried)


def _compared(test: Test, value: Json, event: Event, route: Route) -> tuple[bool, str | None]:
    values = texts(value)
    first = values[0] if values else None
    if test.op == "exists":
        return (value is not None) == bool(test.value), first
    if test.op == "null":
        return value is None, first
    if test.op in ("same", "same_start", "same_end"):
        others = [folded(other) for other in texts(route.resolve(str(test.value)).read(event.fields))]
        hit = next((one for one in values if any(_same(test.op, folded(one), other) for other in others)), None)
    elif test.op in TIME_PARTS:
        hit = next((one for one in values if time_part(test.op, one) == test.value), None)
    else:
        hit = next((one for one in values if satisfies(test, one)), None)
    return hit is not None, first if hit is None else hit


def _same(op: str, value: str, other: str) -> bool:
    if op == "same_start":
        return value.startswith(other)
    return value.endswith(other) if op == "same_end" else value == other


def time_part(part: str, value: str) -> int | None:
    """The named part of a time, in UTC; None when the value is no time. Weeks are ISO 8601 weeks."""
    try:
        at: Nanoseconds = any_time(value)
    except ValueError:
        return None
    when = moment(at)
    return when.isocalendar().week if part == "week" else int(getattr(when, part))
