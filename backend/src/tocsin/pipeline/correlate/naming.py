"""What an incident is called and how bad it is, from its evidence alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from tocsin.core.messages import Alert, Entity, EntityKind
from tocsin.core.severity import Severity
from tocsin.pipeline.correlate.tactics import in_words, rank, tactics_of
from tocsin.pipeline.normalise import canonical
from tocsin.pipeline.normalise.mentions import ACTOR, SOURCE, SUBJECT

_MANY_TACTICS = 4


def severity(alerts: Iterable[Alert]) -> Severity:
    """That of the worst alert; one step more when the attack has gone through four tactics, or a critical asset is hit.

    More alerts never make it less.
    """
    found = list(alerts)
    worst = max(alert.severity for alert in found)
    if worst < Severity.MEDIUM:
        return worst
    loud = [alert for alert in found if alert.severity > Severity.INFORMATIONAL]
    tactics = {tactic for alert in loud for tactic in alert.tactics}
    critical = any(
        fact.name == "criticality" and fact.value.lower() == "critical" for one in loud for fact in one.facts
    )
    return Severity(min(worst + (len(tactics) >= _MANY_TACTICS or critical), Severity.CRITICAL))


def title(alerts: Sequence[Alert]) -> str:
    """What happened from first to last, where, by whom, from where: only what the evidence says."""
    what = _course(alerts)
    hosts = _most(alerts, "host", SUBJECT, canonical.short)
    words = [what]
    if hosts:
        more = f" and {len(hosts) - 1} more" if len(hosts) > 1 else ""
        words.append(f"on {hosts[0]}{more}")
    people = _most(alerts, "user", ACTOR)
    persons = [one for one in people if canonical.is_person(one)] or [one for one in people if one == "root"]
    if persons:
        words.append(f"by {persons[0]}")
    sources = [one for one in _most(alerts, "address", SOURCE) if canonical.address(one)]
    if sources:
        words.append(f"from {sources[0]}")
    return " ".join(words)


def entities(alerts: Iterable[Alert]) -> tuple[Entity, ...]:
    """Each once: by kind, then by how many alerts speak of it."""
    counts = Counter(entity for alert in alerts for entity in {mention.entity for mention in alert.mentions})
    order = {kind: at for at, kind in enumerate(_KINDS)}
    return tuple(sorted(counts, key=lambda entity: (order[entity.kind], -counts[entity], entity.value)))


def techniques(alerts: Iterable[Alert]) -> tuple[str, ...]:
    """Each once, sorted."""
    return tuple(sorted({technique for alert in alerts for technique in alert.techniques}))


_KINDS: tuple[EntityKind, ...] = (
    "host", "user", "address", "process", "hash", "file", "domain", "session", "cloud",
)  # fmt: skip


def _course(alerts: Sequence[Alert]) -> str:
    """From the first tactic to the furthest; the worst alert's title where no alert names a tactic."""
    loud = [alert for alert in alerts if alert.severity > Severity.INFORMATIONAL] or list(alerts)
    steps = [step for alert in loud for step in tactics_of(alert)]
    if not steps:
        return max(loud, key=lambda alert: (alert.severity, -alert.first_seen, alert.id)).title
    start, furthest = steps[0], max(steps, key=rank)
    if rank(furthest) <= rank(start):
        return in_words(start)
    end = in_words(furthest)
    return f"{in_words(start)} to {end[:1].lower() + end[1:]}"


def _most(alerts: Sequence[Alert], kind: EntityKind, role: str, spelled: Callable[[str], str] = str) -> list[str]:
    """The values that most alerts name come first."""
    counts: Counter[str] = Counter()
    for alert in alerts:
        named = (one.entity.value for one in alert.mentions if one.entity.kind == kind and one.role == role)
        counts.update({spelled(value) for value in named})
    return sorted(counts, key=lambda value: (-counts[value], value))
