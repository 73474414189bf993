"""ATT&CK's tactics in the order of an attack, in plain words."""

from __future__ import annotations

from tocsin.core.messages import Alert

_ORDER = {
    "reconnaissance": "Reconnaissance",
    "resource-development": "Preparation",
    "initial-access": "Initial access",
    "execution": "Execution",
    "persistence": "Persistence",
    "privilege-escalation": "Privilege escalation",
    "defense-evasion": "Defence evasion",
    "stealth": "Stealth",
    "defense-impairment": "Defence impairment",
    "credential-access": "Credential access",
    "discovery": "Discovery",
    "lateral-movement": "Lateral movement",
    "collection": "Collection",
    "command-and-control": "Command and control",
    "exfiltration": "Exfiltration",
    "impact": "Impact",
}
_RANK = {tactic: place for place, tactic in enumerate(_ORDER)}

_FIRST_STEPS = {"T1110": "Brute force", "T1046": "Scan", "T1595": "Scan", "T1190": "Attack on a public service"}
"""Techniques that a person calls by name rather than by tactic; they stand before what they lead to."""


def tactics_of(alert: Alert) -> list[str]:
    """The steps an alert stands for, in the order of an attack."""
    for technique in alert.techniques:
        if technique[:5] in _FIRST_STEPS:
            return [technique[:5]]
    return sorted({name(tactic) for tactic in alert.tactics}, key=rank)


def name(tactic: str) -> str:
    """Sigma has written both credential_access and credential-access."""
    return tactic.lower().replace("_", "-")


def rank(step: str) -> int:
    """The place in an attack; unknown tactics come first, named techniques before them all."""
    return _RANK.get(step, -1)


def in_words(step: str) -> str:
    """As a title says it."""
    return _FIRST_STEPS.get(step) or _ORDER.get(step) or step.replace("-", " ").capitalize()
