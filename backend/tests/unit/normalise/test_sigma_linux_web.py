"""Each field that SigmaHQ's Linux and web rules name can be read from some event of their log source."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import yaml

from tests.factories import line_samples, samples
from tocsin.core.event import Event, Json
from tocsin.pipeline.normalise.aliases import LogSource, bundled
from tocsin.pipeline.normalise.parsers import DOCUMENT_PARSERS, LINE_PARSERS

OURS = {"auditd", "syslog", "access-log", "webserver-error", "journald", "journald-audit"}
CATEGORIES = {"", "antivirus", "file_event", "firewall", "network_connection", "process_creation", "webserver"}
NOT_SAID = {
    # no record of the audit system names a parent's image or a host's name; auditd, sudo and cron neither
    LogSource("linux", "process_creation"): {"ParentImage", "ParentCommandLine"},
    LogSource("linux", "network_connection"): {"DestinationHostname"},
    # no common log format writes the request's content type
    LogSource(category="webserver"): {"cs-content-type"},
    # arguments that no sample has as many of
    LogSource("linux", service="auditd"): {"a4", "a5", "a6", "a7"},
    LogSource(service="netflow"): {"destination.port"},
}


def events() -> Iterator[Event]:
    for parser in LINE_PARSERS:
        if parser.shape in OURS:
            yield from (line_samples.event(parser, whole) for whole in line_samples.wholes(parser.shape))
    for parser in DOCUMENT_PARSERS:
        if parser.shape in OURS:
            yield from (samples.event(parser, document) for document in samples.documents(parser.shape))


def names(detection: Json) -> Iterator[str]:
    stack: list[Json] = [detection]
    while stack:
        item = stack.pop()
        if isinstance(item, dict):
            yield from (name.partition("|")[0] for name in item)
            stack.extend(item.values())
        elif isinstance(item, list):
            stack.extend(item)


def rules(archive: Path) -> Iterator[tuple[LogSource, set[str]]]:
    with zipfile.ZipFile(archive) as opened:
        for name in opened.namelist():
            if not name.endswith(".yml") or any(part in name for part in ("/windows/", "/macos/", "/cloud/")):
                continue
            rule: dict[str, Any] = next(yaml.safe_load_all(opened.read(name)))
            given: dict[str, str] = rule["logsource"]
            source = LogSource(given.get("product", ""), given.get("category", ""), given.get("service", ""))
            if source.product in ("", "linux") and source.category in CATEGORIES:
                searches = [value for key, value in rule["detection"].items() if key not in ("condition", "timeframe")]
                yield source, {field for search in searches for field in names(search) if field}


def test_every_field_can_be_read(reference_data: Callable[[str], Path]) -> None:
    routed = [(one, bundled().route(one.shape, one.kind)) for one in events()]
    needed: dict[LogSource, set[str]] = {}
    for source, fields in rules(reference_data("sigma/sigmahq-rules-8eaafff.zip")):
        needed.setdefault(source, set()).update(fields)
    assert len(needed) >= 15
    for source, fields in needed.items():
        found = {
            field
            for one, route in routed
            if any(_serves(source, theirs) for theirs in route.logsources)
            for field in fields
            if route.resolve(field).read(one.fields) is not None
        }
        assert fields - found == NOT_SAID.get(source, set()), source


def _serves(wanted: LogSource, given: LogSource) -> bool:
    return all(not part or part == theirs for part, theirs in zip(wanted, given, strict=True))


def test_a_rule_that_asks_for_a_parent_is_told_that_no_such_event_carries_it() -> None:
    source = LogSource("linux", "process_creation")
    routes = [bundled().route(one.shape, one.kind) for one in events()]
    serving = [route for route in routes if source in route.logsources]
    assert serving
    assert not any(route.resolve(field).carried for route in serving for field in NOT_SAID[source])
