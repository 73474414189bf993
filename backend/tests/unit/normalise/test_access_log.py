"""Access logs give the request as the client sent it, however the server escaped it and the client broke it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.factories.line_samples import ORIGIN, event
from tocsin.core.errors import RecordError
from tocsin.core.event import Fields
from tocsin.pipeline.normalise.aliases import bundled
from tocsin.pipeline.normalise.parsers.access_log import AccessLog
from tocsin.pipeline.normalise.parsers.quoted import end_of_quoted, unescaped
from tocsin.pipeline.normalise.times import iso_time

WHEN = "[23/Nov/2026:05:21:48 +0100]"


def read(line: str) -> Fields:
    parser = AccessLog()
    assert parser.recognises(line)
    return parser.parse(line, ORIGIN).fields


def sigma(line: str, *names: str) -> dict[str, object]:
    one = event(AccessLog(), line)
    route = bundled().route(one.shape, one.kind)
    return {name: route.resolve(name).read(one.fields) for name in names}


def test_combined() -> None:
    line = f'203.0.113.9 - bob {WHEN} "GET /a?b=c HTTP/1.1" 200 512 "http://x.example/" "curl/8"'
    assert read(line) == {
        "remote_addr": "203.0.113.9",
        "remote_user": "bob",
        "time_local": "23/Nov/2026:05:21:48 +0100",
        "request": "GET /a?b=c HTTP/1.1",
        "request_method": "GET",
        "request_uri": "/a?b=c",
        "server_protocol": "HTTP/1.1",
        "path": "/a",
        "args": "b=c",
        "uri_forms": ["b=c", "/a?b=c"],
        "status_code": "200",
        "body_bytes_sent": "512",
        "http_referer": "http://x.example/",
        "http_user_agent": "curl/8",
    }
    assert AccessLog().parse(line, ORIGIN).time == iso_time("2026-11-23T04:21:48Z")


def test_sigmas_names() -> None:
    line = f'shop.example:443 2001:db8::9 - - {WHEN} "POST /a/b.php?x=%27 HTTP/2.0" 404 12 "-" "curl/8"'
    assert sigma(
        line, "c-ip", "cs-method", "cs-uri", "cs-uri-stem", "cs-uri-query", "sc-status", "cs-host", "cs-user-agent", "cs-referer"
    ) == {
        "c-ip": "2001:db8::9",
        "cs-method": "POST",
        "cs-uri": "/a/b.php?x=%27",
        "cs-uri-stem": "/a/b.php",
        "cs-uri-query": ["x=%27", "/a/b.php?x=%27"],
        "sc-status": "404",
        "cs-host": "shop.example",
        "cs-user-agent": "curl/8",
        "cs-referer": None,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("logged", "sent"),
    [
        (r"\"a\"", '"a"'),
        (r"\x22a\x22", '"a"'),
        (r"\\x22", r"\x22"),
        (r"\xc3\xa9", "é"),
        (r"\xff", "\ufffd"),
        (r"a\nb\tc", "a\nb\tc"),
        (r"\x2", "x2"),
        ("\\", "\\"),
        ("plain", "plain"),
    ],
)
def test_escapes_are_undone(logged: str, sent: str) -> None:
    assert unescaped(logged) == sent


@pytest.mark.parametrize(
    ("request_line", "expected"),
    [
        ("-", {}),
        ("", {}),
        (r"\x16\x03\x01\x02", {}),
        ("GET /old", {"request_method": "GET", "request_uri": "/old", "path": "/old", "uri_forms": "/old"}),
        (
            "GET /a b HTTP/1.1",
            {"request_method": "GET", "request_uri": "/a b", "path": "/a b", "uri_forms": "/a b", "server_protocol": "HTTP/1.1"},
        ),
        (
            "GET http://x.example/y?z HTTP/1.1",
            {
                "request_method": "GET",
                "request_uri": "http://x.example/y?z",
                "path": "/y",
                "args": "z",
                "uri_forms": ["z", "http://x.example/y?z"],
                "server_protocol": "HTTP/1.1",
            },
        ),
        (
            "CONNECT mail.example:25 HTTP/1.1",
            {"request_method": "CONNECT", "request_uri": "mail.example:25", "uri_forms": "mail.example:25", "server_protocol": "HTTP/1.1"},
        ),
        (
            "GET /? HTTP/1.1",
            {"request_method": "GET", "request_uri": "/?", "path": "/", "args": "", "uri_forms": ["", "/?"], "server_protocol": "HTTP/1.1"},
        ),
    ],
)  # fmt: skip
def test_requests_that_clients_broke(request_line: str, expected: Fields) -> None:
    fields = read(f'203.0.113.9 - - {WHEN} "{request_line}" 400 0')
    always = ("remote_addr", "time_local", "request", "status_code", "body_bytes_sent")
    assert {name: value for name, value in fields.items() if name not in always} == expected


def test_a_user_name_cannot_pose_as_a_time_or_a_request() -> None:
    user = r"x [10/Oct/2000:13:55:36 -0700] \"GET / HTTP/1.0\" 200 5"
    fields = read(f'203.0.113.9 - {user} {WHEN} "GET /private HTTP/1.1" 401 5 "-" "-"')
    assert fields["time_local"] == "23/Nov/2026:05:21:48 +0100"
    assert fields["remote_user"] == 'x [10/Oct/2000:13:55:36 -0700] "GET / HTTP/1.0" 200 5'
    assert fields["request_uri"] == "/private"
    assert fields["status_code"] == "401"


def test_what_an_administrator_added_is_kept() -> None:
    fields = read(f'203.0.113.9 - - {WHEN} "GET / HTTP/1.1" 200 5 "-" "curl" "198.51.100.7" 0.002')
    assert fields["rest"] == '"198.51.100.7" 0.002'
    assert read(f'203.0.113.9 - - {WHEN} "GET / HTTP/1.1" 200 5 0.002')["rest"] == "0.002"
    fields = read(f'203.0.113.9 - - {WHEN} "GET / HTTP/1.1" 200 5 "-" "curl" {WHEN} "b"')
    assert (fields["request_uri"], fields["rest"]) == ("/", f'{WHEN} "b"')


def test_a_user_agent_cut_short_is_kept() -> None:
    assert read(f'203.0.113.9 - - {WHEN} "GET / HTTP/1.1" 200 5 "-" "curl')["http_user_agent"] == "curl"


@pytest.mark.parametrize(
    ("status", "kind"),
    [("401", "login_failed"), ("200", "login"), ("304", "login"), ("404", ""), ("500", ""), ("-", "")],
)
def test_a_user_name_makes_it_a_log_in(status: str, kind: str) -> None:
    parser = AccessLog()
    assert parser.parse(f'::1 - bob {WHEN} "GET / HTTP/1.1" {status} 5', ORIGIN).kind == ("access", kind)
    assert parser.parse(f'::1 - - {WHEN} "GET / HTTP/1.1" {status} 5', ORIGIN).kind == ("access", "")


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (f'::1 - - {WHEN} "GET / HTTP/1.1', "unclosed quotation mark"),
        (f'::1 - - {WHEN} "GET / HTTP/1.1" x 5', "no status and size"),
        (f'::1 - - {WHEN} "GET / HTTP/1.1"', "no status and size"),
        (f'::1 - - {WHEN} "GET / HTTP/1.1" 200', "no status and size"),
        ('::1 - - [32/Nov/2026:05:21:48 +0100] "GET / HTTP/1.1" 200 5', "impossible time"),
    ],
)
def test_what_is_broken_is_refused_with_its_reason(line: str, reason: str) -> None:
    with pytest.raises(RecordError) as refused:
        read(line)
    assert refused.value.reason == reason


@pytest.mark.parametrize(
    "line",
    [
        "",
        '] "',
        f'{WHEN} "GET / HTTP/1.1" 200 5',
        f'Nov 23 05:21:48 web1 nginx: ::1 - - {WHEN} "GET / HTTP/1.1" 200 5',
        f'2026-11-23T05:21:48Z web1 nginx: ::1 - - {WHEN} "GET / HTTP/1.1" 200 5',
        '::1 - - [23/Nov/2026] "GET / HTTP/1.1" 200 5',
    ],
)
def test_what_is_no_access_log(line: str) -> None:
    assert not AccessLog().recognises(line)


@given(st.text(alphabet='\\"a', max_size=12))
def test_a_value_ends_at_the_first_mark_that_is_not_escaped(text: str) -> None:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    assert end_of_quoted(escaped + '" "rest"') == len(escaped)
    assert unescaped(escaped) == text
    assert end_of_quoted(escaped) == -1


def test_a_megabyte_of_escapes_takes_no_time() -> None:
    assert end_of_quoted('\\"' * 500_000) == -1


PIECES = (
    "203.0.113.9", " - ", "-", " bob ", WHEN, " [", "] ", '"', '\\"', "\\", "\\x", "\\xff", "GET ", "/a?b=c", " HTTP/1.1",
    " 200", " 5", "x:80 ", "\udc80", "\n", "http://", "?",
)  # fmt: skip


@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=3), max_size=12), st.booleans())
def test_any_line_is_parsed_or_refused(pieces: list[str], begun: bool) -> None:
    line = (f'203.0.113.9 - - {WHEN} "' if begun else "") + "".join(pieces)
    parser = AccessLog()
    if not parser.recognises(line):
        return
    try:
        parsed = parser.parse(line, ORIGIN)
    except RecordError:
        return
    assert parsed.time is not None
    assert isinstance(parsed.fields["request"], str)
