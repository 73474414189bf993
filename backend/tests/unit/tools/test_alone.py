"""With two workers, a test marked `alone` has the machine to itself; the others share it."""

from __future__ import annotations

import subprocess
import sys
from itertools import pairwise
from pathlib import Path

BACKEND = Path(__file__).resolve().parents[3]
TESTS = """
import pathlib, time, pytest

LOG = pathlib.Path(__file__).with_name("log")

def _stay(name):
    with LOG.open("a") as log:
        log.write(f"in {name}\\n")
    time.sleep(0.1)
    with LOG.open("a") as log:
        log.write(f"out {name}\\n")

@pytest.mark.parametrize("number", range(8))
def test_among_others(number):
    _stay("other")

@pytest.mark.alone
@pytest.mark.parametrize("number", range(3))
def test_alone(number):
    _stay("alone")
"""


def test_nothing_runs_beside_a_test_that_is_alone(tmp_path: Path) -> None:
    (tmp_path / "test_room.py").write_text(TESTS, encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "tests.alone", "-p", "no:cacheprovider", "-n", "2"]
    done = subprocess.run(
        [*command, f"--basetemp={tmp_path / 'base'}"],
        cwd=tmp_path,
        env={"PYTHONPATH": str(BACKEND)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert "11 passed" in done.stdout, done.stdout + done.stderr
    steps = (tmp_path / "log").read_text(encoding="utf-8").splitlines()
    after = [steps[at + 1] for at, step in enumerate(steps) if step == "in alone"]
    assert after == ["out alone"] * 3
    assert any(pair == ("in other", "in other") for pair in pairwise(steps))
