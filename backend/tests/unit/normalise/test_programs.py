"""Messages of well-known programs give who, what and where, and no value can pose as another."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.core.event import Fields
from tocsin.pipeline.normalise.parsers.programs import READERS, understand


def said(program: str, message: str) -> tuple[str, Fields]:
    kind, fields = understand(program, message)
    assert kind[1], message
    assert fields["event"] == kind[1]
    return kind[1], {name: value for name, value in fields.items() if name != "event"}


@pytest.mark.parametrize(
    ("message", "event", "fields"),
    [
        (
            "     bob : TTY=pts/0 ; PWD=/home/bob ; USER=root ; COMMAND=/usr/bin/id -u",
            "command",
            {"user": "bob", "TTY": "pts/0", "PWD": "/home/bob", "USER": "root", "COMMAND": "/usr/bin/id -u"},
        ),
        (
            "bob : 3 incorrect password attempts ; TTY=pts/0 ; PWD=/ ; USER=root ; COMMAND=/bin/sh",
            "incorrect_password",
            {"user": "bob", "reason": "3 incorrect password attempts", "TTY": "pts/0", "PWD": "/", "USER": "root", "COMMAND": "/bin/sh"},
        ),
        (
            "eve : user NOT in sudoers ; PWD=/ ; USER=root ; COMMAND=/usr/bin/id",
            "not_in_sudoers",
            {"user": "eve", "reason": "user NOT in sudoers", "PWD": "/", "USER": "root", "COMMAND": "/usr/bin/id"},
        ),
        ("eve : command not allowed ; USER=root ; COMMAND=/bin/sh", "not_allowed", {"user": "eve", "reason": "command not allowed", "USER": "root", "COMMAND": "/bin/sh"}),
        ("bob : unknown user #-1 ; PWD=/home/bob ; USER=#-1 ; ", "unknown_user", {"user": "bob", "reason": "unknown user #-1", "PWD": "/home/bob", "USER": "#-1"}),
        ("bob : something new ; USER=root", "refused", {"user": "bob", "reason": "something new", "USER": "root"}),
    ],
)  # fmt: skip
def test_sudo(message: str, event: str, fields: Fields) -> None:
    assert said("sudo", message) == (event, fields)


def test_a_directory_cannot_pose_as_a_user_nor_a_command_as_anything() -> None:
    """As sudo 1.9.13 wrote it from a directory called '/tmp/x ; USER=nobody ; GROUP=x'."""
    _, fields = said(
        "sudo",
        "bob : PWD=/tmp/x ; USER=nobody ; GROUP=x ; USER=root ; COMMAND=/usr/bin/id 'a ; COMMAND=/bin/b' ; USER=z",
    )
    assert fields["USER"] == "root"
    assert fields["COMMAND"] == "/usr/bin/id 'a ; COMMAND=/bin/b' ; USER=z"


def test_a_directory_with_semicolons_is_kept_whole() -> None:
    assert said("sudo", "bob : PWD=/tmp/a ; b=c ; USER=root ; COMMAND=/x")[1]["PWD"] == "/tmp/a ; b=c"


@pytest.mark.parametrize(
    ("program", "message", "event", "fields"),
    [
        ("CRON", "(root) CMD (cd / && run-parts /etc/cron.hourly (x))", "command", {"user": "root", "action": "CMD", "command": "cd / && run-parts /etc/cron.hourly (x)"}),
        ("crond", "(root) CMDEND (x)", "command_ended", {"user": "root", "action": "CMDEND", "command": "x"}),
        ("crontab", "(bob) REPLACE (eve)", "crontab_replaced", {"user": "bob", "action": "REPLACE", "crontab": "eve"}),
        ("crontab", "(bob) BEGIN EDIT (bob)", "edit_begun", {"user": "bob", "action": "BEGIN EDIT", "crontab": "bob"}),
        ("cron", "(CRON) INFO (Running @reboot jobs)", "info", {"user": "CRON", "action": "INFO", "text": "Running @reboot jobs"}),
        ("su", "(to root) bob on pts/0", "su", {"user": "bob", "target_user": "root", "tty": "pts/0"}),
        ("su", "(to root) bob on none", "su", {"user": "bob", "target_user": "root"}),
        ("su", "FAILED SU (to root) bob on pts/0", "su_failed", {"user": "bob", "target_user": "root", "tty": "pts/0"}),
        ("su", "Successful su for root by bob", "su", {"user": "bob", "target_user": "root"}),
        ("su", "FAILED su for root by bob", "su_failed", {"user": "bob", "target_user": "root"}),
        ("su", "+ /dev/pts/0 bob:root", "su", {"user": "bob", "target_user": "root", "tty": "/dev/pts/0"}),
        ("su", "- /dev/pts/0 bob:root", "su_failed", {"user": "bob", "target_user": "root", "tty": "/dev/pts/0"}),
        ("su", "BAD SU bob to root on /dev/ttyp0", "su_failed", {"user": "bob", "target_user": "root", "tty": "/dev/ttyp0"}),
        ("useradd", "new user: name=bob, UID=0, GID=27, home=/home/a, b, shell=/bin/sh, from=/dev/pts/0", "user_added",
         {"name": "bob", "UID": "0", "GID": "27", "home": "/home/a, b", "shell": "/bin/sh", "from": "/dev/pts/0"}),
        ("useradd", "new user: name=bob, UID=1000, GID=1000, home=/home/bob, shell=/bin/bash", "user_added",
         {"name": "bob", "UID": "1000", "GID": "1000", "home": "/home/bob", "shell": "/bin/bash"}),
        ("groupadd", "new group: name=ops, GID=1002", "group_added", {"name": "ops", "GID": "1002"}),
        ("usermod", "add 'bob' to group 'sudo'", "group_member_added", {"user": "bob", "group": "sudo"}),
        ("usermod", "add 'bob' to shadow group 'sudo'", "group_member_added_shadow", {"user": "bob", "group": "sudo"}),
        ("userdel", "delete 'bob' from group 'sudo'", "group_member_removed", {"user": "bob", "group": "sudo"}),
        ("gpasswd", "user bob added by root to group ops", "group_member_added", {"user": "bob", "by_user": "root", "group": "ops"}),
        ("gpasswd", "user bob removed by root from group ops", "group_member_removed", {"user": "bob", "by_user": "root", "group": "ops"}),
        ("usermod", "change user 'eve' shell from '/bin/bash' to '/bin/sh'", "user_changed", {"user": "eve", "change": "shell from '/bin/bash' to '/bin/sh'"}),
        ("usermod", "lock user 'eve' password", "user_locked", {"user": "eve", "change": "password"}),
        ("userdel", "delete user 'eve'", "user_removed", {"user": "eve"}),
        ("userdel", "removed group 'eve' owned by 'eve'", "group_removed", {"group": "eve"}),
        ("passwd", "password for 'eve' changed by 'root'", "password_changed", {"user": "eve", "by_user": "root"}),
        ("chage", "changed password expiry for bob", "user_changed", {"user": "bob", "change": "password expiry"}),
        ("login", "FAILED LOGIN (1) on '/dev/pts/0' FOR 'root', Authentication failure", "login_failed",
         {"user": "root", "tty": "/dev/pts/0", "reason": "Authentication failure"}),
        ("login", "LOGIN ON tty1 BY bob FROM a.example", "login", {"user": "bob", "tty": "tty1", "src_host": "a.example"}),
        ("login", "ROOT LOGIN  on '/dev/tty1'", "login", {"user": "root", "tty": "/dev/tty1"}),
        ("systemd-logind", "New session 5 of user bob.", "session_new", {"session": "5", "user": "bob"}),
        ("systemd-logind", "New session '5' of user 'bob' with class 'user' and type 'tty'.", "session_new", {"session": "5", "user": "bob"}),
        ("systemd-logind", "Removed session 5.", "session_removed", {"session": "5"}),
        ("clamd", "/tmp/a: b.php: Php.Webshell-1(abc:12) FOUND", "found", {"filename": "/tmp/a: b.php", "signature": "Php.Webshell-1"}),
        ("vsftpd", '[bob] FAIL LOGIN: Client "::ffff:203.0.113.9"', "login_failed", {"user": "bob", "src_ip": "203.0.113.9"}),
        ("vsftpd", 'CONNECT: Client "203.0.113.9"', "connect", {"src_ip": "203.0.113.9"}),
        ("vsftpd", '[bob] OK UPLOAD: Client "203.0.113.9", "/a "b", 9 bytes", 12 bytes, 3.40Kbyte/sec', "upload",
         {"user": "bob", "src_ip": "203.0.113.9", "path": '/a "b", 9 bytes', "bytes": "12"}),
        ("named", "client @0x7f1c 203.0.113.9#4000 (a.example): query: a.example IN TXT +E(0)K (198.51.100.2)", "query",
         {"src_ip": "203.0.113.9", "src_port": "4000", "query": "a.example", "query_class": "IN", "query_type": "TXT", "dst_ip": "198.51.100.2"}),
        ("named", "queries: info: client 203.0.113.9#4000: query: a.example IN A +", "query",
         {"src_ip": "203.0.113.9", "src_port": "4000", "query": "a.example", "query_class": "IN", "query_type": "A"}),
    ],
)  # fmt: skip
def test_messages(program: str, message: str, event: str, fields: Fields) -> None:
    assert said(program, message) == (event, fields)


def test_an_access_log_that_comes_by_syslog() -> None:
    line = '203.0.113.9 - {} [23/Nov/2026:05:21:57 +0000] "GET /admin?x=1 HTTP/1.1" {} 179 "-" "curl"'
    event, fields = said("nginx", line.format("-", 404))
    assert event == "request"
    assert (fields["remote_addr"], fields["path"], fields["status_code"]) == ("203.0.113.9", "/admin", "404")
    assert said("httpd", line.format("bob", 401))[0] == "request_login_failed"
    assert said("apache", line.format("bob", 200))[0] == "request_login"
    assert understand("nginx", line.format("bob", "broken")).kind == ("nginx", "")


PAM: Fields = {"pam_module": "pam_unix", "pam_service": "sshd", "pam_function": "auth"}


@pytest.mark.parametrize(
    ("message", "event", "fields"),
    [
        (
            "pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=203.0.113.9  user=root",
            "pam_failure_beside",
            {**PAM, "uid": "0", "euid": "0", "tty": "ssh", "rhost": "203.0.113.9", "src_ip": "203.0.113.9", "user": "root"},
        ),
        (
            "pam_unix(gdm-password:auth): authentication failure; logname=bob uid=0 euid=0 tty=/dev/tty1 ruser= rhost=",
            "pam_authentication_failure",
            {**PAM, "pam_service": "gdm-password", "logname": "bob", "uid": "0", "euid": "0", "tty": "/dev/tty1"},
        ),
        ("pam_unix(sshd:auth): check pass; user unknown", "pam_user_unknown", PAM),
        (
            "pam_unix(sudo:session): session opened for user root(uid=0) by bob(uid=1000)",
            "pam_session_opened",
            {**PAM, "pam_service": "sudo", "pam_function": "session", "user": "root", "user_uid": "0", "by_user": "bob", "by_uid": "1000"},
        ),
        (
            "pam_unix(cron:session): session opened for user root by (uid=0)",
            "pam_session_opened",
            {**PAM, "pam_service": "cron", "pam_function": "session", "user": "root", "by_uid": "0"},
        ),
        ("pam_unix(cron:session): session closed for user root", "pam_session_closed", {**PAM, "pam_service": "cron", "pam_function": "session", "user": "root"}),
        ("pam_unix(passwd:chauthtok): password changed for bob", "pam_password_changed", {**PAM, "pam_service": "passwd", "pam_function": "chauthtok", "user": "bob"}),
        ("pam_faillock(sshd:auth): Consecutive login failures for user bob account temporarily locked", "pam_account_locked", {**PAM, "pam_module": "pam_faillock", "user": "bob"}),
        ("pam_unix(sshd:auth): something else", "pam_message", {**PAM, "pam_message": "something else"}),
        (
            "PAM 2 more authentication failures; logname= uid=0 euid=0 tty=ssh ruser= rhost=203.0.113.9  user=root",
            "pam_more_failures",
            {"count": "2", "uid": "0", "euid": "0", "tty": "ssh", "rhost": "203.0.113.9", "src_ip": "203.0.113.9", "user": "root"},
        ),
    ],
)  # fmt: skip
def test_pam_speaks_through_any_program(message: str, event: str, fields: Fields) -> None:
    assert said("anything", message) == (event, fields)


def test_a_user_cannot_pose_as_a_remote_host() -> None:
    _, fields = said(
        "sshd",
        "pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=203.0.113.9  user=x rhost=6.6.6.6",
    )
    assert (fields["rhost"], fields["user"]) == ("203.0.113.9", "x rhost=6.6.6.6")


PACKET = "IN=eth0 OUT= MAC=aa SRC=203.0.113.9 DST=198.51.100.2 LEN=60 TTL=51 ID=1 DF PROTO=TCP SPT=40122 DPT=23 WINDOW=1 RES=0x00 SYN URGP=0 "


def test_packets() -> None:
    event, fields = said("kernel", "[12345.678901] [UFW BLOCK] " + PACKET)
    assert event == "packet"
    expected: Fields = {
        "prefix": "[UFW BLOCK]",
        "action": "block",
        "IN": "eth0",
        "OUT": "",
        "SRC": "203.0.113.9",
        "DST": "198.51.100.2",
        "PROTO": "TCP",
        "SPT": "40122",
        "DPT": "23",
        "DF": True,
        "flags": "SYN",
    }
    assert {name: fields[name] for name in expected} == expected


@pytest.mark.parametrize(
    ("prefix", "action"),
    [
        ("[UFW BLOCK] ", "block"),
        ("[UFW ALLOW] ", "allow"),
        ("[UFW LIMIT BLOCK] ", "block"),
        ("[UFW AUDIT] ", "audit"),
        ("FINAL_REJECT: ", "block"),
        ("filter_IN_public_ACCEPT: ", "allow"),
        ("iptables-dropped: ", "block"),
        ("mine: ", None),
        ("", None),
    ],
)
def test_what_was_done_with_a_packet_stands_in_the_prefix(prefix: str, action: str | None) -> None:
    assert said("kernel", prefix + PACKET)[1].get("action") == action


def test_the_packet_that_an_icmp_error_quotes_is_not_the_packet() -> None:
    _, fields = said(
        "kernel",
        "IN=eth0 OUT= SRC=203.0.113.9 DST=198.51.100.2 PROTO=ICMP TYPE=3 [SRC=1.1.1.1 DST=2.2.2.2 PROTO=UDP DPT=161 ]",
    )
    assert (fields["SRC"], fields["PROTO"], fields.get("DPT")) == ("203.0.113.9", "ICMP", None)


@pytest.mark.parametrize("program", [*sorted(READERS), "unknown"])
@pytest.mark.parametrize(
    "message", ["", " ", "x", "(", ")", " : ", "IN=", "client ", "[", "FOUND", "new user: ", "user ", "add "]
)
def test_what_is_not_known_is_left_alone(program: str, message: str) -> None:
    kind, fields = understand(program, message)
    assert kind[0] in (program, "cron")
    assert kind[1] == fields.get("event", "")


@pytest.mark.timeout(20)
@pytest.mark.parametrize("piece", [" ; ", "a=b ; ", "USER=x ; ", ": ", "(", " by ", ", ", "'"])
@pytest.mark.parametrize(
    "program", ["sudo", "useradd", "usermod", "named", "clamd", "vsftpd", "kernel", "login", "sshd"]
)
def test_a_megabyte_of_anything_takes_no_time(program: str, piece: str) -> None:
    starts = {
        "sudo": "bob : ",
        "useradd": "new user: ",
        "usermod": "add ",
        "named": "client 1.1.1.1#1: ",
        "sshd": "Disconnecting ",
    }
    assert understand(program, starts.get(program, "") + piece * (1_000_000 // len(piece)))


PIECES = (
    "(root) ", "CMD (", ")", " : ", " ; ", "TTY=", "USER=", "COMMAND=", "IN=", " OUT=", " SRC=", "pam_unix(", "a:b", "): ",
    "authentication failure; ", "logname=", " uid=", " user=", "session opened for user ", "(uid=", " by ", "new user: ",
    "name=", ", ", "add ", "'", " to ", " from ", "group ", "user ", "change ", "delete ", "client ", "#", "1", " port ",
    "message repeated 2 times: [", "]", "[", '"', ': Client "', " FOUND", ": ", "FAILED ", " on ", " FOR ", "\udc80", "\x00",
)  # fmt: skip


@given(st.sampled_from(sorted(READERS)), st.lists(st.sampled_from(PIECES) | st.text(max_size=3), max_size=14))
def test_any_message_is_understood_as_far_as_it_goes(program: str, pieces: list[str]) -> None:
    kind, fields = understand(program, "".join(pieces))
    assert len(kind) == 2
    assert fields.get("event", "") == (kind[1] if kind[1] != "repeated" else fields.get("event", ""))
