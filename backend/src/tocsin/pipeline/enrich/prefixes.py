"""Looks an address up among networks: one dictionary for each prefix length, so that a hundred thousand cost no more."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_network
from typing import Generic, TypeVar

from tocsin.pipeline.enrich.csv_rows import unusable

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
V = TypeVar("V")


def network(text: str) -> Network:
    """10.20.0.0/16, also written with a host's address (10.20.0.7/16), or one address. Raises ContentError."""
    try:
        return ip_network(text, strict=False)
    except ValueError as error:
        raise unusable("no network", text) from error


class Prefixes(Generic[V]):
    """Network → value."""

    def __init__(self) -> None:
        self._by_length: dict[tuple[int, int], dict[int, V]] = {}
        self._lengths: dict[int, list[int]] = {4: [], 6: []}
        """The longest first, by version of IP."""

    def add(self, net: Network, value: V) -> V:
        """The value of exactly this network: an earlier one stays."""
        values = self._by_length.setdefault((net.version, net.prefixlen), {})
        if not values:
            self._lengths[net.version].append(net.prefixlen)
            self._lengths[net.version].sort(reverse=True)
        return values.setdefault(int(net.network_address) >> (net.max_prefixlen - net.prefixlen), value)

    def around(self, address: Address) -> Iterator[V]:
        """Values of all networks that hold the address, the narrowest first."""
        number, bits = int(address), address.max_prefixlen
        for length in self._lengths[address.version]:
            value = self._by_length[address.version, length].get(number >> (bits - length))
            if value is not None:
                yield value
