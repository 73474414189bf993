"""Each import contract, broken on purpose in a copy of the tree, is seen to break; a new contract needs a breach here."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import NamedTuple

import pytest

BACKEND = Path(__file__).resolve().parents[2]
DOCSTRING = '"""Planted."""\n'


class Breach(NamedTuple):
    """Files that break a contract, and what the report must name."""

    contract: str
    files: dict[str, str]
    named: str


BREACHES = [
    Breach("floors", {"infra/planted.py": "import tocsin.access"}, "tocsin.infra.planted -> tocsin.access"),
    Breach("floors", {"core/planted.py": "import tocsin.entry"}, "tocsin.core.planted -> tocsin.entry"),
    Breach("floors", {"shared/__init__.py": ""}, "tocsin.shared"),
    Breach("floors", {"ml/planted.py": "import tocsin.access"}, "tocsin.ml.planted -> tocsin.access"),
    Breach(
        "floors",
        {"core/planted.py": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import tocsin.pipeline"},
        "tocsin.core.planted -> tocsin.pipeline",
    ),
    Breach(
        "way",
        {"pipeline/detect/planted.py": "import tocsin.pipeline.incidents"},
        "tocsin.pipeline.detect.planted -> tocsin.pipeline.incidents",
    ),
    Breach(
        "way",
        {"pipeline/detect/planted.py": "import tocsin.pipeline.hunt"},
        "tocsin.pipeline.detect.planted -> tocsin.pipeline.hunt",
    ),
    Breach("way", {"pipeline/shortcut/__init__.py": ""}, "tocsin.pipeline.shortcut"),
    Breach(
        "slice",
        {"pipeline/hunt/store.py": "import tocsin.pipeline.hunt.service", "pipeline/hunt/service.py": ""},
        "tocsin.pipeline.hunt.store -> tocsin.pipeline.hunt.service",
    ),
    Breach(
        "slice",
        {"access/doors/__init__.py": "", "access/doors/tables.py": "import tocsin.access.doors.routes",
         "access/doors/routes.py": ""},
        "tocsin.access.doors.tables -> tocsin.access.doors.routes",
    ),
    Breach("pure", {"ml/planted.py": "import sqlalchemy"}, "tocsin.ml.planted -> sqlalchemy"),
    Breach("pure", {"core/planted.py": "import socket"}, "tocsin.core.planted -> socket"),
    Breach("http", {"pipeline/detect/service.py": "import fastapi"}, "tocsin.pipeline.detect.service -> fastapi"),
    Breach("http", {"infra/planted.py": "import starlette"}, "tocsin.infra.planted -> starlette"),
    Breach("agents", {"agents/planted.py": "import httpx"}, "tocsin.agents.planted -> httpx"),
    Breach(
        "agents",
        {"agents/planted.py": "import tocsin.pipeline.hunt.store", "pipeline/hunt/store.py": ""},
        "tocsin.agents.planted -> tocsin.pipeline.hunt.store",
    ),
    Breach(
        "agents",
        {"agents/planted.py": "import tocsin.infra.connectors"},
        "tocsin.agents.planted -> tocsin.infra.connectors",
    ),
    Breach(
        "cycles",
        {"pipeline/hunt/one.py": "import tocsin.pipeline.hunt.two", "pipeline/hunt/two.py": "import tocsin.pipeline.hunt.one"},
        "tocsin.pipeline.hunt",
    ),
]  # fmt: skip


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    shutil.copytree(BACKEND / "src", tmp_path / "src", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(BACKEND / "pyproject.toml", tmp_path)
    return tmp_path


@pytest.mark.parametrize("breach", BREACHES, ids=lambda breach: f"{breach.contract}: {breach.named}")
def test_a_planted_breach_breaks_its_contract(tree: Path, breach: Breach) -> None:
    for path, text in breach.files.items():
        file = tree / "src/tocsin" / path
        file.parent.mkdir(exist_ok=True)
        file.write_text(f"{DOCSTRING}{text}\n", encoding="utf-8")

    status, report = _lint(tree, breach.contract)

    assert status == 1
    assert breach.named in report


def test_a_route_may_speak_http(tree: Path) -> None:
    (tree / "src/tocsin/pipeline/hunt/routes.py").write_text("import fastapi\n", encoding="utf-8")

    status, report = _lint(tree, "http")

    assert status == 0, report


def test_the_tree_as_it_is_keeps_every_contract(tree: Path) -> None:
    status, report = _lint(tree)

    assert status == 0, report
    assert "7 kept, 0 broken" in report


def test_every_contract_is_broken_here() -> None:
    settings = tomllib.loads((BACKEND / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = {contract["id"] for contract in settings["tool"]["importlinter"]["contracts"]}

    assert contracts == {breach.contract for breach in BREACHES}


def _lint(tree: Path, *contracts: str) -> tuple[int, str]:
    # in the copy's own interpreter: this one has already imported the real tree
    program = "import sys; from importlinter.cli import lint_imports_command as run; sys.path.insert(0, 'src'); run()"
    limits = [argument for contract in contracts for argument in ("--contract", contract)]
    command = [sys.executable, "-c", program, "--no-logo", "--no-cache", *limits]
    done = subprocess.run(command, cwd=tree, capture_output=True, text=True, check=False)
    return done.returncode, " ".join((done.stdout + done.stderr).split())
