"""Rules as plain data, hits, and the state that windows keep."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple, Protocol, TypeAlias

from msgspec import Struct

from tocsin.core.clock import Nanoseconds
from tocsin.core.ids import EventId, RuleId
from tocsin.core.messages import Mention
from tocsin.core.severity import Severity
from tocsin.pipeline.normalise.aliases import LogSource

Op: TypeAlias = Literal[
    "equals",
    "contains",
    "startswith",
    "endswith",
    "like",
    "re",
    "cidr",
    "exists",
    "null",
    "lt",
    "lte",
    "gt",
    "gte",
    "same",
    "same_start",
    "same_end",
    "minute",
    "hour",
    "day",
    "week",
    "month",
    "year",
]

ANY = 0
"""In a `like` pattern: any run of characters."""
ONE = 1
"""In a `like` pattern: one character."""


class Test(Struct, frozen=True, tag="test", array_like=True):
    """One comparison of one field; true when any of the field's values satisfies it."""

    __test__ = False  # not a pytest class

    field: str
    """Sigma field; '' for keywords: any value of the event."""
    op: Op
    value: str | int | float | bool | tuple[str | int, ...]
    """For `like` the literal pieces with ANY and ONE between; for `same*` the other field."""
    cased: bool = False
    flags: str = ""
    """For `re`: a subset of 'ims'."""


class AllOf(Struct, frozen=True, tag="all", array_like=True):
    """True when every child is; an empty one is true."""

    children: tuple[Node, ...]


class AnyOf(Struct, frozen=True, tag="any", array_like=True):
    """True when one child is; an empty one is false."""

    children: tuple[Node, ...]


class Not(Struct, frozen=True, tag="not", array_like=True):
    child: Node


Node: TypeAlias = Test | AllOf | AnyOf | Not

TRUE = AllOf(())
FALSE = AnyOf(())


class Source(Struct, frozen=True):
    """Where a rule was read."""

    path: str
    line: int
    """Of the document's first line, from 1."""


class Rule(Struct, frozen=True, kw_only=True):
    """One Sigma rule."""

    id: RuleId
    name: str
    title: str
    severity: Severity
    status: str
    logsource: LogSource
    condition: Node
    techniques: tuple[str, ...]
    tactics: tuple[str, ...]
    description: str
    author: str
    falsepositives: tuple[str, ...]
    references: tuple[str, ...]
    source: Source
    unfilled: tuple[str, ...] = ()
    """Placeholders without a list: the rule is loaded and does not fire."""


CorrelationType: TypeAlias = Literal["event_count", "value_count", "temporal", "temporal_ordered"]


class Correlation(Struct, frozen=True, kw_only=True):
    """A Sigma correlation over the hits of other rules, within a sliding window of event time."""

    id: RuleId
    name: str
    title: str
    severity: Severity
    status: str
    type: CorrelationType
    rules: tuple[RuleId, ...]
    """For temporal_ordered the steps, one rule perhaps several times; else each once."""
    group_by: tuple[str, ...]
    timespan: Nanoseconds
    at_least: int
    """Events, distinct values; for temporal the number of distinct rules (all of them)."""
    field: tuple[str, ...] = ()
    """For value_count: the fields whose joint value is counted."""
    aliases: dict[str, dict[RuleId, str]] = {}
    generate: bool = False
    techniques: tuple[str, ...] = ()
    tactics: tuple[str, ...] = ()
    description: str = ""
    author: str = ""
    falsepositives: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    source: Source


class Failure(Struct, frozen=True, order=True):
    """A rule that did not load."""

    path: str
    line: int
    reason: str


class RuleSet(Struct, frozen=True):
    """What was loaded, in the order of path and line."""

    rules: tuple[Rule, ...] = ()
    correlations: tuple[Correlation, ...] = ()
    failures: tuple[Failure, ...] = ()


class Glimpse(NamedTuple):
    """What an alert keeps of a contributing event."""

    time: Nanoseconds
    event_id: EventId
    source: str
    position: int
    """In its source, from 0."""
    raw: bytes
    mentions: tuple[Mention, ...]


class Counted(NamedTuple):
    """A hit as a window remembers it."""

    time: Nanoseconds
    rule: RuleId
    value: str
    """The value that value_count counts; '' otherwise."""
    glimpse: Glimpse

    @property
    def event_id(self) -> EventId:
        return self.glimpse.event_id


class Window(Protocol):
    """The hits of one group of one correlation, within its timespan and the lateness."""

    def add(self, hit: Counted) -> Sequence[Counted]:
        """Take in a hit; returns hits that lie in satisfied windows now, those reported before may be left out.
        Nothing when it was there already."""
        ...

    def forget(self, before: Nanoseconds) -> bool:
        """Drop hits older than that; True when none is left."""
        ...
