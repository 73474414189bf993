"""Identities: how critical an account is, whose it is, and what it is for."""

from __future__ import annotations

from collections.abc import Iterator

from tocsin.core.clock import Nanoseconds
from tocsin.core.messages import Entity, Fact
from tocsin.pipeline.enrich.csv_rows import Row, Sheet, unusable
from tocsin.pipeline.enrich.records import Names, record, twice
from tocsin.pipeline.enrich.types import Refused, Source
from tocsin.pipeline.normalise import canonical

COLUMNS = ("user", "criticality", "owner", "tags", "note")


class Identities:
    """Accounts by name, written with a domain or without; EXAMPLE and example.org are one domain."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._users = Names(canonical.user_name)

    def add(self, row: Row) -> None:
        """Raises ContentError when the line names no account, or one that an earlier line named."""
        user = canonical.user(row.cell("user"))
        if user is None:
            raise unusable("no name of an account", row.cell("user"))
        name = _with_short_domain(user)
        earlier = self._users.exactly(name)
        if earlier:
            raise twice(user, earlier.line)
        self._users.add(name, record(row))

    def facts(self, entity: Entity, at: Nanoseconds) -> Iterator[Fact]:
        found = self._users.get(_with_short_domain(entity.value)) if entity.kind == "user" else None
        if found is not None:
            yield from found.facts(entity, self._source)


def identities(raw: bytes, source: Source) -> tuple[Identities, tuple[Refused, ...]]:
    """From a CSV with user, and criticality, owner, tags, note as far as known."""
    table = Identities(source)
    return table, Sheet(raw, source, COLUMNS, frozenset({"user"})).each(table.add)


def _with_short_domain(user: str) -> str:
    domain = canonical.user_domain(user)
    return f"{canonical.short(domain)}\\{canonical.user_name(user)}" if domain else user
