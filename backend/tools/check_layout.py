"""The layout of the repository: sizes, names, first lines, one place that commits, and nothing that does not belong."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath
from typing import NamedTuple

LINES = {".py": 400, ".ts": 300, ".tsx": 250}
BYTES = 1_000_000
COMMITS = PurePosixPath("backend/src/tocsin/infra/db/session.py")

SAYS_NOTHING = {
    *("util", "utils", "helper", "helpers", "manager", "managers", "common", "misc", "stuff"),
    *("enhanced", "advanced", "smart", "base"),
}
GENERATED_SUFFIXES = {
    *(".pyc", ".pyo", ".so", ".whl", ".pkl", ".pickle", ".joblib", ".sqlite", ".sqlite3", ".db"),
    *(".coverage", ".tsbuildinfo"),
}
GENERATED_FOLDERS = {
    *("__pycache__", ".venv", "build", "dist", "target", "htmlcov"),
    *("node_modules", ".next", "test-results", "playwright-report"),
}
# Real hosts have such paths: rules, recordings and tests may name them
DATA = ("content/", "backend/tests/", "backend/tools/record/")

_MACHINE = re.compile(r"(?<![\w./-])/(?:work|root|home/[a-z]\w*|Users/\w+)/")
_SANDBOX = re.compile(r"(?<![\w./-])/(?:work)/")
_REGISTRY = re.compile(
    r"files\.pythonhosted\.org|pypi\.org/simple|registry\.npmjs\.org|registry\.yarnpkg\.com"
    r"|(?:index|static)\.crates\.io|proxy\.golang\.org|^\s*-{1,2}(?:i|index-url|extra-index-url|find-links)\b",
    re.MULTILINE,
)
_OPEN_END = re.compile(r"\b(?:TOD[O]|FIXM[E]|HAC[K])\b(?!\(#\d+\))")
_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z0-9]+|\d+")
_NEXT_SENTENCE = re.compile(r"[.!?]\s+[A-Z]")
_CODE = frozenset({".py", ".pyi", ".ts", ".tsx", ".js", ".mjs", ".rs", ".sh", ".css"})
_IGNORED = frozenset({".git", ".venv", "__pycache__", "node_modules"})


class Finding(NamedTuple):
    """What is wrong, where."""

    path: PurePosixPath
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.message}"


class Source(NamedTuple):
    """A file of the repository; `text` is empty where the file is not text."""

    path: PurePosixPath
    size: int
    text: str

    def line_of(self, offset: int) -> int:
        return self.text.count("\n", 0, offset) + 1


def main() -> int:
    root = Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).resolve().parents[2])
    found = findings(root)
    for finding in found:
        print(finding)
    return 1 if found else 0


def findings(root: Path) -> list[Finding]:
    """Every breach of the layout under a repository's root, in order of path and line."""
    return sorted(finding for source in _sources(root) for check in CHECKS for finding in check(source))


def size(source: Source) -> Iterator[Finding]:
    if source.size > BYTES:
        yield Finding(source.path, 1, f"{source.size:,} bytes; at most {BYTES:,}")
    limit, lines = LINES.get(source.path.suffix), source.text.count("\n")
    if limit and lines > limit:
        yield Finding(source.path, limit + 1, f"{lines} lines; at most {limit}: split it by noun")


def file_name(source: Source) -> Iterator[Finding]:
    if source.path.suffix not in _CODE:
        return
    names = [*source.path.parts[:-1], source.path.stem]
    for word in sorted({word for name in names for word in _empty_words(name)}):
        yield Finding(source.path, 1, f"'{word}' says nothing: name what it does in the user's words")


def first_sentence(source: Source) -> Iterator[Finding]:
    tree = _tree(source)
    if tree is None:
        return
    docstring = ast.get_docstring(tree, clean=True) or ""
    first, _, rest = docstring.partition("\n")
    if not first:
        yield Finding(source.path, 1, "the first statement is no docstring that says what lives here")
    elif not first.endswith((".", "!", "?")) or (rest and not rest.startswith("\n")):
        yield Finding(source.path, 1, "the docstring's first line is not one whole sentence")
    elif _NEXT_SENTENCE.search(first):
        yield Finding(source.path, 1, "the docstring's first line is more than one sentence")


def class_names(source: Source) -> Iterator[Finding]:
    for node in _nodes(source):
        if isinstance(node, ast.ClassDef):
            for word in _empty_words(node.name):
                yield Finding(source.path, node.lineno, f"class {node.name}: '{word}' says nothing")


def commits(source: Source) -> Iterator[Finding]:
    if source.path == COMMITS or "src" not in source.path.parts:
        return
    for node in _nodes(source):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "commit":
            yield Finding(source.path, node.lineno, f"commit() belongs in {COMMITS} alone")


def open_ends(source: Source) -> Iterator[Finding]:
    if source.path.suffix not in _CODE:
        return
    for match in _OPEN_END.finditer(source.text):
        word = match.group()
        yield Finding(source.path, source.line_of(match.start()), f"{word} without an issue: write {word}(#number)")


def registries(source: Source) -> Iterator[Finding]:
    for match in _REGISTRY.finditer(source.text):
        yield Finding(source.path, source.line_of(match.start()), f"names a package registry: {match.group().strip()}")


def machine_paths(source: Source) -> Iterator[Finding]:
    pattern = _SANDBOX if str(source.path).startswith(DATA) else _MACHINE
    for match in pattern.finditer(source.text):
        yield Finding(source.path, source.line_of(match.start()), f"a path of one machine: {match.group()}")


def generated(source: Source) -> Iterator[Finding]:
    if source.path.suffix in GENERATED_SUFFIXES or GENERATED_FOLDERS.intersection(source.path.parts[:-1]):
        yield Finding(source.path, 1, "is generated: it belongs in .gitignore")


CHECKS: tuple[Callable[[Source], Iterator[Finding]], ...] = (
    size,
    file_name,
    first_sentence,
    class_names,
    commits,
    open_ends,
    registries,
    machine_paths,
    generated,
)


def _sources(root: Path) -> Iterator[Source]:
    for path in _paths(root):
        file = root / path
        if file.is_file() and not file.is_symlink():
            yield Source(path, file.stat().st_size, _text(file))


def _paths(root: Path) -> list[PurePosixPath]:
    """What git holds or would add; where there is no git, every file."""
    if not (root / ".git").exists():
        files = (file.relative_to(root) for file in root.rglob("*") if file.is_file())
        return [PurePosixPath(file) for file in files if not _IGNORED.intersection(file.parts)]
    command = ["git", "-C", str(root), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, capture_output=True, check=True).stdout.decode()
    return [PurePosixPath(name) for name in listed.split("\0") if name]


def _text(file: Path) -> str:
    data = file.read_bytes()
    if b"\0" in data or len(data) > 10 * BYTES:
        return ""
    return data.decode("utf-8", "replace")


def _tree(source: Source) -> ast.Module | None:
    # a file that does not parse is ruff's finding
    try:
        return ast.parse(source.text) if source.path.suffix == ".py" else None
    except SyntaxError:
        return None


def _nodes(source: Source) -> Iterator[ast.AST]:
    tree = _tree(source)
    return ast.walk(tree) if tree else iter(())


def _empty_words(name: str) -> list[str]:
    return [word for word in map(str.lower, _WORDS.findall(name)) if word in SAYS_NOTHING]


if __name__ == "__main__":
    sys.exit(main())
