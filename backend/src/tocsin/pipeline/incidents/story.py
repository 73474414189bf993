"""An incident as a story: what happened in order, why it belongs together, how far it went, and who took part."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec import Struct

from tocsin.core.clock import Nanoseconds
from tocsin.core.ids import AlertId, EventId, IncidentId, RuleId
from tocsin.core.messages import Alert, Entity, EntityKind, Fact, Incident
from tocsin.core.severity import Severity
from tocsin.pipeline.correlate import tactics
from tocsin.pipeline.normalise import canonical
from tocsin.pipeline.normalise.mentions import ACTOR, SOURCE, SUBJECT, TARGET


class Step(Struct, frozen=True, kw_only=True):
    """One alert, as a person would tell it."""

    alert: AlertId
    time: Nanoseconds
    until: Nanoseconds
    what: str
    rule: RuleId
    severity: Severity
    hosts: tuple[str, ...]
    users: tuple[str, ...]
    """Who acts; persons before accounts of the system."""
    targets: tuple[str, ...]
    """Accounts to whom it was done."""
    sources: tuple[str, ...]
    """Addresses it came from."""
    count: int
    evidence: tuple[tuple[str, str], ...]
    """Field and value that the rule matched in the first event."""
    event_ids: tuple[EventId, ...]


class Bond(Struct, frozen=True):
    """Why two steps belong together."""

    words: str
    bits: float
    first: AlertId
    second: AlertId
    event_ids: tuple[EventId, ...]
    """Of each of the two the first event."""


class Stage(Struct, frozen=True):
    """One tactic of the attack and the alerts that show it."""

    tactic: str
    words: str
    reached: Nanoseconds
    alerts: tuple[AlertId, ...]
    event_ids: tuple[EventId, ...]


class Part(Struct, frozen=True):
    """An entity with every role it plays, and in how many alerts."""

    entity: Entity
    roles: tuple[str, ...]
    alerts: int
    event_ids: tuple[EventId, ...]
    """The first event of the first alert that names it."""
    facts: tuple[Fact, ...] = ()
    """What was known of it when the alerts were raised, each with its source and age."""


class Story(Struct, frozen=True, kw_only=True):
    """All of it follows from the alerts; nothing is guessed."""

    incident: IncidentId
    title: str
    severity: Severity
    first_seen: Nanoseconds
    last_seen: Nanoseconds
    opened_by: str
    continues: IncidentId | None
    steps: tuple[Step, ...]
    bonds: tuple[Bond, ...]
    """Strongest first."""
    path: tuple[Stage, ...]
    """In the order in which an attack goes, not in that of time."""
    cast: tuple[Part, ...]


def story(incident: Incident, alerts: Mapping[AlertId, Alert]) -> Story:
    """`alerts` holds at least those of the incident; raises KeyError where one is missing."""
    told = [alerts[one] for one in incident.alerts]
    return Story(
        incident=incident.id,
        title=incident.title,
        severity=incident.severity,
        first_seen=incident.first_seen,
        last_seen=incident.last_seen,
        opened_by=incident.opened_by,
        continues=incident.continues,
        steps=tuple(_step(alert) for alert in told),
        bonds=tuple(_bonds(incident, alerts)),
        path=tuple(_path(told)),
        cast=tuple(_cast(incident.entities, told)),
    )


def _step(alert: Alert) -> Step:
    users = _named(alert, "user", ACTOR)
    return Step(
        alert=alert.id,
        time=alert.first_seen,
        until=alert.last_seen,
        what=alert.title,
        rule=alert.rule,
        severity=alert.severity,
        hosts=_named(alert, "host", SUBJECT),
        users=tuple(sorted(users, key=lambda user: (not canonical.is_person(user), user))),
        targets=tuple(user for user in _named(alert, "user", TARGET) if user not in users),
        sources=_named(alert, "address", SOURCE),
        count=len(alert.event_ids),
        evidence=tuple(sorted(alert.evidence.items())),
        event_ids=alert.event_ids,
    )


def _named(alert: Alert, kind: EntityKind, role: str) -> tuple[str, ...]:
    return tuple(one.entity.value for one in alert.mentions if one.entity.kind == kind and one.role == role)


def _bonds(incident: Incident, alerts: Mapping[AlertId, Alert]) -> Iterable[Bond]:
    for edge in sorted(incident.edges, key=lambda edge: (-edge.weight, edge.first, edge.second)):
        shown = (*alerts[edge.first].event_ids[:1], *alerts[edge.second].event_ids[:1])
        for words, bits in edge.reasons:
            yield Bond(words, bits, edge.first, edge.second, shown)


def _path(alerts: Iterable[Alert]) -> Iterable[Stage]:
    by_tactic: dict[str, list[Alert]] = {}
    for alert in alerts:
        for tactic in sorted({tactics.name(tactic) for tactic in alert.tactics}):
            by_tactic.setdefault(tactic, []).append(alert)
    for tactic in sorted(by_tactic, key=lambda tactic: (tactics.rank(tactic), tactic)):
        found = by_tactic[tactic]
        yield Stage(
            tactic=tactic,
            words=tactics.in_words(tactic),
            reached=min(alert.first_seen for alert in found),
            alerts=tuple(alert.id for alert in found),
            event_ids=tuple(event for alert in found for event in alert.event_ids[:1]),
        )


def _cast(entities: Iterable[Entity], alerts: Iterable[Alert]) -> Iterable[Part]:
    roles: dict[Entity, set[str]] = {}
    naming: dict[Entity, list[Alert]] = {}
    for alert in alerts:
        for mention in alert.mentions:
            roles.setdefault(mention.entity, set()).add(mention.role)
        for entity in {mention.entity for mention in alert.mentions}:
            naming.setdefault(entity, []).append(alert)
    for entity in entities:
        if entity in naming:
            found = naming[entity]
            facts = sorted({fact for alert in found for fact in alert.facts if fact.entity == entity})
            yield Part(entity, tuple(sorted(roles[entity])), len(found), found[0].event_ids[:1], tuple(facts))
