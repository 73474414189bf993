"""What crosses a stage: the news of the pipeline, as it travels on the topics."""

from __future__ import annotations

from typing import Literal, NamedTuple, TypeAlias

from msgspec import Struct

from tocsin.core.clock import Nanoseconds
from tocsin.core.ids import AlertId, EventId, IncidentId, RuleId, TenantId
from tocsin.core.severity import Severity

RuleKind: TypeAlias = Literal["sigma", "correlation", "hunt"]

EntityKind: TypeAlias = Literal["host", "user", "address", "process", "file", "hash", "domain", "session", "cloud"]


class Entity(NamedTuple):
    """One thing that events speak of. `value` is canonical: lower case, user as domain\\name where a domain is known;
    a process is host|uid."""

    kind: EntityKind
    value: str


class Mention(NamedTuple):
    """An entity in the part it played: actor, target, source, destination, parent, subject."""

    entity: Entity
    role: str


class Fact(NamedTuple):
    """Something that enrichment knows of an entity, and how it knows."""

    entity: Entity
    name: str
    """criticality, owner, tag, zone, own, address_of, watchlist …"""
    value: str
    source: str
    """The file or feed, with its line where it has one."""
    as_of: Nanoseconds
    """When the source was last written: the value's age counts from here."""


class Alert(Struct, frozen=True, kw_only=True):
    """Hits of one rule on one entity key within one UTC hour of event time."""

    id: AlertId
    tenant: TenantId
    revision: int
    rule: RuleId
    title: str
    kind: RuleKind
    severity: Severity
    techniques: tuple[str, ...]
    """ATT&CK ids in upper case: T1110.001."""
    tactics: tuple[str, ...]
    key: tuple[tuple[str, str], ...]
    """The entity key it folds on: (field, value) pairs; for a correlation its group-by."""
    first_seen: Nanoseconds
    last_seen: Nanoseconds
    event_ids: tuple[EventId, ...]
    """Every contributing event, in order of event time, then id."""
    source: str
    """Where the first event came from."""
    mentions: tuple[Mention, ...]
    """Entities of the contributing events, sorted, at most 200."""
    evidence: dict[str, str]
    """Sigma field → value of the first event, for the fields that matched."""
    aliases: dict[str, str]
    """Sigma field → the native field it was read from."""
    facts: tuple[Fact, ...] = ()
    description: str = ""


class AlertRaised(Struct, frozen=True):
    """A new alert, or a later revision of one; carries the whole."""

    alert: Alert


class Edge(Struct, frozen=True):
    """Why two alerts belong together: weights add up, each reason in words."""

    first: AlertId
    second: AlertId
    weight: float
    """Log-odds, in bits, that the two are one attack; the sum over `reasons`."""
    reasons: tuple[tuple[str, float], ...]


class Incident(Struct, frozen=True, kw_only=True):
    """One attack: alerts joined by edges."""

    id: IncidentId
    tenant: TenantId
    title: str
    severity: Severity
    first_seen: Nanoseconds
    last_seen: Nanoseconds
    alerts: tuple[AlertId, ...]
    """By first_seen, then id."""
    entities: tuple[Entity, ...]
    techniques: tuple[str, ...]
    edges: tuple[Edge, ...]
    opened_by: str
    """Which alerts made it an incident, in words."""
    continues: IncidentId | None = None
    """The incident that this one goes on from, when age or size cut it."""


class IncidentChanged(Struct, frozen=True):
    """An incident opened or grew; carries the whole."""

    incident: Incident
