"""Sigma correlations over sliding windows of event time: what holds depends on the set of hits, never on their order.

A window is [t, t + timespan], both ends in. Every condition taken here is monotone (one more hit never undoes it), so the
union of the satisfied windows is the same in whatever order hits come, and a hit that was reported stays reported.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from tocsin.core.clock import Nanoseconds
from tocsin.core.ids import EventId, RuleId
from tocsin.pipeline.detect.types import Correlation, Counted, Window


def window(correlation: Correlation) -> Window:
    """An empty window for one group of the correlation."""
    match correlation.type:
        case "event_count":
            return CountWindow(correlation.timespan, correlation.at_least)
        case "value_count":
            return DistinctWindow(correlation.timespan, correlation.at_least, by_rule=False)
        case "temporal":
            return DistinctWindow(correlation.timespan, correlation.at_least, by_rule=True)
        case "temporal_ordered":
            return ChainWindow(correlation.timespan, correlation.rules)


class CountWindow:
    """At least N events: work per hit grows with N, not with the hits in the window."""

    def __init__(self, span: Nanoseconds, at_least: int) -> None:
        self._span = span
        self._at_least = at_least
        self._line = _Timeline()

    def add(self, hit: Counted) -> Sequence[Counted]:
        at = self._line.insert(hit._replace(rule=RuleId("")))  # an event counts once, whichever rules it hits
        if at is None:
            return ()
        # N hits in a row within the span, this one among them: what else was satisfied was so before, and is reported
        hits, last = self._line.hits, self._at_least - 1
        first, end = len(hits), -1
        for start in range(max(0, at - last), min(at, len(hits) - 1 - last) + 1):
            if hits[start + last].time - hits[start].time <= self._span:
                first, end = min(first, start), start + last
        return hits[first : end + 1]

    def forget(self, before: Nanoseconds) -> bool:
        self._line.forget(before)
        return not self._line.hits


class DistinctWindow:
    """At least N different values, or all of N rules: constant work per hit while hits come in order."""

    def __init__(self, span: Nanoseconds, at_least: int, *, by_rule: bool) -> None:
        self._span = span
        self._at_least = at_least
        self._by_rule = by_rule
        self._line = _Timeline()
        self._newest: dict[str, Nanoseconds] = {}
        """The N values seen last, oldest first, each with its last time."""
        self._reported = 0
        """All hits before this index that could be satisfied are reported."""

    def add(self, hit: Counted) -> Sequence[Counted]:
        at = self._line.insert(hit)
        if at is None:
            return ()
        if at < len(self._line.hits) - 1:
            return self._again(hit.time)
        name = self._name(hit)
        newest = self._newest
        newest.pop(name, None)
        newest[name] = hit.time
        if len(newest) > self._at_least:
            del newest[next(iter(newest))]
        since = hit.time - self._span
        if len(newest) < self._at_least or next(iter(newest.values())) < since:
            return ()
        start = max(self._reported, self._line.before(since))
        self._reported = len(self._line.hits)
        return self._line.hits[start:]

    def forget(self, before: Nanoseconds) -> bool:
        self._reported = max(0, self._reported - self._line.forget(before))
        return not self._line.hits

    def _name(self, hit: Counted) -> str:
        return hit.rule if self._by_rule else hit.value

    def _again(self, around: Nanoseconds) -> Sequence[Counted]:
        """A hit came out of order: every window that holds it is looked at anew."""
        self._remember_newest()
        low = self._line.before(around - self._span)
        near = self._line.hits[low : self._line.after(around + self._span)]
        found: list[Counted] = []
        held: dict[str, int] = {}
        done = start = 0
        for end, hit in enumerate(near):
            held[self._name(hit)] = held.get(self._name(hit), 0) + 1
            while hit.time - near[start].time > self._span:
                old = self._name(near[start])
                held[old] -= 1
                if not held[old]:
                    del held[old]
                start += 1
            if len(held) >= self._at_least:
                found.extend(near[max(start, done) : end + 1])
                done = end + 1
        # what comes next in order may lie in one window with hits that only this one made satisfiable
        self._reported = min(self._reported, low)
        return found

    def _remember_newest(self) -> None:
        newest: dict[str, Nanoseconds] = {}
        for hit in reversed(self._line.hits):
            newest.setdefault(self._name(hit), hit.time)
            if len(newest) == self._at_least:
                break
        self._newest = dict(reversed(newest.items()))


class ChainWindow:
    """Rule 1, then rule 2, … by different events; equal times are in no order, so either may come first."""

    def __init__(self, span: Nanoseconds, rules: tuple[RuleId, ...]) -> None:
        self._span = span
        self._rules = rules
        self._lines: dict[RuleId, _Timeline] = {rule: _Timeline() for rule in rules}
        self._reported: dict[RuleId, int] = dict.fromkeys(rules, 0)

    def add(self, hit: Counted) -> Sequence[Counted]:
        line = self._lines[hit.rule]
        at = line.insert(hit)
        if at is None:
            return ()
        lasts = self._lines[self._rules[-1]]
        low, high = lasts.before(hit.time), lasts.after(hit.time + self._span)
        in_order = at == len(line.hits) - 1 and high - low <= 1
        found: list[Counted] = []
        for last in lasts.hits[low:high]:
            found.extend(self._ending(last, in_order=in_order))
        return found

    def forget(self, before: Nanoseconds) -> bool:
        for rule, line in self._lines.items():
            self._reported[rule] = max(0, self._reported[rule] - line.forget(before))
        return not any(line.hits for line in self._lines.values())

    def _ending(self, last: Counted, *, in_order: bool) -> list[Counted]:
        """Every hit that lies on a chain which ends with `last`."""
        latest = self._tightest(last)
        if latest is None:
            return []
        found = [last]
        since, used = last.time - self._span, {last.event_id}
        for step, rule in enumerate(self._rules[:-1]):
            line = self._lines[rule]
            low, high = line.before(since), line.after(latest[step + 1].time)
            first = next((hit for hit in line.hits[low:high] if hit.event_id not in used), None)
            if first is None:
                return []
            since = first.time
            used.add(first.event_id)  # one rule may stand for several steps, each by an event of its own
            if in_order:
                low = max(low, self._reported[rule])
                self._reported[rule] = max(self._reported[rule], high)
            found.extend(line.hits[low:high])
        return found

    def _tightest(self, last: Counted) -> list[Counted] | None:
        """The chain with the latest start, from first to last; None when none fits into the span."""
        chain = [last]
        for rule in reversed(self._rules[:-1]):
            hits = self._lines[rule].hits
            index = self._lines[rule].after(chain[-1].time) - 1
            used = {hit.event_id for hit in chain}
            while index >= 0 and hits[index].event_id in used:
                index -= 1
            if index < 0 or last.time - hits[index].time > self._span:
                return None
            chain.append(hits[index])
        chain.reverse()
        return chain


class _Timeline:
    """Hits by time; those of one moment in the order they came. Each event is taken once for each of its rules."""

    def __init__(self) -> None:
        self.hits: list[Counted] = []
        self._known: set[tuple[EventId, RuleId]] = set()

    def insert(self, hit: Counted) -> int | None:
        """Where it stands now; None when it was there already."""
        key = (hit.event_id, hit.rule)
        if key in self._known:
            return None
        self._known.add(key)
        at = len(self.hits)
        if at and self.hits[-1].time > hit.time:
            at = self.after(hit.time)
        self.hits.insert(at, hit)
        return at

    def before(self, time: Nanoseconds) -> int:
        """How many hits are earlier."""
        return bisect_left(self.hits, time, key=_time)

    def after(self, time: Nanoseconds) -> int:
        """How many hits are not later."""
        return bisect_right(self.hits, time, key=_time)

    def forget(self, before: Nanoseconds) -> int:
        """Drops what is earlier; returns how many."""
        gone = self.before(before)
        self._known.difference_update((hit.event_id, hit.rule) for hit in self.hits[:gone])
        del self.hits[:gone]
        return gone


def _time(hit: Counted) -> Nanoseconds:
    return hit.time
