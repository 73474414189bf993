"""`tocsin rules`: load, test and explain Sigma rules."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tocsin.core import clock
from tocsin.core.errors import InvalidInputError
from tocsin.core.event import Event
from tocsin.core.settings import settings
from tocsin.entry import wiring
from tocsin.entry.cli import explaining, output
from tocsin.entry.replay import rule_tests
from tocsin.pipeline.detect import rulesets
from tocsin.pipeline.detect.sigma.reach import out_of_reach
from tocsin.pipeline.detect.types import Rule, RuleSet
from tocsin.pipeline.incidents.telling import plain
from tocsin.pipeline.ingest.reading import batches
from tocsin.pipeline.ingest.types import Rejected
from tocsin.pipeline.normalise.aliases import bundled

rules = typer.Typer(help="Load, test and explain Sigma rules.", no_args_is_help=True)

Paths = Annotated[list[Path], typer.Argument(help="Rule files, folders or ZIP archives.")]
AsJson = Annotated[bool, typer.Option("--json", help="JSON lines.")]


@rules.command("check")
def check(
    paths: Paths,
    *,
    source: Annotated[
        Path | None,
        typer.Option(help="A file of events: say which rules cannot fire on its first event's kind, and why."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Load every rule; say file, line and reason for each that fails."""
    with output.failing_politely():
        loaded = rulesets.load(paths)
        for failure in loaded.failures:
            if as_json:
                output.line({"kind": "failure", "path": failure.path, "line": failure.line, "reason": failure.reason})
            else:
                output.out.print(f"{failure.path}:{failure.line}: {failure.reason}", markup=False)
        for rule in loaded.rules:
            if rule.unfilled:
                _unfilled(rule, as_json=as_json)
        if source is not None:
            _out_of_reach(loaded, _event(source, 1), as_json=as_json)
        _count(loaded, as_json=as_json)
        if loaded.failures:
            raise typer.Exit(output.FAILED)


@rules.command("test")
def run_tests(paths: Paths, *, as_json: AsJson = False) -> None:
    """Run the tests beside the rules (NAME.tests.yml): events that must fire, near misses that must not."""
    with output.failing_politely():
        loaded = rulesets.load(paths)
        tests = list(rule_tests.tests_under(paths))
        failed = 0
        for one in tests:
            outcome = rule_tests.run(one, loaded, bundled(), settings())
            failed += not outcome.passed
            _outcome(outcome, as_json=as_json)
        without = rule_tests.untested(loaded, tests)
        for file in without:
            if as_json:
                output.line({"kind": "untested", "path": file})
            else:
                output.out.print(f"untested {file}: needs a test that fires and one that does not", markup=False)
        if as_json:
            output.line({"kind": "summary", "tests": len(tests), "failed": failed, "untested": len(without)})
        else:
            output.out.print(f"{len(tests)} tests, {failed} failed, {len(without)} rule files untested")
        if failed or without or loaded.failures:
            raise typer.Exit(output.FAILED)


@rules.command()
def explain(
    rule: Annotated[str, typer.Argument(help="A rule file, or the id or title of a rule among --rules.")],
    event: Annotated[Path, typer.Argument(help="A file with the event; its first record unless --record says which.")],
    *,
    among: Annotated[list[Path] | None, typer.Option("--rules", help="Where to look for the rule.")] = None,
    record: Annotated[int, typer.Option(help="Which record of the file, from 1.", min=1)] = 1,
    as_json: AsJson = False,
) -> None:
    """Say which condition held and which did not, on which field, through which alias."""
    with output.failing_politely():
        found = _rules_called(rule, among or [settings().content / "rules"])
        subject = _event(event, record)
        held = [explaining.explain(one, subject, bundled(), as_json=as_json) for one in found]
        if not any(held):
            raise typer.Exit(output.FAILED)


def _rules_called(name: str, among: list[Path]) -> tuple[Rule, ...]:
    path = Path(name)
    loaded = rulesets.load([path] if path.is_file() else among)
    found = (
        loaded.rules if path.is_file() else tuple(one for one in loaded.rules if name in (one.id, one.title, one.name))
    )
    if not found:
        reasons = "; ".join(f"{one.path}:{one.line}: {one.reason}" for one in loaded.failures[:3])
        message = f"no rule {name!r}" + (f" ({reasons})" if reasons else "")
        raise InvalidInputError(message)
    return found


def _event(path: Path, record: int) -> Event:
    """The event of this record: where a replay names it, whatever was joined or held back before it."""
    normaliser = wiring.normaliser()
    for batch in batches([path], clock.now()):
        outcomes = [batch] if isinstance(batch, Rejected) else normaliser.events(batch.origin, batch.frames)
        for outcome in outcomes:
            if isinstance(outcome, Event):
                if outcome.index + 1 == record:
                    return outcome
            elif outcome.position == record:
                place = f"{outcome.source}, {outcome.unit} {outcome.position}"
                message = f"{place}: {outcome.reason} {outcome.detail}".rstrip()
                raise InvalidInputError(message)
    for event in normaliser.flush():
        if event.index + 1 == record:
            return event
    message = f"{path} has no record {record}, or it is a later part of another"
    raise InvalidInputError(message)


def _unfilled(rule: Rule, *, as_json: bool) -> None:
    lists = ", ".join(rule.unfilled)
    if as_json:
        output.line({"kind": "unfilled", "path": rule.source.path, "rule": rule.id, "lists": list(rule.unfilled)})
    else:
        place = f"{rule.source.path}:{rule.source.line}"
        output.out.print(f"{place}: loaded, does not fire: no list for the placeholder {lists}", markup=False)


def _out_of_reach(loaded: RuleSet, event: Event, *, as_json: bool) -> None:
    route = bundled().route(event.shape, event.kind)
    kind = " ".join(event.kind)
    for rule in loaded.rules:
        fields = out_of_reach(rule, route)
        if not fields:
            continue
        if as_json:
            output.line(
                {"kind": "out_of_reach", "rule": rule.id, "title": rule.title, "on": kind, "fields": list(fields)}
            )
        else:
            words = f"{rule.title}: cannot fire on {event.shape} {kind}: never there: {', '.join(fields)}"
            output.out.print(plain(words), markup=False)


def _count(loaded: RuleSet, *, as_json: bool) -> None:
    if as_json:
        output.line(
            {
                "kind": "summary",
                "loaded": len(loaded.rules) + len(loaded.correlations),
                "correlations": len(loaded.correlations),
                "failed": len(loaded.failures),
                "unfilled": sum(1 for rule in loaded.rules if rule.unfilled),
            }
        )
        return
    output.out.print(
        f"{len(loaded.rules)} rules and {len(loaded.correlations)} correlations loaded, {len(loaded.failures)} failed"
    )


def _outcome(outcome: rule_tests.Outcome, *, as_json: bool) -> None:
    one = outcome.test
    if as_json:
        output.line(
            {"kind": "test", "path": one.path, "name": one.name, "passed": outcome.passed, "found": outcome.found}
        )
    elif not outcome.passed:
        output.out.print(f"FAILED {one.path}: {one.name}: {outcome.found}", markup=False)
