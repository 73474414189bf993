"""Under --proof the same tests run at full size and leave a table."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

BACKEND = Path(__file__).resolve().parents[3]
TESTS = """
import pytest

def test_ten_bells_ring(sized, record_property):
    record_property("bells", sized(1, 10))

@pytest.mark.proof
def test_the_long_way():
    assert False, "breaks"

@pytest.mark.proof
def test_with_data():
    pytest.skip("reference data absent: bells.zst")

def test_small_only():
    pass
"""
SETTINGS = "[pytest]\naddopts = -m 'not proof'\nmarkers = proof: full size\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "test_bells.py").write_text(TESTS, encoding="utf-8")
    (tmp_path / "pytest.ini").write_text(SETTINGS, encoding="utf-8")
    return tmp_path


def test_the_table_tells_what_ran_how_it_ended_and_what_was_measured(project: Path) -> None:
    _run(project, "--proof", "docs/proof.md", "-m", "proof")

    rows = [line for line in (project / "docs/proof.md").read_text(encoding="utf-8").splitlines() if line[:2] == "| "]
    assert [[cell.strip() for cell in row.split("|")[1:3]] for row in rows] == [
        ["test", "result"],
        ["ten bells ring", "passed"],
        ["the long way", "failed"],
        ["with data", "skipped: reference data absent: bells.zst"],
    ]
    assert "bells 10" in rows[1]


def test_an_ordinary_run_is_small_and_leaves_no_table(project: Path) -> None:
    said = _run(project, "-v", "-rA")

    assert "2 passed, 2 deselected" in said
    assert [path.suffix for path in project.iterdir() if path.is_file()].count(".md") == 0


def _run(project: Path, *arguments: str) -> str:
    command = [sys.executable, "-m", "pytest", "-p", "tests.proof", "-p", "no:randomly", "-p", "no:cacheprovider"]
    done = subprocess.run(
        [*command, *arguments],
        cwd=project,
        env={"PYTHONPATH": str(BACKEND)},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout + done.stderr
