"""su, in the words of util-linux, shadow and BSD."""

from __future__ import annotations

from tocsin.core.event import Fields
from tocsin.pipeline.normalise.parsers.programs.detail import Detail


def read(message: str) -> Detail | None:
    """None for what is not about changing to another user."""
    failed = message.startswith(("FAILED ", "BAD "))
    text = message
    for start in ("FAILED ", "BAD ", "Successful ", "SU ", "su "):
        text = text.removeprefix(start)
    event = "su_failed" if failed else "su"
    for reader in (_util_linux, _shadow_words, _shadow_signs, _bsd):
        fields = reader(text)
        if fields is not None:
            return Detail("su_failed" if fields.pop("failed", False) else event, fields)
    return None


def _util_linux(text: str) -> Fields | None:
    """'(to root) bob on pts/0'"""
    if not text.startswith("(to "):
        return None
    target, found, rest = text[4:].partition(") ")
    user, _, tty = rest.partition(" on ")
    return _said(user, target, tty) if found else None


def _shadow_words(text: str) -> Fields | None:
    """'for root by bob'"""
    if not text.startswith("for "):
        return None
    target, found, user = text[4:].partition(" by ")
    return _said(user, target, "") if found else None


def _shadow_signs(text: str) -> Fields | None:
    """'+ /dev/pts/0 bob:root', or '-' where it failed"""
    sign, _, rest = text.partition(" ")
    tty, _, users = rest.partition(" ")
    user, found, target = users.partition(":")
    if sign not in ("+", "-") or not found:
        return None
    fields = _said(user, target, tty)
    fields["failed"] = sign == "-"
    return fields


def _bsd(text: str) -> Fields | None:
    """'bob to root on /dev/ttyp0'"""
    words = text.split(" ")
    if len(words) != 5 or words[1] != "to" or words[3] != "on":
        return None
    return _said(words[0], words[2], words[4])


def _said(user: str, target: str, tty: str) -> Fields:
    fields: Fields = {"user": user, "target_user": target}
    if tty and tty != "none":
        fields["tty"] = tty
    return fields
