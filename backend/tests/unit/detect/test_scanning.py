"""A scan may name a rule too many, never one too few."""

from __future__ import annotations

import pytest

from tocsin.pipeline.detect.matching.scanning import FieldScanner, TextScanner, holds_any
from tocsin.pipeline.detect.matching.witnesses import Witness


def test_anchored_literals_are_found_only_at_their_end_of_the_value():
    scanner = FieldScanner(
        {
            Witness("Image", "startswith", "c:\\"): (0,),
            Witness("Image", "endswith", "\\cmd.exe"): (1,),
            Witness("Image", "equals", "cmd.exe"): (2,),
            Witness("Image", "contains", "cmd"): (3,),
        }
    )
    assert set(scanner.scan("C:\\Windows\\CMD.exe")) == {0, 1, 3}
    assert set(scanner.scan("cmd.exe")) == {2, 3}
    assert set(scanner.scan("xc:\\")) == set()


def test_a_value_that_is_not_ascii_names_every_rule_whose_witness_is_unsure():
    scanner = FieldScanner({Witness("Image", "contains", "k", ascii_only=True): (0,)})
    assert scanner.scan("\u017f") == (0,)
    assert scanner.scan("s") == ()


def test_values_seen_before_are_remembered():
    scanner = FieldScanner({Witness("Image", "contains", "cmd"): (0,)})
    scanner.scan("CMD")
    assert scanner.seen["CMD"] == (0,)


def test_memory_of_values_is_bounded():
    scanner = FieldScanner({Witness("Image", "contains", "cmd"): (0,)})
    for number in range(20_000):
        scanner.scan(f"cmd{number}")
    assert len(scanner.seen) <= 4096


def test_plain_json_without_the_keyword_is_skipped():
    keywords = TextScanner({Witness("", "contains", "mimikatz"): (0,)})
    assert keywords.can_skip(b'{"a": "nothing"}')
    assert not keywords.can_skip(b'{"a": "MimiKatz"}')


def test_escaped_json_is_never_skipped():
    keywords = TextScanner({Witness("", "contains", "mimikatz"): (0,)})
    assert not keywords.can_skip(b'{"a": "\\u006dimikatz"}')


def test_letters_that_fold_to_ascii_are_never_skipped():
    keywords = TextScanner({Witness("", "contains", "mimikatz"): (0,)})
    assert not keywords.can_skip('{"a": "mimi\u212aatz"}'.encode())


def test_a_keyword_that_json_writes_in_another_way_is_never_skipped():
    keywords = TextScanner({Witness("", "contains", '"\\"'): (0,)})
    assert not keywords.can_skip(b'{"a": "\\"\\\\\\""}')


@pytest.mark.parametrize("count", [3, 40, 2000])
def test_few_many_and_very_many_literals_are_looked_for_alike(count: int):
    literals = tuple(f"wörd{number:04d}" for number in range(count))
    found = holds_any(literals)
    assert found(f"a wörd{count - 1:04d} b")
    assert not found(f"a wörd{count:04d} b")
    assert not found("")
