"""Finds which witnesses stand in a value: one Aho-Corasick a field, and a memory of values seen before."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, cast

import ahocorasick
import re2

from tocsin.pipeline.detect.matching.witnesses import Witness
from tocsin.pipeline.detect.sigma.comparing import folded

START, END = "\x02", "\x03"
"""Stand for a value's ends inside the automaton, so that one pass finds anchored literals too. A value that holds them
itself names a rule too many, never one too few."""

_REMEMBERED = 4096
_LONGEST_REMEMBERED = 512
_MANY = 16
_TOO_LONG = 4096
"""Characters of literals beyond which the automaton of a regular expression would not fit its memory."""

_UNLIKE_ITS_TEXT = (r"\\u", r"\n", "\u212a", "\u0130")
"""Escapes, several documents in one, and the only two characters that fold to ASCII letters: what makes a search in raw
JSON miss a keyword that its values hold. As regular expressions."""

Candidates = tuple[int, ...]


def _word(witness: Witness) -> str:
    before = START if witness.place in ("equals", "startswith") else ""
    after = END if witness.place in ("equals", "endswith") else ""
    return before + witness.literal + after


class FieldScanner:
    """For one field: value → the rules that have a witness in it."""

    def __init__(self, rules_of: Mapping[Witness, Iterable[int]]) -> None:
        words: dict[str, set[int]] = {}
        unsure: set[int] = set()
        for witness, rules in rules_of.items():
            words.setdefault(_word(witness), set()).update(rules)
            if witness.ascii_only:
                unsure.update(rules)
        self._unsure = frozenset(unsure)
        self._iterate = _automaton(words).iter
        self.seen: dict[str, Candidates] = {}

    def scan(self, value: str) -> Candidates:
        """Call when `seen` does not have the value; it may have it afterwards."""
        found: set[int] = set()
        for _, rules in self._iterate(START + folded(value) + END):
            found.update(rules)
        if self._unsure and not value.isascii():
            found |= self._unsure
        candidates = tuple(found)
        if len(value) <= _LONGEST_REMEMBERED:
            if len(self.seen) >= _REMEMBERED:
                self.seen.clear()
            self.seen[value] = candidates
        return candidates


class TextScanner:
    """For keywords: all of an event's values at once."""

    def __init__(self, rules_of: Mapping[Witness, Iterable[int]]) -> None:
        words: dict[str, set[int]] = {}
        unsure: set[int] = set()
        for witness, rules in rules_of.items():
            words.setdefault(witness.literal, set()).update(rules)
            if witness.ascii_only:
                unsure.update(rules)
        self._iterate = _automaton(words).iter
        self._unsure = frozenset(unsure)
        self._prefilter = _prefilter(words)

    def can_skip(self, raw: bytes) -> bool:
        """True when no keyword can be in an event whose JSON this is; False means: look closer."""
        return self._prefilter is not None and self._prefilter.search(raw) is None

    def scan(self, values: list[str]) -> set[int]:
        """The rules with a keyword in one of the values."""
        text = "\n".join(values)
        found: set[int] = set()
        for _, rules in self._iterate(folded(text)):
            found.update(rules)
        if self._unsure and not text.isascii():
            found |= self._unsure
        return found


def holds_any(literals: tuple[str, ...]) -> Callable[[str], bool]:
    """Does a folded value hold one of the folded literals? Many are looked for in one pass."""
    if len(literals) < _MANY:
        return lambda value: any(map(value.__contains__, literals))
    if sum(map(len, literals)) > _TOO_LONG:
        iterate = _automaton(dict.fromkeys(literals, ())).iter
        return lambda value: next(iterate(value), None) is not None
    options = re2.Options()
    options.encoding = re2.Options.Encoding.LATIN1  # bytes against bytes: UTF-8 never matches between characters
    options.log_errors = False
    options.max_mem = 16 << 20
    pattern = "|".join(map(re2.escape, literals)).encode("utf-8", "surrogatepass")
    search = re2.compile(pattern, options=options).search
    return lambda value: search(value.encode("utf-8", "surrogatepass")) is not None


def _automaton(words: Mapping[str, Iterable[int]]) -> Any:  # noqa: ANN401 - pyahocorasick ships no types
    automaton = cast("Any", ahocorasick.Automaton())
    for word, rules in words.items():
        automaton.add_word(word, tuple(sorted(rules)))
    automaton.make_automaton()
    return automaton


def _prefilter(words: Iterable[str]) -> Any | None:  # noqa: ANN401 - nor does re2
    runs: list[str] = []
    for word in words:
        run = _plain_run(word)
        if not any(letter.isalpha() for letter in run):
            return None
        runs.append(run)
    options = re2.Options()
    options.case_sensitive = False
    options.encoding = re2.Options.Encoding.LATIN1
    options.log_errors = False
    options.max_mem = 16 << 20
    # one pass for both: the keywords, and whatever would hide one
    return re2.compile("|".join((*map(re2.escape, sorted(set(runs))), *_UNLIKE_ITS_TEXT)).encode(), options=options)


def _plain_run(word: str) -> str:
    """The longest stretch that JSON writes as it is."""
    best = run = ""
    for letter in word:
        run = run + letter if letter.isascii() and letter.isprintable() and letter not in '"\\/' else ""
        best = max(best, run, key=len)
    return best
