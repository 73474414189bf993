"""The value views for web requests, outcomes and Kerberos principals."""

from __future__ import annotations

import pytest

from tocsin.pipeline.normalise.views import VIEWS


@pytest.mark.parametrize(
    ("uri", "path", "query", "extension"),
    [
        ("/a/setup.exe?v=1&w=2", "/a/setup.exe", "v=1&w=2", "exe"),
        ("http://example.org/a/b.php?x=http://evil/y.exe", "/a/b.php", "x=http://evil/y.exe", "php"),
        ("/redirect?to=https://example.org/", "/redirect", "to=https://example.org/", None),
        ("/a.b/c", "/a.b/c", None, None),
        ("http://example.org", None, None, None),
        ("*", "*", None, None),
        ("", None, None, None),
    ],
)
def test_a_request_target_in_its_parts(uri: str, path: str | None, query: str | None, extension: str | None) -> None:
    assert VIEWS["uri_path"]([uri]) == path
    assert VIEWS["uri_query"]([uri]) == query
    assert VIEWS["uri_extension"]([uri]) == extension


@pytest.mark.parametrize(
    ("values", "url"),
    [
        (["example.org", "/a?b"], "http://example.org/a?b"),
        (["example.org", "http://other.example/a"], "http://other.example/a"),
        (["example.org:443", "example.org:443"], "example.org:443"),
        (["/a?b"], "/a?b"),
    ],
)
def test_a_whole_url_from_host_and_target(values: list[str], url: str) -> None:
    assert VIEWS["url"](values) == url


def test_an_error_makes_the_outcome_a_failure() -> None:
    assert VIEWS["outcome"](["ConsoleLogin"]) == "Success"
    assert VIEWS["outcome"](["ConsoleLogin", ""]) == "Success"
    assert VIEWS["outcome"](["PutObject", "AccessDenied"]) == "Failure"


@pytest.mark.parametrize(
    ("principal", "name", "realm"),
    [
        ("alice/EXAMPLE.ORG", "alice", "EXAMPLE.ORG"),
        ("alice@EXAMPLE.ORG", "alice", "EXAMPLE.ORG"),
        ("WEB01$/EXAMPLE.ORG", "WEB01$", "EXAMPLE.ORG"),
        ("alice", "alice", None),
    ],
)
def test_a_kerberos_principal_in_its_parts(principal: str, name: str, realm: str | None) -> None:
    assert VIEWS["principal_name"]([principal]) == name
    assert VIEWS["principal_realm"]([principal]) == realm
