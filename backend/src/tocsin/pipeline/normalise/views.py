"""The closed list of pure value views that an alias may name."""

from __future__ import annotations

import html
from collections.abc import Callable
from ipaddress import ip_address
from urllib.parse import unquote_plus

from tocsin.pipeline.normalise.windows_views import WINDOWS_VIEWS

View = Callable[[list[str]], str | None]
"""From the text values of the named fields (at least one, in order) to one value, None when there is none."""

_INTEGRITY = {
    "S-1-16-0": "Untrusted",
    "S-1-16-4096": "Low",
    "S-1-16-8192": "Medium",
    "S-1-16-8448": "Medium",
    "S-1-16-12288": "High",
    "S-1-16-16384": "System",
}
_DECODE_ROUNDS = 3


def hex_to_int(values: list[str]) -> str | None:
    """0x1f4 → 500, as Sysmon writes process ids."""
    text = values[0]
    try:
        return str(int(text, 16)) if text[:2] in ("0x", "0X") else text
    except ValueError:
        return text


def integrity_level(values: list[str]) -> str | None:
    """The mandatory label's SID → the word Sysmon uses."""
    return _INTEGRITY.get(values[0].upper(), values[0])


def _hash(name: str) -> View:
    prefix = name + "="

    def view(values: list[str]) -> str | None:
        for part in values[0].split(","):
            if part[: len(prefix)].upper() == prefix:
                return part[len(prefix) :]
        return None

    return view


def domain_user(values: list[str]) -> str | None:
    """(domain, user) → DOMAIN\\user, as Sysmon writes it."""
    if len(values) < 2 or values[0] in ("", "-"):
        return values[-1]
    return f"{values[0]}\\{values[1]}"


def user_part(values: list[str]) -> str | None:
    """DOMAIN\\user or user@domain → user."""
    text = values[0].rpartition("\\")[2]
    return text.partition("@")[0] if "@" in text else text


def domain_part(values: list[str]) -> str | None:
    """DOMAIN\\user or user@domain → domain; None without one."""
    head, slash, _ = values[0].rpartition("\\")
    if slash:
        return head or None
    return values[0].partition("@")[2] or None


def address(values: list[str]) -> str | None:
    """An address as people write it: no zone, no ::ffff: in front of IPv4; None for '-' and ''."""
    text = values[0].strip().strip("[]").partition("%")[0]
    if text.lower().startswith("::ffff:") and "." in text:
        text = text[7:]
    return text if text not in ("", "-", "LOCAL", "localhost") else None


def numeric_address(values: list[str]) -> str | None:
    """An address where the text is one; None for the name of a host or service."""
    shown = address(values)
    try:
        return str(ip_address(shown)) if shown else None
    except ValueError:
        return None


def basename(values: list[str]) -> str | None:
    """The last part of a Windows or POSIX path."""
    return values[0].replace("\\", "/").rpartition("/")[2] or None


def url_decoded(values: list[str]) -> str | None:
    """Percent, plus and HTML-entity encoding undone until it rests, at most three rounds."""
    text = "".join(values)
    for _ in range(_DECODE_ROUNDS):
        decoded = html.unescape(unquote_plus(text, errors="replace"))
        if decoded == text:
            break
        text = decoded
    return text


def uri_path(values: list[str]) -> str | None:
    """What a request line names, without scheme, host and query: http://example.org/a/b?c=d → /a/b."""
    path = _target(values[0]).partition("?")[0].partition("#")[0]
    return path or None


def uri_query(values: list[str]) -> str | None:
    """What follows the first '?'; None without one."""
    return values[0].partition("?")[2] or None


def uri_extension(values: list[str]) -> str | None:
    """The extension of the last part of the path: /a/setup.exe?v=1 → exe."""
    name = (uri_path(values) or "").rpartition("/")[2]
    return name.rpartition(".")[2] if "." in name else None


def url(values: list[str]) -> str | None:
    """(host, request target) of plain HTTP → http://host/target; the target alone where it is a whole URL."""
    target = values[-1]
    return f"http://{values[0]}{target}" if len(values) > 1 and target.startswith("/") else target


def _target(text: str) -> str:
    head, found, rest = text.partition("://")
    if not found or "/" in head or "?" in head:
        return text
    _, slash, path = rest.partition("/")
    return slash + path


def outcome(values: list[str]) -> str | None:
    """(anything, error): Failure where there is an error, else Success."""
    return "Failure" if len(values) > 1 and values[1] else "Success"


def principal_name(values: list[str]) -> str | None:
    """A Kerberos principal without its realm: alice/EXAMPLE.ORG and alice@EXAMPLE.ORG → alice."""
    return values[0].partition("@")[0].partition("/")[0] or None


def principal_realm(values: list[str]) -> str | None:
    """The realm of a Kerberos principal; None without one."""
    return values[0].replace("@", "/").rpartition("/")[2] if "/" in values[0] or "@" in values[0] else None


def first_word(values: list[str]) -> str | None:
    """The program of a command line."""
    return values[0].split(None, 1)[0] if values[0].strip() else None


def joined(values: list[str]) -> str | None:
    """The values with one space between."""
    return " ".join(values)


VIEWS: dict[str, View] = {
    "hex_to_int": hex_to_int,
    "integrity_level": integrity_level,
    "hash_md5": _hash("MD5"),
    "hash_sha1": _hash("SHA1"),
    "hash_sha256": _hash("SHA256"),
    "hash_imphash": _hash("IMPHASH"),
    "domain_user": domain_user,
    "user_part": user_part,
    "domain_part": domain_part,
    "address": address,
    "numeric_address": numeric_address,
    "basename": basename,
    "url_decoded": url_decoded,
    "uri_path": uri_path,
    "uri_query": uri_query,
    "uri_extension": uri_extension,
    "url": url,
    "outcome": outcome,
    "principal_name": principal_name,
    "principal_realm": principal_realm,
    "first_word": first_word,
    "joined": joined,
    **WINDOWS_VIEWS,
}
