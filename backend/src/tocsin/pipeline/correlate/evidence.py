"""Why two alerts belong together: each piece of evidence as words and bits."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from tocsin.core.clock import DAY, HOUR, MINUTE, SECOND, Nanoseconds
from tocsin.core.messages import Edge
from tocsin.core.severity import Severity
from tocsin.pipeline.correlate import weights
from tocsin.pipeline.correlate.routes import Routes
from tocsin.pipeline.correlate.traits import Priced, Traits, is_own
from tocsin.pipeline.normalise import canonical


class Reason(NamedTuple):
    """One piece of evidence."""

    words: str
    bits: float


class Link(NamedTuple):
    """An edge, and whether it stands without the argument "same machine, near in time"."""

    edge: Edge
    firm: bool
    gap: Nanoseconds


class Pair(NamedTuple):
    """Two alerts, the earlier first."""

    a: Traits
    b: Traits
    gap: Nanoseconds
    """Between the end of one and the start of the other; 0 when they overlap."""
    routes: Routes


def weigh(a: Traits, b: Traits, routes: Routes) -> Link | None:
    """The edge between two alerts where the evidence suffices.

    Of each family of evidence only the strongest piece counts, since its members depend on each other: who shares a
    process shares the user. The families are who acts, which way it came, what it left behind; they add up.
    """
    if (b.first, b.alert) < (a.first, a.alert):
        a, b = b, a
    pair = Pair(a, b, max(0, b.first - a.last), routes)
    actor, way = _best(_ACTOR, pair), _best(_WAY, pair)
    reasons = [one for one in (actor, way or _same_source(pair), _best(_THINGS, pair)) if one and one.bits > 0]
    if actor is None and way is None and _other_people(pair):
        reasons.append(Reason("but different people act", weights.OTHER_PEOPLE))
    machine = _same_machine(pair) if actor is None else None
    firm = sum(reason.bits for reason in reasons) >= weights.JOIN
    if machine:
        reasons.append(machine)
    total = sum(reason.bits for reason in reasons)
    if total < weights.JOIN:
        return None
    ordered = tuple((words, round(bits, 1)) for words, bits in sorted(reasons, key=lambda one: (-one.bits, one.words)))
    return Link(Edge(a.alert, b.alert, round(total, 1), ordered), firm, pair.gap)


Finder = Callable[[Pair], Reason | None]


def _best(family: tuple[Finder, ...], pair: Pair) -> Reason | None:
    found = [reason for finder in family if (reason := finder(pair)) and reason.bits > 0]
    return max(found, key=lambda reason: (reason.bits, reason.words), default=None)


# Who acts


def _same_process(pair: Pair) -> Reason | None:
    if not pair.a.lines or pair.a.lines.isdisjoint(pair.b.lines):
        return None
    if pair.a.processes & pair.b.processes:
        return Reason("the same process", weights.SAME_PROCESS)
    if pair.a.processes & pair.b.lines:
        return Reason("the first alert's process is an ancestor of the second's", weights.ANCESTOR)
    if pair.b.processes & pair.a.lines:
        return Reason("the second alert's process is an ancestor of the first's", weights.ANCESTOR)
    return Reason("processes with one ancestor", weights.SIBLINGS)


def _same_session(pair: Pair) -> Reason | None:
    if pair.a.sessions.isdisjoint(pair.b.sessions):
        return None
    return Reason("the same session", weights.SAME_SESSION)


def _same_user(pair: Pair) -> Reason | None:
    users = pair.a.accounts.keys() & pair.b.accounts.keys()
    hosts = pair.a.hosts.keys() & pair.b.hosts.keys()
    if not users:
        return None
    acting = users & pair.a.people & pair.b.people
    lost = weights.cost(max(len(pair.a.accounts), len(pair.b.accounts)), weights.FREE_NAMED)
    lost += 0.0 if acting else weights.TARGET_ONLY
    if hosts:
        user, host = min(acting or users), min(hosts)
        bits = weights.at(weights.SAME_USER_SAME_HOST, pair.gap) - lost
        return Reason(f"the same user {user} on the same host {host} {_within(pair.gap)}", bits)
    elsewhere = sorted((pair.a.accounts[user], user) for user in (acting or users) if is_own(user))
    if not elsewhere:
        return None
    cost, user = elsewhere[0]
    bits = weights.at(weights.SAME_USER_OTHER_HOST, pair.gap) - lost - cost
    return Reason(f"the same user {user} on another host {_within(pair.gap)}", bits)


# Where it came from


def _came_from(pair: Pair) -> Reason | None:
    for near, far in ((pair.a, pair.b), (pair.b, pair.a)):
        if near.crowds:
            continue  # what a scanner does to a host is not the host's doing
        if host := _cheapest(near.hosts, far.origins):
            cost, name = host
            cost += min(far.hosts.values(), default=0.0)  # everyone comes to a domain controller
            bits = weights.at(weights.CAME_FROM, pair.gap) - cost
            return Reason(f"it came from {name}, where the other alert is, {_within(pair.gap)}", bits)
    return None


def _broke_in(pair: Pair) -> Reason | None:
    for request, answer in ((pair.a, pair.b), (pair.b, pair.a)):
        host = _cheapest(request.hosts, answer.hosts)
        if not (request.breaks_in and answer.servers and host) or answer.first < request.first - weights.CLOCKS:
            continue
        bits = weights.at(weights.BROKE_IN, pair.gap)
        words = f"an attack on a service of {host[1]}, and commands by its account {min(answer.servers)}"
        return Reason(f"{words} {_within(pair.gap)}", bits)
    return None


def _moved(pair: Pair) -> Reason | None:
    best: Reason | None = None
    if pair.a.crowds or pair.b.crowds:
        return None
    for source, source_cost in pair.a.hosts.items():
        for target, target_cost in pair.b.hosts.items():
            move = pair.routes.between(source, target, pair.a.first - weights.BEFORE, pair.b.last + weights.BEFORE)
            if move is None or source == target:
                continue
            if move.user:
                by = f" by {move.user}" if canonical.is_person(move.user) else ""
                steps, words = weights.LOGGED_ON_FROM, f"log-on from {source} to {target}{by} between the alerts"
            else:
                steps, words = weights.CONNECTED_FROM, f"connection from {source} to {target} between the alerts"
            reason = Reason(words, weights.at(steps, pair.gap) - source_cost - target_cost)
            best = max(best or reason, reason, key=lambda one: (one.bits, one.words))
    return best


def _same_source(pair: Pair) -> Reason | None:
    shared = _cheapest(pair.a.sources, pair.b.sources)
    if shared is None:
        return None
    cost, address = shared
    inner = canonical.is_private(address)
    bits = weights.at(weights.SAME_INNER_SOURCE if inner else weights.SAME_SOURCE, pair.gap) - cost
    if address in pair.a.crowds and pair.a.rule == pair.b.rule and pair.gap <= HOUR:
        return Reason(
            f"the same rule for the same source {address}, which sweeps over many hosts", weights.SAME_CAMPAIGN
        )
    return Reason(f"the same source address {address} {_within(pair.gap)}", bits)


# What it left behind


def _same_hash(pair: Pair) -> Reason | None:
    shared = _cheapest(pair.a.hashes, pair.b.hashes)
    if shared is None:
        return None
    where = "" if pair.a.hosts.keys() & pair.b.hosts.keys() else " on another host"
    return Reason(f"the same file hash {shared[1][:16]}…{where}", weights.SAME_HASH - shared[0] + _soon(pair))


def _same_destination(pair: Pair) -> Reason | None:
    found = [one for one in (
        _cheapest(pair.a.destinations, pair.b.destinations), _cheapest(pair.a.domains, pair.b.domains)
    ) if one]  # fmt: skip
    if not found:
        return None
    cost, name = min(found)
    return Reason(f"both contact {name}", weights.SAME_DESTINATION - cost + _soon(pair))


_ACTOR: tuple[Finder, ...] = (_same_process, _same_session, _same_user)
_WAY: tuple[Finder, ...] = (_came_from, _broke_in, _moved)
_THINGS: tuple[Finder, ...] = (_same_hash, _same_destination)


def _same_machine(pair: Pair) -> Reason | None:
    shared = _cheapest(pair.a.hosts, pair.b.hosts)
    if shared is None or pair.a.crowds != pair.b.crowds:
        return None
    if pair.a.accounts and pair.b.accounts and pair.a.accounts.keys().isdisjoint(pair.b.accounts):
        return None
    cost, host = shared
    named = [one for one in (pair.a, pair.b) if one.people]
    if len(named) == 1 and named[0].severity <= Severity.LOW:
        cost += weights.EVERYDAY
    bits = weights.at(weights.SAME_HOST, pair.gap) - cost
    return Reason(f"the same host {host} {_within(pair.gap)}", bits) if bits > 0 else None


def _other_people(pair: Pair) -> bool:
    return bool(pair.a.people and pair.b.people) and pair.a.people.isdisjoint(pair.b.people)


def _cheapest(first: Priced, second: Priced) -> tuple[float, str] | None:
    """The least common of the values that both have."""
    if not first or not second:
        return None
    return min(((first[value], value) for value in first.keys() & second.keys()), default=None)


def _soon(pair: Pair) -> float:
    return weights.SOON if pair.gap <= 10 * MINUTE else 0.0


_SPANS = ((10 * SECOND, "10 seconds"), (MINUTE, "a minute"), (5 * MINUTE, "5 minutes"), (10 * MINUTE, "10 minutes"),
          (HOUR, "an hour"), (8 * HOUR, "8 hours"), (DAY, "a day"))  # fmt: skip


def _within(gap: Nanoseconds) -> str:
    return "within " + next((words for limit, words in _SPANS if gap <= limit), "a week")
