"""sudo: who ran what as whom, or was not let."""

from __future__ import annotations

from tocsin.core.event import Fields
from tocsin.pipeline.normalise.parsers.programs.detail import Detail

_NAMES = ("HOST", "TTY", "CHROOT", "PWD", "USER", "GROUP", "TSID", "ENV", "COMMAND")
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
    fields: Fields = {}
    reason, previous = "", ""
    rest, more = text, " "
    while more:
        if rest.startswith("COMMAND="):
            fields["COMMAND"] = rest[8:]
            break
        part, more, rest = rest.partition(" ; ")
        name, equals, value = part.partition("=")
        if equals and name in _NAMES:
            fields[name], previous = value, name
        elif previous and part:
            fields[previous] = f"{fields[previous]} ; {part}"
        elif part:
            reason = f"{reason} ; {part}" if reason else part
    return reason, fields


def _event(reason: str, fields: Fields) -> str:
    for words, event in _REFUSALS:
        if words in reason:
            return event
    if reason:
        return "refused"
    return "command" if "COMMAND" in fields else "session"
