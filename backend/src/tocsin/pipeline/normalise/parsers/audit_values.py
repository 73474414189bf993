"""Splits the body of an audit record into its values and undoes their encoding."""

from __future__ import annotations

import re
from collections.abc import Iterator
from ipaddress import IPv4Address, IPv6Address
from typing import NamedTuple

_VALUE = re.compile(r"(?<![A-Za-z0-9_-])([A-Za-z0-9_-]{1,64}(?:\[\d{1,9}\])?)=(\"[^\"]*\"|[^ \x1d]*)")
_NESTED = " msg='"
_HEX = re.compile(r"(?:[0-9A-Fa-f]{2})+")
_ARGUMENT = re.compile(r"a(\d{1,6})(?:\[(\d{1,6})\])?")
_ENCODED = frozenset(
    ("acct", "cgroup", "cmd", "comm", "cwd", "data", "device", "dir", "exe", "file", "key", "name", "new-disk", "ocomm",
     "old-disk", "path", "proctitle", "root_dir", "vm", "vm-ctx", "watch")
)  # fmt: skip
_UNSET = frozenset(("", "?", "(null)", "(none)", "{"))
_FAMILIES = {1: "local", 2: "inet", 10: "inet6", 16: "netlink", 17: "packet"}


class Value(NamedTuple):
    """One name=value, as it stands; nested ones inside msg='…' follow those around them."""

    name: str
    text: str
    quoted: bool


def values(body: str) -> Iterator[Value]:
    """In order. What auditd adds in its enriched format, behind a group separator, is read like the rest."""
    start = body.find(_NESTED)
    if body.startswith(_NESTED[1:]):
        start = -1
        yield from _nested(body, len(_NESTED) - 1)
    elif start < 0:
        yield from _plain(body)
    else:
        yield from _plain(body[:start])
        yield from _nested(body, start + len(_NESTED))


def _nested(body: str, start: int) -> Iterator[Value]:
    end = body.find("'\x1d", start)
    end = body.rfind("'", start) if end < 0 else end
    end = len(body) if end < 0 else end
    yield from _plain(body[start:end])
    yield from _plain(body[end + 1 :])


def _plain(body: str) -> Iterator[Value]:
    matches = list(_VALUE.finditer(body))
    for position, found in enumerate(matches):
        name, text = found.groups()
        if text[:1] == '"':
            yield Value(name, text.strip('"'), quoted=True)
            continue
        # "op=adding user acct=…", and what ausearch interprets: words without a name belong to the one before
        until = matches[position + 1].start() if position + 1 < len(matches) else len(body)
        more = body[found.end() : until].partition("\x1d")[0].strip(" :}")
        whole = f"{text} {more}" if more and text else text
        # before 2011 the nested part had brackets and commas: (hostname=?, addr=?, terminal=ssh res=failed)
        whole = whole.rstrip(", ")
        yield Value(name, whole if "(" in whole else whole.rstrip(")"), quoted=False)


def meant(value: Value, *, encoded: bool) -> str | list[str] | None:
    """What a value says: text that could hold anything is written in hexadecimal; None where nothing is said.

    `encoded` is False for what ausearch has interpreted already.
    """
    if value.text in _UNSET:
        return None
    if value.quoted:
        return value.text
    if encoded and value.name in _ENCODED and _HEX.fullmatch(value.text):
        decoded = bytes.fromhex(value.text)
        if value.name == "key" and b"\x01" in decoded:
            return _text(decoded).split("\x01")
        return _text(decoded.rstrip(b"\0").replace(b"\0", b" ") if value.name == "proctitle" else decoded)
    return value.text


def arguments(given: list[Value], *, encoded: bool) -> dict[int, str]:
    """Of EXECVE: number → argument. Long ones come in pieces: a2[0]=… a2[1]=…"""
    pieces: dict[int, list[tuple[int, bytes]]] = {}
    for value in given:
        found = _ARGUMENT.fullmatch(value.name)
        if found is None:
            continue
        plain = value.quoted or not encoded or not _HEX.fullmatch(value.text)
        data = value.text.encode("utf-8", "replace") if plain else bytes.fromhex(value.text)
        pieces.setdefault(int(found[1]), []).append((int(found[2] or 0), data))
    return {number: _text(b"".join(data for _, data in sorted(parts))) for number, parts in sorted(pieces.items())}


def socket_address(saddr: str) -> dict[str, str]:
    """saddr_fam, laddr, lport or path, as ausearch names them; {} for what is no socket address."""
    if not _HEX.fullmatch(saddr) or len(saddr) < 4:
        return {}
    data = bytes.fromhex(saddr)
    family = int.from_bytes(data[:2], "little")
    found = {"saddr_fam": _FAMILIES.get(family, str(family))}
    if family == 2 and len(data) >= 8:
        found |= {"laddr": str(IPv4Address(data[4:8])), "lport": str(int.from_bytes(data[2:4]))}
    elif family == 10 and len(data) >= 24:
        found |= {"laddr": _six(data[8:24]), "lport": str(int.from_bytes(data[2:4]))}
    elif family == 1 and len(data) > 2:
        # an abstract name begins with NUL, shown as ss shows it
        name = b"@" + data[3:] if data[2] == 0 else data[2:]
        found["path"] = _text(name.partition(b"\0")[0])
    return found


def _six(data: bytes) -> str:
    address = IPv6Address(data)
    return str(address.ipv4_mapped or address)


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace")
