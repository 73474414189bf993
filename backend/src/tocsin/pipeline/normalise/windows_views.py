"""The value views that only Windows needs: what Security writes, as Sysmon writes it."""

from __future__ import annotations

import re
from collections.abc import Callable

View = Callable[[list[str]], str | None]

_ABSENT = frozenset({"", "-"})
_DIGESTS = {32: "MD5", 40: "SHA1", 64: "SHA256"}
_SERVICE_ACCOUNTS = {
    "S-1-5-18": "NT AUTHORITY\\SYSTEM",
    "S-1-5-19": "NT AUTHORITY\\LOCAL SERVICE",
    "S-1-5-20": "NT AUTHORITY\\NETWORK SERVICE",
}
_SERVICE_SESSIONS = {"0x3e7": "S-1-5-18", "0x3e5": "S-1-5-19", "0x3e4": "S-1-5-20"}
_CONTROL_SET = re.compile(r"(?i)\A\\REGISTRY\\MACHINE\\SYSTEM\\ControlSet\d{3}(?=\\|\Z)")
_HIVES = (("\\REGISTRY\\MACHINE", "HKLM"), ("\\REGISTRY\\USER", "HKU"))
_DWORD, _QWORD, _BINARY = (
    frozenset({"%%1876", "reg_dword"}),
    frozenset({"%%1883", "reg_qword"}),
    frozenset({"%%1875", "reg_binary"}),
)
_PIPELINE_DETAILS = ("CommandInvocation(", "ParameterBinding(", "NonTerminatingError(", "TerminatingError(")
_CONTEXT_WORDS = {
    "CommandName": "Command Name",
    "CommandPath": "Command Path",
    "CommandType": "Command Type",
    "EngineVersion": "Engine Version",
    "HostApplication": "Host Application",
    "HostId": "Host ID",
    "HostName": "Host Name",
    "HostVersion": "Host Version",
    "PipelineId": "Pipeline ID",
    "RunspaceId": "Runspace ID",
    "ScriptName": "Script Name",
    "SequenceNumber": "Sequence Number",
    "UserId": "User",
}
_CONTEXT_NAME = re.compile(r"(?m)^([ \t]{0,64})(" + "|".join(_CONTEXT_WORDS) + ")=")
_CONTEXT_BEGINS = re.compile(r"(?m)(?:^|[ \t])DetailSequence=\d")
_CONTEXT_ENDS = re.compile(r"(?m)^[ \t]{0,64}CommandLine=")
_SYSTEM_FOLDER = re.compile(
    r"(?i)\A\\device\\harddiskvolume\d{1,4}\\(?=(?:windows|users|programdata|program files|program files \(x86\))(?:\\|\Z))"
)
_LONGEST_CONTEXT = 1 << 16
_CONTEXT_USER = re.compile(r"User(?:Id)? ?= ?([^\r\n]{1,256})")
_ANSWER_TYPE = re.compile(r"\Atype: {1,4}\d{1,5} ")
_RESOURCE = re.compile(r"(?:container)?file:_([^;]+)")
_SSHD = re.compile(
    r"(?P<verdict>Accepted|Failed|Invalid) (?:(?P<method>[a-z-]{1,40})(?:/[a-z-]{1,40})? for )?(?:invalid )?(?:user )?"
    r"(?P<user>.{0,256}?) from (?P<address>[0-9A-Fa-f.:%]{2,60}) port (?P<port>\d{1,5})"
)


def first(values: list[str]) -> str | None:
    """The first alternative that says something."""
    return next((value for value in values if value not in _ABSENT), None)


def hashes(values: list[str]) -> str | None:
    """Bare digests → MD5=…,SHA1=…,SHA256=…, as Sysmon writes them."""
    named = (f"{name}={value}" for value in values if (name := _DIGESTS.get(len(value))))
    return ",".join(named) or None


def sid(values: list[str]) -> str | None:
    """A SID; None for the null SID, which is nobody's."""
    return None if values[0] in {"", "-", "S-1-0-0"} else values[0]


