"""Twenty attacks in one hour, among daily work and values that everybody shares."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import NamedTuple

from tests.bench.grouping import surroundings
from tests.bench.grouping.pipeline import time_of
from tests.bench.grouping.recordings import Recording, at, shifted
from tests.bench.grouping.renaming import DOMAIN_CONTROLLER, Renaming
from tocsin.core.clock import MINUTE, Nanoseconds
from tocsin.core.event import Fields

HOUR_STARTS: Nanoseconds = at("2026-03-02T10:00:00+00:00")
_LATEST_START = 40
_CHATTER = 6
_CHATTER_EVENTS = 400


class Labelled(NamedTuple):
    """An event, and the recording it is from; None for what is no attack."""

    label: str | None
    event: Fields


def mix(attacks: Sequence[Recording], quiet: Sequence[Recording], seed: int, *, calm: bool = False) -> list[Labelled]:
    """All events, each with its label; on a calm day nobody scans, and administrators do nothing that alerts.

    `quiet` are recordings that raise no alerts of note: they are played on office machines as daily work.
    """
    found: list[Labelled] = []
    people: list[tuple[str, str, str]] = []
    victims: set[str] = set()
    for number, recording in enumerate(attacks):
        names = Renaming(recording, number)
        events = [names.apply(event) for event in moved(recording, seed)]
        if number % 3 == 0:
            events = [_through_nat(event) for event in events]
        found += [Labelled(recording.name, event) for event in events]
        victims.update(names.hosts)
        people += [(host, user, f"10.{100 + number}.1.{5 + place}") for place, (host, user) in enumerate(_pairs(names))]
    offices: set[str] = set()
    for number, recording in enumerate(quiet[:_CHATTER]):
        names = Renaming(recording, 50 + number)
        found += [Labelled(None, names.apply(event)) for event in moved(recording, seed)[:_CHATTER_EVENTS]]
        offices.update(names.hosts)
    hosts = {*victims, *offices, DOMAIN_CONTROLLER}
    noise = [*surroundings.log_ons(people, HOUR_STARTS)]
    if not calm:
        noise += surroundings.scans(hosts, HOUR_STARTS)
        noise += surroundings.work({*offices, *_third(victims)}, HOUR_STARTS)
    found += [Labelled(None, event) for event in noise]
    return found


def moved(recording: Recording, seed: int) -> list[Fields]:
    """The recording's events, its first one somewhere in the first forty minutes of the hour."""
    start = min((at for event in recording.events if (at := time_of(event))), default=0)
    offset = int(sha256(f"start|{seed}|{recording.name}".encode()).hexdigest()[:16], 16) % (_LATEST_START * MINUTE)
    return [shifted(event, HOUR_STARTS + offset - start) for event in recording.events]


def _through_nat(event: Fields) -> Fields:
    """Log-ons over the network, as a machine behind a NAT sees them."""
    if event.get("EventID") == 4624 and event.get("LogonType") in ("3", 3) and _is_address(event.get("IpAddress")):
        return {**event, "IpAddress": surroundings.NAT}
    return event


def _is_address(value: object) -> bool:
    return isinstance(value, str) and value.startswith("10.")


def _pairs(names: Renaming) -> Iterable[tuple[str, str]]:
    return zip(names.hosts, names.users, strict=False)


def _third(hosts: Iterable[str]) -> set[str]:
    return {host for host in hosts if sha256(host.encode()).digest()[0] % 3 == 0}
