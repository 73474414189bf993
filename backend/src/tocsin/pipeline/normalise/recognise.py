"""Which parser a record belongs to, by what is in it."""

from __future__ import annotations

from collections.abc import Sequence

from tocsin.core.errors import RecordError
from tocsin.core.event import Fields
from tocsin.pipeline.normalise.parsers import DOCUMENT_PARSERS, LAST_RESORT, LINE_PARSERS
from tocsin.pipeline.normalise.types import DocumentParser, LineParser


class Recogniser:
    """Asks the parsers in order.

    The answer depends on the record alone, never on the records before it: an event's id hangs on it, and must be the
    same whatever order the records come in. So no "the last one fitted" here, however fast that would be.
    """

    def __init__(
        self,
        documents: Sequence[DocumentParser] = (*DOCUMENT_PARSERS, LAST_RESORT),
        lines: Sequence[LineParser] = LINE_PARSERS,
    ) -> None:
        self._documents = tuple((parser.recognises, parser) for parser in documents)
        self._lines = tuple((parser.recognises, parser) for parser in lines)

    def document(self, document: Fields) -> DocumentParser:
        """The parser of a JSON object; raises RecordError when none claims it."""
        for recognises, parser in self._documents:
            if recognises(document):
                return parser
        raise RecordError("unknown format")

    def is_last_resort(self, parser: DocumentParser) -> bool:
        """Whether it claims whatever no other parser does."""
        return parser is LAST_RESORT

    def line(self, line: str) -> LineParser | None:
        """The parser of a line of text; None when none claims it."""
        for recognises, parser in self._lines:
            if recognises(line):
                return parser
        return None
