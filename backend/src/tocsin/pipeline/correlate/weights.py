"""How much each kind of evidence weighs, in bits of log-odds, and why; docs/detect/grouping.md tells it at length.

A weight is log2 of how much likelier two alerts share the thing when they are one attack than when they are not.
Two alerts picked blindly from a tenant's day belong together about once in 64 times (-6 bits); we join when the odds
are at least four to one (+2 bits), so the evidence has to come to 8.
"""

from __future__ import annotations

from math import log2
from typing import TypeAlias

from tocsin.core.clock import DAY, HOUR, MINUTE, SECOND, Nanoseconds

JOIN = 8.0

AGE = 7 * DAY
"""An incident that spans more goes on as a linked one: after a week the first alerts' logs and leases are cold."""
SIZE = 1000
"""Alerts in one incident: more cannot be read by a person, nor drawn."""

SAME_PROCESS = 14.0
"""A process id with its start time is given once: chance plays no part."""
ANCESTOR = 12.0
"""One process started the other, however many steps between; what starts everything is left out."""
SIBLINGS = 10.0
"""Started by one process: shells and services start several things, most of them of one piece of work."""
SAME_SESSION = 10.0
"""One log-on; whoever holds it did both, but a session may last days."""

SAME_USER_SAME_HOST = ((10 * MINUTE, 11.0), (HOUR, 10.0), (8 * HOUR, 8.0), (AGE, 4.0))
"""A person's work on one machine; alerts are rare there, two within a working day are seldom a coincidence."""
SAME_HOST = ((MINUTE, 10.0), (5 * MINUTE, 9.0), (10 * MINUTE, 8.0), (HOUR, 6.0))
"""Where nobody is named, or only SYSTEM: nearness in time is all there is. Less by log2(people) on shared hosts."""
EVERYDAY = 2.0
"""The cost where of two alerts on one machine the one that names a person is of low: what administrators do all day
long does not make them the owners of whatever SYSTEM does beside it."""
OTHER_PEOPLE = -4.0
"""Two persons who share a source, a file or a destination, but neither machine, session nor process: two stories, more
often than not. Two persons on one machine get nothing for the machine either."""
SAME_USER_OTHER_HOST = ((10 * MINUTE, 9.0), (HOUR, 8.0), (8 * HOUR, 5.0))
"""One account on two machines. Less by log2(hosts/3) for those who work on many."""

CAME_FROM = ((10 * MINUTE, 9.0), (HOUR, 8.0), (8 * HOUR, 4.0))
"""The alert names the other's host as its source: lateral movement, unless that host talks to everyone."""
BROKE_IN = ((10 * SECOND, 10.0), (MINUTE, 9.0), (10 * MINUTE, 5.0))
"""A service is attacked from outside and its own account runs commands that a rule names: a server's account seldom does."""
CLOCKS = 5 * SECOND
"""How far apart the clocks of one host's logs may round."""
LOGGED_ON_FROM = ((10 * MINUTE, 9.0), (HOUR, 8.0))
"""A log-on from the one host to the other lies between the two alerts."""
CONNECTED_FROM = ((10 * MINUTE, 5.0),)
"""A connection by SMB, RPC, WinRM, RDP or SSH lies between: common enough in ordinary work to need a second reason."""

BEFORE = MINUTE
"""How far outside the two alerts such a movement may lie: clocks differ, and an alert may come of the log-on itself."""

SAME_SOURCE = ((HOUR, 8.0), (8 * HOUR, 7.0), (AGE, 5.0))
"""One outside address. Less by log2(hosts/4), and nothing where several people log on from it without failing."""
SAME_INNER_SOURCE = ((HOUR, 6.0), (8 * HOUR, 4.0))
"""An inner address whose host is not known may be a translator's: half-trusted."""
SAME_CAMPAIGN = 8.0
"""A source that comes to many hosts, with the same rule each time within the hour: one sweep."""
SAME_HASH = 7.0
"""A file that is not installed software, on both; less by log2(hosts/2)."""
SAME_DESTINATION = 6.0
"""One address or name contacted from both; less by log2(hosts/2). C2 looks so, and so does any web site."""
SOON = 1.0
"""Added to a shared file or destination within ten minutes."""

TARGET_ONLY = 2.0
"""The cost of an account that one of the alerts does not show acting: it was only tried, changed or created there."""

# Where commonness begins to cost: log2(number / free) bits
FREE_NAMED = 3
"""Hosts or accounts that one alert names: a spray names fifty, and says next to nothing of each."""
FREE_PEOPLE = 1
"""Persons who act on a host around that time: of n, each has a share of 1/n in what nobody is named for."""
MARGIN = 1.0
"""By how much the nearest of several persons must be nearer for an alert that names nobody to be taken as theirs."""
FREE_CLIENTS = 4
"""Other machines that log on to a host."""
FREE_MACHINES = 3
"""Hosts that a person works on."""
FREE_TARGETS = 4
"""Hosts that an address comes to."""
FREE_PLACES = 2
"""Hosts that have a file or contact a name."""
SERVER = 6.0
"""The cost of a host that enrichment calls a domain controller, terminal server or jump host."""
CROWD = 8
"""Hosts from which on a source is a crowd's worth: what it does on a machine says nothing of what else happens there."""
TRANSLATED = 3
"""People who log on from one address, none of whom ever failed: a translator or proxy, not an attacker."""

Steps: TypeAlias = tuple[tuple[Nanoseconds, float], ...]


def cost(number: int, free: int) -> float:
    """What commonness takes off."""
    return log2(number / free) if number > free else 0.0


def at(steps: Steps, gap: Nanoseconds) -> float:
    """The weight of evidence that fades: that of the first step the gap fits in, else nothing."""
    return next((bits for limit, bits in steps if gap <= limit), 0.0)
