"""Whose an alert is that names nobody, when all that speaks is the same machine at nearly the same time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeAlias

from tocsin.core.ids import AlertId
from tocsin.pipeline.correlate import weights
from tocsin.pipeline.correlate.evidence import Link
from tocsin.pipeline.correlate.traits import Traits

Claim: TypeAlias = frozenset[str] | None
"""The persons it is taken to be of; empty when several are as near; None when nobody is."""


def settled(links: Iterable[Link], alerts: Mapping[AlertId, Traits]) -> list[Link]:
    """The links without those that rest on the machine alone and lead to somebody whose the alert is not."""
    links = list(links)
    claims = _claims([link for link in links if not link.firm], alerts)
    return [link for link in links if link.firm or _agree(link, claims, alerts)]


def _claims(links: Iterable[Link], alerts: Mapping[AlertId, Traits]) -> dict[AlertId, Claim]:
    near: dict[AlertId, dict[frozenset[str], float]] = {}
    for link in links:
        for end, far in ((link.edge.first, link.edge.second), (link.edge.second, link.edge.first)):
            people = alerts[far].people
            if people and not alerts[end].people:
                found = near.setdefault(end, {})
                found[people] = max(found.get(people, 0.0), link.edge.weight)
    return {alert: _nearest(found) for alert, found in near.items()}


def _nearest(near: Mapping[frozenset[str], float]) -> Claim:
    best, weight = max(near.items(), key=lambda one: (one[1], sorted(one[0])))
    rivals = (other for people, other in near.items() if people.isdisjoint(best))
    return best if all(weight - other >= weights.MARGIN for other in rivals) else frozenset()


def _agree(link: Link, claims: Mapping[AlertId, Claim], alerts: Mapping[AlertId, Traits]) -> bool:
    first, second = (alerts[end].people or claims.get(end) for end in (link.edge.first, link.edge.second))
    if first is None or second is None:
        return True
    return first == second or not first.isdisjoint(second)
