"""Tests marked `alone` run with no other beside them: what they measure is time."""

from __future__ import annotations

from collections.abc import Iterator
from fcntl import LOCK_EX, LOCK_SH, LOCK_UN, flock
from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def _alone(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    if not hasattr(request.config, "workerinput"):
        yield
        return
    folder: Path = tmp_path_factory.getbasetemp().parent
    with (folder / "door").open("w") as door, (folder / "room").open("w") as room:
        # whoever waits for an empty room holds the door, so that nobody else slips in
        flock(door, LOCK_EX)
        flock(room, LOCK_EX if request.node.get_closest_marker("alone") else LOCK_SH)
        flock(door, LOCK_UN)
        yield


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "alone: measures time, so nothing else runs beside it")
