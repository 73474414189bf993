"""A story in plain sentences, each with the events that say so."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple

from tocsin.core.clock import MINUTE, SECOND, Nanoseconds, iso
from tocsin.core.ids import EventId
from tocsin.core.messages import Fact
from tocsin.pipeline.incidents.story import Bond, Part, Stage, Step, Story
from tocsin.pipeline.normalise import canonical

Section = Literal["head", "steps", "reasons", "path", "entities"]

_VALUE = 200
_SHOWN_EVENTS = 100
_CAST = 40


class Sentence(NamedTuple):
    """One line of the telling; free of control characters, whatever the events held."""

    section: Section
    text: str
    event_ids: tuple[EventId, ...] = ()
    """The events that say so, at most the first 100."""
    detail: bool = False
    """Belongs under the sentence before it."""


def tell(story: Story) -> tuple[Sentence, ...]:
    """The whole story, section by section."""
    return (*_head(story), *_steps(story.steps), *_reasons(story), *_path(story.path), *_entities(story.cast))


def plain(text: str) -> str:
    """Text from an event, harmless on a terminal: control and direction characters are shown, not sent."""
    cut = text if len(text) <= _VALUE else text[: _VALUE - 1] + "…"
    return "".join(one if one.isprintable() else f"\\u{ord(one):04x}" for one in cut)


def _head(story: Story) -> Iterable[Sentence]:
    yield Sentence("head", f"{plain(story.title)} ({story.severity.word})", _of(story.steps))
    lasted = _span(story.last_seen - story.first_seen)
    count = f"{len(story.steps)} alert" + ("s" if len(story.steps) > 1 else "")
    yield Sentence("head", f"From {iso(story.first_seen)}, {lasted}, {count}; opened by {plain(story.opened_by)}.")
    if story.continues:
        yield Sentence("head", f"Goes on from incident {story.continues}.")


def _of(steps: Sequence[Step]) -> tuple[EventId, ...]:
    return tuple(event for step in steps for event in step.event_ids[:1])[:_SHOWN_EVENTS]


def _steps(steps: Sequence[Step]) -> Iterable[Sentence]:
    for step in steps:
        yield Sentence("steps", _happened(step), step.event_ids[:_SHOWN_EVENTS])
        for field, value in step.evidence:
            yield Sentence("steps", f"{plain(field)}: {plain(value)}", step.event_ids[:1], detail=True)


def _happened(step: Step) -> str:
    words = [iso(step.time)]
    if step.hosts:
        words.append(f"on {_listed(step.hosts)}")
    if step.users:
        words.append(f"by {_listed(step.users)}")
    if step.targets:
        words.append(f"against {_listed(step.targets)}")
    if step.sources:
        words.append(f"from {_listed(step.sources)}")
    times = f", {step.count} events" if step.count > 1 else ""
    lasted = f" in {_span(step.until - step.time)}" if step.until - step.time >= SECOND else ""
    return f"{' '.join(words)}: {plain(step.what)} [{step.severity.word}{times}{lasted}; rule {plain(step.rule)}]"


def _listed(values: Sequence[str]) -> str:
    shown = " and ".join(plain(value) for value in values[:2])
    return f"{shown} and {len(values) - 2} more" if len(values) > 2 else shown


def _reasons(story: Story) -> Iterable[Sentence]:
    names = {step.alert: plain(step.what) for step in story.steps}
    for bond, pairs in _alike(story.bonds):
        times = f"; so for {pairs} pairs of alerts" if pairs > 1 else ""
        both = f"{names.get(bond.first, bond.first)} and {names.get(bond.second, bond.second)}"
        weight = f" ({bond.bits:+g} bits)" if bond.bits else ""
        yield Sentence("reasons", f"{both}: {plain(bond.words)}{weight}{times}", bond.event_ids)


def _alike(bonds: Iterable[Bond]) -> Iterable[tuple[Bond, int]]:
    counts: dict[str, int] = {}
    first: dict[str, Bond] = {}
    for bond in bonds:
        counts[bond.words] = counts.get(bond.words, 0) + 1
        first.setdefault(bond.words, bond)
    return ((bond, counts[words]) for words, bond in first.items())


def _path(path: Iterable[Stage]) -> Iterable[Sentence]:
    for stage in path:
        count = f"{len(stage.alerts)} alert" + ("s" if len(stage.alerts) > 1 else "")
        yield Sentence("path", f"{plain(stage.words)}: {count}, first at {iso(stage.reached)}", stage.event_ids)


def _entities(cast: Sequence[Part]) -> Iterable[Sentence]:
    for part in cast[:_CAST]:
        quiet = "" if _speaks(part) else ", of the system"
        count = f"in {part.alerts} alert" + ("s" if part.alerts > 1 else "")
        words = f"{part.entity.kind} {plain(part.entity.value)}: {', '.join(part.roles)}{quiet}, {count}{_known(part.facts)}"
        yield Sentence("entities", words, part.event_ids)
    if len(cast) > _CAST:
        yield Sentence("entities", f"and {len(cast) - _CAST} more")


def _known(facts: Sequence[Fact]) -> str:
    """; criticality critical, owner IT [assets.csv:2, as of 2026-11-01]"""
    by_source: dict[tuple[str, Nanoseconds], list[str]] = {}
    for fact in facts:
        words = by_source.setdefault((fact.source, fact.as_of), [])
        words.append(plain(f"{fact.name.replace('_', ' ')} {fact.value}"))
    return "".join(
        f"; {', '.join(words)} [{plain(source)}, as of {iso(as_of)[:10]}]"
        for (source, as_of), words in by_source.items()
    )


def _speaks(part: Part) -> bool:
    return part.entity.kind != "user" or canonical.is_person(part.entity.value)


def _span(length: Nanoseconds) -> str:
    seconds = length // SECOND
    if length < 2 * MINUTE:
        return f"{seconds} second" + ("" if seconds == 1 else "s")
    minutes = length // MINUTE
    if minutes < 120:
        return f"{minutes} minutes"
    hours = minutes // 60
    return f"{hours} hours" if hours < 48 else f"{hours // 24} days"
