"""Takes the logs out of the hosts: each file from where it stood when the recording began."""

from __future__ import annotations

import gzip
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from .host import Host

LOGS = {
    "web01": ("var/log/auth.log", "var/log/cron.log", "var/log/nginx/access.log", "var/log/audit/audit.log"),
    "db01": ("var/log/auth.log", "var/log/cron.log"),
    "ids01": ("var/log/suricata/eve.json",),
    "trap01": ("srv/cowrie/var/log/cowrie/cowrie.json", "var/log/opencanary/opencanary.log"),
}
JOURNALS = ("adm01",)
PACK_FROM = 1_000_000  # bytes; a larger file is committed as .gz


@dataclass(frozen=True)
class Marks:
    """How long each log was, and what time it was, when the recording began."""

    sizes: dict[tuple[str, str], int]
    since: datetime


def mark(hosts: dict[str, Host]) -> Marks:
    sizes = {(name, log): _size(hosts[name].root / log) for name, logs in LOGS.items() for log in logs}
    return Marks(sizes, datetime.now(UTC))


def collect(hosts: dict[str, Host], marks: Marks, target: Path) -> list[str]:
    """Writes the logs under `target`, and returns one line for each that exists."""
    told: list[str] = []
    hosts["ids01"].run(["systemctl", "stop", "suricata"])  # it writes its open flows as it stops
    for (name, log), start in marks.sizes.items():
        source = hosts[name].root / log
        if not source.exists() or source.stat().st_size <= start:
            continue
        with source.open("rb") as stream:
            stream.seek(start)
            told.append(_keep(target / name / source.name, stream.read()))
    for name in JOURNALS:
        since = f"@{marks.since.timestamp():.3f}"
        told.append(
            _keep(
                target / name / "journal.json",
                hosts[name].run(["journalctl", "--no-pager", "-o", "json", "--since", since]).encode(),
            )
        )
    return told


def _keep(path: Path, data: bytes) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    if len(data) > PACK_FROM:
        path = path.with_name(path.name + ".gz")
        path.write_bytes(gzip.compress(data, 9, mtime=0))
    else:
        path.write_bytes(data)
    lines = data.count(b"\n")
    return f"{path.parent.name}/{path.name}: {lines:,} lines, {len(data):,} bytes"


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0
