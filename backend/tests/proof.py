"""`make proof`: the same tests at full size, and a dated table of what they showed."""

from __future__ import annotations

import os
import platform
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tocsin.core import clock


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--proof", type=Path, metavar="TABLE", help="run at full size and write the results to TABLE")


@pytest.fixture(scope="session")
def sized(request: pytest.FixtureRequest) -> Callable[[int, int], int]:
    """`sized(200, 10_000)`: the first in an ordinary run, the second under `make proof`."""
    full = request.config.getoption("--proof") is not None
    return lambda small, large: large if full else small


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """At full size every test that has one is a proof."""
    if config.getoption("--proof") is None:
        return
    for item in items:
        if "sized" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.proof)


def pytest_configure(config: pytest.Config) -> None:
    table: Path | None = config.getoption("--proof")
    if table is not None:
        config.pluginmanager.register(_Results(table), "tocsin-proof")


class _Results:
    """Keeps each test's report until the end."""

    def __init__(self, table: Path) -> None:
        self._table = table
        self._reports: list[pytest.TestReport] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when == "call" or not report.passed:
            self._reports.append(report)

    def pytest_sessionfinish(self) -> None:
        self._table.parent.mkdir(parents=True, exist_ok=True)
        self._table.write_text(_page(self._reports), encoding="utf-8")


def _page(reports: list[pytest.TestReport]) -> str:
    head = [
        "# Proof",
        "",
        "The tests at full size. Written by `make proof`; do not edit.",
        "",
        f"- when: {clock.iso(clock.now())}",
        f"- commit: {_commit()}",
        f"- machine: {platform.system()} {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}",
        "",
        "| test | result | seconds | measured |",
        "|---|---|---|---|",
    ]
    return "\n".join([*head, *map(_row, sorted(reports, key=lambda report: report.nodeid))]) + "\n"


def _row(report: pytest.TestReport) -> str:
    measured = ", ".join(f"{name} {value}" for name, value in report.user_properties)
    result = report.outcome
    if report.skipped and isinstance(report.longrepr, tuple):
        result = f"skipped: {report.longrepr[2].removeprefix('Skipped: ')}"
    sentence = report.location[2].rpartition(".")[2].removeprefix("test_").replace("_", " ")
    cells = (sentence, result, f"{report.duration:.1f}", measured)
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def _commit() -> str:
    command = ["git", "describe", "--always", "--dirty", "--abbrev=12"]
    done = subprocess.run(command, cwd=Path(__file__).parent, capture_output=True, text=True, check=False)
    return done.stdout.strip() or "unknown"
