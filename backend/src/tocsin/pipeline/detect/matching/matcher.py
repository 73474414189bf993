"""One matcher for all rules that can concern a kind of event: scan for witnesses, then judge only the rules they name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from tocsin.core.event import Event, Fields
from tocsin.pipeline.detect.matching.conditions import Condition, Reader, Slots, Values, condition
from tocsin.pipeline.detect.matching.readers import reader, top_key
from tocsin.pipeline.detect.matching.scanning import Candidates, FieldScanner, TextScanner
from tocsin.pipeline.detect.matching.witnesses import Options, Witness, prior
from tocsin.pipeline.detect.sigma.comparing import texts
from tocsin.pipeline.detect.types import Node
from tocsin.pipeline.normalise.aliases import Route

_SAMPLES = 256
_WARM_UP = 512
"""Events before the choice of witnesses is made again from what was seen."""
_WORTH_TUNING = 64


class Scan(NamedTuple):
    """A field to scan on events of one route."""

    key: str | None
    """Where it stands at the top of the event; None where it takes more to read it."""
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
        get = fields.get
        for key, read, scanner in self._scans:
            value = get(key) if key is not None else read(fields)
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
            Scan(top_key(resolved), reader(resolved), scanner)
            for field, scanner in matcher.scanners.items()
            for resolved in (self._route.resolve(field),)
        )


class Matcher:
    """Rules compiled together; shared by every route for which they fold to the same trees."""

    def __init__(self, rules: Mapping[int, Node]) -> None:
        self.slots = Slots()
        self.conditions: dict[int, Condition] = {index: condition(node, self.slots) for index, node in rules.items()}
        self.always: Candidates = ()
        self.scanners: dict[str, FieldScanner] = {}
        self.keywords: TextScanner | None = None
        self.generation = 0
        self.learning = len(rules) >= _WORTH_TUNING
        self._options = Options(rules)
        self._fields = sorted({witness.field for witness in self._options.witnesses if witness.field})
        self._events = 0
        self._samples: list[dict[str, list[str]]] = []
        self._choose([prior(witness) for witness in self._options.witnesses])

    def learn(self, fields: Fields, route: Route) -> None:
        """Watch the first events; then choose the witnesses that are rare among them. Answers stay the same."""
        self._events += 1
        if self._events > _WARM_UP - _SAMPLES:
            self._samples.append({field: texts(route.resolve(field).read(fields)) for field in self._fields})
        if self._events >= _WARM_UP:
            self.learning = False
            self._choose(self._rates())
            self._samples.clear()

    def _rates(self) -> list[float]:
        """Of each witness, in the sampled events; keywords are not sampled and keep what was expected of them."""
        numbers: dict[str, list[int]] = {}
        for number, witness in enumerate(self._options.witnesses):
            numbers.setdefault(witness.field, []).append(number)
        rates = [prior(witness) for witness in self._options.witnesses]
        for field in self._fields:
            scanner = FieldScanner({self._options.witnesses[number]: (number,) for number in numbers[field]})
            counts = dict.fromkeys(numbers[field], 0)
            for sample in self._samples:
                for number in {number for value in sample[field] for number in scanner.scan(value)}:
                    counts[number] += 1
            for number, count in counts.items():
                # what was never seen still counts by what was expected of it, so that a longer literal wins
                rates[number] = (count + rates[number]) / (len(self._samples) + 1)
        return rates

    def _choose(self, rates: Sequence[float]) -> None:
        by_field: dict[str, dict[Witness, list[int]]] = {}
        always: list[int] = []
        for index, choice in self._options.choose(rates).items():
            if choice is None:
                always.append(index)
                continue
            for number in choice.witnesses:
                witness = self._options.witnesses[number]
                by_field.setdefault(witness.field, {}).setdefault(witness, []).append(index)
        keywords = by_field.pop("", None)
        self.keywords = TextScanner(keywords) if keywords else None
        self.scanners = {field: FieldScanner(rules_of) for field, rules_of in sorted(by_field.items())}
        self.always = tuple(always)
        self.generation += 1
