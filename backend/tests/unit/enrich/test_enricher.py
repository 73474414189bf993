"""Facts are laid beside the entities of an alert: from the tables of a folder, and from what was seen."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tocsin.core.clock import HOUR, SECOND
from tocsin.core.errors import ContentError
from tocsin.core.event import Columns
from tocsin.core.messages import Entity, EntityKind, Fact, Mention
from tocsin.pipeline.enrich.folder import built_in, load
from tocsin.pipeline.enrich.service import Enricher
from tocsin.pipeline.normalise.times import iso_time

WRITTEN = iso_time("2026-11-01T08:00Z")
NOW = iso_time("2026-11-23T09:00Z")
FILES = {
    "assets.csv": "host,address,criticality,tags\nlaptop-7,,high,\nfw1,192.0.2.1,medium,nat\n",
    "identities.csv": "user,tags\nalice,admin\n",
    "zones.csv": "network,zone\n10.20.0.0/16,berlin\n",
    "watchlists/incident-7.csv": "value,reason\n198.51.100.7,C2\n",
    "watchlists/own.csv": "value\n198.51.100.7\n",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        file = tmp_path / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, encoding="utf-8")
        os.utime(file, ns=(WRITTEN, WRITTEN))
    return tmp_path


def of(kind: EntityKind, value: str) -> list[Mention]:
    return [Mention(Entity(kind, value), "source")]


def told(facts: tuple[Fact, ...]) -> list[tuple[str, str, str, str]]:
    return [(fact.entity.value, fact.name, fact.value, fact.source) for fact in facts]


def test_every_table_of_a_folder_is_asked(folder: Path) -> None:
    loaded = load(folder)
    enricher = Enricher(loaded.tables)

    assert loaded.refused == ()
    assert told(enricher.facts(of("address", "198.51.100.7") + of("user", "example\\alice"), NOW)) == [
        ("198.51.100.7", "watchlist", "incident-7: C2", "watchlists/incident-7.csv:2"),
        ("198.51.100.7", "watchlist", "own", "watchlists/own.csv:2"),
        ("example\\alice", "tag", "admin", "identities.csv:2"),
    ]


def test_the_age_of_a_fact_is_that_of_its_file(folder: Path) -> None:
    assert {fact.as_of for fact in Enricher(load(folder).tables).facts(of("user", "alice"), NOW)} == {WRITTEN}


def test_what_is_known_of_a_host_is_told_of_whoever_has_its_address(folder: Path) -> None:
    enricher = Enricher(load(folder).tables)
    enricher.observe(
        Columns(
            time=NOW,
            ingest_time=NOW,
            metadata__product__name="Zeek",
            device__hostname="LAPTOP-7",
            device__ip="10.20.0.7",
        )
    )

    facts = enricher.facts(of("address", "10.20.0.7"), NOW + HOUR)
    assert told(facts) == [
        ("10.20.0.7", "address_of", "laptop-7", "seen by Zeek"),
        ("10.20.0.7", "own", "yes", "zones.csv:2"),
        ("10.20.0.7", "zone", "berlin", "zones.csv:2"),
        ("laptop-7", "criticality", "high", "assets.csv:2"),
    ]
    assert facts[0].as_of == NOW


def test_a_table_knows_better_than_what_was_seen(folder: Path) -> None:
    enricher = Enricher(load(folder).tables)
    enricher.observe(Columns(time=NOW, ingest_time=NOW, device__hostname="evil", device__ip="192.0.2.1"))

    assert ("192.0.2.1", "address_of", "fw1", "assets.csv:3") in told(enricher.facts(of("address", "192.0.2.1"), NOW))
    assert "evil" not in str(enricher.facts(of("address", "192.0.2.1"), NOW))


def test_the_same_question_has_the_same_answer_in_any_order(folder: Path) -> None:
    enricher = Enricher(load(folder).tables)
    asked = of("address", "192.0.2.1") + of("user", "alice") + of("host", "laptop-7") + of("address", "192.0.2.1")

    assert enricher.facts(asked, NOW) == enricher.facts(list(reversed(asked)), NOW)
    assert len(set(enricher.facts(asked, NOW))) == len(enricher.facts(asked, NOW))


def test_without_any_table_only_private_networks_are_known() -> None:
    enricher = Enricher(built_in())

    assert told(enricher.facts(of("address", "10.1.2.3") + of("host", "web1"), NOW)) == [
        ("10.1.2.3", "zone", "private", "RFC 1918")
    ]


def test_private_networks_stay_known_when_the_folder_has_no_zones(tmp_path: Path) -> None:
    assert Enricher(load(tmp_path).tables).facts(of("address", "10.1.2.3"), NOW)


def test_a_line_that_cannot_be_used_and_a_file_nobody_knows_are_named(folder: Path) -> None:
    (folder / "zones.csv").write_text("network,zone\n10.0.0.0/40,a\n10.20.0.0/16,b\n", encoding="utf-8")
    (folder / "hosts.csv").write_text("host\n", encoding="utf-8")

    assert [str(one) for one in load(folder).refused] == [
        "hosts.csv:1: not one of assets.csv, identities.csv, zones.csv; watch-lists stand in watchlists/",
        "zones.csv:2: no network: '10.0.0.0/40'",
    ]


def test_a_folder_that_is_none_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match="no folder"):
        load(tmp_path / "missing")


def test_a_watched_value_that_expired_before_the_event_is_not_told(folder: Path) -> None:
    (folder / "watchlists" / "own.csv").write_text("value,expires\n198.51.100.7,2026-11-23T08:59:59Z\n", "utf-8")
    enricher = Enricher(load(folder).tables)

    def watched(at: int) -> int:
        return len(enricher.facts(of("address", "198.51.100.7"), at))

    assert (watched(NOW), watched(NOW - 2 * SECOND)) == (1, 2)
