"""rsigma itself, built outside of the repository, beside our engine on the same events."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple, cast

import orjson
import pytest
import zstandard

from tests.data.hits import events
from tests.data.rsigma_events import NONE, ROUTED, tagged
from tocsin.core.event import Event, Fields, Json
from tocsin.pipeline.detect import rulesets
from tocsin.pipeline.detect.types import Node, Not, Rule, Test
from tocsin.pipeline.normalise.aliases import bundled
from tools import rsigma_page

VERSION = "0.23.0"
RULES = "sigma/sigmahq-rules-8eaafff.zip"
FOLDERS = "sigma/regression-dev.zip"
MIXED = "events/otrf-security-datasets-50k.jsonl.zst"
PROCESSES = "events/process-creation-20k.jsonl.zst"

Data = Callable[[str], Path]
Note = Callable[[str, object], None]

pytestmark = pytest.mark.proof


class Ran(NamedTuple):
    """What rsigma fired, as (rule, number of the event), and the processor's time it took."""

    hits: set[tuple[str, int]]
    cpu_seconds: float


Rsigma = Callable[[Iterable[Fields]], Ran]


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The one on the path, where it is of the pinned version, else built from crates.io."""
    found = shutil.which("rsigma")
    if found and _said(found, "--version").stdout.split()[1:2] == [VERSION]:
        return Path(found)
    cargo = shutil.which("cargo")
    if cargo is None:
        pytest.skip(f"rsigma {VERSION} absent, and no cargo to build it")
    root = tmp_path_factory.mktemp("rsigma")
    crate = ("rsigma", "--version", VERSION, "--locked", "--no-default-features", "--features", "evtx")
    built = _said(cargo, "install", *crate, "--root", str(root))
    if built.returncode:  # no registry, or a compiler too old
        assert "could not compile" not in built.stderr, built.stderr
        reason = next((line for line in built.stderr.splitlines() if line.startswith("error")), "")
        pytest.skip(f"rsigma {VERSION} could not be built: {reason}")
    return root / "bin" / "rsigma"


@pytest.fixture(scope="module")
def rsigma(program: Path, reference_data: Data, tmp_path_factory: pytest.TempPathFactory) -> Rsigma:
    """Runs it over lines that tell their log source."""
    folder = tmp_path_factory.mktemp("beside")
    with zipfile.ZipFile(reference_data(RULES)) as archive:
        archive.extractall(folder / "rules")

    def run(lines: Iterable[Fields]) -> Ran:
        given, output = folder / "lines.jsonl", folder / "output.jsonl"
        with given.open("wb") as file:
            file.writelines(orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE) for line in lines)
        command = (program, "engine", "eval", "-r", folder / "rules", "--input-format", "json", *ROUTED)
        seconds = _timed((*command, "--include-event", "--output-format", "ndjson", "-e", f"@{given}"), output)
        found = map(orjson.loads, output.read_bytes().splitlines())
        return Ran({(one["rule_id"], one["event"]["ls_line"]) for one in found}, seconds)

    return run


def test_the_committed_hits_on_mixed_events_are_rsigma_s(rsigma: Rsigma, reference_data: Data):
    assert rsigma(lines_of(reference_data(MIXED))).hits == rsigma_page.mixed()


def test_the_committed_counts_on_process_creations_are_rsigma_s(rsigma: Rsigma, reference_data: Data):
    found = Counter(rule for rule, _ in rsigma(lines_of(reference_data(PROCESSES))).hits)
    assert dict(found) == {one.rule: one.rsigma for one in rsigma_page.processes() if one.rsigma}


def test_the_committed_hits_on_regression_folders_are_rsigma_s(rsigma: Rsigma, reference_data: Data):
    places: list[tuple[str, int]] = []
    lines: list[Fields] = []
    for folder, at, document in recorded(reference_data(FOLDERS)):
        places.append((folder, at))
        lines.extend(tagged(document, len(places)))
    assert {(*places[number - 1], rule) for rule, number in rsigma(lines).hits} == rsigma_page.regression()


def test_given_the_events_as_we_read_them_rsigma_fires_what_we_alone_fired(
    rsigma: Rsigma, reference_data: Data, record_property: Note
):
    rules: dict[str, Rule] = {rule.id: rule for rule in rulesets.load([reference_data(RULES)]).rules}
    wanted = [(line, one.rule) for one in rsigma_page.differences() for line in one.events if one.side == "ours"]
    lines = {line for line, _ in wanted}
    seen = {event.index + 1: event for event in events([reference_data(MIXED)]) if event.index + 1 in lines}
    pairs = [(seen[line], rules[rule]) for line, rule in wanted]
    found = rsigma(as_read(event, rule) for event, rule in pairs).hits
    record_property("pairs", len(pairs))
    assert {(rule.id, event.index + 1) for event, rule in pairs} - found == set()


@pytest.mark.alone
def test_how_fast_the_two_are_on_the_same_events(
    rsigma: Rsigma, reference_data: Data, record_property: Note, tmp_path: Path
):
    loading = rsigma([{"ls_p": NONE, "ls_s": NONE, "ls_c": NONE}]).cpu_seconds
    for name, corpus in (("mixed", MIXED), ("process creation", PROCESSES)):
        count = sum(1 for _ in documents(reference_data(corpus)))
        lines = sum(1 for _ in lines_of(reference_data(corpus)))
        theirs = count / (rsigma(lines_of(reference_data(corpus))).cpu_seconds - loading)
        output = tmp_path / "bench.jsonl"
        bench = ("bench", "detect", "--rules", reference_data(RULES), "--events", reference_data(corpus), "--json")
        _timed((sys.executable, "-m", "tocsin", *bench), output)
        ours = json.loads(output.read_text())
        written = f"each written {lines / count:.1f} times"
        record_property(f"{name}: rsigma's command line, events a CPU second, {written}", round(theirs))
        record_property(f"{name}: ours, events a CPU second", round(ours["events_per_second"]))
        record_property(f"{name}: ours to orjson", ours["ratio_to_orjson"])
        assert ours["events"] == count


def documents(corpus: Path) -> Iterator[Fields]:
    with corpus.open("rb") as file, zstandard.ZstdDecompressor().stream_reader(file) as reader:
        rest = b""
        while block := reader.read(1 << 20):
            *whole, rest = (rest + block).split(b"\n")
            yield from map(orjson.loads, whole)
    assert not rest


def lines_of(corpus: Path) -> Iterator[Fields]:
    for number, document in enumerate(documents(corpus), 1):
        yield from tagged(document, number)


def recorded(archive: Path) -> Iterator[tuple[str, int, Fields]]:
    """(folder, place from 1, event) of the JSON beside each EVTX file: objects one after the other, or a list of them."""
    with zipfile.ZipFile(archive) as source:
        for name in sorted(name for name in source.namelist() if name.endswith(".json")):
            text, place = source.read(name).decode("utf-8-sig").strip(), 0
            while text:
                value, end = json.JSONDecoder().raw_decode(text)
                text = text[end:].lstrip()
                for document in cast("list[Fields]", value if isinstance(value, list) else [value]):
                    place += 1
                    yield Path(name).parent.name, place, document


def as_read(event: Event, rule: Rule) -> Fields:
    """The fields that the rule asks for as our aliases read them, and the rule's own log source."""
    route = bundled().route(event.shape, event.kind)
    fields: Fields = dict(event.fields) if "" in asked(rule.condition) else {}
    for field in asked(rule.condition) - {""}:
        fixed = route.constant(field)
        value: Json = route.resolve(field).read(event.fields) if fixed is None else fixed
        if value is not None:
            fields[field] = value
    product, category, service = (part or NONE for part in rule.logsource)
    return fields | {"ls_p": product, "ls_s": service, "ls_c": category, "ls_line": event.index + 1}


def asked(node: Node) -> set[str]:
    """The fields of a condition; '' where it looks for keywords."""
    if isinstance(node, Test):
        return {node.field}
    inner = (node.child,) if isinstance(node, Not) else node.children
    return {field for child in inner for field in asked(child)}


def _said(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, capture_output=True, text=True, check=False)


def _timed(command: tuple[str | Path, ...], output: Path) -> float:
    """The CPU seconds of a whole process."""
    with output.open("wb") as stdout, subprocess.Popen(command, stdout=stdout, stderr=subprocess.DEVNULL) as process:
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0
    return usage.ru_utime + usage.ru_stime
