"""Writes the tables of docs/reference/rsigma.md from the lists beside test_rsigma.py, so that page and lists cannot part.

In the page a table stands between `<!-- table: NAME -->` and `<!-- end -->`; what is around the tables is written by hand.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
LISTS = ROOT / "backend/tests/data/rsigma"
PAGE = ROOT / "docs/reference/rsigma.md"

_TABLE = re.compile(r"(?<=<!-- table: )(?P<name>[a-z -]+)( -->\n).*?(?=<!-- end -->)", re.DOTALL)


class Difference(NamedTuple):
    """Events of a corpus on which one of the two alone fires a rule."""

    corpus: str
    side: str
    reason: str
    rule: str
    events: tuple[int, ...]


class Other(NamedTuple):
    """An alert on a regression folder by a rule that is not the folder's own."""

    folder: str
    event: int
    rule: str
    because: str


class Count(NamedTuple):
    """How often a rule fires on the process lane."""

    rule: str
    rsigma: int
    ours: int
    reason: str


def main() -> int:
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
    return 0


def page(text: str) -> str:
    """The page with its tables as the lists are now."""
    return _TABLE.sub(lambda found: f"{found['name']}{found[2]}\n{_table(found['name'])}\n", text)


def mixed() -> set[tuple[str, int]]:
    """(rule, line) of all that rsigma fires on the mixed events."""
    return {(rule, line) for rule, lines in _rows("otrf") for line in _numbers(lines)}


def regression() -> set[tuple[str, int, str]]:
    """(folder, event, rule) of all that rsigma fires on the regression folders."""
    return {(folder, int(event), rule) for folder, event, rule in _rows("regression")}


def processes() -> list[Count]:
    return [Count(rule, int(rsigma), int(ours), reason) for rule, rsigma, ours, reason in _rows("processes")]


def differences() -> list[Difference]:
    return [
        Difference(corpus, side, reason, rule, _numbers(events))
        for corpus, side, reason, rule, events in _rows("differences")
    ]


def others() -> list[Other]:
    return [Other(folder, int(event), rule, because) for folder, event, rule, because in _rows("others")]


def titles() -> dict[str, str]:
    return {row[0]: row[1] for row in _rows("titles")}


def _rows(name: str) -> Iterator[list[str]]:
    lines = (LISTS / f"{name}.tsv").read_text(encoding="utf-8").splitlines()
    table = [line.split("\t") for line in lines if not line.startswith("#")]
    yield from table[1:]


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(map(int, text.split(",")))


def _table(name: str) -> str:
    head, rows = TABLES[name]() if name in TABLES else _differing(name)
    lines = [head, ("---",) * len(head), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


Table = tuple[tuple[str, ...], list[tuple[str, ...]]]


def _differing(reason: str) -> Table:
    """The pairs that one reason explains."""
    rows: list[tuple[str, ...]] = [
        (one.corpus, one.side, _named(one.rule), str(len(one.events)), ", ".join(map(str, one.events)))
        for one in differences()
        if one.reason == reason
    ]
    return ("corpus", "fires", "rule", "pairs", "events"), rows


def _totals() -> Table:
    ours = [one for one in differences() if one.side == "ours"]
    theirs = [one for one in differences() if one.side == "rsigma"]
    lane = processes()
    counts = {"otrf": len(mixed()), "regression": len(regression())}
    rows: list[tuple[str, ...]] = [
        (corpus, f"{hits:,}", f"{hits - b + a:,}", f"{a:,}", f"{b:,}")
        for corpus, hits in counts.items()
        for a, b in [(_pairs(ours, corpus), _pairs(theirs, corpus))]
    ]
    found, fired = sum(one.rsigma for one in lane), sum(one.ours for one in lane)
    more = sum(max(0, one.ours - one.rsigma) for one in lane)
    rows.append(("processes", f"{found:,}", f"{fired:,}", f"{more:,}", f"{more - fired + found:,}"))
    return ("corpus", "pairs rsigma fires", "pairs we fire", "we alone", "rsigma alone"), rows


def _pairs(found: list[Difference], corpus: str) -> int:
    return sum(len(one.events) for one in found if one.corpus == corpus)


def _lane() -> Table:
    rows: list[tuple[str, ...]] = [
        (_named(one.rule), f"{one.rsigma:,}", f"{one.ours:,}", one.reason)
        for one in processes()
        if one.rsigma != one.ours
    ]
    return ("rule", "rsigma", "ours", "reason"), rows


def _foreign() -> Table:
    rows: list[tuple[str, ...]] = [
        (one.folder, str(one.event), _named(one.rule), one.because) for one in sorted(others())
    ]
    return ("folder", "event", "rule", "because"), rows


def _named(rule: str) -> str:
    return f"{titles()[rule]} `{rule}`"


TABLES: dict[str, Callable[[], Table]] = {"totals": _totals, "process lane": _lane, "other rules": _foreign}

if __name__ == "__main__":
    sys.exit(main())
