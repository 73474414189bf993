"""What each Sigma comparison means, said plainly: the one definition, against which the compiled matcher is tested."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

from tocsin.core.event import Json
from tocsin.core.text import leaves, text
from tocsin.pipeline.detect.sigma import regex
from tocsin.pipeline.detect.types import ANY, ONE, Test

TIME_PARTS = frozenset({"minute", "hour", "day", "week", "month", "year"})


def texts(value: Json) -> list[str]:
    """A field's values as text: none when it is absent, several when it is a list."""
    if value is None:
        return []
    if isinstance(value, list | dict):
        return leaves(value)
    return [text(value)]


def folded(value: str) -> str:
    """Sigma compares without case unless `cased` says otherwise."""
    return value.lower()


def satisfies(test: Test, value: str) -> bool:
    """Does one text value satisfy the test? Not for exists, null and same*, which are about fields."""
    compare = _COMPARE.get(test.op)
    if compare is None:
        message = f"{test.op} does not compare one value"
        raise ValueError(message)
    return compare(test, value)


def _literal(found: Callable[[str, str], bool]) -> Callable[[Test, str], bool]:
    def compare(test: Test, value: str) -> bool:
        wanted = str(test.value)
        return found(value, wanted) if test.cased else found(folded(value), folded(wanted))

    return compare


def _like(test: Test, value: str) -> bool:
    pattern = test.value if isinstance(test.value, tuple) else (str(test.value),)
    if not test.cased:
        value = folded(value)
        pattern = tuple(folded(piece) if isinstance(piece, str) else piece for piece in pattern)
    return wildcard(pattern, value)


def wildcard(pattern: tuple[str | int, ...], value: str) -> bool:
    """A whole-value match with ANY and ONE; linear in the value for each piece, no backtracking beyond the last ANY."""
    symbols = _symbols(pattern)
    at, star, mark, end = 0, -1, 0, len(symbols)
    position = 0
    while position < len(value):
        if at < end and symbols[at] != ANY and symbols[at] in (ONE, value[position]):
            at, position = at + 1, position + 1
        elif at < end and symbols[at] == ANY:
            star, mark = at, position
            at += 1
        elif star >= 0:
            mark += 1
            at, position = star + 1, mark
        else:
            return False
    return all(symbol == ANY for symbol in symbols[at:])


@lru_cache(maxsize=4096)
def _symbols(pattern: tuple[str | int, ...]) -> tuple[str | int, ...]:
    flat: list[str | int] = []
    for piece in pattern:
        flat.extend(piece if isinstance(piece, str) else (piece,))
    return tuple(flat)


def _re(test: Test, value: str) -> bool:
    return regex.compiled(str(test.value), test.flags).found(value)


@lru_cache(maxsize=4096)
def _network(cidr: str) -> IPv4Network | IPv6Network:
    return ip_network(cidr)


def _cidr(test: Test, value: str) -> bool:
    try:
        address = ip_address(value.strip())
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    network = _network(str(test.value))
    return (mapped or address) in network if network.version == 4 else address in network


def number(value: str) -> float | int | None:
    """Decimal, or hexadecimal after 0x; None when it is no number."""
    try:
        return int(value, 0) if value[:2] in ("0x", "0X") else int(value)
    except ValueError:
        pass
    try:
        return float(value)
    except ValueError:
        return None


def _number(compare: Callable[[float, float], bool]) -> Callable[[Test, str], bool]:
    def satisfied(test: Test, value: str) -> bool:
        found = number(value)
        wanted = test.value
        return found is not None and isinstance(wanted, int | float) and compare(found, wanted)

    return satisfied


_COMPARE: dict[str, Callable[[Test, str], bool]] = {
    "equals": _literal(lambda value, wanted: value == wanted),
    "contains": _literal(lambda value, wanted: wanted in value),
    "startswith": _literal(lambda value, wanted: value.startswith(wanted)),
    "endswith": _literal(lambda value, wanted: value.endswith(wanted)),
    "like": _like,
    "re": _re,
    "cidr": _cidr,
    "lt": _number(lambda value, wanted: value < wanted),
    "lte": _number(lambda value, wanted: value <= wanted),
    "gt": _number(lambda value, wanted: value > wanted),
    "gte": _number(lambda value, wanted: value >= wanted),
}
