"""A lock that lags behind pyproject.toml, lacks a hash or names a host is found."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools.check_locks import LOCKS, faults

PROJECT = """
[project]
dependencies = ["Ring_Bell==1.2", "rope[strong]==3.0"]
[project.optional-dependencies]
build = ["hatchling==1.33.0"]
dev = ["pytest==9.2.0"]
"""
HASH = f"    --hash=sha256:{'a' * 64}\n"
RUNTIME = f"hatchling==1.33.0 \\\n{HASH}ring-bell==1.2 ; sys_platform == 'linux' \\\n{HASH}rope==3.0 \\\n{HASH}"


@pytest.fixture
def backend(tmp_path: Path) -> Path:
    (tmp_path / "pyproject.toml").write_text(PROJECT, encoding="utf-8")
    (tmp_path / "requirements.lock").write_text(RUNTIME, encoding="utf-8")
    (tmp_path / "requirements-dev.lock").write_text(f"pytest==9.2.0 \\\n{HASH}{RUNTIME}", encoding="utf-8")
    return tmp_path


def test_locks_in_step_have_no_fault(backend: Path) -> None:
    assert list(faults(backend)) == []


@pytest.mark.parametrize(
    ("before", "after", "fault"),
    [
        ("ring-bell==1.2", "ring-bell==1.1", "Ring_Bell==1.2: locked is 1.1"),
        ("rope==3.0", "string==3.0", "rope[strong]==3.0: locked is nothing"),
        (f"rope==3.0 \\\n{HASH}", "rope==3.0\n", "rope: no hash"),
        ("rope==3.0", "rope @ http" + "s://example.org/rope.whl", "names a place to download from"),
        ("hatchling", "--index" + "-url x\nhatchling", "line 1: names a place to download from"),
    ],
)
def test_a_fault_is_found(backend: Path, before: str, after: str, fault: str) -> None:
    lock = backend / "requirements.lock"
    lock.write_text(lock.read_text(encoding="utf-8").replace(before, after), encoding="utf-8")

    assert any(fault in found for found in faults(backend))


def test_a_loose_version_is_found(backend: Path) -> None:
    (backend / "pyproject.toml").write_text(PROJECT.replace("Ring_Bell==1.2", "Ring_Bell>=1"), encoding="utf-8")

    assert any("no exact version" in found for found in faults(backend))


@pytest.mark.parametrize("lock", LOCKS)
def test_a_missing_lock_is_found(backend: Path, lock: str) -> None:
    (backend / lock).unlink()

    assert any(found.startswith(f"{lock}: hatchling==1.33.0: locked is nothing") for found in faults(backend))
