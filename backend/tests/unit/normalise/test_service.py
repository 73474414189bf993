"""Records become events, each counted where its fate is decided."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

import pytest
from msgspec.structs import replace

from tocsin.core.errors import RecordError
from tocsin.core.event import Event, Fields, Origin
from tocsin.core.ids import LOCAL
from tocsin.pipeline.ingest.types import Frame, Record, Rejected
from tocsin.pipeline.normalise.recognise import Recogniser
from tocsin.pipeline.normalise.service import Normaliser, Outcome
from tocsin.pipeline.normalise.types import Joiner, Parsed

ORIGIN = Origin(tenant=LOCAL, source="a.log", lane="a.log", batch="1", received=1_800_000_000_000_000_000)
OTHER = replace(ORIGIN, source="b.log", batch="2")


class Numbered:
    """Objects with a number; zero is broken, a negative one is more than its author thought of."""

    shape: ClassVar[str] = "numbered"

    def recognises(self, document: Fields) -> bool:
        return "number" in document

    def parse(self, document: Fields, origin: Origin) -> Parsed:
        number = document["number"]
        if number == 0:
            raise RecordError("no number", "zero")
        if not isinstance(number, int):
            raise TypeError
        return Parsed(("numbered",), document, [None, 5, 6][number], f"id {number}" if number == 2 else "")


class Words:
    """Lines that begin with 'word'."""

    shape: ClassVar[str] = "words"

    def recognises(self, line: str) -> bool:
        return line.startswith("word")

    def parse(self, line: str, origin: Origin) -> Parsed:
        return Parsed(("words",), {"line": line}, 7)


class Continued:
    """Gathers lines that begin with 'word+' until one without."""

    def __init__(self) -> None:
        self._held: list[Record] = []

    def claims(self, line: str) -> bool:
        return line.startswith("word+") or bool(self._held)

    def feed(self, record: Record, line: str) -> list[list[Record]]:
        self._held.append(record)
        return [] if line.startswith("word+") else self.flush()

    def flush(self) -> list[list[Record]]:
        held, self._held = self._held, []
        return [held] if held else []


class Pairs:
    """Joins every event of kind 'words' with the next."""

    def __init__(self) -> None:
        self.joined = 0
        self._held: Event | None = None

    def feed(self, event: Event) -> list[Event]:
        if event.kind != ("words",):
            return [event]
        held, self._held = self._held, event
        if held is None:
            return []
        self._held = None
        self.joined += 1
        return [replace(held, raw=held.raw + b"+" + event.raw)]

    def flush(self) -> list[Event]:
        held, self._held = self._held, None
        return [held] if held else []


def records(*raws: bytes) -> list[Record]:
    return [Record(raw, position) for position, raw in enumerate(raws, start=1)]


def normaliser(*joiners: Joiner, gather: bool = False) -> Normaliser:
    recogniser = Recogniser((Numbered(),), (Words(),))
    return Normaliser(recogniser, (Continued(),) if gather else (), joiners)


def reasons(outcomes: Iterable[Outcome]) -> list[str]:
    return [one.reason for one in outcomes if isinstance(one, Rejected)]


def raws(outcomes: Iterable[Outcome]) -> list[bytes]:
    return [one.raw for one in outcomes if isinstance(one, Event)]


def test_an_event_carries_all_that_is_known_of_it() -> None:
    (event,) = normaliser().events(ORIGIN, [Record(b'{"number":2}', 7)])
    assert event == Event(ORIGIN, 6, b'{"number":2}', "numbered", ("numbered",), {"number": 2}, 6, True, "id 2")


def test_without_a_time_of_its_own_an_event_has_that_of_its_receipt() -> None:
    (event,) = normaliser().events(ORIGIN, records(b'{"number":-3}'))
    assert isinstance(event, Event)
    assert (event.time, event.timed) == (ORIGIN.received, False)


def test_lines_and_objects_may_be_mixed() -> None:
    outcomes = list(normaliser().events(ORIGIN, records(b'{"number":1}', b"word one", b' {"number":1}')))
    assert [one.shape for one in outcomes if isinstance(one, Event)] == ["numbered", "words", "numbered"]


def test_a_record_that_was_decoded_is_not_decoded_again() -> None:
    (event,) = normaliser().events(ORIGIN, [Record(b"1\t2", 1, "line", {"number": 1})])
    assert isinstance(event, Event)
    assert (event.raw, event.fields) == (b"1\t2", {"number": 1})


def test_what_cannot_be_an_event_is_rejected_with_place_and_reason() -> None:
    given = records(b'{"number":0}', b'{"number":', b'{"other":1}', b"other", b'{"number":-9}', b'{"number":"x"}')
    outcomes = list(normaliser().events(ORIGIN, given))
    assert reasons(outcomes) == [
        "no number", "broken JSON", "unknown format", "unknown format", "the parser failed", "the parser failed",
    ]  # fmt: skip
    assert outcomes[0] == Rejected("a.log", 1, "line", "no number", "zero", b'{"number":0}')


def test_what_framing_rejected_is_counted_too() -> None:
    given: list[Frame] = [Rejected("a.log", 3, "line", "line too long"), *records(b"word")]
    n = normaliser()
    assert reasons(n.events(ORIGIN, given)) == ["line too long"]
    assert n.ledger.of("a.log").rejected == {"line too long": 1}
    assert (n.ledger.of("a.log").read, n.ledger.of("a.log").parsed) == (2, 1)


def test_lines_of_one_event_are_parsed_together() -> None:
    n = normaliser(gather=True)
    outcomes = list(n.events(ORIGIN, records(b"word+ a", b"word+ b", b"c", b'{"number":1}', b"word d", b"word+ e")))
    assert raws(outcomes) == [b"word+ a\nword+ b\nc", b'{"number":1}', b"word d", b"word+ e"]
    assert [one.index for one in outcomes if isinstance(one, Event)] == [0, 3, 4, 5]
    tally = n.ledger.of("a.log")
    assert (tally.read, tally.parsed, tally.joined, tally.balances) == (6, 4, 2, True)


def test_lines_that_together_make_no_event_are_one_rejection() -> None:
    n = normaliser(gather=True)
    assert reasons(n.events(ORIGIN, records(b"word+ a", b'word+ {"number":0}', b"b"))) == []
    assert n.ledger.of("a.log").balances


def test_events_are_joined_across_batches_and_count_where_they_began() -> None:
    n = normaliser(Pairs())
    assert raws(n.events(ORIGIN, records(b"word a", b'{"number":1}'))) == [b'{"number":1}']
    assert not n.ledger.of("a.log").balances
    assert raws(n.events(OTHER, records(b"word b", b"word c"))) == [b"word a+word b"]
    assert raws(n.flush()) == [b"word c"]
    assert n.ledger.of("a.log").balances
    assert n.ledger.of("b.log").balances
    assert (n.ledger.total().read, n.ledger.total().parsed, n.ledger.total().joined) == (4, 3, 1)


def test_joiners_work_one_after_the_other() -> None:
    n = normaliser(Pairs(), Pairs())
    given = records(*(b"word %d" % number for number in range(7)))
    outcomes = list(n.events(ORIGIN, given)) + list(n.flush())
    assert sorted(raws(outcomes)) == sorted([b"word 0+word 1+word 2+word 3", b"word 4+word 5+word 6"])
    assert n.ledger.total().balances


@pytest.mark.parametrize("again", [1, 2])
def test_the_same_batch_gives_the_same_ids(again: int) -> None:
    given = records(b"word", b"word", b'{"number":2}', b'{"number":2}')
    first, second = (
        [one.id for one in normaliser().events(ORIGIN, given * again) if isinstance(one, Event)] for _ in "ab"
    )
    assert first == second
    assert len(set(first)) == 3  # two equal lines are two events; a record that names itself is one


def test_files_that_could_not_be_opened_are_in_the_ledger() -> None:
    n = normaliser()
    n.ledger.reject("x.zip", "zip: truncated")
    assert n.ledger.total().balances
    assert n.ledger.of("x.zip").rejected == {"zip: truncated": 1}
