"""A replay told to a person: each incident as a story, then what waits, what was read, and what was refused."""

from __future__ import annotations

from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from tocsin.core.clock import iso
from tocsin.core.ids import AlertId
from tocsin.core.messages import Alert, Incident
from tocsin.entry.cli.output import out
from tocsin.entry.cli.steps import STYLES, Places, table
from tocsin.entry.replay.run import Replayed
from tocsin.pipeline.incidents.story import story
from tocsin.pipeline.incidents.telling import plain
from tocsin.pipeline.incidents.telling import tell as sentences_of
from tocsin.pipeline.ingest.types import Rejected

_ORDER = ("head", "path", "steps", "reasons", "entities")
"""The short story first."""
_HEADINGS = {
    "reasons": "Why these alerts belong together",
    "path": "How far it went",
    "entities": "Who and what took part",
}
_WAITING_SHOWN = 20
_SHOWN = 15
_FAILURES_SHOWN = 10


def tell(found: Replayed) -> None:
    """Everything, to stdout."""
    alerts = {alert.id: alert for alert in found.alerts}
    places = Places(found)
    for number, incident in enumerate(found.incidents, 1):
        _incident(number, incident, alerts, places)
    _waiting([alerts[one] for group in found.waiting for one in group])
    _failures(found)
    _summary(found)


def _incident(number: int, incident: Incident, alerts: dict[AlertId, Alert], places: Places) -> None:
    told = story(incident, alerts)
    sentences = sorted(sentences_of(told), key=lambda sentence: _ORDER.index(sentence.section))
    out.rule(Text(f" Incident {number} ", style="bold"), align="left")
    section = ""
    shown = 0
    for sentence in sentences:
        if sentence.section != section:
            section, shown = sentence.section, 0
            if section == "steps":
                out.print("\n[bold underline]What happened[/]")
                out.print(table(told.steps, places), soft_wrap=False)
            elif section in _HEADINGS:
                out.print(f"\n[bold underline]{_HEADINGS[section]}[/]")
        shown += 1
        if section == "head":
            out.print(Text(sentence.text, style=STYLES[incident.severity] if shown == 1 else ""), soft_wrap=False)
        elif section != "steps" and shown <= _SHOWN:
            out.print(Padding(Text(sentence.text), (0, 0, 0, 2)), soft_wrap=False)
        elif section != "steps" and shown == _SHOWN + 1:
            out.print(Text("  … (--json lists all)", style="dim"))
    out.print()


def _waiting(alerts: list[Alert]) -> None:
    if not alerts:
        return
    out.rule(Text(" Alerts that open no incident ", style="bold"), align="left")
    alerts.sort(key=lambda alert: (-alert.severity, alert.first_seen, alert.id))
    table = Table(box=None, pad_edge=False, show_header=False)
    for alert in alerts[:_WAITING_SHOWN]:
        key = ", ".join(plain(value) for _, value in alert.key)
        table.add_row(
            Text(alert.severity.word, style=STYLES[alert.severity]),
            iso(alert.first_seen),
            Text(plain(alert.title)),
            f"{len(alert.event_ids)} x",
            Text(key),
        )
    out.print(table)
    if len(alerts) > _WAITING_SHOWN:
        out.print(f"and {len(alerts) - _WAITING_SHOWN} more (--json lists all)", style="dim")
    out.print()


def _failures(found: Replayed) -> None:
    for failure in found.rules.failures[:_FAILURES_SHOWN]:
        _trouble("rule not loaded", f"{failure.path}:{failure.line}: {failure.reason}")
    _more(len(found.rules.failures))
    first: dict[tuple[str, str], Rejected] = {}
    for rejected in found.rejected:
        first.setdefault((rejected.source, rejected.reason), rejected)
    counts = [
        (count, source, reason)
        for source, tally in found.ledger.sources.items()
        for reason, count in tally.rejected.items()
    ]
    counts.sort(key=lambda one: (-one[0], one[1:]))
    for count, source, reason in counts[:_FAILURES_SHOWN]:
        example = first.get((source, reason))
        place = f", first at {example.unit} {example.position} {example.detail}".rstrip() if example else ""
        _trouble("not read", f"{source}: {reason}, {count} x{place}")
    _more(len(counts))


def _trouble(kind: str, words: str) -> None:
    out.print(Text.assemble((f"{kind}  ", "yellow"), plain(words)))


def _more(count: int) -> None:
    if count > _FAILURES_SHOWN:
        out.print(Text(f"and {count - _FAILURES_SHOWN} more (--json lists all)", style="dim"))


def _summary(found: Replayed) -> None:
    total = found.ledger.total()
    titles = {one.id: plain(one.title) for one in found.rules.correlations}
    out.rule(style="dim")
    balance = "" if total.balances else "  [red]the ledger does not balance[/]"
    out.print(
        f"{found.files} files: {total.read} records read = {total.parsed} events + {total.joined} joined into others"
        f" + {total.rejected.total()} rejected{balance}"
    )
    out.print(
        f"{len(found.alerts)} alerts and {len(found.incidents)} incidents"
        f" ({_rate(len(found.alerts), total.parsed)} and {_rate(len(found.incidents), total.parsed)} per 10,000 events)"
        f" by {len(found.rules.rules) + len(found.rules.correlations)} rules, {len(found.rules.failures)} not loaded"
    )
    for rule, count in sorted(found.too_late.items()):
        out.print(
            f"{count} hits came more than {found.lateness} s late for the correlation {titles.get(rule, rule)}",
            style="yellow",
            markup=False,
        )
    out.print(f"{found.seconds:.1f} s, {found.events_per_second:,.0f} events/s, {found.engine} engine", style="dim")


def _rate(count: int, events: int) -> str:
    return f"{count * 10_000 / events:.1f}" if events else "0"
