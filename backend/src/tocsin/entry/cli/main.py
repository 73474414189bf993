"""The tocsin command."""

from __future__ import annotations

import typer

from tocsin.entry.cli.bench import bench
from tocsin.entry.cli.doctor import doctor
from tocsin.entry.cli.replay import replay
from tocsin.entry.cli.rules import rules

app = typer.Typer(
    name="tocsin",
    help="An open XDR: reads logs from anything, detects attacks, tells each as one explained incident.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command()(replay)
app.add_typer(rules, name="rules")
app.add_typer(bench, name="bench")
app.command()(doctor)


def main() -> None:
    """The entry point of the installed command."""
    app()
