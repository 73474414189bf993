"""`tocsin replay`: any log files in, alerts and incidents out, without a server."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import typer

from tocsin.core.errors import SettingError
from tocsin.core.settings import settings
from tocsin.core.severity import Severity
from tocsin.entry import wiring
from tocsin.entry.cli import output, telling
from tocsin.entry.replay.lines import alert_line, incident_line, summary_line
from tocsin.entry.replay.run import Replayed
from tocsin.entry.replay.run import replay as run
from tocsin.pipeline.detect import rulesets
from tocsin.pipeline.enrich.types import Table
from tocsin.pipeline.ingest.named_files import size_of
from tocsin.pipeline.normalise.aliases import bundled


class EngineChoice(StrEnum):
    """Which engine matches the rules."""

    auto = "auto"
    python = "python"
    rust = "rust"


class Level(StrEnum):
    """Severities, as --fail-on takes them."""

    informational = "informational"
    low = "low"
    medium = "medium"
    high = "high"
    critical = "critical"


def replay(  # noqa: PLR0913 - a command has as many parameters as it has options
    paths: Annotated[list[Path], typer.Argument(help="Files, archives or folders; formats are told by content.")],
    *,
    rules: Annotated[
        list[Path] | None,
        typer.Option(
            "--rules", help="Sigma rules: a file, folder or ZIP; may be repeated. Default: the bundled rules."
        ),
    ] = None,
    engine: Annotated[EngineChoice, typer.Option(help="Detection engine.")] = EngineChoice.auto,
    as_json: Annotated[bool, typer.Option("--json", help="JSON lines: alerts, incidents, summary.")] = False,
    context: Annotated[
        Path | None, typer.Option(help="Folder of tables of your network: assets.csv, zones.csv and others.")
    ] = None,
    zone: Annotated[
        str | None, typer.Option(help="Zone of times that name none, such as Europe/Berlin. Default: UTC.")
    ] = None,
    fail_on: Annotated[
        Level | None, typer.Option(help="Exit with 1 when there is an alert of this severity or above.")
    ] = None,
) -> None:
    """Detect attacks in log files and tell each as one incident."""
    with output.failing_politely():
        if engine is EngineChoice.rust:
            raise SettingError("the Rust engine is not built yet; use --engine python")
        missing = [path for path in paths if not path.exists()]
        if missing:
            output.err.print(f"no such file or folder: {missing[0]}", markup=False)
            raise typer.Exit(output.WRONG_USAGE)
        known = wiring.context(context or settings().context)
        for one in known.refused:
            output.err.print(str(one), style="yellow", markup=False)
        found = _run(paths, rules or [settings().content / "rules"], known.tables, _zone(zone))
        if as_json:
            _print_lines(found)
        else:
            telling.tell(found)
        if fail_on is not None and any(alert.severity >= Severity.of(fail_on.value) for alert in found.alerts):
            raise typer.Exit(output.FAILED)


def _zone(name: str | None) -> str:
    if name is None:
        return settings().zone
    try:
        return ZoneInfo(name).key
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        output.err.print(f"no such zone: {name}", markup=False)
        raise typer.Exit(output.WRONG_USAGE) from error


def _run(paths: list[Path], rules: list[Path], tables: Sequence[Table], zone: str) -> Replayed:
    loaded = rulesets.load(rules, settings().cache / "rules")
    if not loaded.rules and not loaded.correlations:
        reasons = "; ".join(f"{one.path}:{one.line}: {one.reason}" for one in loaded.failures[:3])
        message = f"no rules in {', '.join(map(str, rules))}" + (f": {reasons}" if reasons else "")
        raise SettingError(message)
    with_zone = settings().model_copy(update={"zone": zone})
    with output.progress() as bar:
        task = bar.add_task("reading", total=size_of(paths))
        return run(paths, loaded, bundled(), with_zone, lambda read: bar.advance(task, read), tables)


def _print_lines(found: Replayed) -> None:
    for alert in found.alerts:
        output.line(alert_line(alert))
    for incident in found.incidents:
        output.line(incident_line(incident))
    output.line(summary_line(found))
