"""The detection engine's speed, as ratios measured in one run on one core."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

import pytest

RULES = "sigma/sigmahq-rules-8eaafff.zip"
MIXED = "events/otrf-security-datasets-50k.jsonl.zst"
PROCESSES = "events/process-creation-20k.jsonl.zst"

Data = Callable[[str], Path]
Note = Callable[[str, object], None]

pytestmark = pytest.mark.alone


class Ran(NamedTuple):
    """What a command printed and took."""

    lines: list[dict[str, Any]]
    cpu_seconds: float
    peak_mb: float


@pytest.fixture
def tocsin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Ran]:
    """Runs the command as a whole process, with a compiled-rules cache of its own, and takes the system's account of it."""
    monkeypatch.setenv("TOCSIN_CACHE", str(tmp_path / "cache"))

    def run(*arguments: str | Path) -> Ran:
        command = [sys.executable, "-m", "tocsin", *map(str, arguments), "--json"]
        output = tmp_path / "output.jsonl"
        with output.open("wb") as stdout, subprocess.Popen(command, stdout=stdout) as process:
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
        assert process.returncode == 0
        lines = [json.loads(line) for line in output.read_text().splitlines()]
        return Ran(lines, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)

    return run


def some_of(archive: Path, count: int, target: Path) -> Path:
    """The first `count` rules by the order of their names' hashes: the same mix, fewer."""
    with zipfile.ZipFile(archive) as source, zipfile.ZipFile(target, "w") as fewer:
        names = [name for name in source.namelist() if name.endswith(".yml")]
        for name in sorted(names, key=lambda name: sha256(name.encode()).digest())[:count]:
            fewer.writestr(name, source.read(name))
    return target


def test_mixed_events_keep_at_least_six_hundredths_of_the_rate_of_json_parsing(
    reference_data: Data, tocsin: Callable[..., Ran], record_property: Note
):
    (found,) = tocsin("bench", "detect", "--rules", reference_data(RULES), "--events", reference_data(MIXED)).lines
    record_property("ratio to orjson", found["ratio_to_orjson"])
    assert found["events"] == 50_101
    assert found["ratio_to_orjson"] >= 0.06


def test_process_creation_keeps_at_least_forty_five_thousandths(
    reference_data: Data, tocsin: Callable[..., Ran], record_property: Note
):
    (found,) = tocsin("bench", "detect", "--rules", reference_data(RULES), "--events", reference_data(PROCESSES)).lines
    record_property("ratio to orjson", found["ratio_to_orjson"])
    assert found["events"] == 20_000
    assert found["ratio_to_orjson"] >= 0.045


def test_work_per_event_grows_less_than_the_rules(
    reference_data: Data, tocsin: Callable[..., Ran], tmp_path: Path, record_property: Note
):
    fewer = some_of(reference_data(RULES), 1000, tmp_path / "fewer.zip")
    (few,) = tocsin("bench", "detect", "--rules", fewer, "--events", reference_data(MIXED)).lines
    (all_of_them,) = tocsin(
        "bench", "detect", "--rules", reference_data(RULES), "--events", reference_data(MIXED)
    ).lines
    growth = few["ratio_to_orjson"] / all_of_them["ratio_to_orjson"]
    record_property("growth from 1,000 to 3,757 rules", round(growth, 2))
    assert few["rules"] == 1000
    assert growth < 2.6


def test_a_replay_of_fifty_thousand_events_stays_small(
    reference_data: Data, tocsin: Callable[..., Ran], record_property: Note
):
    ran = tocsin("replay", reference_data(MIXED), "--rules", reference_data(RULES))
    record_property("peak MB", round(ran.peak_mb))
    record_property("events a second", ran.lines[-1]["events_per_second"])
    assert ran.lines[-1]["events"] == 50_101
    assert ran.peak_mb < 600


def test_rules_load_within_eight_seconds_cold_and_one_and_a_half_from_the_cache(
    reference_data: Data, tocsin: Callable[..., Ran], tmp_path: Path, record_property: Note
):
    nothing = tmp_path / "nothing.log"
    nothing.write_bytes(b"")
    cold = tocsin("replay", nothing, "--rules", reference_data(RULES))
    warm = tocsin("replay", nothing, "--rules", reference_data(RULES))
    record_property("cold CPU s", round(cold.cpu_seconds, 2))
    record_property("warm CPU s", round(warm.cpu_seconds, 2))
    assert cold.lines[-1]["rules"]["loaded"] == 3757
    assert cold.cpu_seconds < 8
    assert warm.cpu_seconds < 1.5
