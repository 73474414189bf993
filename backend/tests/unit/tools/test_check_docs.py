"""Dead links, unmarked blocks and commands that fail are found on a page; good ones are not."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools.check_docs import commands_of, links, pages, run


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "docs").mkdir()
    script = tmp_path / "scripts" / "ring.sh"
    script.parent.mkdir()
    script.write_text('#!/bin/sh\necho "$1" >>rung\nexit "${1:-0}"\n', encoding="utf-8")
    script.chmod(0o755)
    return tmp_path


def test_pages_are_the_root_and_the_docs(root: Path) -> None:
    for name in ("README.md", "docs/roadmap.md", "scripts/notes.md"):
        (root / name).write_text("", encoding="utf-8")

    assert [page.name for page in pages(root)] == ["README.md", "roadmap.md"]


@pytest.mark.parametrize(
    "link", ["docs/here.md", "docs/here.md#two-words", "#top-of-it", "https://example.org/gone", "docs/", "docs/here.md#a_b-c"]
)  # fmt: skip
def test_a_link_that_leads_somewhere_is_no_fault(root: Path, link: str) -> None:
    (root / "docs/here.md").write_text("# Two words\n## `a_b`: c\n", encoding="utf-8")

    assert list(links(_page(root, f"# Top of it\n[there]({link})\n"), root)) == []


@pytest.mark.parametrize(
    ("link", "fault"),
    [
        ("docs/gone.md", "README.md: no such file: docs/gone.md"),
        ("#gone", "README.md: no such heading: #gone"),
        ("../outside.md", "README.md: no such file: ../outside.md"),
    ],
)
def test_a_dead_link_is_found(root: Path, link: str, fault: str) -> None:
    (root.parent / "outside.md").write_text("", encoding="utf-8")

    assert list(links(_page(root, f"# Top\n[there]({link})\n"), root)) == [fault]


def test_a_dead_link_is_found_where_it_is_defined_apart(root: Path) -> None:
    page = _page(root, "[there][t], ![drawn](gone.png)\n\n[t]: gone.md\n")

    assert list(links(page, root)) == ["README.md: no such file: gone.png", "README.md: no such file: gone.md"]


def test_a_link_inside_a_block_of_code_is_text(root: Path) -> None:
    assert list(links(_page(root, "```python\n[x](gone.md)\n```\n"), root)) == []


def test_commands_are_read_with_their_lines(root: Path) -> None:
    page = _page(
        root, "Do:\n\n```sh run\n# first\ntocsin doctor\n```\n\n```console run=1\n$ make demo\nwhat it says\n```\n"
    )

    found, faults = commands_of(page)

    assert faults == []
    assert [(command.line, command.text, command.status) for command in found] == [
        (5, "tocsin doctor", 0),
        (9, "make demo", 1),
    ]


def test_examples_and_other_languages_are_not_run(root: Path) -> None:
    assert commands_of(_page(root, "```sh example\nrm -r /\n```\n\n```yaml\na: 1\n```\n")) == ([], [])


def test_a_block_that_does_not_say_whether_it_runs_is_a_fault(root: Path) -> None:
    _, faults = commands_of(_page(root, "```sh\ntocsin doctor\n```\n"))

    assert faults == ["README.md:1: a block of commands says neither `run` nor `example`"]


def test_only_our_own_commands_are_run(root: Path) -> None:
    found, faults = commands_of(_page(root, "```sh run\ncurl example.org\n```\n"))

    assert found == []
    assert len(faults) == 1
    assert "README.md:2: only tocsin, .venv/bin/tocsin, make, ./scripts/ are run here" in faults[0]


def test_commands_run_in_order_and_leave_the_repository_alone(root: Path) -> None:
    commands, _ = commands_of(_page(root, "```sh run\n./scripts/ring.sh 0\n./scripts/ring.sh 0\n```\n"))

    assert run(commands, root) == []
    assert not (root / "rung").exists()


def test_a_command_that_fails_is_told_with_its_line(root: Path) -> None:
    commands, _ = commands_of(
        _page(root, "```sh run\n./scripts/ring.sh 3\n```\n\n```sh run=3\n./scripts/ring.sh 3\n```\n")
    )

    assert [fault.strip() for fault in run(commands, root)] == ["README.md:2: ./scripts/ring.sh 3: exit 3, not 0"]


def test_a_command_that_is_not_there_is_told(root: Path) -> None:
    commands, _ = commands_of(_page(root, "```sh run\n./scripts/gone.sh\n```\n"))

    assert "No such file" in run(commands, root)[0]


def _page(root: Path, text: str) -> Path:
    page = root / "README.md"
    page.write_text(text, encoding="utf-8")
    return page
