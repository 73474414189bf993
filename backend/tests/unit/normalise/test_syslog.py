"""Syslog headers in all their forms lead to the same host, program and message."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.core.errors import RecordError
from tocsin.core.event import Origin
from tocsin.core.ids import LOCAL
from tocsin.core.settings import settings
from tocsin.pipeline.normalise.parsers.syslog import SyslogLines
from tocsin.pipeline.normalise.parsers.syslog_header import FACILITIES
from tocsin.pipeline.normalise.times import iso_time
from tocsin.pipeline.normalise.types import Parsed

ORIGIN = Origin(tenant=LOCAL, source="auth.log", lane="1", batch="1", received=iso_time("2026-11-23T06:30:00Z"))
SAMPLES = Path(settings().content) / "samples" / "syslog"
FAILED = "sshd[80]: Failed password for root from 203.0.113.9 port 53041 ssh2"
STAMPED = "Nov 23 05:57:38 web1 " + FAILED


def parse(line: str) -> Parsed:
    parser = SyslogLines()
    assert parser.recognises(line)
    return parser.parse(line, ORIGIN)


@pytest.mark.parametrize(
    "line",
    [
        STAMPED,
        "<38>" + STAMPED,
        "<38>1 2026-11-23T05:57:38Z web1 sshd 80 - - Failed password for root from 203.0.113.9 port 53041 ssh2",
        "<38>1 2026-11-23T05:57:38Z web1 sshd 80 - -  Failed password for root from 203.0.113.9 port 53041 ssh2",
        "2026-11-23T05:57:38+00:00 web1 " + FAILED,
        "2026-11-23T06:57:38.000+0100 web1 " + FAILED,
        "<38>2026-11-23T05:57:38Z web1 " + FAILED,
        "Nov 23 2026 05:57:38 web1 " + FAILED,
        STAMPED + "\r",
    ],
)
def test_one_message_in_many_headers(line: str) -> None:
    parsed = parse(line)
    assert parsed.kind == ("sshd", "failed_password")
    assert parsed.time == iso_time("2026-11-23T05:57:38Z")
    expected = {
        "host": "web1",
        "program": "sshd",
        "pid": "80",
        "event": "failed_password",
        "user": "root",
        "src_ip": "203.0.113.9",
        "src_port": "53041",
        "method": "password",
    }
    assert {name: parsed.fields.get(name) for name in expected} == expected
    assert str(parsed.fields["message"]).strip() == FAILED.removeprefix("sshd[80]: ")


@pytest.mark.parametrize(
    ("line", "relay"),
    [
        ("Nov 23 05:57:40 relay1 " + STAMPED, {"host": "relay1", "timestamp": "Nov 23 05:57:40"}),
        ("Nov 23 05:57:40 relay1 <38>" + STAMPED, {"host": "relay1", "timestamp": "Nov 23 05:57:40"}),
        (
            "<13>Nov 23 05:57:40 relay1 1 2026-11-23T05:57:38Z web1 sshd 80 - - " + FAILED.removeprefix("sshd[80]: "),
            {"facility": "user", "severity": "notice", "host": "relay1", "timestamp": "Nov 23 05:57:40"},
        ),
        (
            "2026-11-23T05:57:40Z relay1 2026-11-23T05:57:38Z web1 " + FAILED,
            {"host": "relay1", "timestamp": "2026-11-23T05:57:40Z"},
        ),
    ],
)
def test_a_relay_stands_before_and_does_not_hide_the_host(line: str, relay: dict[str, str]) -> None:
    parsed = parse(line)
    assert parsed.kind == ("sshd", "failed_password")
    assert parsed.time == iso_time("2026-11-23T05:57:38Z")
    assert parsed.fields["host"] == "web1"
    assert parsed.fields["relays"] == [relay]


def test_a_chain_of_relays_is_followed_three_deep() -> None:
    parsed = parse("Nov 23 05:57:40 relay " * 5 + STAMPED)
    assert parsed.fields["relays"] == [{"timestamp": "Nov 23 05:57:40", "host": "relay"}] * 3
    assert parsed.fields["host"] == "relay"


def test_a_message_cannot_pose_as_a_relayed_one() -> None:
    parsed = parse("Nov 23 05:57:40 web1 app[1]: Nov 23 05:57:38 evil " + FAILED)
    assert parsed.kind == ("app", "")
    assert parsed.fields["host"] == "web1"
    assert "relays" not in parsed.fields


def test_without_a_host() -> None:
    parsed = parse("Nov 23 05:57:38 " + FAILED)
    assert "host" not in parsed.fields
    assert parsed.kind == ("sshd", "failed_password")


def test_a_priority_alone_is_enough_and_gives_no_time() -> None:
    parsed = parse("<38>" + FAILED)
    assert parsed.time is None
    assert (parsed.fields["facility"], parsed.fields["severity"]) == ("auth", "info")
    assert parsed.kind == ("sshd", "failed_password")
    assert parse("<13>hello there").fields == {"facility": "user", "severity": "notice", "message": "hello there"}


def test_structured_data_is_decoded() -> None:
    parsed = parse(
        r'<165>1 2026-11-23T05:21:48.003Z web1 evntslog - ID47 [a@1 iut="3" src="App \"x\" [1\] \\ \n"][b@2][c x="1" x="2"] '
        "\ufeffAn entry"
    )
    assert parsed.fields == {
        "facility": "local4",
        "severity": "notice",
        "timestamp": "2026-11-23T05:21:48.003Z",
        "host": "web1",
        "program": "evntslog",
        "msgid": "ID47",
        "structured_data": {"a@1": {"iut": "3", "src": 'App "x" [1] \\ \\n'}, "b@2": {}, "c": {"x": ["1", "2"]}},
        "message": "An entry",
    }
    assert parsed.time == iso_time("2026-11-23T05:21:48.003Z")


def test_all_of_rfc_5424_may_be_absent() -> None:
    parsed = parse("<13>1 - - - - - -")
    assert parsed == Parsed(("", ""), {"facility": "user", "severity": "notice", "message": ""}, None)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("<13>1 - - - -", "short syslog header"),
        ("<13>1 - - - - - x", "bad structured data"),
        ("<13>1 - - - - - [a", "bad structured data"),
        ('<13>1 - - - - - [a b="c', "bad structured data"),
        ('<13>1 - - - - - [a b="c\\"]', "bad structured data"),
        ('<13>1 - - - - - [ b="c"]', "bad structured data"),
        ("<13>1 - - - - - [a b=c]", "bad structured data"),
        ("<13>1 2026-13-23T05:21:48Z - - - - -", "impossible time"),
        ("Nov 31 05:57:38 web1 sshd[80]: x", "impossible time"),
    ],
)
def test_what_is_broken_is_refused_with_its_reason(line: str, reason: str) -> None:
    with pytest.raises(RecordError) as refused:
        parse(line)
    assert refused.value.reason == reason


@pytest.mark.parametrize(
    "line",
    [
        "",
        "<192>Nov 23 05:57:38 web1 sshd[80]: x",
        "<1234>x",
        "<b>bold</b>",
        "2026-11-23T05:57:38Z INFO main: started",
        "2026-11-23T05:57:38 web1 sshd[80]: no zone",
        "2026-11-23T05:57:38Z web1 said something",
        "November is a month",
        "type=SYSCALL msg=audit(1795413458.375:1): arch=c000003e",
        "Nov 23 05:57:38 web1 audispd: type=SYSCALL msg=audit(1795413458.375:1): arch=c000003e",
        'Nov 23 05:57:38 web1 kernel: [12.5] audit: type=1400 audit(1795413458.375:1): apparmor="DENIED"',
    ],
)
def test_what_is_no_syslog_is_left_to_others(line: str) -> None:
    assert not SyslogLines().recognises(line)


def test_audit_text_in_the_words_of_another_program_stays_syslog() -> None:
    line = "Nov 23 05:57:38 web1 sshd[80]: Invalid user type=USER_LOGIN msg=audit(1795413458.375:1): res=success from 203.0.113.9 port 1"
    assert parse(line).kind == ("sshd", "invalid_user")
    assert parse("Nov 23 05:57:38 web1 app[1]: type=SYSCALL msg=audit(1795413458.375:1): a=1").kind == ("app", "")


def test_repeated_messages_keep_their_meaning_and_count() -> None:
    repeated = parse(
        "Nov 23 05:57:38 web1 sshd[80]: message repeated 4 times: [ Failed password for root from 203.0.113.9 port 53041 ssh2]"
    )
    assert repeated.kind == ("sshd", "failed_password")
    assert repeated.fields["repeated"] == "4"
    assert repeated.fields["user"] == "root"
    assert parse("Nov 23 05:57:38 web1 last message repeated 4 times").fields["repeated"] == "4"
    for other in (
        "message repeated x times: [ y]",
        "message repeated 2 times: [ y",
        "last message repeated",
        "message repeated",
    ):
        assert "repeated" not in parse(f"Nov 23 05:57:38 web1 app: {other}").fields


@pytest.mark.parametrize(
    ("tag", "program", "pid", "kind"),
    [
        ("CRON[1]:", "CRON", "1", "cron"),
        ("/usr/sbin/cron[1]:", "/usr/sbin/cron", "1", "cron"),
        ("postfix/smtpd[1]:", "postfix/smtpd", "1", "smtpd"),
        ("sshd-session[1]:", "sshd-session", "1", "sshd"),
        ("(systemd)[1]:", "(systemd)", "1", "systemd"),
        ("su(pam_unix)[1]:", "su(pam_unix)", "1", "su"),
        ("kernel:", "kernel", None, "kernel"),
    ],
)
def test_tags(tag: str, program: str, pid: str | None, kind: str) -> None:
    parsed = parse(f"Nov 23 05:57:38 web1 {tag} hello")
    assert (parsed.fields["program"], parsed.fields.get("pid"), parsed.kind) == (program, pid, (kind, ""))


@pytest.mark.parametrize("sample", sorted(SAMPLES.glob("*.log")), ids=lambda path: path.name)
def test_every_line_of_the_samples_is_read(sample: Path) -> None:
    for line in sample.read_text("utf-8").splitlines():
        parsed = parse(line)
        assert parsed.fields["message"] == "" or line.endswith(str(parsed.fields["message"]))


PIECES = (
    "<13>", "<38>1 ", "Nov 23 05:57:38", "2026-11-23T05:57:38Z", " web1", " sshd[80]:", " sudo:", " CRON[1]:", " kernel:",
    " su:", " login:", " named[1]:", " vsftpd:", " clamd:", " useradd:", " passwd:", " gpasswd:",
    " Failed password for ", "invalid user ", "root", " from 203.0.113.9", " port 22", " ssh2", ": ED25519 SHA256:x",
    " [preauth]", " bob : TTY=pts/0", " ; ", "COMMAND=", "USER=", " (root) CMD (x)", " pam_unix(sshd:auth): ",
    "authentication failure; logname= uid=0", " user=", "IN=eth0 OUT= SRC=", "[", "]", '"', "\\", "=", "(", ")",
    " message repeated 2 times: [", " -", " session opened for user x(uid=", " by ", "FAILED SU (to root) ", " on ",
    "Received disconnect from ", "Disconnecting ", "User ", " not allowed because ", "add 'x' to group 'y'", "\udc80", "\x00",
)  # fmt: skip


@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=4), max_size=14).map("".join))
def test_any_line_is_parsed_or_refused(line: str) -> None:
    parser = SyslogLines()
    if not parser.recognises(line):
        return
    try:
        parsed = parser.parse(line, ORIGIN)
    except RecordError:
        return
    assert len(parsed.kind) == 2
    assert isinstance(parsed.fields["message"], str)


@given(
    facility=st.integers(0, 23), severity=st.integers(0, 7), message=st.text(st.characters(codec="utf-8"), max_size=40)
)
def test_the_message_is_kept_as_it_came(facility: int, severity: int, message: str) -> None:
    parsed = parse(f"<{facility * 8 + severity}>1 - - - - - - {message}")
    assert parsed.fields["message"] == message.rstrip("\r\n").removeprefix("\ufeff")
    assert parsed.fields["facility"] == FACILITIES[facility]
