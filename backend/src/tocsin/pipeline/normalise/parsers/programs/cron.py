"""cron and crontab: what ran for whom, and who changed a table."""

from __future__ import annotations

from tocsin.core.event import Fields
from tocsin.pipeline.normalise.parsers.programs.detail import Detail

_EVENTS = {
    "AUTH": "refused",
    "BEGIN EDIT": "edit_begun",
    "CMD": "command",
    "CMDEND": "command_ended",
    "CMDOUT": "output",
    "DELETE": "crontab_deleted",
    "END EDIT": "edit_ended",
    "ERROR": "error",
    "INFO": "info",
    "LIST": "crontab_listed",
    "MAIL": "mail",
    "ORPHAN": "orphan",
    "RELOAD": "crontab_reloaded",
    "REPLACE": "crontab_replaced",
    "STARTUP": "startup",
}


def read(message: str) -> Detail | None:
    """'(root) CMD (command)'"""
    if message[:1] != "(":
        return None
    user, found, rest = message[1:].partition(") ")
    action, _, what = rest.partition(" (")
    event = _EVENTS.get(action.upper())
    if not found or event is None:
        return None
    what = what.removesuffix(")")
    fields: Fields = {"user": user, "action": action}
    if event in ("command", "command_ended"):
        fields["command"] = what
    elif event.startswith(("crontab", "edit")):
        fields["crontab"] = what
    else:
        fields["text"] = what
    return Detail(event, fields)
