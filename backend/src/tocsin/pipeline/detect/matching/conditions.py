"""Compiles a rule's tree into a function over an event's values: the oracle's meaning, each value read and folded once."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any, Final, NamedTuple

from tocsin.core.event import Event, Json
from tocsin.pipeline.detect.matching.scanning import holds_any
from tocsin.pipeline.detect.sigma.comparing import TIME_PARTS, folded, satisfies, texts
from tocsin.pipeline.detect.sigma.oracle import keyword_texts, time_part
from tocsin.pipeline.detect.types import ANY, AllOf, AnyOf, Node, Not, Test

Reader = Callable[[Any], Json]

_UNREAD: Final = object()
_LITERALS = frozenset({"equals", "contains", "startswith", "endswith"})
_REMEMBERED = 2048
_WORTH_REMEMBERING = 8


class Values:
    """One event's field values, read when first asked for."""

    __slots__ = ("_keywords", "event", "folded", "raw", "readers")

    def __init__(self, event: Event, readers: list[Reader]) -> None:
        self.event = event
        self.readers = readers
        self.raw: list[Any] = [_UNREAD] * len(readers)
        self.folded: list[Any] = [_UNREAD] * len(readers)
        self._keywords: list[str] | None = None

    def read(self, slot: int) -> Json:
        """The native value."""
        value = self.raw[slot]
        if value is _UNREAD:
            value = self.raw[slot] = self.readers[slot](self.event.fields)
        return value

    def fold(self, slot: int) -> str | tuple[str, ...] | None:
        """The folded text, several for a list, None when absent."""
        value = self.read(slot)
        if type(value) is str:
            low: str | tuple[str, ...] | None = value.lower()
        elif value is None:
            low = None
        else:
            low = tuple(folded(one) for one in texts(value))
            low = low[0] if len(low) == 1 else low or ()
        self.folded[slot] = low
        return low

    def keywords(self) -> list[str]:
        """The texts in which keywords are looked for."""
        if self._keywords is None:
            self._keywords = keyword_texts(self.event)
        return self._keywords


Condition = Callable[[Values], bool]


class Slots:
    """Numbers the Sigma fields of a matcher."""

    def __init__(self) -> None:
        self.fields: dict[str, int] = {}

    def of(self, field: str) -> int:
        return self.fields.setdefault(field, len(self.fields))


def condition(node: Node, slots: Slots) -> Condition:
    """The compiled tree."""
    if isinstance(node, Test):
        return _literals_any([node], slots) if _is_literal(node) else _test(node, slots)
    if isinstance(node, Not):
        inner = condition(node.child, slots)
        return lambda values: not inner(values)
    parts = _parts(node, slots)
    if len(parts) == 1:
        return parts[0]
    return _all(tuple(parts)) if isinstance(node, AllOf) else _any(tuple(parts))


def _parts(node: AllOf | AnyOf, slots: Slots) -> list[Condition]:
    """The children, cheap ones first; alternatives over one field become one look-up."""
    if isinstance(node, AllOf):
        return [condition(child, slots) for child in sorted(node.children, key=_effort)]
    by_field: dict[str, list[Test]] = {}
    others: list[Node] = []
    for child in node.children:
        if isinstance(child, Test) and _is_literal(child):
            by_field.setdefault(child.field, []).append(child)
        else:
            others.append(child)
    literal = [_literals_any(tests, slots) for tests in by_field.values()]
    return literal + [condition(child, slots) for child in sorted(others, key=_effort)]


def _effort(node: Node) -> int:
    if isinstance(node, Test):
        return 0 if _is_literal(node) else 3
    if isinstance(node, Not):
        return 2 + _effort(node.child)
    return 1 + max((_effort(child) for child in node.children), default=0)


def _is_literal(test: Test) -> bool:
    return test.op in _LITERALS and not test.cased and bool(test.field)


def _all(parts: tuple[Condition, ...]) -> Condition:
    if len(parts) == 2:
        first, second = parts
        return lambda values: first(values) and second(values)

    def every(values: Values) -> bool:
        for part in parts:  # noqa: SIM110 - all() with a generator is twice as slow here
            if not part(values):
                return False
        return True

    return every


def _any(parts: tuple[Condition, ...]) -> Condition:
    if len(parts) == 2:
        first, second = parts
        return lambda values: first(values) or second(values)

    def some(values: Values) -> bool:
        for part in parts:  # noqa: SIM110
            if part(values):
                return True
        return False

    return some


def _literals_any(tests: list[Test], slots: Slots) -> Condition:
    """One field against any of several literals."""
    slot = slots.of(tests[0].field)
    found = _finder(tests)

    def holds(values: Values) -> bool:
        value = values.folded[slot]
        if value is _UNREAD:
            value = values.fold(slot)
        if type(value) is str:
            return found(value)
        if value is None:
            return False
        return any(found(one) for one in value)

    return holds


