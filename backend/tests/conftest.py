"""What every test may ask for: the reference data by name, and its size."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

pytest_plugins = ["tests.alone", "tests.proof"]

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"


@pytest.fixture(scope="session")
def reference_data() -> Callable[[str], Path]:
    """A file of the reference data by its path there; where it is absent the test is skipped by that name."""

    def find(name: str) -> Path:
        file = SHARED / name
        if not file.exists():
            pytest.skip(f"reference data absent: {name}")
        return file

    return find


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whoever asks for the reference data is marked `data`."""
    for item in items:
        if "reference_data" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.data)
