"""login on a console, and systemd-logind's sessions."""

from __future__ import annotations

from tocsin.core.event import Fields
from tocsin.pipeline.normalise.parsers.programs.detail import Detail


def read(message: str) -> Detail | None:
    """None for what is not about a log-in."""
    for start, reader in (
        ("FAILED LOGIN ", _failed),
        ("LOGIN ON ", _login),
        ("ROOT LOGIN ", _root_login),
        ("New session ", _new_session),
        ("Removed session ", _removed_session),
    ):
        if message.startswith(start):
            return reader(message[len(start) :])
    return None


def _failed(text: str) -> Detail | None:
    """ "(1) on '/dev/tty1' FOR 'root', Authentication failure": the last comma ends the name"""
    place, found, rest = text.partition(" FOR ")
    if not found:
        place, found, rest = text.partition(" FROM ")
    user, comma, reason = rest.rpartition(", ")
    if not found or not comma:
        return None
    return Detail("login_failed", {"user": _bare(user), "reason": reason, **_tty(place)})


def _login(text: str) -> Detail | None:
    """'tty1 BY bob', perhaps with ' FROM host'"""
    tty, found, user = text.partition(" BY ")
    if not found:
        return None
    user, _, host = user.partition(" FROM ")
    fields: Fields = {"user": user, "tty": tty}
    if host:
        fields["src_host"] = host
    return Detail("login", fields)


def _root_login(text: str) -> Detail | None:
    """ " on '/dev/tty1'" or 'ON tty1'"""
    return Detail("login", {"user": "root", **_tty(text)})


def _tty(text: str) -> Fields:
    for word in (" on ", "on ", "ON "):
        _, found, tty = text.partition(word)
        if found:
            return {"tty": _bare(tty.partition(" FROM ")[0])}
    return {}


def _new_session(text: str) -> Detail | None:
    """'5 of user bob.'; newer ones add the class and the type of the session"""
    session, found, rest = text.partition(" of user ")
    if not found:
        return None
    user = rest.partition(" with class ")[0].rstrip(".").strip("'")
    return Detail("session_new", {"session": session.strip("'"), "user": user})


def _removed_session(text: str) -> Detail | None:
    return Detail("session_removed", {"session": text.rstrip(".").strip("'")})


def _bare(text: str) -> str:
    return text.strip().strip("'`\u2018\u2019")
