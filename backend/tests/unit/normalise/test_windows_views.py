"""What Security writes is shown as Sysmon writes it, and what says nothing is shown as nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.pipeline.normalise.windows_views import WINDOWS_VIEWS


@pytest.mark.parametrize(
    ("view", "values", "shown"),
    [
        ("first", ["-", "", "a", "b"], "a"),
        ("first", ["-"], None),
        ("hashes", ["0" * 32, "1" * 64, "short"], "MD5=" + "0" * 32 + ",SHA256=" + "1" * 64),
        ("hashes", ["short"], None),
        ("sid", ["S-1-0-0"], None),
        ("sid", ["S-1-5-18"], "S-1-5-18"),
        ("unless_zero", ["0x1018"], "4120"),
        ("unless_zero", ["4120"], "4120"),
        ("unless_zero", ["0x0"], None),
        ("unless_zero", ["-"], None),
        ("logon_id", ["0x5A3C1"], "0x5a3c1"),
        ("logon_id", ["0x0"], None),
        (
            "dns_answers",
            ["type:  5 edge.example.net;::ffff:192.0.2.1;2001:db8::1;"],
            "edge.example.net 192.0.2.1 2001:db8::1",
        ),
        ("dns_answers", ["-"], None),
        ("dns_answers", [";;"], None),
        ("defender_path", ["containerfile:_C:\\a.zip; file:_C:\\a.zip->b.exe"], "C:\\a.zip"),
        ("defender_path", ["regkey:_HKLM\\x"], None),
        ("guid", ["{9D3C1F02-51AC-6922-7C01-000000000A00}"], "9d3c1f02-51ac-6922-7c01-000000000a00"),
        ("guid", ["{}"], None),
        ("account", ["S-1-5-18", "CORP", "WS1$"], "NT AUTHORITY\\SYSTEM"),
        ("account", ["S-1-0-0", "-", "-", "S-1-5-21-1", "CORP", "ada"], "CORP\\ada"),
        ("account", ["S-1-5-21-2", "CORP", "bob", "S-1-5-21-1", "CORP", "ada"], "CORP\\bob"),
        ("account", ["S-1-5-21-1", "-", "ada"], "ada"),
        ("account", ["S-1-0-0", "-", "-"], None),
        ("account", ["S-1-5-20", "CORP", "WS1$"], "NT AUTHORITY\\NETWORK SERVICE"),
        ("session_account", ["0x0", "S-1-0-0", "-", "-", "0x3e7", "S-1-5-18", "CORP", "WS1$"], "NT AUTHORITY\\SYSTEM"),
        ("session_account", ["0x3E4", "S-1-0-0", "CORP", "WS1$"], "NT AUTHORITY\\NETWORK SERVICE"),
        ("session_account", ["0x5a3c1", "S-1-5-21-2", "CORP", "bob", "0x3e7", "S-1-5-18", "CORP", "WS1$"], "CORP\\bob"),
        ("session_account", ["0x0", "S-1-0-0", "-", "-"], None),
        ("session", ["0x0", "0x3e7"], "0x3e7"),
        ("session", ["-", "0x0"], None),
        ("if_process", ["Process", "\\Device\\x\\lsass.exe"], "\\Device\\x\\lsass.exe"),
        ("if_process", ["File", "C:\\lsass.exe"], None),
        ("if_file", ["File", "C:\\a"], "C:\\a"),
        ("if_key", ["Key"], None),
        (
            "registry_path",
            ["\\REGISTRY\\MACHINE\\SYSTEM\\ControlSet001\\Services\\x", "Start"],
            "HKLM\\System\\CurrentControlSet\\Services\\x\\Start",
        ),
        ("registry_path", ["\\REGISTRY\\MACHINE\\SYSTEM\\ControlSet001x\\y"], "HKLM\\SYSTEM\\ControlSet001x\\y"),
        ("registry_path", ["\\Registry\\Machine\\SOFTWARE\\x", "-"], "HKLM\\SOFTWARE\\x"),
        ("registry_path", ["\\REGISTRY\\USER\\S-1-5-21-1\\x"], "HKU\\S-1-5-21-1\\x"),
        ("registry_details", ["%%1876", "1"], "DWORD (0x00000001)"),
        ("registry_details", ["%%1876", "0xffffffff"], "DWORD (0xffffffff)"),
        ("registry_details", ["%%1883", "4294967297"], "QWORD (0x00000001-0x00000001)"),
        ("registry_details", ["%%1875", "00FF"], "Binary Data"),
        ("registry_details", ["%%1873", "C:\\a.exe"], "C:\\a.exe"),
        ("registry_details", ["%%1876", "many"], "many"),
        ("registry_details", ["-", "-"], None),
        ("registry_details", ["%%1873"], None),
        ("status_of_code", ["0x0"], "Success"),
        ("status_of_code", ["0xC000006D"], "Failure"),
        ("status_of_code", ["-"], None),
        ("share_path", ["\\\\*\\C$", "Temp\\a.exe"], "\\\\*\\C$\\Temp\\a.exe"),
        ("share_path", ["\\\\*\\IPC$", "-"], "\\\\*\\IPC$"),
        ("common_name", ["CN=Lovelace\\, Ada,OU=Staff,DC=corp"], "Lovelace, Ada"),
        ("common_name", ["-"], None),
        ("pipeline_details", ["context\nCommandInvocation(a): x"], "CommandInvocation(a): x"),
        ("pipeline_details", ["context"], None),
        ("pipeline_context", ["context\nCommandInvocation(a): x"], "context\n"),
        (
            "pipeline_context",
            ["\tUserId=CORP\\ada\n\tHostApplication=powershell -c HostName=x\nDetails=1"],
            "\tUser = CORP\\ada\n\tHost Application = powershell -c HostName=x\nDetails=1",
        ),
        (
            "pipeline_context",
            [
                "run HostName=x. \n\nContext Information: \n\tDetailSequence=1\n\tHostName=a\n\tCommandLine=HostName=y\nTerminatingError(z)"
            ],
            "\tDetailSequence=1\n\tHost Name = a\n",
        ),
        (
            "pipeline_context",
            ["CommandInvocation(fake)  \tDetailSequence=1\n\tHostName=a\n\tCommandLine=CommandInvocation(fake)\n "],
            "\tDetailSequence=1\n\tHost Name = a\n",
        ),
        ("context_user", ["  Connected User = bob\n  User = CORP\\ada\n"], "CORP\\ada"),
        ("context_user", ["run User = bob"], None),
        ("context_user", ["        User = CORP\\ada\n"], "CORP\\ada"),
        ("drive_path", ["\\device\\harddiskvolume3\\windows\\system32\\dns.exe"], "C:\\windows\\system32\\dns.exe"),
        ("drive_path", ["\\Device\\HarddiskVolume3\\Program Files (x86)\\a.exe"], "C:\\Program Files (x86)\\a.exe"),
        ("drive_path", ["\\device\\harddiskvolume7\\tools\\a.exe"], "\\device\\harddiskvolume7\\tools\\a.exe"),
        ("drive_path", ["\\device\\harddiskvolume7\\windowsx\\a.exe"], "\\device\\harddiskvolume7\\windowsx\\a.exe"),
        ("drive_path", ["System"], "System"),
        ("sshd_user", ["Failed password for invalid user oracle from 192.0.2.7 port 40022 ssh2"], "oracle"),
        ("sshd_user", ["Failed none for invalid user  from 192.0.2.7 port 1 ssh2"], None),
        ("sshd_user", ["Accepted publickey for CORP\\ada from 2001:db8::7 port 51800 ssh2: ED25519 x"], "CORP\\ada"),
        ("sshd_user", ["Invalid user x from y from 192.0.2.7 port 1"], "x from y"),
        ("sshd_address", ["Accepted keyboard-interactive/pam for ada from fe80::1%12 port 22"], "fe80::1%12"),
        ("sshd_port", ["Invalid user oracle from 192.0.2.7 port 40022"], "40022"),
        ("sshd_status", ["Accepted password for a from 192.0.2.7 port 1"], "Success"),
        ("sshd_status", ["Failed password for a from 192.0.2.7 port 1"], "Failure"),
        ("sshd_status", ["Server listening on :: port 22."], None),
    ],
)
def test_views(view: str, values: list[str], shown: str | None) -> None:
    assert WINDOWS_VIEWS[view](values) == shown


@pytest.mark.parametrize("view", sorted(WINDOWS_VIEWS))
@given(
    values=st.lists(st.text(max_size=60) | st.from_regex(r"0x[0-9a-f]{1,40}", fullmatch=True), min_size=1, max_size=7)
)
def test_a_view_shows_something_or_nothing_whatever_it_is_given(view: str, values: list[str]) -> None:
    shown = WINDOWS_VIEWS[view](values)
    assert shown is None or shown != ""
