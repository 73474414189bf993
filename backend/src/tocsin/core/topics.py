"""Every topic with its message type and partition key: the map of the pipeline on one screen."""

from __future__ import annotations

from typing import NamedTuple

from tocsin.core.event import Event
from tocsin.core.messages import AlertRaised, IncidentChanged


class Topic(NamedTuple):
    """One stream of news between stages."""

    name: str
    message: type
    key: str
    """What keeps messages in order among themselves."""


EVENTS = Topic("events", Event, "tenant/lane")
ALERTS = Topic("alerts", AlertRaised, "tenant")
INCIDENTS = Topic("incidents", IncidentChanged, "tenant")

ALL = (EVENTS, ALERTS, INCIDENTS)
