"""ClamAV: which file carries which signature."""

from __future__ import annotations

from tocsin.pipeline.normalise.parsers.programs.detail import Detail


def read(message: str) -> Detail | None:
    """'/tmp/x: Eicar-Signature FOUND', perhaps behind clamd's '-> '; the signature is ClamAV's own and has no space."""
    if not message.endswith(" FOUND"):
        return None
    path, found, signature = message.removesuffix(" FOUND").rpartition(": ")
    if not found or " " in signature.partition("(")[0]:
        return None
    return Detail("found", {"filename": path.rpartition("-> ")[2], "signature": signature.partition("(")[0]})
