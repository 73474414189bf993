"""From records to events: recognise, parse, join, and count what became of each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TypeAlias

from tocsin.core.errors import RecordError
from tocsin.core.event import Event, Fields, Origin
from tocsin.pipeline.ingest.types import Frame, Record, Rejected, rejected
from tocsin.pipeline.normalise.carriers import carried_by, carried_in, inside
from tocsin.pipeline.normalise.decoding import document_of, is_document, text_of
from tocsin.pipeline.normalise.ledger import Ledger, Tally
from tocsin.pipeline.normalise.recognise import Recogniser
from tocsin.pipeline.normalise.types import Joiner, Parsed, RecordJoiner

Outcome: TypeAlias = Event | Rejected

# what a parser may raise on input its author did not think of: one record is lost, and listed, not the whole run
_FAULTS = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)


class Normaliser:
    """Between batches it keeps the ledger and what its joiners hold."""

    def __init__(
        self,
        recogniser: Recogniser | None = None,
        record_joiners: Sequence[RecordJoiner] = (),
        joiners: Sequence[Joiner] = (),
    ) -> None:
        self.ledger = Ledger()
        self._recogniser = recogniser or Recogniser()
        self._record_joiners = tuple(record_joiners)
        self._joiners = tuple(joiners)

    def events(self, origin: Origin, frames: Iterable[Frame]) -> Iterator[Outcome]:
        """The events of a batch and what had to be refused, as they come. Lines are joined within the batch, events
        across batches: what is held for that comes later, or with `flush`."""
        tally = self.ledger.of(origin.source)
        for frame in self._wholes(frames, tally):
            outcome = frame if isinstance(frame, Rejected) else self._outcome(origin, frame)
            if isinstance(outcome, Rejected):
                tally.rejected[outcome.reason] += 1
                yield outcome
            elif self._joiners:
                yield from self._joined(outcome, tally)
            else:
                tally.parsed += 1
                yield outcome

    def flush(self) -> Iterator[Event]:
        """The events that were held for joining, as far as they came; at the end of a lane."""
        for place, joiner in enumerate(self._joiners):
            held = joiner.flush()
            for later in self._joiners[place + 1 :]:
                held = self._fed(later, held)
            for event in held:
                self.ledger.of(event.origin.source).parsed += 1
                yield event

    def _outcome(self, origin: Origin, record: Record) -> Outcome:
        try:
            return self._event(origin, record)
        except RecordError as error:
            reason, detail = error.reason, error.detail
        except _FAULTS as error:
            reason, detail = "the parser failed", repr(error)[:160]
        return rejected(origin.source, record.position, record.unit, reason, detail, record.raw)

    def _event(self, origin: Origin, record: Record) -> Event:
        raw, position, _, document = record
        if document is None and not is_document(raw):
            shape, parsed = self._line(text_of(raw), origin)
        else:
            shape, parsed = self._document(document_of(raw) if document is None else document, origin)
        kind, fields, time, identity = parsed
        timed = time is not None
        return Event(
            origin, position - 1, raw, shape, kind, fields, time if timed else origin.received, timed, identity
        )

    def _line(self, line: str, origin: Origin) -> tuple[str, Parsed]:
        parser = self._recogniser.line(line)
        if parser is not None:
            return parser.shape, parser.parse(line, origin)
        carried = carried_by(line)
        found = inside(carried, self._recogniser, origin) if carried else None
        if found is None:
            raise RecordError("unknown format")
        return found

    def _document(self, document: Fields, origin: Origin) -> tuple[str, Parsed]:
        parser = self._recogniser.document(document)
        if self._recogniser.is_last_resort(parser) and (carried := carried_in(document)):
            found = inside(carried, self._recogniser, origin)
            if found is not None:
                return found
        return parser.shape, parser.parse(document, origin)

    def _joined(self, event: Event, tally: Tally) -> list[Event]:
        wholes = [event]
        for joiner in self._joiners:
            wholes = self._fed(joiner, wholes)
        for whole in wholes:
            # a whole counts where its first part was read
            (tally if whole.origin is event.origin else self.ledger.of(whole.origin.source)).parsed += 1
        return wholes

    def _fed(self, joiner: Joiner, events: Iterable[Event]) -> list[Event]:
        wholes: list[Event] = []
        for event in events:
            before = joiner.joined
            wholes += joiner.feed(event)
            if joiner.joined != before:
                self.ledger.of(event.origin.source).joined += joiner.joined - before
        return wholes

    def _wholes(self, frames: Iterable[Frame], tally: Tally) -> Iterator[Frame]:
        """Each record as it will be parsed: one as it was read, or the lines of one event together."""
        for frame in frames:
            tally.read += 1
            if isinstance(frame, Rejected) or frame.document is not None or is_document(frame.raw):
                yield frame
            else:
                for whole in self._gathered(frame):
                    yield _one(whole, tally)
        for joiner in self._record_joiners:
            for whole in joiner.flush():
                yield _one(whole, tally)

    def _gathered(self, record: Record) -> list[list[Record]]:
        line = text_of(record.raw)
        for joiner in self._record_joiners:
            if joiner.claims(line):
                return joiner.feed(record, line)
        return [[record]]


def _one(whole: list[Record], tally: Tally) -> Record:
    if len(whole) == 1:
        return whole[0]
    tally.joined += len(whole) - 1
    return whole[0]._replace(raw=b"\n".join(record.raw for record in whole))
