"""Events in, rules that fire out: a plan for each kind of event, made when the kind is first seen."""

from __future__ import annotations

from collections.abc import Sequence

from tocsin.core.event import Event, Kind
from tocsin.pipeline.detect.matching.folding import fold
from tocsin.pipeline.detect.matching.kinds import Kinds, Signature, about
from tocsin.pipeline.detect.matching.matcher import Matcher, Plan
from tocsin.pipeline.detect.sigma.oracle import applies
from tocsin.pipeline.detect.types import FALSE, Node, Rule
from tocsin.pipeline.normalise.aliases import Aliases, LogSource, Route

_PLANS_KEPT = 4096


class Engine:
    """The Python engine. Gives the oracle's answers; not safe for use by several threads at once."""

    name = "python"

    def __init__(self, rules: Sequence[Rule], aliases: Aliases) -> None:
        self.rules = tuple(rules)
        self._aliases = aliases
        self._by_source: dict[LogSource, list[int]] = {}
        for index, rule in enumerate(self.rules):
            if not rule.unfilled:
                self._by_source.setdefault(rule.logsource, []).append(index)
        tests = about({field for pack in aliases.packs.values() for field in pack.kind_fields}, self.rules)
        self._kinds = {shape: Kinds(pack, tests) for shape, pack in aliases.packs.items()}
        self._alike: dict[tuple[str, Signature], Plan | None] = {}
        self._plans: dict[tuple[str, Kind], Plan | None] = {}
        self._matchers: dict[tuple[tuple[int, Node], ...], Matcher] = {}

    @property
    def matchers(self) -> tuple[Matcher, ...]:
        """What was compiled so far."""
        return tuple(self._matchers.values())

    def match(self, event: Event) -> list[Rule]:
        """The rules that fire on the event, in rule order."""
        key = (event.shape, event.kind)
        try:
            plan = self._plans[key]
        except KeyError:
            plan = self._plan(event.shape, event.kind)
        if plan is None:
            return []
        found = plan.match(event)
        return [self.rules[index] for index in found] if found else []

    def prepare(self, event: Event) -> None:
        """Compile for events of this kind, as the first of them would."""
        if (event.shape, event.kind) not in self._plans:
            self._plan(event.shape, event.kind)

    def _plan(self, shape: str, kind: Kind) -> Plan | None:
        if len(self._plans) >= _PLANS_KEPT:  # kinds are the senders' choice; what is alike stays shared
            self._plans.clear()
        kinds = self._kinds.get(shape)
        signature = (shape, kinds.signature(kind) if kinds else kind)
        if signature not in self._alike:
            if len(self._alike) >= _PLANS_KEPT:
                self._alike.clear()
                self._matchers.clear()
            self._alike[signature] = self._made(self._aliases.route(shape, kind))
        plan = self._plans[shape, kind] = self._alike[signature]
        return plan

    def _made(self, route: Route) -> Plan | None:
        rules = tuple(self._folded(route))
        if not rules:
            return None
        matcher = self._matchers.get(rules)
        if matcher is None:
            matcher = self._matchers[rules] = Matcher(dict(rules))
        return Plan(matcher, route)

    def _folded(self, route: Route) -> list[tuple[int, Node]]:
        chosen = sorted(
            index for source, indices in self._by_source.items() if applies(source, route) for index in indices
        )
        trees = ((index, fold(self.rules[index].condition, route)) for index in chosen)
        return [(index, tree) for index, tree in trees if tree != FALSE]
