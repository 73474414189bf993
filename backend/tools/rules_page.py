"""Writes docs/detect/content.md, the list of the bundled rules, so that page and rules cannot part."""

from __future__ import annotations

import sys
from itertools import groupby
from pathlib import Path

from tocsin.core.ids import RuleId
from tocsin.core.severity import Severity
from tocsin.pipeline.detect.rulesets import load
from tocsin.pipeline.detect.types import Correlation, Rule, RuleSet
from tocsin.pipeline.normalise.aliases import LogSource

ROOT = Path(__file__).resolve().parents[2]
RULES = ROOT / "content/rules"
PAGE = ROOT / "docs/detect/content.md"

_HEAD = """# The bundled rules, one by one

{rules} rules and correlations that alert, in {files} files of `content/rules`, each with its tests beside it.
[How they are made](rules.md). This page is written by `backend/tools/rules_page.py`.
"""


def main() -> int:
    PAGE.write_text(page(load([RULES])), encoding="utf-8")
    return 0


def page(rules: RuleSet) -> str:
    """The page for these rules; what only feeds correlations is left out."""
    alerting = sorted(
        (one for one in (*rules.rules, *rules.correlations) if one.severity > Severity.INFORMATIONAL), key=_place
    )
    sources = {rule.id: rule.logsource for rule in rules.rules}
    text = [_HEAD.format(rules=len(alerting), files=len({one.source.path for one in alerting}))]
    for area, members in groupby(alerting, key=_area):
        text.append(f"\n## {area.capitalize()}\n\n| rule | level | techniques | log source |\n|---|---|---|---|\n")
        text += [_row(one, sources) for one in members]
    return "".join(text)


def _row(one: Rule | Correlation, sources: dict[RuleId, LogSource]) -> str:
    found = [one.logsource] if isinstance(one, Rule) else [sources[rule] for rule in one.rules]
    named = dict.fromkeys(" ".join(filter(None, source)) for source in found)
    file = Path(one.source.path).relative_to(RULES)
    return (
        f"| [{one.title}](../../content/rules/{file}) | {one.severity.word} | {', '.join(one.techniques)} "
        f"| {', '.join(named)} |\n"
    )


def _area(one: Rule | Correlation) -> str:
    return Path(one.source.path).parent.name


def _place(one: Rule | Correlation) -> tuple[str, int]:
    return one.source.path, one.source.line


if __name__ == "__main__":
    sys.exit(main())
