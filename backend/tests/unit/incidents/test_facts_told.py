"""The story of an incident tells what was known of those who took part, where it is written and how old it is."""

from __future__ import annotations

from tests.factories.alerts import alert
from tocsin.core.messages import Entity, Fact
from tocsin.pipeline.correlate.grouping import group
from tocsin.pipeline.correlate.observations import Observations
from tocsin.pipeline.incidents.story import story
from tocsin.pipeline.incidents.telling import tell
from tocsin.pipeline.normalise.times import iso_time

OLD = iso_time("2023-11-01T08:00Z")


def told(*facts: Fact) -> list[str]:
    raised = alert("log-in", host="web1", source="198.51.100.7", facts=facts)
    (incident,) = group([raised], Observations())
    return [one.text for one in tell(story(incident, {raised.id: raised})) if one.section == "entities"]


def test_facts_stand_beside_the_one_they_are_about_with_source_and_age() -> None:
    web1, address = Entity("host", "web1"), Entity("address", "198.51.100.7")

    lines = told(
        Fact(web1, "criticality", "high", "assets.csv:2", OLD),
        Fact(web1, "owner", "IT", "assets.csv:2", OLD),
        Fact(address, "address_of", "laptop-7", "seen by Zeek", OLD),
        Fact(Entity("host", "laptop-7"), "owner", "Ann", "assets.csv:3", OLD),
    )

    assert [line.partition("; ")[2] for line in lines] == [
        "criticality high, owner IT [assets.csv:2, as of 2023-11-01]",
        "address of laptop-7 [seen by Zeek, as of 2023-11-01]",
    ]


def test_what_was_written_in_a_table_cannot_move_the_cursor() -> None:
    assert "\x1b" not in "".join(told(Fact(Entity("host", "web1"), "owner", "\x1b[2J", "\x1b.csv:2", OLD)))


def test_without_facts_nothing_is_added() -> None:
    assert not any(";" in line for line in told())
