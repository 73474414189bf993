"""What one message says, and the small readings that many programs' messages share."""

from __future__ import annotations

from typing import NamedTuple

from tocsin.core.event import Fields

_ADDRESS = frozenset("0123456789abcdefABCDEF.:")


class Detail(NamedTuple):
    """An event of a program, in the program's own words."""

    event: str
    fields: Fields


class Endpoint(NamedTuple):
    """What stood before '<address> port <number>', and the two."""

    head: str
    address: str
    port: str


def endpoint_at_end(text: str) -> Endpoint | None:
    """Read from the right end, because what stands before may be chosen by the other side."""
    words = text.rsplit(" ", 3)
    if len(words) == 3:
        words = ["", *words]
    if len(words) != 4 or words[2] != "port" or not is_number(words[3]) or not words[1]:
        return None
    return Endpoint(words[0], words[1], words[3])


def is_number(text: str) -> bool:
    """A decimal number that a port, process or counter can have."""
    return text.isascii() and text.isdigit() and len(text) <= 10


def peer(address: str, port: str = "") -> Fields:
    """src_ip or src_host, whichever it is, and src_port."""
    name = "src_ip" if is_address(address) else "src_host"
    fields: Fields = {name: address}
    if port:
        fields["src_port"] = port
    return fields


def is_address(text: str) -> bool:
    """Looks like an IPv4 or IPv6 address; a zone after % is allowed."""
    head = text.partition("%")[0]
    return ("." in head or ":" in head) and _ADDRESS.issuperset(head) and not head.startswith(".")


def settings_in(text: str, names: tuple[str, ...], between: str) -> Fields:
    """name=value pairs in the one order in which a program writes them; the last takes the rest.

    Each name is looked for behind the one before, so no value can pose as a name already read. Only names at the end
    of `names` may be absent.
    """
    fields: Fields = {}
    rest = between + text
    previous = ""
    for name in names:
        value, found, behind = rest.partition(f"{between}{name}=")
        if not found:
            break
        if previous:
            fields[previous] = value
        previous, rest = name, behind
    if previous:
        fields[previous] = rest
    return fields
