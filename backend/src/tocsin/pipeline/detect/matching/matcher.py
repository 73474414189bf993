"""One matcher for all rules that can concern a kind of event: scan for witnesses, then judge only the rules they name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from tocsin.core.event import Event, Fields, Json
from tocsin.pipeline.detect.matching.conditions import Condition, Reader, Slots, Values, condition
from tocsin.pipeline.detect.matching.scanning import Candidates, FieldScanner, TextScanner
from tocsin.pipeline.detect.matching.witnesses import Witness, choose, every
from tocsin.pipeline.detect.sigma.comparing import folded, texts
from tocsin.pipeline.detect.types import Node
from tocsin.pipeline.normalise.aliases import Resolved, Route, at

_SAMPLES = 256
_WARM_UP = 512
"""Events before the choice of witnesses is made again from what was seen."""
_WORTH_TUNING = 64


class Scan(NamedTuple):
    """A field to scan on events of one route."""

    read: Reader
    scanner: FieldScanner


class Plan:
    """A matcher bound to where the fields stand in events of one route."""

    def __init__(self, matcher: Matcher, route: Route) -> None:
        self._matcher = matcher
        self._readers = [reader(route.resolve(field)) for field in matcher.slots.fields]
        self._route = route
        self._generation = -1
        self._scans: tuple[Scan, ...] = ()

    def match(self, event: Event) -> list[int]:
        """Indices of the rules that fire, ascending."""
        matcher = self._matcher
        if matcher.generation != self._generation:
            self._bind()
        found = self._candidates(event.fields)
        values = Values(event, self._readers)
        keywords = matcher.keywords
        if keywords is not None and not (event.raw[:1] == b"{" and keywords.can_skip(event.raw)):
            found |= keywords.scan(values.keywords())
        if matcher.learning:
            matcher.learn(event.fields, self._route)
        if not found:
            return []
        conditions = matcher.conditions
        return sorted(index for index in found if conditions[index](values))

    def _candidates(self, fields: Fields) -> set[int]:
        found = set(self._matcher.always)
        for read, scanner in self._scans:
            value = read(fields)
            if type(value) is str:
                candidates = scanner.seen.get(value)
                if candidates is None:
                    candidates = scanner.scan(value)
                if candidates:
                    found.update(candidates)
            elif value is not None:
                for one in texts(value):
                    found.update(scanner.scan(one))
        return found

    def _bind(self) -> None:
        matcher = self._matcher
        self._generation = matcher.generation
        self._scans = tuple(
            Scan(reader(self._route.resolve(field)), scanner) for field, scanner in matcher.scanners.items()
        )


def reader(resolved: Resolved) -> Reader:
    """The quickest function that reads the field."""
    simple = resolved.constant is None and not resolved.view and not resolved.mapping
    if simple and resolved.paths and all(len(path) == 1 for path in resolved.paths):
        first, *others = (path[0] for path in resolved.paths)
        if not others:
            return lambda fields: fields.get(first)
    if simple and len(resolved.paths) == 1:
        *holders, last = resolved.paths[0]
        if "*" not in resolved.paths[0]:
            return _nested(tuple(holders), last)
    return resolved.read


def _nested(holders: tuple[str, ...], last: str) -> Reader:
    path = (*holders, last)

    def read(fields: Fields) -> Json:
        value: Json = fields
        for holder in holders:
            value = value.get(holder) if isinstance(value, dict) else None
            if isinstance(value, list):
                return at(fields, path)
        return value.get(last) if isinstance(value, dict) else None

    return read


class Matcher:
    """Rules compiled together; shared by every route for which they fold to the same trees."""

    def __init__(self, rules: Mapping[int, Node]) -> None:
        self._rules = dict(rules)
        self.slots = Slots()
        self.conditions: dict[int, Condition] = {
            index: condition(node, self.slots) for index, node in self._rules.items()
        }
        self.always: Candidates = ()
        self.scanners: dict[str, FieldScanner] = {}
        self.keywords: TextScanner | None = None
        self.generation = 0
        self.learning = len(self._rules) >= _WORTH_TUNING
        self._events = 0
        self._samples: list[dict[str, list[str]]] = []
        self._choose({})

    def learn(self, fields: Fields, route: Route) -> None:
        """Watch the first events; then choose the witnesses that are rare among them. Answers stay the same."""
        self._events += 1
        if self._events > _WARM_UP - _SAMPLES:
            self._samples.append({field: texts(route.resolve(field).read(fields)) for field in self.scanners})
        if self._events >= _WARM_UP:
            self.learning = False
            self._choose(self._rates())
            self._samples.clear()

    def _rates(self) -> dict[Witness, float]:
        potential: dict[str, list[Witness]] = {}
        for node in self._rules.values():
            for witness in every(node):
                if witness.field in self.scanners:
                    potential.setdefault(witness.field, []).append(witness)
        rates: dict[Witness, float] = {}
        for field, witnesses in potential.items():
            unique = list(dict.fromkeys(witnesses))
            scanner = FieldScanner({witness: (number,) for number, witness in enumerate(unique)})
            counts = [0] * len(unique)
            for sample in self._samples:
                for number in {number for value in sample[field] for number in scanner.scan(value)}:
                    counts[number] += 1
            for witness, count in zip(unique, counts, strict=True):
                # half an event for what was never seen, so that a longer literal still wins over a shorter one
                rates[witness] = (count + _unseen(witness)) / (len(self._samples) + 1)
        return rates

    def _choose(self, rates: Mapping[Witness, float]) -> None:
        by_field: dict[str, dict[Witness, list[int]]] = {}
        always: list[int] = []
        for index, node in self._rules.items():
            choice = choose(node, rates)
            if choice is None:
                always.append(index)
                continue
            for witness in choice.witnesses:
                by_field.setdefault(witness.field, {}).setdefault(witness, []).append(index)
        keywords = by_field.pop("", None)
        self.keywords = TextScanner(keywords) if keywords else None
        self.scanners = {field: FieldScanner(rules_of) for field, rules_of in sorted(by_field.items())}
        self.always = tuple(always)
        self.generation += 1


def _unseen(witness: Witness) -> float:
    return 0.5 / (1 + len(folded(witness.literal)))
