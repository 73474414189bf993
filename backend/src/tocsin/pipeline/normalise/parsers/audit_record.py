"""Reads one audit record: its values decoded, and names for what the kernel only numbers."""

from __future__ import annotations

from typing import NamedTuple

from tocsin.core.event import Fields, Json
from tocsin.pipeline.normalise.parsers.audit_values import Value, arguments, meant, socket_address, values
from tocsin.pipeline.normalise.parsers.syscalls import machine_name, syscall_name

_NUMBERED = {
    "1100": "USER_AUTH", "1112": "USER_LOGIN", "1300": "SYSCALL", "1302": "PATH", "1305": "CONFIG_CHANGE",
    "1306": "SOCKADDR", "1307": "CWD", "1309": "EXECVE", "1319": "TTY", "1320": "EOE", "1325": "NETFILTER_CFG",
    "1326": "SECCOMP", "1327": "PROCTITLE", "1330": "KERN_MODULE", "1334": "BPF", "1400": "AVC",
    "1403": "MAC_POLICY_LOAD", "1404": "MAC_STATUS", "1700": "ANOM_PROMISCUOUS", "1701": "ANOM_ABEND",
}  # fmt: skip


class AuditRecord(NamedTuple):
    """One record of an event."""

    type: str
    fields: Fields
    arguments: dict[int, str]
    """Of EXECVE; empty for others."""


def read_record(type_name: str, body: str, *, encoded: bool) -> AuditRecord:
    """`encoded` is False for what ausearch has interpreted already."""
    type_name = _NUMBERED.get(type_name, type_name)
    given = list(values(body))
    fields: Fields = {"type": type_name}
    if type_name in ("AVC", "USER_AVC"):
        _access(body, fields)
    if type_name == "EXECVE":
        found = arguments(given, encoded=encoded)
        fields |= {f"a{number}": argument for number, argument in found.items()}
        given = [value for value in given if value.name == "argc"]
    else:
        found = {}
    for value in given:
        said = meant(value, encoded=encoded and not _is_number(type_name, value))
        if said is not None:
            _add(fields, value.name, said)
    if type_name == "SYSCALL":
        _name_call(fields)
    saddr = fields.get("saddr")
    if isinstance(saddr, str):
        fields |= socket_address(saddr)
    return AuditRecord(type_name, fields, found)


def _add(fields: Fields, name: str, said: str | list[str]) -> None:
    """What the kernel wrote stands before what a program wrote and counts; only keys may be several."""
    before = fields.get(name)
    if before is None:
        fields[name] = said if isinstance(said, str) else list[Json](said)
    elif name == "key":
        fields[name] = [
            *(before if isinstance(before, list) else [before]),
            *([said] if isinstance(said, str) else said),
        ]


def _is_number(type_name: str, value: Value) -> bool:
    """Of a system call only these are text; the rest are numbers, which look encoded."""
    return type_name == "SYSCALL" and value.name not in ("comm", "exe", "key")


def _name_call(fields: Fields) -> None:
    arch, number = str(fields.get("arch", "")), str(fields.get("syscall", ""))
    name = number if not number.isdigit() else syscall_name(arch, number)
    if name:
        fields.setdefault("SYSCALL", name)
    machine = machine_name(arch)
    if machine:
        fields.setdefault("ARCH", machine)


def _access(body: str, fields: Fields) -> None:
    """'avc:  denied  { read write } for  pid=…'"""
    head, found, rest = body.partition("{ ")
    permissions, closed, _ = rest.partition(" }")
    words = head.split()
    if found and closed and len(words) >= 2 and words[-2].endswith("avc:"):
        fields["seresult"] = words[-1]
        fields["seperms"] = permissions