def _finder(tests: list[Test]) -> Callable[[str], bool]:
    wanted: dict[str, list[str]] = {op: [] for op in _LITERALS}
    for test in tests:
        wanted[test.op].append(folded(str(test.value)))
    equal, contained = frozenset(wanted["equals"]), tuple(wanted["contains"])
    starts, ends = tuple(wanted["startswith"]), tuple(wanted["endswith"])
    if len(tests) == 1:
        return _single(tests[0])
    if not contained and not starts and not equal:
        return lambda value: value.endswith(ends)
    if not contained and not starts and not ends:
        return equal.__contains__
    inside = holds_any(contained)
    if not equal and not starts and not ends:
        return _remembering(inside, len(contained))
    return _remembering(
        lambda value: value in equal or value.endswith(ends) or value.startswith(starts) or inside(value),
        len(contained),
    )


def _single(test: Test) -> Callable[[str], bool]:
    literal = folded(str(test.value))
    match test.op:
        case "equals":
            return literal.__eq__
        case "startswith":
            return lambda value: value.startswith(literal)
        case "endswith":
            return lambda value: value.endswith(literal)
        case _:
            return lambda value: literal in value


def _remembering(found: Callable[[str], bool], size: int) -> Callable[[str], bool]:
    if size < _WORTH_REMEMBERING:
        return found
    known: dict[str, bool] = {}

    def remembered(value: str) -> bool:
        answer = known.get(value)
        if answer is None:
            if len(known) >= _REMEMBERED:
                known.clear()
            answer = found(value)
            if len(value) <= 256:
                known[value] = answer
        return answer

    return remembered


def _test(test: Test, slots: Slots) -> Condition:
    if not test.field:
        return lambda values: any(satisfies(test, one) for one in values.keywords())
    slot = slots.of(test.field)
    if test.op == "exists":
        wanted = bool(test.value)
        return lambda values: (values.read(slot) is not None) == wanted
    if test.op == "null":
        return lambda values: values.read(slot) is None
    if test.op in ("same", "same_start", "same_end"):
        return _same(test, slot, slots.of(str(test.value)))
    if test.op in TIME_PARTS:
        return lambda values: any(time_part(test.op, one) == test.value for one in texts(values.read(slot)))
    return _each(slot, _wildcard(test) if test.op == "like" else _remembering(lambda value: satisfies(test, value), 99))


def _each(slot: int, found: Callable[[str], bool]) -> Condition:
    def holds(values: Values) -> bool:
        value = values.read(slot)
        return found(value) if type(value) is str else any(found(one) for one in texts(value))

    return holds


def _same(test: Test, slot: int, other: int) -> Condition:
    def tuple_of(values: Values, at: int) -> tuple[str, ...]:
        value = values.fold(at)
        return () if value is None else (value,) if isinstance(value, str) else value

    def holds(values: Values) -> bool:
        for one in tuple_of(values, slot):
            for two in tuple_of(values, other):
                if test.op == "same_start":
                    same = one.startswith(two)
                else:
                    same = one.endswith(two) if test.op == "same_end" else one == two
                if same:
                    return True
        return False

    return holds


class _Run(NamedTuple):
    """The literal characters and ONEs between two ANYs: of fixed length."""

    expression: re.Pattern[str]
    length: int


def _wildcard(test: Test) -> Callable[[str], bool]:
    """Runs are searched one after the other, leftmost first, so the work is linear in the value for each run."""
    pattern = test.value if isinstance(test.value, tuple) else (str(test.value),)
    first, *rest = _runs(pattern if test.cased else tuple(folded(p) if isinstance(p, str) else p for p in pattern))
    middle, last = rest[:-1], rest[-1] if rest else None

    def found(value: str) -> bool:
        text = value if test.cased else folded(value)
        if first.expression.match(text) is None:
            return False
        at = first.length
        if last is None:
            return at == len(text)
        for run in middle:
            hit = run.expression.search(text, at)
            if hit is None:
                return False
            at = hit.end()
        return len(text) - last.length >= at and last.expression.match(text, len(text) - last.length) is not None

    return found


def _runs(pattern: Iterable[str | int]) -> list[_Run]:
    runs = [("", 0)]
    for piece in pattern:
        source, length = runs[-1]
        if piece == ANY:
            runs.append(("", 0))
        elif isinstance(piece, str):
            runs[-1] = (source + re.escape(piece), length + len(piece))
        else:
            runs[-1] = (source + ".", length + 1)
    return [_Run(re.compile(source, re.DOTALL), length) for source, length in runs]
