"""Makes one event of the audit records that belong together, and says what sort of event it is."""

from __future__ import annotations

from collections.abc import Sequence
from posixpath import normpath

from tocsin.core.event import Fields, Json, Kind
from tocsin.pipeline.normalise.parsers.audit_record import AuditRecord

_BESIDE = frozenset(("SYSCALL", "CWD", "PATH", "PROCTITLE", "SOCKADDR", "EOE", "SOCKETCALL", "FD_PAIR", "IPC", "MMAP"))
_CHANGES = {"CREATE": "create", "DELETE": "delete"}
_OPENING = {"open": "a1", "openat": "a2"}
_WRITING = 0o3  # O_WRONLY or O_RDWR
_TRUNCATING = frozenset(("truncate", "creat"))
_GOOD = frozenset(("yes", "success", "1"))


def described(records: Sequence[AuditRecord], fields: Fields) -> Kind:
    """Fills `fields` and returns (type, act, object, outcome).

    A name that stands in several records with different values becomes a list, so that it matches any of them; a0, a1 …
    are the program's arguments where there are any, else the system call's. `records` keeps them apart.
    """
    fields |= _merged(records)
    fields["records"] = [record.fields for record in records]
    types = [record.type for record in records]
    call = str(fields.get("SYSCALL", "")).lower()
    _add_command(records, fields)
    act = call or str(fields.get("op", "")).lower().removeprefix("pam:")
    return (_type(types), act, _object(records, call, fields), _outcome(fields))


def _merged(records: Sequence[AuditRecord]) -> Fields:
    gathered: dict[str, dict[str, None]] = {}
    started = any(record.arguments for record in records)
    for record in records:
        for name, value in record.fields.items():
            if started and record.type == "SYSCALL" and name in ("a0", "a1", "a2", "a3"):
                continue
            for one in value if isinstance(value, list) else (value,):
                gathered.setdefault(name, {})[str(one)] = None
    return {name: _one_or_all(list(found)) for name, found in gathered.items()}


def _one_or_all(found: list[str]) -> Json:
    return found[0] if len(found) == 1 else list[Json](found)


def _add_command(records: Sequence[AuditRecord], fields: Fields) -> None:
    arguments: dict[int, str] = {}
    for record in records:
        arguments |= record.arguments
    if arguments:
        fields["cmdline"] = " ".join(arguments[number] for number in sorted(arguments))
    elif isinstance(fields.get("exe"), str) and "SYSCALL" not in fields:
        fields["program"] = str(fields["exe"]).rpartition("/")[2]


def _type(types: list[str]) -> str:
    """The record that says most: a program started, else what is not a mere part of a system call, else that."""
    if "EXECVE" in types:
        return "execve"
    return next((one for one in types if one not in _BESIDE), types[0] if "SYSCALL" not in types else "SYSCALL").lower()


def _object(records: Sequence[AuditRecord], call: str, fields: Fields) -> str:
    """What the call was about: the family of an address, or what became of a file, whose paths go to `target`."""
    family = fields.get("saddr_fam")
    if isinstance(family, str):
        return family
    paths = [record.fields for record in records if record.type == "PATH" and "name" in record.fields]
    for nametype, change in _CHANGES.items():
        found = [path for path in paths if path.get("nametype") == nametype]
        if found:
            return _target(found, fields, change)
    found = [path for path in paths if path.get("nametype") == "NORMAL"]
    if found and _writes(call, fields):
        return _target(found, fields, "write")
    return ""


def _target(paths: list[Fields], fields: Fields, change: str) -> str:
    cwd = fields.get("cwd")
    inside = cwd if isinstance(cwd, str) else ""
    fields["target"] = _one_or_all(list(dict.fromkeys(_absolute(str(path["name"]), inside) for path in paths)))
    return change


def _absolute(name: str, cwd: str) -> str:
    if name.startswith("/") or not cwd.startswith("/"):
        return name
    return normpath(f"{cwd}/{name}")


def _writes(call: str, fields: Fields) -> bool:
    if call in _TRUNCATING:
        return True
    flags = fields.get(_OPENING.get(call, ""))
    try:
        return isinstance(flags, str) and int(flags[:16], 16) & _WRITING != 0
    except ValueError:
        return "O_WRONLY" in str(flags) or "O_RDWR" in str(flags)


def _outcome(fields: Fields) -> str:
    said = fields.get("success", fields.get("res"))
    if not isinstance(said, str):
        return ""
    return "success" if said.lower() in _GOOD else "failed"
