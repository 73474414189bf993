"""What happens beside the attacks: a scanner on every host, log-ons through a domain controller and a NAT, daily work."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from hashlib import sha256

from tests.bench.grouping.renaming import DOMAIN_CONTROLLER
from tocsin.core.clock import MINUTE, SECOND, Nanoseconds, iso
from tocsin.core.event import Fields

SCANNER = "10.0.0.66"
SCANNER_ACCOUNT = "svc_scan"
NAT = "10.0.0.77"

_COMMANDS = (
    r"whoami.exe /all", r"net.exe group ""Domain Admins"" /domain", r"ipconfig.exe /all", r"systeminfo.exe",
    r"schtasks.exe /create /tn Backup /tr C:\Tools\backup.cmd /sc daily", r"netsh.exe advfirewall show allprofiles",
    r"net.exe use Z: \\files01\share", r"nltest.exe /dclist:corp.example", r"reg.exe query HKLM\Software",
    r"sc.exe query", r"tasklist.exe /svc", r"quser.exe", r"wmic.exe os get version", r"gpresult.exe /r",
)  # fmt: skip


def scans(hosts: Iterable[str], start: Nanoseconds) -> Iterator[Fields]:
    """A credentialed vulnerability scan: each host twice in the hour, through shares and named pipes."""
    for number, host in enumerate(sorted(hosts)):
        for sweep in (5, 35):
            at = start + sweep * MINUTE + number * 7 * SECOND
            for step, (share, file) in enumerate(_PROBES):
                yield _security(host, at + step * SECOND, 5145, _asked(SCANNER, SCANNER_ACCOUNT, "0x5ca1ab1e")) | {
                    "ObjectType": "File", "ShareName": share, "RelativeTargetName": file, "AccessMask": "0x12019f",
                    "Accesses": "WriteData (or AddFile)", "IpPort": str(40000 + number),
                }  # fmt: skip


_PROBES = ((r"\\*\IPC$", "spoolss"), (r"\\*\IPC$", "svcctl"), (r"\\*\IPC$", "atsvc"), (r"\\*\ADMIN$", "Temp\\scan.tmp"))


def log_ons(people: Iterable[tuple[str, str, str]], start: Nanoseconds) -> Iterator[Fields]:
    """Each (host, user, address) signs in at the domain controller, and from outside through the NAT to its host."""
    for number, (host, user, address) in enumerate(sorted(people)):
        at = start + _minute(user) * MINUTE
        yield _log_on(DOMAIN_CONTROLLER + ".corp.example", at, user, address, f"0xdc{number:04x}")
        yield _log_on(DOMAIN_CONTROLLER + ".corp.example", at + SECOND, f"{host}$", address, f"0xdd{number:04x}")
        if _minute(user) % 2:
            yield _log_on(host, at + 20 * SECOND, user, NAT, f"0xa7{number:04x}")


def work(hosts: Iterable[str], start: Nanoseconds) -> Iterator[Fields]:
    """Each host's helpdesk account runs some of the commands that administrators run."""
    for host in sorted(hosts):
        user = f"CORP\\help_{sha256(host.encode()).hexdigest()[:4]}"
        for step in range(3):
            draw = int(sha256(f"{host}|{step}".encode()).hexdigest()[:8], 16)
            command = _COMMANDS[draw % len(_COMMANDS)]
            yield _process(host, start + (draw % 3600) * SECOND, user, command, f"{host}|{step}")


def _minute(user: str) -> int:
    return int(sha256(user.encode()).hexdigest()[:4], 16) % 55


def _asked(address: str, user: str, session: str) -> Fields:
    return {
        "SubjectUserName": user, "SubjectDomainName": "CORP", "SubjectLogonId": session, "IpAddress": address,
        "SubjectUserSid": "S-1-5-21-1-2-3-1105",
    }  # fmt: skip


def _security(host: str, at: Nanoseconds, event_id: int, fields: Fields) -> Fields:
    return {
        "@timestamp": iso(at), "Hostname": host, "Channel": "Security", "EventID": event_id,
        "SourceName": "Microsoft-Windows-Security-Auditing", **fields,
    }  # fmt: skip


def _log_on(host: str, at: Nanoseconds, user: str, address: str, session: str) -> Fields:
    return _security(host, at, 4624, {
        "TargetUserName": user, "TargetDomainName": "CORP", "TargetLogonId": session, "LogonType": "3",
        "IpAddress": address, "IpPort": "50123", "WorkstationName": "-", "AuthenticationPackageName": "Kerberos",
        "LogonProcessName": "Kerberos", "SubjectUserName": "-", "SubjectDomainName": "-", "SubjectLogonId": "0x0",
    })  # fmt: skip


def _process(host: str, at: Nanoseconds, user: str, command: str, seed: str) -> Fields:
    name = command.partition(" ")[0]
    mark = sha256(seed.encode()).hexdigest()
    return {
        "@timestamp": iso(at), "Hostname": host, "Channel": "Microsoft-Windows-Sysmon/Operational", "EventID": 1,
        "SourceName": "Microsoft-Windows-Sysmon", "UtcTime": iso(at).replace("T", " ").rstrip("Z"), "User": user,
        "Image": f"C:\\Windows\\System32\\{name}", "CommandLine": command, "OriginalFileName": name, "ProcessId": "4242",
        "ProcessGuid": f"{{{mark[:8]}-{mark[8:12]}-{mark[12:16]}-{mark[16:20]}-{mark[20:32]}}}",
        "ParentImage": "C:\\Windows\\System32\\cmd.exe", "ParentCommandLine": "cmd.exe", "ParentProcessId": "4000",
        "ParentProcessGuid": f"{{{mark[32:40]}-{mark[40:44]}-{mark[44:48]}-{mark[48:52]}-{mark[52:64]}}}",
        "LogonId": f"0x{mark[:6]}", "IntegrityLevel": "Medium", "CurrentDirectory": "C:\\",
    }  # fmt: skip
