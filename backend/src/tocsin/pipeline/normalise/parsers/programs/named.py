"""BIND's named: queries, and what it refused."""

from __future__ import annotations

from tocsin.core.event import Fields
from tocsin.pipeline.normalise.parsers.programs.detail import Detail, is_address, is_number


def read(message: str) -> Detail | None:
    """'client @0x7f1c 203.0.113.9#40000 (example.com): query: example.com IN A +E(0)K (198.51.100.2)'"""
    text = message
    for category in ("queries: ", "query-errors: ", "security: "):
        text = text.removeprefix(category)
    text = text.removeprefix("info: ")
    if not text.startswith("client "):
        return None
    words = text.split(" ", 3)
    at = 2 if words[1].startswith("@") else 1
    address, found, port = words[at].rstrip(":").partition("#") if len(words) > at else ("", "", "")
    if not found or not is_address(address) or not is_number(port):
        return None
    fields: Fields = {"src_ip": address, "src_port": port}
    _, found, asked = text.partition(": query: ")
    if found:
        return Detail("query", {**fields, **_question(asked)})
    return Detail("denied", fields) if " denied" in text else None


def _question(text: str) -> Fields:
    words = text.split(" ")
    if len(words) < 3:
        return {}
    fields: Fields = {"query": words[0], "query_class": words[1], "query_type": words[2]}
    if len(words) > 4:
        fields["dst_ip"] = words[-1].strip("()")
    return fields
