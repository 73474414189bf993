"""SigmaHQ's regression folders: each rule fires on its own recording, as often as its author counted."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from tocsin.core.settings import settings
from tocsin.entry.replay.run import replay
from tocsin.pipeline.detect import rulesets
from tocsin.pipeline.normalise.aliases import bundled

RULES = "sigma/sigmahq-rules-8eaafff.zip"
FOLDERS = "sigma/regression-dev.zip"

COUNTED_OTHERWISE = {
    # info.yml says 1; events 1, 3 and 5 of the recording all create a file the rule names
    "file_event_win_cred_dump_tools_dropped_files": 3,
}


@pytest.fixture(scope="module")
def folders(reference_data: Callable[[str], Path], tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    target = tmp_path_factory.mktemp("regression")
    with zipfile.ZipFile(reference_data(FOLDERS)) as archive:
        archive.extractall(target)
    return sorted(info.parent for info in target.rglob("info.yml"))


def test_every_rule_fires_on_its_own_recording_as_often_as_counted(
    folders: list[Path], reference_data: Callable[[str], Path]
):
    rules = rulesets.load([reference_data(RULES)])
    wrong: list[str] = []
    for folder in folders:
        info = yaml.safe_load((folder / "info.yml").read_text())
        rule = info["rule_metadata"][0]["id"]
        found = replay(sorted(folder.glob("*.evtx")), rules, bundled(), settings())
        assert found.ledger.total().balances
        count = sum(len(alert.event_ids) for alert in found.alerts if alert.rule == rule)
        expected = COUNTED_OTHERWISE.get(folder.name, info["regression_tests_info"][0].get("match_count"))
        if not count or (expected is not None and count != expected):
            wrong.append(f"{folder.name}: {count} instead of {expected}")
    assert len(folders) >= 100
    assert wrong == []
