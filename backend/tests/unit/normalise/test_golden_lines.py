"""Every bundled sample of a line format reads as it did when somebody looked at it last."""

from __future__ import annotations

import pytest

from tests.factories.line_samples import views, wholes
from tests.factories.samples import GOLDEN, expected
from tocsin.pipeline.normalise.parsers import LINE_PARSERS
from tocsin.pipeline.normalise.types import LineParser

LOOKED_AT = [parser for parser in LINE_PARSERS if (GOLDEN / f"{parser.shape}.json").exists()]


@pytest.mark.parametrize("parser", LOOKED_AT, ids=lambda parser: parser.shape)
def test_samples_read_as_expected(parser: LineParser) -> None:
    assert views(parser) == expected(parser.shape)


@pytest.mark.parametrize("parser", LOOKED_AT, ids=lambda parser: parser.shape)
def test_only_its_own_parser_recognises_a_sample(parser: LineParser) -> None:
    for line in wholes(parser.shape):
        assert [known.shape for known in LINE_PARSERS if known.recognises(line)] == [parser.shape]
