"""The shadow tools: accounts and groups made, changed, locked and removed."""

from __future__ import annotations

from tocsin.core.event import Fields
from tocsin.pipeline.normalise.parsers.programs.detail import Detail, settings_in

_NEW_USER = ("name", "UID", "GID", "home", "shell", "from")
_NEW_GROUP = ("name", "GID")


def read(message: str) -> Detail | None:
    """useradd, usermod, userdel, groupadd, passwd, gpasswd, chage, chfn, chsh."""
    for start, event, names in (
        ("new user: ", "user_added", _NEW_USER),
        ("new group: ", "group_added", _NEW_GROUP),
        ("failed adding user ", "user_refused", ()),
    ):
        if message.startswith(start):
            rest = message[len(start) :]
            return Detail(event, settings_in(rest, names, ", ") if names else {"name": _quoted(rest)})
    words = message.split(" ", 2)
    return _member(message, words) or _changed(words) or _deleted(words) or _password(message)


def _member(message: str, words: list[str]) -> Detail | None:
    """'add 'bob' to group 'sudo'', 'user bob added by root to group sudo'"""
    if words[0] in ("add", "delete") and (" group " in message):
        verb = "from" if words[0] == "delete" else "to"
        user, found, rest = message[len(words[0]) + 1 :].partition(f" {verb} ")
        if not found:
            return None
        event = "group_member_added" if verb == "to" else "group_member_removed"
        shadow = rest.startswith("shadow ")
        fields: Fields = {"user": _quoted(user), "group": _quoted(rest.rpartition("group ")[2])}
        return Detail(f"{event}_shadow" if shadow else event, fields)
    if words[0] != "user":
        return None
    for verb, event in ((" added by ", "group_member_added"), (" removed by ", "group_member_removed")):
        user, found, rest = message[5:].partition(verb)
        if found:
            by, _, group = rest.partition(" to group " if "added" in verb else " from group ")
            return Detail(event, {"user": user, "by_user": by, "group": group})
    return None


def _changed(words: list[str]) -> Detail | None:
    """'change user 'bob' password', 'lock user 'bob' password', 'changed user 'bob' shell to '/bin/sh''"""
    if words[0] not in ("change", "changed", "lock", "unlock") or len(words) < 3 or words[1] != "user":
        return None
    user, _, what = words[2].partition("' ")
    event = {"lock": "user_locked", "unlock": "user_unlocked"}.get(words[0], "user_changed")
    return Detail(event, {"user": _quoted(user), "change": what})


def _deleted(words: list[str]) -> Detail | None:
    """'delete user 'bob'', 'removed group 'bob' owned by 'bob''"""
    if words[0] not in ("delete", "removed", "remove") or len(words) < 3:
        return None
    name = _quoted(words[2])
    if words[1] == "user":
        return Detail("user_removed", {"user": name})
    if words[1] == "group":
        return Detail("group_removed", {"group": name})
    return None


def _password(message: str) -> Detail | None:
    """'password for 'bob' changed by 'root'', 'changed password expiry for bob'"""
    expiry = "changed password expiry for "
    if message.startswith(expiry):
        return Detail("user_changed", {"user": message[len(expiry) :], "change": "password expiry"})
    if not message.startswith("password for "):
        return None
    user, found, by = message[len("password for ") :].partition(" changed by ")
    if not found:
        return None
    return Detail("password_changed", {"user": user.strip("'"), "by_user": by.strip("'")})


def _quoted(text: str) -> str:
    """What stands between the first quotes, else the first word."""
    if text[:1] in ("'", "`"):
        return text[1:].partition("'")[0]
    return text.partition(" ")[0].strip("',")
