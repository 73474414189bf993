"""Regular expressions are linear-time, or bounded, or refused."""

from __future__ import annotations

import pytest

from tocsin.pipeline.detect.sigma.regex import LONGEST_BACKTRACKED, RegexError, compiled, required


def test_what_would_run_away_elsewhere_is_linear_here():
    assert compiled("(a+)+$", "").linear
    assert not compiled("(a+)+$", "").found("a" * 200_000 + "b")


def test_look_around_is_bounded():
    look_around = compiled("(?<!x)a+b", "")
    assert not look_around.linear
    assert look_around.found("aab")
    assert not look_around.found("a" * (LONGEST_BACKTRACKED + 5) + "b")


@pytest.mark.parametrize("pattern", ["(?=x)(a+)+$", r"(a*)*\1", "(?!x)a*a*a*b"])
def test_what_could_run_away_is_refused(pattern: str):
    with pytest.raises(RegexError, match="could run away"):
        compiled(pattern, "")


@pytest.mark.parametrize("pattern", ["(", "[z-a]", "(?P<n", "\\"])
def test_what_is_no_expression_is_refused_by_name(pattern: str):
    with pytest.raises(RegexError) as refused:
        compiled(pattern, "")
    assert repr(pattern) in str(refused.value)


@pytest.mark.parametrize(
    ("pattern", "literals"),
    [
        ("abc.*defgh", {"defgh"}),
        ("(?:abc|defg)x?", {"abc", "defg"}),
        ("a?b*", None),
        ("(abc)+", {"abc"}),
        ("(abc)*", None),
        ("ABC", {"abc"}),
        ("abc|d?", None),
        ("^abc$", {"abc"}),
        ("[a-z]{5}", None),
    ],
)
def test_required_literals(pattern: str, literals: set[str] | None):
    assert required(pattern, "") == literals
