"""Draws twenty recordings, mixes them, replays the mix and scores what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Literal, NamedTuple

from tests.bench.grouping.measures import Score, any_entity, same_host, score
from tests.bench.grouping.mixing import mix
from tests.bench.grouping.pipeline import Survey, run, survey
from tests.bench.grouping.recordings import Recording, draw, is_held_out, read
from tocsin.pipeline.detect.rulesets import load
from tocsin.pipeline.detect.types import RuleSet

ATTACKS = 20
_BACKGROUND = 6
_ENOUGH_EVENTS = 50

Half = Literal["all", "looked at", "held out"]
"""Weights were chosen while looking at one half of the recordings; of the other only the scores were seen."""


class Measured(NamedTuple):
    """One draw."""

    seed: int
    half: Half
    calm: bool
    """Without the scanner and without administrators' work."""
    alerts: int
    of_attacks: int
    incidents: Score
    """As replay tells them: an alert that waits is alone."""
    groups: Score
    """With those that wait in their groups."""
    host: Score
    """Baseline: the same host within 10 minutes."""
    entity: Score
    """Baseline: any shared entity."""


class Bench:
    """The recordings, surveyed once."""

    def __init__(self, events: Path, rules: Path, folder: Path) -> None:
        self._rules: RuleSet = load([rules])
        recordings = read(events)
        self._recordings = {one.name: one for one in recordings}
        self._folder = folder
        own = folder / "recordings"
        own.mkdir()
        self.survey: Survey = survey(recordings, self._rules, own)

    def measure(self, seed: int, half: Half = "all", *, calm: bool = False) -> Measured:
        """Twenty of those that tell something, chosen by hash."""
        names = [name for name in self.survey.telling if half == "all" or is_held_out(name) == (half == "held out")]
        attacks = self._named(draw(names, seed, ATTACKS))
        quiet = [name for name in self.survey.quiet if len(self._recordings[name].events) > _ENOUGH_EVENTS]
        mixed = mix(attacks, self._named(draw(quiet, seed, _BACKGROUND)), seed, calm=calm)
        found = run(mixed, self._rules, self._folder)
        told = [incident.alerts for incident in found.incidents]
        return Measured(
            seed=seed,
            half=half,
            calm=calm,
            alerts=len(found.alerts),
            of_attacks=sum(label is not None for label in found.labels.values()),
            incidents=score(told, found.labels),
            groups=score([*told, *found.waiting], found.labels),
            host=score(same_host(found.alerts), found.labels),
            entity=score(any_entity(found.alerts), found.labels),
        )

    def _named(self, names: Sequence[str]) -> list[Recording]:
        return [self._recordings[name] for name in names]


def table(rows: Sequence[Measured]) -> str:
    """Markdown for docs/detect/grouping.md."""
    head = (
        "| recordings | seed | alerts (of attacks) | Tocsin: incidents, P / R / F1 | with the groups that wait | host within 10 min | any shared entity |\n"
        "|---|---|---|---|---|---|---|\n"
    )
    return head + "".join(
        f"| {row.half}{', calm' if row.calm else ''} | {row.seed} | {row.alerts} ({row.of_attacks}) | {_shown(row.incidents)} "
        f"| {_shown(row.groups)} | {_shown(row.host)} | {_shown(row.entity)} |\n"
        for row in rows
    )


def _shown(one: Score) -> str:
    return f"{one.precision:.3f} / {one.recall:.3f} / {one.f1:.3f}"
