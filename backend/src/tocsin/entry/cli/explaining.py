"""Why a rule fires on an event, or why it does not: every test of its condition with the value that it met."""

from __future__ import annotations

from typing import Any

from rich.text import Text
from rich.tree import Tree

from tocsin.core.event import Event
from tocsin.entry.cli import output
from tocsin.pipeline.detect.sigma.oracle import Verdict, applies, judge
from tocsin.pipeline.detect.types import ANY, AllOf, AnyOf, Node, Not, Rule, Test
from tocsin.pipeline.incidents.telling import plain
from tocsin.pipeline.normalise.aliases import Aliases, LogSource, Route


def explain(rule: Rule, event: Event, aliases: Aliases, *, as_json: bool) -> bool:
    """Prints the explanation; True when the rule fires."""
    route = aliases.route(event.shape, event.kind)
    meant = applies(rule.logsource, route)
    verdict = judge(rule.condition, event, route)
    fires = meant and verdict.held and not rule.unfilled
    if as_json:
        output.line(
            {
                "kind": "explanation",
                "rule_id": rule.id,
                "rule_title": rule.title,
                "event_id": event.id,
                "fires": fires,
                "logsource": {"wanted": _named(rule.logsource), "event": _sources(route), "applies": meant},
                "unfilled": list(rule.unfilled),
                "condition": _line(verdict),
            }
        )
        return fires
    _print(rule, route, verdict, fires=fires, meant=meant)
    return fires


def _print(rule: Rule, route: Route, verdict: Verdict, *, fires: bool, meant: bool) -> None:
    output.out.print(Text(f"{plain(rule.title)}: " + ("fires" if fires else "does not fire"), style="bold"))
    sources = " or ".join(_sources(route)) or "no known log source"
    output.out.print(Text(f"{_mark(meant)} log source {_named(rule.logsource)}; the event is {sources}"))
    for name in rule.unfilled:
        output.out.print(Text(f"{_mark(held=False)} no list for the placeholder {name}: the rule cannot fire"))
    tree = Tree(_label(verdict))
    _grow(tree, verdict)
    output.out.print(tree)


def _grow(tree: Tree, verdict: Verdict) -> None:
    for child in verdict.children:
        _grow(tree.add(_label(child)), child)


def _label(verdict: Verdict) -> Text:
    mark = _mark(verdict.held)
    node = verdict.node
    if isinstance(node, AllOf | AnyOf | Not):
        word = {AllOf: "all of", AnyOf: "any of", Not: "not"}[type(node)]
        return Text(f"{mark} {word}", style="" if verdict.held else "dim")
    label = Text(f"{mark} {wording(node)}", style="" if verdict.held else "dim")
    if verdict.field and verdict.native not in ("", verdict.field):
        label.append(f"  read from {verdict.native}", style="blue")
    if not verdict.carried:
        label.append("  this kind of event never has it", style="yellow")
    elif verdict.value is None:
        label.append("  the event has no such value" if verdict.field else "", style="yellow")
    else:
        label.append(f"  value: {plain(verdict.value)}", style="cyan")
    return label


def wording(test: Test) -> str:
    """A test as a rule's author would write it."""
    value = test.value
    if isinstance(value, tuple):
        value = "".join(piece if isinstance(piece, str) else "*" if piece == ANY else "?" for piece in value)
    name = test.field or "keyword"
    modifiers = "|cased" if test.cased and test.op != "re" else ""
    op = "" if test.op in ("equals", "like") else f"|{test.op}"
    return f"{name}{op}{modifiers}: {plain(str(value))}"


def _line(verdict: Verdict) -> dict[str, Any]:
    node: Node = verdict.node
    if isinstance(node, Test):
        return {
            "test": wording(node),
            "held": verdict.held,
            "field": verdict.field,
            "native": verdict.native,
            "value": verdict.value,
            "carried": verdict.carried,
        }
    word = {AllOf: "all", AnyOf: "any", Not: "not"}[type(node)]
    return {"node": word, "held": verdict.held, "children": [_line(child) for child in verdict.children]}


def _mark(held: bool) -> str:
    return "✓" if held else "✗"


def _named(source: LogSource) -> str:
    parts = [f"{name} {value}" for name, value in zip(source._fields, source, strict=True) if value]
    return ", ".join(parts) or "any"


def _sources(route: Route) -> list[str]:
    return sorted(_named(source) for source in route.logsources if source.category or source.service) or sorted(
        _named(source) for source in route.logsources
    )
