"""Each breach of the layout, planted in a small tree, is found; a clean tree is clean."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tools.check_layout import CHECKS, findings

CLEAN = '"""Counts bells."""\n'
# in two pieces, so that this file does not hold what it plants
OPEN_END, COMMIT, MACHINE = "TO" + "DO", "comm" + "it", "/wo" + "rk/"
REGISTRY = "https://files.python" + "hosted.org/x.whl"

PLANTED = [
    ("size", "backend/src/tocsin/long.py", CLEAN + "x = 1\n" * 400, "401 lines; at most 400"),
    ("size", "frontend/lib/long.ts", "x\n" * 301, "301 lines; at most 300"),
    ("size", "frontend/app/long.tsx", "x\n" * 251, "251 lines; at most 250"),
    ("size", "content/samples/big.log", "x" * 1_000_001, "1,000,001 bytes; at most 1,000,000"),
    ("file_name", "backend/src/tocsin/string_helpers.py", CLEAN, "'helpers' says nothing"),
    ("file_name", "backend/src/tocsin/utils/text.py", CLEAN, "'utils' says nothing"),
    ("file_name", "frontend/lib/BaseTable.ts", "x\n", "'base' says nothing"),
    ("first_sentence", "backend/src/tocsin/bare.py", "x = 1\n", "no docstring"),
    ("first_sentence", "backend/src/tocsin/late.py", "x = 1\n" + CLEAN, "no docstring"),
    ("first_sentence", "backend/src/tocsin/open.py", '"""Counts bells"""\n', "not one whole sentence"),
    ("first_sentence", "backend/src/tocsin/torn.py", '"""Counts bells.\nAnd more."""\n', "not one whole sentence"),
    ("first_sentence", "backend/src/tocsin/two.py", '"""Counts. Also rings."""\n', "more than one sentence"),
    ("class_names", "backend/src/tocsin/a.py", CLEAN + "class EnhancedBell: ...\n", "'enhanced' says nothing"),
    ("class_names", "backend/src/tocsin/b.py", CLEAN + "class HTTPManager: ...\n", "'manager' says nothing"),
    ("commits", "backend/src/tocsin/store.py", CLEAN + f"session.{COMMIT}()\n", "belongs in"),
    ("open_ends", "backend/src/tocsin/later.py", CLEAN + f"# {OPEN_END}: ring\n", "without an issue"),
    ("open_ends", "frontend/lib/later.ts", f"// {OPEN_END} ring\n", "without an issue"),
    ("registries", "backend/requirements.lock", f"x @ {REGISTRY}\n", "names a package registry"),
    ("registries", "backend/other.lock", "--index" + "-url https://example.org\n", "names a package registry"),
    ("machine_paths", "docs/start/run.md", f"cd {MACHINE}main\n", "a path of one machine"),
    ("machine_paths", "scripts/run.sh", "cat /ro" + "ot/.cache/x\n", "a path of one machine"),
    ("machine_paths", "content/samples/x.log", f"open {MACHINE}main/x\n", "a path of one machine"),
    ("generated", "backend/src/tocsin/x.pyc", "x", "is generated"),
    ("generated", "models/forest.pkl", "x", "is generated"),
    ("generated", "frontend/.next/page.js", "x", "is generated"),
]

ALLOWED = [
    ("backend/src/tocsin/full.py", CLEAN + "x = 1\n" * 399),
    ("backend/src/tocsin/body.py", '"""Counts bells.\n\nAnd says how: one by one. Then again."""\n'),
    ("backend/src/tocsin/dotted.py", '"""Reads .gz, .zip and e.g. tar files."""\n'),
    ("backend/src/tocsin/base64.py", CLEAN + "class Base64: ...\nclass Database: ...\n"),
    ("backend/src/tocsin/infra/db/session.py", CLEAN + f"session.{COMMIT}()\n"),
    ("backend/src/tocsin/later.py", CLEAN + f"# {OPEN_END}(#12): ring\n"),
    ("content/rules/linux/keys.yml", "CommandLine|contains: /ro" + "ot/.ssh/\n"),
    ("docs/utils.md", "See the https://pypi.org/project/tocsin page.\n"),
    ("content/samples/broken.evtx", "\0\xff"),
]


@pytest.mark.parametrize(("check", "path", "text", "message"), PLANTED, ids=[row[1] for row in PLANTED])
def test_a_planted_breach_is_found(tmp_path: Path, check: str, path: str, text: str, message: str) -> None:
    _plant(tmp_path, path, text)

    found = findings(tmp_path)

    assert [str(finding.path) for finding in found] == [path], check
    assert message in found[0].message


def test_every_check_has_a_planted_breach() -> None:
    assert {row[0] for row in PLANTED} == {check.__name__ for check in CHECKS}


@pytest.mark.parametrize(("path", "text"), ALLOWED, ids=[row[0] for row in ALLOWED])
def test_what_is_allowed_is_not_found(tmp_path: Path, path: str, text: str) -> None:
    _plant(tmp_path, path, text)

    assert findings(tmp_path) == []


def test_a_finding_names_file_and_line(tmp_path: Path) -> None:
    _plant(tmp_path, "backend/src/tocsin/later.py", CLEAN + f"\n# {OPEN_END}: ring\n")

    assert str(findings(tmp_path)[0]).startswith("backend/src/tocsin/later.py:3: ")


def test_files_that_git_ignores_are_left_alone(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    _plant(tmp_path, ".gitignore", "*.pkl\n")
    _plant(tmp_path, "ignored.pkl", "x")
    _plant(tmp_path, "seen.sqlite", "x")

    assert [str(finding.path) for finding in findings(tmp_path)] == ["seen.sqlite"]


def _plant(root: Path, path: str, text: str) -> None:
    file = root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
