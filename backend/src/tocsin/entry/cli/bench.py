"""`tocsin bench`: how fast this machine is, as ratios measured in one run."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tocsin.core.errors import SettingError
from tocsin.entry.cli import output
from tocsin.entry.cli.replay import EngineChoice
from tocsin.entry.replay.measuring import Measured, measure

bench = typer.Typer(help="Measure speed on this machine, as ratios in one run.", no_args_is_help=True)


@bench.callback()
def _bench() -> None:
    """Measure speed on this machine, as ratios in one run."""


@bench.command()
def detect(
    *,
    rules: Annotated[list[Path], typer.Option("--rules", help="Sigma rules: a file, folder or ZIP; may be repeated.")],
    events: Annotated[list[Path], typer.Option("--events", help="Files of events; may be repeated.")],
    engine: Annotated[EngineChoice, typer.Option(help="Detection engine.")] = EngineChoice.auto,
    processes: Annotated[int, typer.Option(help="How many processes at once, each with all the work.", min=1)] = 1,
    as_json: Annotated[bool, typer.Option("--json", help="JSON lines.")] = False,
) -> None:
    """Events a second on one core, parsing included, beside orjson.loads on the same lines in the same run."""
    with output.failing_politely():
        if engine is EngineChoice.rust:
            raise SettingError("the Rust engine is not built yet; use --engine python")
        for measured in measure(rules, events, processes):
            if as_json:
                output.line({"kind": "bench", **measured._asdict()})
            else:
                _print(measured)


def _print(one: Measured) -> None:
    output.out.print(
        f"{one.engine}: {one.events_per_second:,.0f} events/s a core, {one.ratio_to_orjson:.3f} of orjson.loads"
        f" ({one.orjson_events_per_second:,.0f}/s); {one.events:,} events, {one.hits:,} hits,"
        f" compiled in {one.compile_s:.2f} s, peak {one.peak_mb:.0f} MB"
    )
    output.out.print(f"corpus {one.corpus_sha256}\nrules  {one.rules_sha256}", style="dim")
