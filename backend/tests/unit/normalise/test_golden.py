"""Every bundled sample of a document format reads as it did when somebody looked at it last."""

from __future__ import annotations

import pytest

from tests.factories.samples import GOLDEN, documents, expected, views
from tocsin.pipeline.normalise.parsers import DOCUMENT_PARSERS
from tocsin.pipeline.normalise.types import DocumentParser

LOOKED_AT = [parser for parser in DOCUMENT_PARSERS if (GOLDEN / f"{parser.shape}.json").exists()]


@pytest.mark.parametrize("parser", LOOKED_AT, ids=lambda parser: parser.shape)
def test_samples_read_as_expected(parser: DocumentParser) -> None:
    assert views(parser) == expected(parser.shape)


@pytest.mark.parametrize("parser", LOOKED_AT, ids=lambda parser: parser.shape)
def test_the_first_parser_that_recognises_a_sample_is_its_own(parser: DocumentParser) -> None:
    for document in documents(parser.shape):
        assert next(known.shape for known in DOCUMENT_PARSERS if known.recognises(document)) == parser.shape
