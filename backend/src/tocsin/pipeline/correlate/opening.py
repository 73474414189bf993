"""What makes alerts an incident: one of high or above, or several whose weights add up."""

from __future__ import annotations

from collections.abc import Sequence

from tocsin.core.messages import Alert
from tocsin.core.severity import Severity

OPENS_ALONE = Severity.HIGH
WEIGHT = {Severity.INFORMATIONAL: 0, Severity.LOW: 1, Severity.MEDIUM: 3}
"""Each rule counts once, by its worst alert: a rule that repeats itself adds nothing."""
THRESHOLD = 6
"""Two rules of medium, or one of medium and three of low: what an analyst would look at."""


def opened_by(alerts: Sequence[Alert]) -> str:
    """Which alerts open an incident, in words; empty when they do not."""
    loud = [alert for alert in alerts if alert.severity >= OPENS_ALONE]
    if loud:
        worst = min(loud, key=lambda alert: (-alert.severity, alert.first_seen, alert.id))
        return f"an alert of severity {worst.severity.word}: {worst.title}"
    rules: dict[str, int] = {}
    for alert in alerts:
        rules[alert.rule] = max(rules.get(alert.rule, 0), WEIGHT[alert.severity])
    counted = {rule: weight for rule, weight in rules.items() if weight}
    total = sum(counted.values())
    if total < THRESHOLD or len(counted) < 2:
        return ""
    return f"{len(counted)} rules whose weights come to {total} of {THRESHOLD}"
