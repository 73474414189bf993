"""The steps of an incident on a terminal: when, how bad, what, who, and the raw line that says so."""

from __future__ import annotations

from os.path import commonpath
from pathlib import Path

from msgspec.structs import replace
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from tocsin.core.clock import SECOND, iso
from tocsin.core.severity import Severity
from tocsin.entry.cli.output import out
from tocsin.entry.replay.run import Replayed
from tocsin.pipeline.incidents.story import Step
from tocsin.pipeline.incidents.telling import plain

STYLES = {
    Severity.CRITICAL: "bold white on red",
    Severity.HIGH: "bold red",
    Severity.MEDIUM: "yellow",
    Severity.LOW: "cyan",
    Severity.INFORMATIONAL: "dim",
}
_MARGIN = 21
_NAMES_SHOWN = 3
_TOLD_ELSEWHERE = frozenset({"rules", "metadata.product.name"})
"""Evidence that the line above or below it says already."""


class Places:
    """Where events stand, as short as it can be said without doubt."""

    def __init__(self, found: Replayed) -> None:
        self._glimpses = found.glimpses
        sources = {glimpse.source for glimpse in found.glimpses.values()}
        folders = {str(Path(source).parent) for source in sources}
        try:
            self._prefix = commonpath(folders) + "/" if len(sources) > 1 else ""
        except ValueError:  # absolute and relative paths side by side
            self._prefix = ""

    def of(self, step: Step) -> str:
        """The first event's file and record, and how many there are besides."""
        glimpse = self._glimpses.get(step.event_ids[0])
        if glimpse is None:
            return ""
        more = f" and {step.count - 1} more" if step.count > 1 else ""
        return f"{plain(glimpse.source.removeprefix(self._prefix))}:{glimpse.position + 1}{more}"

    def raw(self, step: Step) -> str:
        """The first event's raw text, cut to two lines of its column."""
        glimpse = self._glimpses.get(step.event_ids[0])
        room = max(120, 2 * (out.width - _MARGIN))
        text = " ".join(glimpse.raw[: 4 * room].decode("utf-8", "replace").split()) if glimpse else ""
        return plain(text if len(text) <= room else text[: room - 1] + "…")


def table(steps: tuple[Step, ...], places: Places) -> RenderableType:
    """One row a rule, at its first alert; wraps inside its column, whatever the width."""
    grid = Table.grid(padding=(0, 2, 0, 0))
    grid.add_column(no_wrap=True)
    grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold")
    day = ""
    for step, alerts in _by_rule(steps):
        date, _, time = iso(step.time).partition("T")
        if date != day:
            day = date
            grid.add_row(Text(date, style="bold"))
        grid.add_row(
            Text(f"  {time[:8]}"), Text(step.severity.word, style=STYLES[step.severity]), _told(step, alerts, places)
        )
    return grid


def _by_rule(steps: tuple[Step, ...]) -> list[tuple[Step, int]]:
    """Each rule's first step, widened to all of them, with their number: a rule that repeats itself tells nothing new."""
    found: dict[str, tuple[Step, int]] = {}
    for step in steps:
        first, alerts = found.get(step.rule, (None, 0))
        found[step.rule] = (step if first is None else _wider(first, step), alerts + 1)
    return list(found.values())


def _wider(first: Step, more: Step) -> Step:
    return replace(
        first,
        until=max(first.until, more.until),
        count=first.count + more.count,
        hosts=_united(first.hosts, more.hosts),
        users=_united(first.users, more.users),
        targets=_united(first.targets, more.targets),
        sources=_united(first.sources, more.sources),
    )


def _united(first: tuple[str, ...], more: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*first, *more)))


def _told(step: Step, alerts: int, places: Places) -> RenderableType:
    head = Text(plain(step.what), style="bold")
    if step.count > 1:
        several = f"{alerts} alerts, " if alerts > 1 else ""
        head.append(f"  {several}{step.count} events{_lasting(step)}", style="not bold dim")
    lines = [head, *(line for line in (_who(step), _evidence(step)) if line.plain)]
    lines.append(Text(f"→ {places.of(step)}", style="blue"))
    if step.severity > Severity.LOW:  # of what matters less, the place is enough
        lines.append(Text(places.raw(step), style="dim"))
    return Group(*lines)


def _lasting(step: Step) -> str:
    seconds = (step.until - step.time) // SECOND
    if seconds < 1:
        return ""
    return f" in {seconds} s" if seconds < 120 else f" in {seconds // 60} min"


def _who(step: Step) -> Text:
    parts: list[str] = []
    for word, values in (("on", step.hosts), ("by", step.users), ("against", step.targets), ("from", step.sources)):
        if values:
            parts.append(f"{word} {_names(values)}")
    return Text("  ".join(parts))


def _names(values: tuple[str, ...]) -> str:
    shown = ", ".join(plain(value) for value in values[:_NAMES_SHOWN])
    return shown if len(values) <= _NAMES_SHOWN else f"{shown} and {len(values) - _NAMES_SHOWN} more"


def _evidence(step: Step) -> Text:
    told = {*step.hosts, *step.users, *step.targets, *step.sources}
    text = Text(style="green")
    for field, value in step.evidence:
        if field not in _TOLD_ELSEWHERE and value not in told:
            text.append(f"{plain(field)}: {plain(value)}  ")
    return text
