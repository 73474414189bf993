"""Rows of Zeek's tab-separated files are read as the same records in JSON would be."""

from __future__ import annotations

from tests.factories.samples import view
from tocsin.core.event import Event
from tocsin.core.ids import LOCAL
from tocsin.core.settings import settings
from tocsin.pipeline.ingest.reading import batches
from tocsin.pipeline.ingest.types import Rejected
from tocsin.pipeline.normalise.service import Normaliser
from tocsin.pipeline.normalise.times import epoch_time


def read(name: str) -> list[Event]:
    events: list[Event] = []
    file = settings().content / "samples" / "zeek" / name
    for batch in batches([file], 1_800_000_000_000_000_000, LOCAL):
        assert not isinstance(batch, Rejected)
        for one in Normaliser().events(batch.origin, batch.frames):
            assert isinstance(one, Event)
            events.append(one)
    return events


def test_a_row_has_its_columns_under_their_names() -> None:
    first, second = read("conn.log")

    assert (first.shape, first.kind, first.time) == ("zeek", ("conn", ""), epoch_time("1795414201.500000"))
    columns = view(first)["columns"]
    assert (columns["src_endpoint.ip"], columns["dst_endpoint.port"]) == ("10.20.0.7", 22)
    assert (columns["traffic.bytes_out"], columns["traffic.bytes_in"]) == (1834, 52110)
    assert "traffic.bytes_out" not in view(second)["columns"]


def test_truth_is_read_as_truth() -> None:
    assert [one.kind for one in read("ssh.log")] == [("ssh", "refused"), ("ssh", "accepted"), ("ssh", "")]
