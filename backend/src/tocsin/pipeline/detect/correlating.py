"""Brings hits of base rules to the windows of the correlations that count them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from tocsin.core.event import COLUMN_OF, Columns, Event
from tocsin.core.ids import RuleId
from tocsin.core.text import text
from tocsin.pipeline.detect.sigma.comparing import folded, texts
from tocsin.pipeline.detect.types import Correlation, Counted, Glimpse, Rule, Window
from tocsin.pipeline.detect.windows import window
from tocsin.pipeline.normalise.aliases import Aliases, Route

Group = tuple[str, ...]


class Satisfied(NamedTuple):
    """Hits that stand in satisfied windows of one group."""

    correlation: Correlation
    group: Group
    hits: tuple[Counted, ...]


class Correlating:
    """The correlations of a rule set and their windows; keyed by tenant through the instance."""

    def __init__(self, correlations: Iterable[Correlation], aliases: Aliases) -> None:
        self._aliases = aliases
        self._by_rule: dict[RuleId, list[Correlation]] = {}
        self._windows: dict[RuleId, dict[Group, Window]] = {}
        self.ungrouped: Counter[RuleId] = Counter()
        """Hits without a value for the group, or for the field that is counted, by correlation."""
        self.too_late: Counter[RuleId] = Counter()
        """Hits that came after their source's lateness, by correlation."""
        silent: set[RuleId] = set()
        loud: set[RuleId] = set()
        for one in correlations:
            self._windows[one.id] = {}
            for rule in dict.fromkeys(one.rules):  # an ordered chain may name a rule for several of its steps
                self._by_rule.setdefault(rule, []).append(one)
                (loud if one.generate else silent).add(rule)
        self.silenced = frozenset(silent - loud)
        """Base rules that do not alert alone."""

    def __bool__(self) -> bool:
        return bool(self._by_rule)

    def counts(self, rule: RuleId) -> bool:
        """Does any correlation count hits of this rule?"""
        return rule in self._by_rule

    def feed(self, rule: Rule, event: Event, glimpse: Glimpse, cells: Columns, *, late: bool) -> Iterator[Satisfied]:
        """What the hit completes. `cells` are the event's columns."""
        hit = _Hit(rule.id, event, cells, self._aliases.route(event.shape, event.kind))
        for one in self._by_rule.get(rule.id, ()):
            if late:
                self.too_late[one.id] += 1
                continue
            group = _group(one, hit)
            value = _value(one, hit)
            if group is None or value is None:
                self.ungrouped[one.id] += 1
                continue
            windows = self._windows[one.id]
            state = windows.get(group)
            if state is None:
                state = windows[group] = window(one)
            hits = state.add(Counted(event.time, rule.id, value, glimpse))
            if hits:
                yield Satisfied(one, group, tuple(hits))


class _Hit(NamedTuple):
    rule: RuleId
    event: Event
    cells: Columns
    route: Route


def _group(one: Correlation, hit: _Hit) -> Group | None:
    found: list[str] = []
    for field in one.group_by:
        values = _read(one, field, hit)
        if not values or not values[0]:
            return None
        found.append(folded(" ".join(values)))
    return tuple(found)


def _value(one: Correlation, hit: _Hit) -> str | None:
    """The counted value; '' where nothing is counted; None where the event lacks it."""
    found: list[str] = []
    for field in one.field:
        values = _read(one, field, hit)
        if not values:
            return None
        found.append(folded(" ".join(values)))
    return "\0".join(found)


def _read(one: Correlation, field: str, hit: _Hit) -> list[str]:
    """A column as it stands in the event's columns: there '-' is no address, and ::ffff:192.0.2.1 is 192.0.2.1."""
    name = one.aliases.get(field, {}).get(hit.rule, field)
    column = COLUMN_OF.get(name)
    if column is None:
        return texts(hit.route.resolve(name).read(hit.event.fields))
    cell: str | int | None = getattr(hit.cells, column)
    return [] if cell is None else [text(cell)]
