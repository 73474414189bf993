"""An audit event has the fields of all its records, decoded, under the names that Sigma's auditd rules use."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.factories.line_samples import ORIGIN, event, gathered
from tocsin.core.errors import RecordError
from tocsin.core.event import Fields, Json
from tocsin.pipeline.normalise.aliases import LogSource, bundled
from tocsin.pipeline.normalise.parsers.audit_values import socket_address
from tocsin.pipeline.normalise.parsers.auditd import AuditEvents
from tocsin.pipeline.normalise.parsers.syscalls import syscall_name
from tocsin.pipeline.normalise.times import iso_time
from tocsin.pipeline.normalise.types import Parsed

AT = "msg=audit(1795414800.100:101):"
CALL = (
    "type=SYSCALL {} arch=c000003e syscall={} success={} exit=0 a0={} a1={} a2={} a3=0 items=2 ppid=900 pid=901 auid=1000 "
    'uid=0 gid=0 euid=33 suid=0 fsuid=0 egid=0 sgid=0 fsgid=0 tty=pts0 ses=7 comm="bash" exe="/usr/bin/bash" key={}'
)


def call(
    number: int, *, success: str = "yes", args: tuple[str, str, str] = ("0", "0", "0"), key: str = "(null)"
) -> str:
    return CALL.format(AT, number, success, *args, key)


def parse(*lines: str) -> Parsed:
    whole = "\n".join(lines)
    parser = AuditEvents()
    assert parser.recognises(whole)
    return parser.parse(whole, ORIGIN)


def sigma(lines: tuple[str, ...], *names: str) -> dict[str, Json]:
    one = event(AuditEvents(), "\n".join(lines))
    route = bundled().route(one.shape, one.kind)
    return {name: route.resolve(name).read(one.fields) for name in names}


def sources(parsed: Parsed) -> frozenset[LogSource]:
    return bundled().route("auditd", parsed.kind).logsources


def test_a_program_started() -> None:
    lines = (
        call(59, args=("55ca", "7fff", "7ffe")),
        f'type=EXECVE {AT} argc=3 a0="sh" a1="-c" a2=6563686F2022C3A922',
        f'type=CWD {AT} cwd="/var/www"',
        f'type=PATH {AT} item=0 name="/bin/sh" inode=1 nametype=NORMAL',
        f"type=PROCTITLE {AT} proctitle=7368002D63006563686F00",
    )
    parsed = parse(*lines)
    assert parsed.kind == ("execve", "execve", "", "success")
    assert parsed.time == iso_time("2026-11-23T06:20:00.100Z")
    assert parsed.identity == "|1795414800.100:101"
    assert parsed.fields["type"] == ["SYSCALL", "EXECVE", "CWD", "PATH", "PROCTITLE"]
    assert parsed.fields["proctitle"] == "sh -c echo"
    assert sigma(
        lines, "CommandLine", "Image", "CurrentDirectory", "User", "ProcessId", "ParentProcessId", "a0", "a2", "SYSCALL", "euid"
    ) == {
        "CommandLine": 'sh -c echo "é"',
        "Image": "/usr/bin/bash",
        "CurrentDirectory": "/var/www",
        "User": "root",
        "ProcessId": "901",
        "ParentProcessId": "900",
        "a0": "sh",
        "a2": 'echo "é"',
        "SYSCALL": "execve",
        "euid": "33",
    }  # fmt: skip
    assert LogSource("linux", "process_creation") in sources(parsed)
    assert LogSource("linux", "", "auditd") in sources(parsed)


def test_a_program_that_did_not_start_is_no_process() -> None:
    parsed = parse(call(59, success="no"), f'type=EXECVE {AT} argc=1 a0="sh"')
    assert LogSource("linux", "process_creation") not in sources(parsed)


def test_an_execve_record_alone_is_enough() -> None:
    parsed = parse(f'type=EXECVE {AT} argc=2 a0="id" a1="-u"')
    assert parsed.fields["cmdline"] == "id -u"
    assert LogSource("linux", "process_creation") in sources(parsed)


def test_a_start_without_its_execve_record_has_the_title_for_a_command_line() -> None:
    lines = (call(59), f"type=PROCTITLE {AT} proctitle=6964002D75")
    assert sigma(lines, "CommandLine", "Image") == {"CommandLine": "id -u", "Image": "/usr/bin/bash"}
    assert LogSource("linux", "process_creation") in sources(parse(*lines))


def test_long_arguments_come_in_pieces_cut_anywhere() -> None:
    parsed = parse(
        call(59),
        f'type=EXECVE {AT} argc=3 a0="sh" a1_len=4 a1[0]=20C3',
        f"type=EXECVE {AT} a1[1]=A9",
        f'type=EXECVE {AT} a1[2]="x" a2="y"',
    )
    assert (parsed.fields["a1"], parsed.fields["cmdline"]) == (" éx", "sh  éx y")
    assert len(parsed.fields["records"] if isinstance(parsed.fields["records"], list) else []) == 2


def test_arguments_beyond_nine_stand_in_their_order() -> None:
    arguments = " ".join(f'a{number}="{number}"' for number in range(12))
    assert parse(f"type=EXECVE {AT} argc=12 {arguments}").fields["cmdline"] == " ".join(map(str, range(12)))


def test_arguments_of_a_system_call_stay_where_no_program_starts() -> None:
    fields = parse(call(103, args=("5", "0", "0"))).fields
    assert (fields["SYSCALL"], fields["a0"]) == ("syslog", "5")


@pytest.mark.parametrize(
    ("logged", "meant"),
    [
        ('"a b"', "a b"),
        ("2F746D702F612062", "/tmp/a b"),
        ("(null)", None),
        ("6B31016B32", ["k1", "k2"]),
        ("ABC", "ABC"),
    ],
)
def test_text_is_decoded(logged: str, meant: Json) -> None:
    assert parse(call(1, key=logged)).fields.get("key") == meant


def test_numbers_that_look_encoded_are_left() -> None:
    fields = parse(call(1, args=("4142", "6162", "41"))).fields
    assert (fields["a0"], fields["a1"], fields["a2"]) == ("4142", "6162", "41")


def test_the_enriched_format_names_users_and_calls() -> None:
    fields = parse(
        f'type=SYSCALL {AT} arch=c000003e syscall=257 uid=0 key=(null)\x1dARCH=x86_64 SYSCALL=openat UID="root"'
    ).fields
    assert (fields["SYSCALL"], fields["ARCH"], fields["UID"]) == ("openat", "x86_64", "root")
    assert "key" not in fields


@pytest.mark.parametrize(
    ("arch", "number", "name"),
    [
        ("c000003e", "59", "execve"),
        ("c00000b7", "221", "execve"),
        ("40000003", "11", "execve"),
        ("c000003e", "42", "connect"),
        ("c00000b7", "203", "connect"),
        ("c000003e", "322", "execveat"),
        ("c000003e", "133", "mknod"),
        ("c000003e", "99", "sysinfo"),
        ("c000003e", "435", "clone3"),
        ("c000003e", "400", ""),
        ("c000003e", "9" * 5_000, ""),
        ("deadbeef", "1", ""),
    ],
)
def test_system_calls_have_names(arch: str, number: str, name: str) -> None:
    assert syscall_name(arch, number) == name


@pytest.mark.parametrize(
    ("saddr", "expected"),
    [
        ("02001F90CB0071090000000000000000", {"saddr_fam": "inet", "laddr": "203.0.113.9", "lport": "8080"}),
        ("0A0001BB0000000020010DB800000000000000000000000900000000", {"saddr_fam": "inet6", "laddr": "2001:db8::9", "lport": "443"}),
        ("0A0001BB0000000000000000000000000000FFFFCB00710900000000", {"saddr_fam": "inet6", "laddr": "203.0.113.9", "lport": "443"}),
        ("01002F72756E2F78000000", {"saddr_fam": "local", "path": "/run/x"}),
        ("0100006162", {"saddr_fam": "local", "path": "@ab"}),
        ("100000000000000000000000", {"saddr_fam": "netlink"}),
        ("0200", {"saddr_fam": "inet"}),
        ("FF00", {"saddr_fam": "255"}),
        ("02", {}),
        ("", {}),
        ("xyz", {}),
    ],
)  # fmt: skip
def test_socket_addresses_are_decoded(saddr: str, expected: dict[str, str]) -> None:
    assert socket_address(saddr) == expected


def test_a_connection() -> None:
    lines = (call(42, success="no"), f"type=SOCKADDR {AT} saddr=02001F90CB0071090000000000000000")
    parsed = parse(*lines)
    assert parsed.kind == ("syscall", "connect", "inet", "failed")
    assert sigma(lines, "DestinationIp", "DestinationPort", "Image", "Initiated") == {
        "DestinationIp": "203.0.113.9",
        "DestinationPort": "8080",
        "Image": "/usr/bin/bash",
        "Initiated": "true",
    }
    assert LogSource("linux", "network_connection") in sources(parsed)


def test_a_socket_of_the_same_machine_is_no_network() -> None:
    parsed = parse(call(42), f"type=SOCKADDR {AT} saddr=01002F72756E2F78000000")
    assert LogSource("linux", "network_connection") not in sources(parsed)


PARENT = f'type=PATH {AT} item=0 name="." nametype=PARENT'


@pytest.mark.parametrize(
    ("first", "path", "change", "target"),
    [
        (call(257, args=("ffffff9c", "55", "241")), 'name="x/../cron.d/a" nametype=CREATE', "create", "/etc/cron.d/a"),
        (call(257, args=("ffffff9c", "55", "1")), 'name="/etc/passwd" nametype=NORMAL', "write", "/etc/passwd"),
        (call(2, args=("55", "2", "0")), 'name="/etc/passwd" nametype=NORMAL', "write", "/etc/passwd"),
        (call(76), 'name="/var/log/x" nametype=NORMAL', "write", "/var/log/x"),
        (call(87), 'name="a" nametype=DELETE', "delete", "/etc/a"),
        (call(257, args=("ffffff9c", "55", "0")), 'name="/etc/passwd" nametype=NORMAL', "", None),
        (call(257, args=("ffffff9c", "55", "zz")), 'name="/etc/passwd" nametype=NORMAL', "", None),
    ],
)
def test_what_becomes_of_a_file(first: str, path: str, change: str, target: str | None) -> None:
    lines = (first, f'type=CWD {AT} cwd="/etc"', PARENT, f"type=PATH {AT} item=1 {path}")
    parsed = parse(*lines)
    assert parsed.kind[2] == change
    assert parsed.fields.get("target") == target
    assert sigma(lines, "TargetFilename")["TargetFilename"] == target
    assert (LogSource("linux", "file_event") in sources(parsed)) == (change in ("create", "write"))


NESTED = "pid=13 uid=0 auid=4294967295 ses=4294967295 msg='op=PAM:authentication grantors=? {} exe=\"/usr/sbin/sshd\" hostname=? addr=203.0.113.9 terminal=ssh res={}'"


@pytest.mark.parametrize(
    ("acct", "res", "user", "status"),
    [
        ('acct="root"', "failed", "root", "Failure"),
        ("acct=726F6F742066726F6D", "failed", "root from", "Failure"),
        ('acct="?"', "failed", None, "Failure"),
        ('acct="bob"', "success", "bob", "Success"),
    ],
)
def test_a_log_in(acct: str, res: str, user: str | None, status: str) -> None:
    lines = (f"type=USER_AUTH {AT} {NESTED.format(acct, res)}",)
    assert sigma(lines, "user.name", "src_endpoint.ip", "status", "auth_protocol", "actor.user.name") == {
        "user.name": user,
        "src_endpoint.ip": "203.0.113.9",
        "status": status,
        "auth_protocol": "ssh",
        "actor.user.name": None,
    }
    assert LogSource("linux", "authentication") in sources(parse(*lines))


def test_what_the_kernel_says_counts_before_what_a_program_says() -> None:
    fields = parse(f"type=USER_CMD {AT} pid=13 uid=1000 msg='uid=0 cmd=6964 res=success'\x1dUID=\"bob\"").fields
    assert (fields["uid"], fields["UID"], fields["cmd"]) == ("1000", "bob", "id")


def test_words_without_a_name_belong_to_the_value_before() -> None:
    fields = parse(f"type=ADD_USER {AT} pid=1 msg='op=adding user acct=\"x\" res=success'").fields
    assert (fields["op"], fields["acct"], fields["res"]) == ("adding user", "x", "success")


def test_old_nested_messages() -> None:
    fields = parse(
        f'type=USER_AUTH {AT} user pid=12 uid=0 msg=\'PAM: authentication acct="root" : exe="/usr/sbin/sshd" '
        "(hostname=a.example, addr=203.0.113.9, terminal=ssh res=failed)'"
    ).fields
    expected: Fields = {
        "acct": "root",
        "hostname": "a.example",
        "addr": "203.0.113.9",
        "terminal": "ssh",
        "res": "failed",
    }
    assert {name: fields[name] for name in expected} == expected


def test_selinux() -> None:
    parsed = parse(
        f'type=AVC {AT} avc:  denied  {{ read write }} for  pid=7 comm="httpd" name="shadow" tclass=file',
        call(2, success="no"),
    )
    assert parsed.kind == ("avc", "open", "", "failed")
    assert (parsed.fields["seresult"], parsed.fields["seperms"], parsed.fields["name"]) == (
        "denied",
        "read write",
        "shadow",
    )


@pytest.mark.parametrize(
    ("line", "node", "type_name"),
    [
        (f"node=web2 type=LOGIN {AT} pid=1", "web2", "LOGIN"),
        (f"Nov 23 06:20:07 web3 audispd: type=LOGIN {AT} pid=1", "web3", "LOGIN"),
        (f"Nov 23 06:20:07 web3 audispd: node=web2 type=LOGIN {AT} pid=1", "web2", "LOGIN"),
        (f"2026-11-23T06:20:07Z web3 audisp-syslog[17]: type=LOGIN {AT} pid=1", "web3", "LOGIN"),
        (f"<13>1 2026-11-23T06:20:07Z web3 audispd 17 - - type=LOGIN {AT} pid=1", "web3", "LOGIN"),
        (
            'Nov 23 06:20:07 web3 kernel: [  81.25] audit: type=1400 audit(1795414800.100:101): apparmor="DENIED"',
            "web3",
            "AVC",
        ),
        ("Nov 23 06:20:07 web3 kernel: audit: type=1326 audit(1795414800.100:101): sig=31", "web3", "SECCOMP"),
    ],
)
def test_within_syslog(line: str, node: str, type_name: str) -> None:
    parsed = parse(line)
    assert (parsed.fields["node"], parsed.fields["type"]) == (node, type_name)
    assert parsed.time == iso_time("2026-11-23T06:20:00.100Z")


def test_what_ausearch_interprets_says_the_same() -> None:
    """As ausearch 3.0.9 printed the event of test_a_connection."""
    shown = "msg=audit(11/23/26 06:20:00.100:101) :"
    parsed = parse(
        "----",
        f"type=PROCTITLE {shown} proctitle=nc 203.0.113.9 8080 ",
        f"type=SOCKADDR {shown} saddr={{ saddr_fam=inet laddr=203.0.113.9 lport=8080 }} ",
        f"type=SYSCALL {shown} arch=x86_64 syscall=connect success=no exit=EINPROGRESS(Operation now in progress) a0=0x3 "
        "uid=www-data tty=(none) comm=nc exe=/usr/bin/nc.openbsd key=abcd key=web ",
    )
    assert parsed.kind == ("syscall", "connect", "inet", "failed")
    assert parsed.time == iso_time("2026-11-23T06:20:00.100Z")
    expected: Fields = {
        "laddr": "203.0.113.9",
        "lport": "8080",
        "SYSCALL": "connect",
        "exit": "EINPROGRESS(Operation now in progress)",
        "exe": "/usr/bin/nc.openbsd",
        "proctitle": "nc 203.0.113.9 8080",
        "key": ["abcd", "web"],
    }
    assert {name: parsed.fields.get(name) for name in expected} == expected
    assert "tty" not in parsed.fields


def test_a_date_in_an_unknown_order_is_no_time() -> None:
    assert parse("type=LOGIN msg=audit(23/11/26 06:20:00.100:101) : pid=1").time is None


@pytest.mark.parametrize("whole", ["----", "time->Mon Nov 23 06:18:50 2026", "----\n----"])
def test_a_rule_without_an_event_is_refused(whole: str) -> None:
    with pytest.raises(RecordError, match="no audit record"):
        parse(whole)


PIECES = (
    "pid=1", "exe=", '"', "'", "msg='", "{", "}", "\x1d", "a0=", "a0[1]=", "a999999=", "41", "4", "(null)", "key=", "41014",
    "saddr=", "0200", "0A00", "name=", "avc:  denied  { ", " ", "=", ",", ")", "success=yes", "syscall=59", "arch=c000003e",
    "res=1", "UID=", "\udc80", "\u2028", "\x85",
)  # fmt: skip
TYPES = st.sampled_from(
    ("SYSCALL", "EXECVE", "PATH", "CWD", "SOCKADDR", "AVC", "USER_AUTH", "PROCTITLE", "EOE", "1400")
)


def record(name: str, pieces: list[str]) -> str:
    return f"type={name} {AT} {''.join(pieces)}"


RECORDS = st.builds(
    record,
    TYPES,
    st.lists(st.sampled_from(PIECES) | st.text(st.characters(exclude_characters="\n"), max_size=3), max_size=12),
)


@given(st.lists(RECORDS, min_size=1, max_size=5))
def test_any_event_is_parsed(lines: list[str]) -> None:
    parsed = parse(*lines)
    assert len(parsed.kind) == 4
    records = parsed.fields["records"]
    assert isinstance(records, list)
    assert len(records) <= len(lines)


@pytest.mark.timeout(20)
@pytest.mark.parametrize("piece", ["a={", "41", "a=1 ", '"', "'", "a1[0]=41 "])
def test_a_megabyte_of_anything_takes_no_time(piece: str) -> None:
    assert parse(f"type=USER_AUTH {AT} msg='" + piece * (1_000_000 // len(piece)))


def test_gathered_lines_are_recognised_by_their_first() -> None:
    assert [
        AuditEvents().recognises(whole) for whole in gathered([call(59), f'type=CWD {AT} cwd="/"', "no audit"])
    ] == [False, True]
