"""Which names are the same host or the same user: short and full, with and without domain, SID and name."""

from __future__ import annotations

from tocsin.pipeline.correlate.bounded import Bounded
from tocsin.pipeline.normalise import canonical

NOBODY = "s-1-0-0"
"""Windows' own word for it."""

_VARIANTS = 8


class Names:
    """Learns from every event; answers with one key per host and per user."""

    def __init__(self, capacity: int) -> None:
        self._full: Bounded[str, set[str]] = Bounded(capacity)
        self._domains: Bounded[str, set[str]] = Bounded(capacity)
        self._sids: Bounded[str, set[str]] = Bounded(capacity)

    def saw_host(self, name: str) -> None:
        """A canonical host name, short or full."""
        short = canonical.short(name)
        if short != name:
            self._add(self._full, short, name)

    def saw_user(self, value: str, sid: str | None = None) -> None:
        """A canonical user, with the SID that the same event gives."""
        domain = canonical.user_domain(value)
        if domain and canonical.is_person(value):
            self._add(self._domains, canonical.user_name(value), canonical.short(domain))
        if sid and sid.lower().startswith("s-1-"):
            self._add(self._sids, sid.lower(), value)

    def host(self, name: str) -> str:
        """The short name, unless two hosts of different domains bear it: then each keeps its full one."""
        short = canonical.short(name)
        return name if len(self._full.get(short, ())) > 1 else short

    def user(self, value: str) -> str:
        """short-domain\\name; a bare name gets its domain when only one is known for it, a SID its name."""
        if value.startswith("s-1-"):
            known = {self.user(name) for name in self._sids.get(value, ()) if not name.startswith("s-1-")}
            if len(known) > 1:
                return NOBODY  # one SID, several names: copies of one machine, and no telling which
            return known.pop() if known else value
        name, domain = canonical.user_name(value), canonical.user_domain(value)
        if domain:
            return f"{canonical.short(domain)}\\{name}"
        domains = self._domains.get(name, ())
        return f"{next(iter(domains))}\\{name}" if len(domains) == 1 else name

    def spellings_of_host(self, key: str) -> tuple[str, ...]:
        """What a resolved host may have been called in events."""
        return (key, *self._full.get(key, ()))

    def spellings_of_user(self, key: str) -> tuple[str, ...]:
        """What a resolved user may have been called in events, domains cut to their first label."""
        name = canonical.user_name(key)
        return (key, name) if name != key and len(self._domains.get(name, ())) == 1 else (key,)

    def _add(self, table: Bounded[str, set[str]], key: str, value: str) -> None:
        found = table.setdefault(key, set())
        if len(found) < _VARIANTS:
            found.add(value)
