"""Recorded Windows events and SigmaHQ's rules: nothing of them is unknown to us."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, cast

import orjson
import pytest
import yaml
import zstandard
from evtx import PyEvtxParser

from tests.factories.samples import ORIGIN
from tocsin.core.event import Fields
from tocsin.pipeline.detect.sigma.oracle import applies
from tocsin.pipeline.normalise.aliases import LogSource, Route, bundled
from tocsin.pipeline.normalise.parsers import DOCUMENT_PARSERS
from tocsin.pipeline.normalise.parsers.windows_rendered import WindowsRendered

WINDOWS = {name for name, pack in bundled().packs.items() if pack.product == "windows"}
SYSMON_LACKS = {
    "GrandParentImage", "SourceCommandLine", "SourceParentImage", "TargetParentProcessId",
    ("file_event", "CommandLine"), ("file_event", "IntegrityLevel"), ("file_event", "ParentCommandLine"),
    ("file_event", "ParentImage"), ("image_load", "CommandLine"), ("network_connection", "CommandLine"),
    ("network_connection", "ParentImage"), ("system", "ProcessId"),
}  # fmt: skip
"""What rules ask for that no Windows log of that kind holds; EDR products do."""


def recorded(file: Path) -> Iterator[Fields]:
    with file.open("rb") as packed:
        for line in io.BufferedReader(zstandard.ZstdDecompressor().stream_reader(packed)):
            yield orjson.loads(line)


def of_windows(document: Fields) -> bool:
    return "EventID" in document or "event_id" in document


def test_every_recorded_event_is_recognised_once_with_channel_id_and_time(
    reference_data: Callable[[str], Path],
) -> None:
    unknown: list[Fields] = []
    seen = 0
    for document in recorded(reference_data("events/otrf-security-datasets-50k.jsonl.zst")):
        if not of_windows(document):
            continue
        seen += 1
        claims = [parser for parser in DOCUMENT_PARSERS if parser.recognises(document)]
        if len(claims) != 1 or claims[0].shape not in WINDOWS:
            unknown.append(document)
            continue
        parsed = claims[0].parse(document, ORIGIN)
        channel, _, event_id = parsed.kind
        if not channel or not event_id.isdecimal() or parsed.time is None:
            unknown.append(document)
    assert seen > 49_000
    assert unknown == []


def test_every_regression_log_reads_as_the_json_beside_it(
    reference_data: Callable[[str], Path], tmp_path: Path
) -> None:
    archive = zipfile.ZipFile(reference_data("sigma/regression-dev.zip"))
    logs = [name for name in archive.namelist() if name.endswith(".evtx")]
    assert len(logs) == 100
    parser = WindowsRendered()
    for name in logs:
        records = PyEvtxParser(io.BytesIO(archive.read(name))).records_json()
        documents: list[Fields] = [orjson.loads(record["data"]) for record in records if record]
        beside = several(archive.read(name.removesuffix("evtx") + "json"))
        assert all(parser.recognises(document) for document in [*documents, *beside])
        ours = [parser.parse(document, ORIGIN) for document in documents]
        theirs = [parser.parse(document, ORIGIN) for document in beside]
        assert {one.kind for one in theirs} <= {one.kind for one in ours}
        assert {one.identity for one in theirs} <= {one.identity for one in ours}
        assert all(one.time is not None and one.identity for one in ours)


def several(text: bytes) -> list[Fields]:
    """JSON documents one after the other, over several lines each."""
    try:
        found = orjson.loads(text)
    except orjson.JSONDecodeError:
        return [orjson.loads(part + b"}") for part in text.rstrip().removesuffix(b"}").split(b"\n}")]
    return cast("list[Fields]", found) if isinstance(found, list) else [found]


@cache
def routes() -> list[tuple[str, Route]]:
    """Of every kind that the packs name, with its event id."""
    kinds = {
        (channel, provider, event_id)
        for entry in bundled().packs["windows-rendered"].events
        for channel in entry.when.get("channel", {""})
        for provider in entry.when.get("provider", {""})
        for event_id in entry.when.get("event_id", {""})
    }
    return [(kind[2], bundled().route("windows-rendered", kind)) for kind in sorted(kinds)]


def rules(archive: Path) -> Iterator[dict[str, Any]]:
    packed = zipfile.ZipFile(archive)
    for name in packed.namelist():
        if name.endswith(".yml") and "windows" in name:
            for rule in yaml.load_all(packed.read(name), yaml.CSafeLoader):
                if rule and rule.get("logsource", {}).get("product") == "windows":
                    yield rule


def test_every_log_source_of_sigmahq_has_events_and_every_field_a_place(reference_data: Callable[[str], Path]) -> None:
    nowhere: set[LogSource] = set()
    absent: set[tuple[str, str]] = set()
    for rule in rules(reference_data("sigma/sigmahq-rules-8eaafff.zip")):
        named = rule["logsource"]
        source = LogSource("windows", named.get("category", ""), named.get("service", ""))
        fields, ids = asked(rule["detection"])
        meant = [(event_id, route) for event_id, route in routes() if applies(source, route)]
        if not meant:
            nowhere.add(source)
        meant = [(event_id, route) for event_id, route in meant if not ids or event_id in ids] or meant
        absent |= {
            (source.category or source.service, field)
            for field in fields
            if not any(route.resolve(field).carried or route.constant(field) for _, route in meant)
        }
    assert nowhere == set()
    assert {pair for pair in absent if pair not in SYSMON_LACKS and pair[1] not in SYSMON_LACKS} == set()


def asked(detection: dict[str, Any]) -> tuple[set[str], set[str]]:
    """The fields of a detection, and the event ids it names."""
    fields: set[str] = set()
    ids: set[str] = set()
    stack: list[object] = [part for name, part in detection.items() if name not in ("condition", "timeframe")]
    while stack:
        part = stack.pop()
        if isinstance(part, list):
            stack.extend(cast("list[object]", part))
        elif isinstance(part, dict):
            tests = cast("dict[object, object]", part)
            fields |= {str(name).partition("|")[0] for name in tests} - {""}
            ids |= {str(one) for one in listed(tests.get("EventID", []))}
    return fields, ids


def listed(value: object) -> list[object]:
    return cast("list[object]", value) if isinstance(value, list) else [value]


@pytest.mark.parametrize(
    ("channel", "service"),
    [
        ("Security", "security"),
        ("Microsoft-Windows-NTLM/Operational", "ntlm"),
        ("Microsoft-Windows-Windows Firewall With Advanced Security/Firewall", "firewall-as"),
        ("Microsoft-Windows-VHDMP-Operational", "vhdmp"),
        ("Microsoft-Windows-BitLocker/BitLocker Management", "bitlocker"),
        ("Microsoft-Windows-SENSE/Operational", "sense"),
    ],
)
def test_a_channel_is_a_service(channel: str, service: str) -> None:
    route = bundled().route("windows-flat", (channel.lower(), "", "1"))
    assert LogSource("windows", "", service) in route.logsources