def unless_zero(values: list[str]) -> str | None:
    """A number, 0x1f4 → 500; None for zero, which stands for no process and no session."""
    number = _unsigned(values[0])
    return None if number is None or number == 0 else str(number)


def logon_id(values: list[str]) -> str | None:
    """0x5A3C1 → 0x5a3c1, the same whoever wrote it; None for zero, which is no session."""
    number = _unsigned(values[0])
    return None if number is None or number == 0 else hex(number)


def dns_answers(values: list[str]) -> str | None:
    """`type:  5 edge.example.net;::ffff:192.0.2.1;` → `edge.example.net 192.0.2.1`."""
    answers = (_ANSWER_TYPE.sub("", part.strip()) for part in values[0].split(";"))
    return " ".join(answer.removeprefix("::ffff:") for answer in answers if answer not in _ABSENT) or None


def defender_path(values: list[str]) -> str | None:
    """`containerfile:_C:\\a.zip; file:_C:\\a.zip->b.exe` → `C:\\a.zip`: the first resource, where it is a file."""
    found = _RESOURCE.match(values[0])
    return found[1] if found else None


def guid(values: list[str]) -> str | None:
    """{5770385F-C22A-…} → 5770385f-c22a-…, the same whoever wrote it."""
    return values[0].strip("{}").lower() or None


def account(values: list[str]) -> str | None:
    """(SID, domain, user) once or more → DOMAIN\\user of the first that names anybody, as Sysmon writes it.

    Security names the machine's account where Sysmon says NT AUTHORITY\\SYSTEM or NT AUTHORITY\\NETWORK SERVICE.
    """
    for at in range(0, len(values) - 2, 3):
        sid, domain, user = values[at : at + 3]
        if sid in _SERVICE_ACCOUNTS:
            return _SERVICE_ACCOUNTS[sid]
        if user not in _ABSENT:
            return user if domain in _ABSENT else f"{domain}\\{user}"
    return None


def session_account(values: list[str]) -> str | None:
    """(log-on id, SID, domain, user) once or more → the account; the services' sessions have fixed ids and often no SID."""
    for at in range(0, len(values) - 3, 4):
        session, sid, domain, user = values[at : at + 4]
        found = account([_SERVICE_SESSIONS.get(session.lower(), sid), domain, user])
        if found:
            return found
    return None


def session(values: list[str]) -> str | None:
    """The first log-on id that is one, as it is written: 0x0 is none."""
    return next((value for value in values if value not in _ABSENT and value != "0x0"), None)


def _only_of(kind: str) -> View:
    """(type of object, anything) → the second, when the object is of this type."""

    def view(values: list[str]) -> str | None:
        return values[1] if len(values) == 2 and values[0].lower() == kind and values[1] not in _ABSENT else None

    return view


def drive_path(values: list[str]) -> str | None:
    """\\device\\harddiskvolume3\\windows\\… → C:\\windows\\…, for the folders that the system's volume has; as it is else."""
    return _SYSTEM_FOLDER.sub(lambda _: "C:\\", values[0]) or None


def registry_path(values: list[str]) -> str | None:
    """(\\REGISTRY\\MACHINE\\SYSTEM\\ControlSet001\\x, value name) → HKLM\\System\\CurrentControlSet\\x\\value name."""
    key = _CONTROL_SET.sub(lambda _: "HKLM\\System\\CurrentControlSet", values[0])
    for native, short in _HIVES:
        if key[: len(native)].upper() == native:
            key = short + key[len(native) :]
    return f"{key}\\{values[1]}" if len(values) > 1 and values[1] not in _ABSENT else key or None


def registry_details(values: list[str]) -> str | None:
    """(type, new value) → DWORD (0x00000001), QWORD (0x00000000-0x00000001), Binary Data or the text, as Sysmon does."""
    if len(values) < 2:
        return None
    kind, value = values[0].lower(), values[1]
    if kind in _BINARY:
        return "Binary Data"
    if kind in _DWORD | _QWORD and (number := _unsigned(value)) is not None:
        high, low = number >> 32, number & 0xFFFFFFFF
        return f"QWORD (0x{high:08x}-0x{low:08x})" if kind in _QWORD else f"DWORD (0x{low:08x})"
    return None if value in _ABSENT else value


