"""Error logs of Apache and nginx name the client where nobody else can have written it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.factories.line_samples import ORIGIN
from tocsin.core.errors import RecordError
from tocsin.core.event import Origin
from tocsin.core.ids import LOCAL
from tocsin.pipeline.normalise.parsers.webserver_error import WebServerError
from tocsin.pipeline.normalise.times import iso_time
from tocsin.pipeline.normalise.types import Parsed

NGINX = "2026/11/23 05:21:52 [error] 9#9: *12 "
APACHE = "[Mon Nov 23 05:21:48.123456 2026] "


def parse(line: str, origin: Origin = ORIGIN) -> Parsed:
    parser = WebServerError()
    assert parser.recognises(line)
    return parser.parse(line, origin)


def test_nginx() -> None:
    parsed = parse(
        NGINX + 'open() "/x" failed (2: No such file or directory), client: 2001:db8::9, server: shop.example, '
        'request: "GET /x HTTP/1.1", upstream: "http://127.0.0.1:8000/x", host: "shop.example", referrer: "http://y/"'
    )
    assert parsed.kind == ("nginx", "error")
    assert parsed.time == iso_time("2026-11-23T05:21:52Z")
    assert parsed.fields == {
        "level": "error",
        "pid": "9",
        "tid": "9",
        "connection": "12",
        "message": 'open() "/x" failed (2: No such file or directory)',
        "client": "2001:db8::9",
        "server": "shop.example",
        "request": "GET /x HTTP/1.1",
        "host": "shop.example",
    }


def test_nginx_without_a_client() -> None:
    parsed = parse("2026/11/23 05:21:51 [alert] 7#7: worker process 881 exited on signal 6 (core dumped)")
    assert parsed.fields["message"] == "worker process 881 exited on signal 6 (core dumped)"
    assert "client" not in parsed.fields


@pytest.mark.parametrize(
    "message",
    [
        'user "a, client: 6.6.6.6, server: _" was not found in "/pw", client: 203.0.113.9, server: _',
        'x failed, client: 203.0.113.9, server: _, request: "GET /, client: 6.6.6.6, server: _ HTTP/1.1"',
    ],
)
def test_where_a_client_wrote_a_client_too_none_is_believed(message: str) -> None:
    assert "client" not in parse(NGINX + message).fields


@pytest.mark.parametrize(
    ("brackets", "client", "port"),
    [
        ("[core:error] [pid 8:tid 9] [client 203.0.113.9:40122]", "203.0.113.9", "40122"),
        ("[core:error] [pid 8:tid 9] [client 2001:db8::9:40122]", "2001:db8::9", "40122"),
        ("[core:error] [pid 8:tid 9] [client [2001:db8::9]:40122]", "2001:db8::9", "40122"),
        ("[error] [client 2001:db8::9]", "2001:db8::9", None),
        ("[error] [client 203.0.113.9]", "203.0.113.9", None),
    ],
)
def test_apache(brackets: str, client: str, port: str | None) -> None:
    parsed = parse(f"{APACHE}{brackets} AH00126: Invalid URI in request [client 6.6.6.6]")
    assert parsed.kind == ("apache", "error")
    assert parsed.time == iso_time("2026-11-23T05:21:48.123456Z")
    assert (parsed.fields["client"], parsed.fields.get("client_port")) == (client, port)
    assert parsed.fields["code"] == "AH00126"
    assert parsed.fields["message"] == "AH00126: Invalid URI in request [client 6.6.6.6]"


def test_the_zone_is_the_sources() -> None:
    berlin = Origin(tenant=LOCAL, source="", lane="", batch="", received=ORIGIN.received, zone="Europe/Berlin")
    assert parse(NGINX, berlin).time == iso_time("2026-11-23T04:21:52Z")


@pytest.mark.parametrize("line", ["2026/13/23 05:21:52 [error] 9#9: x", "2026/11/31 05:21:52 [error] 9#9: x",
                                  "[Mon Abc 23 05:21:48 2026] [error] x", "[Mon Nov 31 05:21:48 2026] [error] x"])  # fmt: skip
def test_a_day_that_does_not_exist_is_refused(line: str) -> None:
    with pytest.raises(RecordError, match="impossible time"):
        parse(line)


@pytest.mark.parametrize(
    "line", ["", "[", "[Mon Nov 23 05:21:48 2026] text", "2026/11/23 05:21:52 text", "[core:error] x"]
)
def test_what_is_no_error_log(line: str) -> None:
    assert not WebServerError().recognises(line)


PIECES = (
    "[",
    "]",
    "] ",
    "client ",
    "203.0.113.9",
    ":1",
    "core:error",
    ", client: ",
    ', request: "',
    '", host: "',
    '"',
    "AH00001: ",
    ", ",
)


@given(st.sampled_from((NGINX, APACHE + "[")), st.lists(st.sampled_from(PIECES) | st.text(max_size=3), max_size=12))
def test_any_line_is_parsed_or_refused(start: str, pieces: list[str]) -> None:
    parsed = parse(start + "".join(pieces))
    assert isinstance(parsed.fields["message"], str)
