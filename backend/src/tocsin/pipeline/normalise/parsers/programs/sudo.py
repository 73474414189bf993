"""sudo: who ran what as whom, or was not let."""

from __future__ import annotations

from tocsin.core.event import Fields
from tocsin.pipeline.normalise.parsers.programs.detail import Detail

_NAMES = ("HOST", "TTY", "CHROOT", "PWD", "USER", "GROUP", "TSID", "ENV")
_REFUSALS = (
    ("incorrect password attempt", "incorrect_password"),
    ("user NOT in sudoers", "not_in_sudoers"),
    ("user NOT authorized on host", "not_authorized"),
    ("command not allowed", "not_allowed"),
    ("a password is required", "password_required"),
    ("no tty present", "password_required"),
    ("unknown user", "unknown_user"),
)


def read(message: str) -> Detail | None:
    """'bob : TTY=pts/0 ; PWD=/home/bob ; USER=root ; COMMAND=/usr/bin/id', perhaps with a reason before TTY."""
    user, found, rest = message.partition(" : ")
    if not found or " " in user:
        return None
    reason, fields = _settings(rest)
    if not fields:
        return None
    said: Fields = {"user": user, **fields}
    if reason:
        said["reason"] = reason
    return Detail(_event(reason, fields), said)


def _settings(text: str) -> tuple[str, Fields]:
    """PWD names a directory, whose name anyone can choose: a part that names nothing belongs to the one before it,
    the last USER before the COMMAND counts, and COMMAND takes all the rest."""
    head, found, command = _command(text)
    gathered: dict[str, list[str]] = {"": []}
    into = gathered[""]
    for part in head.split(" ; "):
        name, equals, value = part.partition("=")
        if equals and name in _NAMES:
            into = gathered[name] = [value]
        elif part:
            into.append(part)
    reason = " ; ".join(gathered.pop(""))
    fields: Fields = {name: " ; ".join(parts) for name, parts in gathered.items()}
    if found:
        fields["COMMAND"] = command
    return reason, fields


def _command(text: str) -> tuple[str, bool, str]:
    if text.startswith("COMMAND="):
        return "", True, text[8:]
    head, found, command = text.partition(" ; COMMAND=")
    return head, bool(found), command


def _event(reason: str, fields: Fields) -> str:
    for words, event in _REFUSALS:
        if words in reason:
            return event
    if reason:
        return "refused"
    return "command" if "COMMAND" in fields else "session"
