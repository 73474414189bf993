"""Regular expressions of rules: linear-time, or bounded, or refused."""

from __future__ import annotations

import importlib
import re
from functools import lru_cache
from typing import Any, NamedTuple

import re2
from sigma.policy.regex_engine import RegexEngine, RegexPattern

from tocsin.core.errors import InvalidInputError

LONGEST_BACKTRACKED = 2048
"""Characters of a value that a look-around regex sees: backtracking is at worst quadratic here, so milliseconds."""

_MEMORY = 8 << 20

parser: Any = importlib.import_module("re._parser")  # the one reader of Python's own regex trees; it has no public name


class RegexError(InvalidInputError):
    """The expression is not valid, or could run away."""

    code = "bad_regex"


class Regex(NamedTuple):
    """A compiled expression. `linear` is False for the few that need look-around or back-references."""

    linear: bool
    pattern: Any  # re2 and re share no type
    shortest: int
    """Characters that a match takes at least."""

    def found(self, text: str) -> bool:
        """Is there a match anywhere in the text?"""
        if len(text) < self.shortest:
            return False
        if self.linear:
            return self.pattern.search(text.encode("utf-8", "replace")) is not None
        return self.pattern.search(text[:LONGEST_BACKTRACKED]) is not None


@lru_cache(maxsize=4096)
def compiled(pattern: str, flags: str) -> Regex:
    """`flags` is a subset of 'ims'. Raises RegexError."""
    prefix = f"(?{flags})" if flags else ""
    options = re2.Options()
    options.max_mem = _MEMORY
    options.log_errors = False
    try:
        linear = re2.compile((prefix + pattern).encode(), options=options)
    except re2.error:
        return _backtracking(pattern, prefix)
    return Regex(linear=True, pattern=linear, shortest=_shortest(prefix + pattern))


class Judge(RegexEngine):
    """Tells pySigma which expressions are valid: those that `compiled` takes."""

    def compile(self, pattern: str, flags: int = 0) -> RegexPattern:
        letters = {re.IGNORECASE: "i", re.MULTILINE: "m", re.DOTALL: "s"}
        return compiled(pattern, "".join(letter for flag, letter in letters.items() if flags & flag)).pattern

    @property
    def error(self) -> type[Exception]:
        return RegexError


def _backtracking(pattern: str, prefix: str) -> Regex:
    try:
        tree = parser.parse(prefix + pattern)
        expression = re.compile(prefix + pattern)
    except (re.error, RecursionError, OverflowError) as error:
        message = f"regular expression {pattern!r}: {error}"
        raise RegexError(message) from error
    if _may_run_away(tree):
        message = f"regular expression {pattern!r} could run away: it repeats a repetition and needs backtracking"
        raise RegexError(message)
    return Regex(linear=False, pattern=expression, shortest=0)


def _shortest(pattern: str) -> int:
    try:
        return int(parser.parse(pattern).getwidth()[0])
    except (re.error, RecursionError, OverflowError):
        return 0  # RE2 knows syntax that Python does not


def _may_run_away(tree: Any) -> bool:  # noqa: ANN401 - CPython's parse tree has no public type
    """A repetition inside a repetition, or three open repetitions in a row: worse than quadratic."""
    return _repeats(tree) > 2


def _repeats(tree: Any) -> int:  # noqa: ANN401
    total = 0
    for operator, argument in tree:
        name = str(operator)
        if name in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
            low, high, inner = argument
            within = _repeats(inner)
            many = high is parser.MAXREPEAT or high - low > 16
            total += within * 3 + 1 if many else within
        elif name == "BRANCH":
            total += max((_repeats(branch) for branch in argument[1]), default=0)
        elif name == "SUBPATTERN":
            total += _repeats(argument[3])
        elif name in ("ASSERT", "ASSERT_NOT"):
            total += _repeats(argument[1])
        elif name == "ATOMIC_GROUP":
            total += _repeats(argument)
        elif name == "GROUPREF_EXISTS":
            total += sum(_repeats(part) for part in argument[1:] if part)
    return total


def required(pattern: str, flags: str) -> frozenset[str] | None:
    """Lower-case ASCII literals one of which is in every text that matches; None when there are none.

    Raises nothing: what cannot be read has no literal. Non-ASCII texts fold in other ways: do not rely on it for them.
    """
    try:
        return _literals(parser.parse((f"(?{flags})" if flags else "") + pattern))
    except (re.error, RecursionError, OverflowError):
        return None


def _literals(tree: Any) -> frozenset[str] | None:  # noqa: ANN401
    found: list[frozenset[str]] = []
    run = ""
    for operator, argument in tree:
        name = str(operator)
        if name == "LITERAL" and argument < 128:
            run += chr(argument)
        elif name != "AT":  # anchors take no room
            found.append(frozenset({run.lower()}))
            run = ""
            found.append(_inside(name, argument) or frozenset())
    found.append(frozenset({run.lower()}))
    usable = [literals for literals in found if literals and all(literals)]
    return max(usable, key=_worth, default=None)


def _inside(name: str, argument: Any) -> frozenset[str] | None:  # noqa: ANN401
    if name == "SUBPATTERN":
        return _literals(argument[3])
    if name in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
        return _literals(argument[2]) if argument[0] > 0 else None
    if name == "ATOMIC_GROUP":
        return _literals(argument)
    if name == "BRANCH":
        branches = [_literals(branch) for branch in argument[1]]
        return frozenset[str]().union(*(branch or () for branch in branches)) if all(branches) else None
    return None


def _worth(literals: frozenset[str]) -> float:
    return min(map(len, literals)) - len(literals) / 64
