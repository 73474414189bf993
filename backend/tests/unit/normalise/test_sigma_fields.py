"""Every field that SigmaHQ's rules ask of networks, honeypots and clouds is found in a sample that those rules are for."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, cast

import pytest
import yaml

from tests.factories.samples import documents, event
from tocsin.core.event import Event
from tocsin.pipeline.detect.sigma.oracle import applies
from tocsin.pipeline.normalise.aliases import LogSource, Route, bundled
from tocsin.pipeline.normalise.parsers import DOCUMENT_PARSERS

SHAPES = ("cowrie", "opencanary", "suricata", "zeek", "cloudtrail")
FOLDERS = {
    "rules/network/zeek": set[str](),
    "rules/application/opencanary": set[str](),
    "rules/network/dns": set[str](),
    "rules/cloud/aws": set[str](),
    "rules/network/firewall": set[str](),
    # neither Zeek nor Suricata logs cookies unless told to
    "rules/web/proxy_generic": {"cs-cookie"},
}


@cache
def samples() -> list[tuple[Event, Route]]:
    events = [
        event(parser, one) for parser in DOCUMENT_PARSERS if parser.shape in SHAPES for one in documents(parser.shape)
    ]
    return [(one, bundled().route(one.shape, one.kind)) for one in events]


@pytest.mark.parametrize("folder", FOLDERS)
def test_fields_are_found(folder: str, reference_data: Callable[[str], Path]) -> None:
    archive = zipfile.ZipFile(reference_data("sigma/sigmahq-rules-8eaafff.zip"))
    names = [name for name in archive.namelist() if folder in name and name.endswith(".yml")]
    assert names

    wanted = {
        (source, field)
        for name in names
        for source, field in asked(yaml.safe_load(archive.read(name)))
        if field not in FOLDERS[folder]
    }
    assert {(source, field) for source, field in wanted if not found(source, field)} == set()


def found(source: LogSource, field: str) -> bool:
    return any(route.resolve(field).read(one.fields) is not None for one, route in samples() if applies(source, route))


def asked(rule: dict[str, Any]) -> Iterator[tuple[LogSource, str]]:
    named: dict[str, str] = rule["logsource"]
    source = LogSource(named.get("product", ""), named.get("category", ""), named.get("service", ""))
    parts: dict[str, Any] = rule["detection"]
    for part in parts.values():
        for item in cast("list[object]", part) if isinstance(part, list) else [part]:
            names = cast("dict[str, object]", item) if isinstance(item, dict) else {}
            yield from ((source, name.partition("|")[0]) for name in names if name[0] != "|")
