"""Typed ids, and ids derived from content so that a repeat gives the same one."""

from __future__ import annotations

from hashlib import blake2b
from typing import NewType

TenantId = NewType("TenantId", str)
EventId = NewType("EventId", str)
AlertId = NewType("AlertId", str)
IncidentId = NewType("IncidentId", str)
RuleId = NewType("RuleId", str)

LOCAL = TenantId("local")
"""The tenant of a replay: one person, no server."""


def derive(kind: str, *parts: str | bytes | int) -> str:
    """32 hex digits of BLAKE2b over the parts, each with its length so that none can pose as two."""
    digest = blake2b(digest_size=16, person=kind.encode()[:16])
    for part in parts:
        data = part if isinstance(part, bytes) else str(part).encode("utf-8", "surrogatepass")
        digest.update(len(data).to_bytes(8, "little"))
        digest.update(data)
    return digest.hexdigest()
