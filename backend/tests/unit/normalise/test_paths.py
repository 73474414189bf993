"""Where a value stands in an event: through objects, and through every object of a list."""

from __future__ import annotations

from tocsin.core.event import Fields
from tocsin.pipeline.detect.matching.matcher import reader
from tocsin.pipeline.normalise.aliases import Resolved, at

ANSWERS: Fields = {"dns": {"answers": [{"rdata": "edge.example.net"}, {"ttl": 60}, {"rdata": "203.0.113.80"}, "odd"]}}


def test_a_name_steps_into_every_object_of_a_list() -> None:
    assert at(ANSWERS, ("dns", "answers", "rdata")) == ["edge.example.net", "203.0.113.80"]


def test_a_name_that_no_object_of_the_list_has_is_absent() -> None:
    assert at(ANSWERS, ("dns", "answers", "rrname")) is None


def test_lists_inside_lists_of_objects_are_reached() -> None:
    fields: Fields = {"containers": [{"steps": [{"run": "curl"}, {"run": "sh"}]}, {"steps": {"run": "id"}}]}

    assert at(fields, ("containers", "steps", "run")) == ["curl", "sh", "id"]


def test_the_matcher_reads_through_lists_as_the_oracle_does() -> None:
    path = ("dns", "answers", "rdata")

    assert reader(Resolved("dns.answers.rdata", paths=(path,)))(ANSWERS) == at(ANSWERS, path)
    assert reader(Resolved("dns.answers.rdata", paths=(path,)))({"dns": None}) is None
