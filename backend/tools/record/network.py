"""The network namespaces, bridges and cables between the recorded hosts, closed to the world."""

from __future__ import annotations

from .command import run
from .company import INTERNET, NETWORKS, OFFICE, PLACES, SERVERS, VISITOR_ADDRESSES

PREFIX = "demo-"
ROUTER = f"{PREFIX}router"


def namespace(host: str) -> str:
    return f"{PREFIX}{host}"


def lay() -> None:
    """Lays the router, one bridge a network and one cable a host. Nothing leads to the recording machine's network."""
    _add(ROUTER)
    for network, prefix in NETWORKS.items():
        _ip(ROUTER, "link", "add", network, "type", "bridge")
        _ip(ROUTER, "address", "add", f"{prefix}1/24", "dev", network)
        _ip(ROUTER, "link", "set", network, "up")
    run(["ip", "netns", "exec", ROUTER, "sysctl", "-qw", "net.ipv4.ip_forward=1"])
    # The internet reaches the DMZ only, as behind any firewall.
    for inside in (SERVERS, OFFICE):
        _ip(ROUTER, "rule", "add", "from", f"{NETWORKS[INTERNET]}0/24", "to", f"{NETWORKS[inside]}0/24", "blackhole")
    for host, place in PLACES.items():
        here = namespace(host)
        _add(here)
        run(["ip", "link", "add", "eth0", "netns", here, "type", "veth", "peer", "name", f"to-{host}", "netns", ROUTER])
        _ip(here, "address", "add", f"{place.address}/24", "dev", "eth0")
        _ip(here, "link", "set", "eth0", "up")
        _ip(ROUTER, "link", "set", f"to-{host}", "master", place.network, "up")
        _ip(here, "route", "add", "default", "via", place.router)
        # Whole packets as on a wire: bundles of several would be cut off in the sensor's eyes.
        for name, cable in ((here, "eth0"), (ROUTER, f"to-{host}")):
            run(["ip", "netns", "exec", name, "ethtool", "-K", cable, "tso", "off", "gso", "off", "gro", "off"])
    for address in VISITOR_ADDRESSES:
        _ip(namespace("street"), "address", "add", f"{address}/24", "dev", "eth0")


def clear() -> None:
    """Removes every namespace of the recording, also those of a run that was killed."""
    for line in run(["ip", "netns", "list"]).splitlines():
        name = line.split()[0] if line.split() else ""
        if name.startswith(PREFIX):
            run(["ip", "netns", "delete", name], check=False)


def _add(name: str) -> None:
    run(["ip", "netns", "add", name])
    run(
        [
            "ip",
            "netns",
            "exec",
            name,
            "sysctl",
            "-qw",
            "net.ipv6.conf.all.disable_ipv6=1",
            "net.ipv6.conf.default.disable_ipv6=1",
        ]
    )
    _ip(name, "link", "set", "lo", "up")


def _ip(name: str, *words: str) -> None:
    run(["ip", "-n", name, *words])
