"""What a disk, a network or an attacker does to a record."""

from __future__ import annotations

import re
from random import Random  # noqa: TID251 - what it makes up is there to be refused

_DIGITS = re.compile(rb"\d+")


def chance(seed: str) -> Random:
    """The same for the same seed, on every machine."""
    return Random(seed)  # noqa: S311 - nothing secret


def mutated(data: bytes, rng: Random, other: bytes) -> bytes:
    """The data changed in one of the ways below; `other` is something to mix in."""
    return rng.choice(_WAYS)(data, rng, other)


def flipped(data: bytes, rng: Random, other: bytes) -> bytes:
    changed = bytearray(data)
    for _ in range(rng.choice((1, 1, 1, 2, 8, 32))):
        changed[rng.randrange(len(changed))] ^= 1 << rng.randrange(8)
    return bytes(changed)


def truncated(data: bytes, rng: Random, other: bytes) -> bytes:
    return data[: rng.randrange(len(data))]


def beheaded(data: bytes, rng: Random, other: bytes) -> bytes:
    return data[rng.randrange(len(data)) :]


def doubled(data: bytes, rng: Random, other: bytes) -> bytes:
    start, end = _stretch(data, rng)
    return data[:end] + data[start:end] * rng.choice((1, 2, 50)) + data[end:]


def cut(data: bytes, rng: Random, other: bytes) -> bytes:
    start, end = _stretch(data, rng)
    return data[:start] + data[end:]


def spliced(data: bytes, rng: Random, other: bytes) -> bytes:
    start, end = _stretch(other, rng)
    place = rng.randrange(len(data))
    return data[:place] + other[start:end] + data[place + rng.choice((0, end - start)) :]


def zeroed(data: bytes, rng: Random, other: bytes) -> bytes:
    start, end = _stretch(data, rng)
    return data[:start] + bytes(end - start) + data[end:]


def littered(data: bytes, rng: Random, other: bytes) -> bytes:
    place = rng.randrange(len(data))
    return data[:place] + rng.choice(_LITTER) + data[place:]


def numbered(data: bytes, rng: Random, other: bytes) -> bytes:
    """Another number where one stands: huge, negative, of another year."""
    found = list(_DIGITS.finditer(data))
    if not found:
        return littered(data, rng, other)
    one = rng.choice(found)
    return data[: one.start()] + rng.choice(_NUMBERS) + data[one.end() :]


def recoded(data: bytes, rng: Random, other: bytes) -> bytes:
    text = data.decode("utf-8", "replace") + rng.choice(("", "é", "\u20ac", "\U0001f600"))
    return text.encode(rng.choice(("utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252", "utf-7")), "replace")


def _stretch(data: bytes, rng: Random) -> tuple[int, int]:
    start = rng.randrange(len(data))
    return start, min(len(data), start + rng.choice((1, 2, 10, 100, 1000)))


_NUMBERS = (
    b"0", b"-1", b"9" * 20, b"9" * 400, b"-" + b"9" * 30, b"1e999", b"1.5", b"NaN", b"4102444800", b"4102444800000",
    b"253402300800", b"0x7fffffff", b"99999999999999999999.9", b"1601", b"2099", b"13", b"32", b"61", b"",
)  # fmt: skip
_LITTER = (
    b"\0", b"\0" * 600, b"\n", b"\r\n", b"\r", b"\xff", b"\xc3", b"\xed\xa0\x80", b"\xef\xbb\xbf", b"\xe2\x80\xa8", b"\x1b[2J",
    b'"', b"\\", b"'", b"{", b"}", b"[", b"]", b",", b":", b"=", b"<", b">", b"&", b"%", b"\t", b"\\u0000", b"\\ud800", b"%00",
    b"{" * 200, b"[" * 2000, b'{"a":' * 100, b'"a":1,"a":2,', b"x" * 70_000, b"<Event ", b"</Event>", b"<!DOCTYPE a>", b"&lol;",
    b"null", b"\\x", b" msg=audit(", b"**\0\0", b"#fields\t", b"-- \n", b"(" * 500, b"a=" * 500,
)  # fmt: skip
_WAYS = (flipped, truncated, beheaded, doubled, cut, spliced, zeroed, littered, littered, numbered, recoded)