def status_of_code(values: list[str]) -> str | None:
    """An NT or Kerberos status → Success for zero, else Failure."""
    number = _unsigned(values[0])
    return None if number is None else "Failure" if number else "Success"


def share_path(values: list[str]) -> str | None:
    """(\\\\*\\C$, Temp\\a.exe) → \\\\*\\C$\\Temp\\a.exe."""
    return "\\".join(value.rstrip("\\") for value in values if value not in _ABSENT) or None


def common_name(values: list[str]) -> str | None:
    """CN=Ada Lovelace,OU=People,… → Ada Lovelace."""
    first = values[0].replace("\\,", "\0").partition(",")[0].replace("\0", ",")
    return first[3:] or None if first[:3].upper() == "CN=" else None


def pipeline_details(values: list[str]) -> str | None:
    """Of a PowerShell pipeline event's data or message, what it ran: CommandInvocation(…) and what follows."""
    return values[0][_details_at(values[0]) :] or None


def pipeline_context(values: list[str]) -> str | None:
    """Of a PowerShell pipeline event's data or message, the context, worded as event 4103 words it: HostApplication=x →
    Host Application = x. The command, which stands before it and at its end, is no part of it: nor is it in 4103's, and
    whoever wrote it would else say what the context is."""
    begins = _CONTEXT_BEGINS.search(values[0])
    context = values[0][begins.start() :] if begins else values[0]
    ends = _CONTEXT_ENDS.search(context)
    context = context[: ends.start()] if ends else context[: _details_at(context)]
    return _CONTEXT_NAME.sub(lambda name: f"{name[1]}{_CONTEXT_WORDS[name[2]]} = ", context) or None


def context_user(values: list[str]) -> str | None:
    """Of a PowerShell event's context, who ran it: `User = DOMAIN\\user`, `UserId=DOMAIN\\user` on a line of its own."""
    context = values[0][:_LONGEST_CONTEXT]
    for found in _CONTEXT_USER.finditer(context):
        if not context[context.rfind("\n", 0, found.start()) + 1 : found.start()].strip():
            return found[1].strip() or None
    return None


def _details_at(pipeline: str) -> int:
    return min((at for mark in _PIPELINE_DETAILS if (at := pipeline.find(mark)) >= 0), default=len(pipeline))


def _sshd(part: str) -> View:
    def view(values: list[str]) -> str | None:
        found = _SSHD.search(values[0][:1024])
        return found[part] or None if found else None

    return view


def sshd_status(values: list[str]) -> str | None:
    """Accepted … → Success; Failed … and Invalid … → Failure."""
    found = _SSHD.search(values[0][:1024])
    return None if found is None else "Success" if found["verdict"] == "Accepted" else "Failure"


def _unsigned(text: str) -> int | None:
    if len(text) > 20:
        return None
    try:
        return int(text, 16 if text[:2].lower() == "0x" else 10) & 0xFFFFFFFFFFFFFFFF
    except ValueError:
        return None


WINDOWS_VIEWS: dict[str, View] = {
    "first": first,
    "hashes": hashes,
    "sid": sid,
    "unless_zero": unless_zero,
    "logon_id": logon_id,
    "dns_answers": dns_answers,
    "defender_path": defender_path,
    "guid": guid,
    "account": account,
    "session_account": session_account,
    "session": session,
    "if_process": _only_of("process"),
    "if_file": _only_of("file"),
    "if_key": _only_of("key"),
    "drive_path": drive_path,
    "registry_path": registry_path,
    "registry_details": registry_details,
    "status_of_code": status_of_code,
    "share_path": share_path,
    "common_name": common_name,
    "pipeline_details": pipeline_details,
    "pipeline_context": pipeline_context,
    "context_user": context_user,
    "sshd_user": _sshd("user"),
    "sshd_address": _sshd("address"),
    "sshd_port": _sshd("port"),
    "sshd_status": sshd_status,
}
