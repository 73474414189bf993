"""The ground truth of a recording: what was really run, when, where and by whom."""

from __future__ import annotations

import contextlib
import json
import threading
from collections.abc import Generator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path


def now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


@dataclass(frozen=True)
class Where:
    """From which address, on which host and as whom something is done; no user for a web request."""

    source: str
    host: str
    user: str = ""


@dataclass(frozen=True)
class Act:
    """One command or request of the recording. `kind` is `ordinary` or `attack`; `technique` is MITRE ATT&CK's."""

    start: str
    end: str
    kind: str
    step: str
    technique: str
    source: str
    host: str
    user: str
    command: str


class Story:
    """Collects acts from all the threads of a recording."""

    def __init__(self) -> None:
        self._acts: list[Act] = []
        self._lock = threading.Lock()
        self.begun = now()

    @contextlib.contextmanager
    def act(self, kind: str, step: str, place: Where, command: str, technique: str = "") -> Generator[None]:
        start = now()
        try:
            yield
        finally:
            with self._lock:
                self._acts.append(
                    Act(start, now(), kind, step, technique, place.source, place.host, place.user, command)
                )

    def save(self, directory: Path, name: str, versions: dict[str, str], notes: dict[str, str]) -> None:
        acts = sorted(self._acts, key=lambda act: act.start)
        told = {"begun": self.begun, "ended": now(), "versions": versions, **notes}
        rows = ",\n  ".join(json.dumps(asdict(act)) for act in acts)
        head = json.dumps(told, indent=1).removesuffix("\n}")
        directory.mkdir(exist_ok=True)
        (directory / f"{name}.json").write_text(f'{head},\n "acts": [\n  {rows}\n ]\n}}\n', encoding="utf-8")
        lines = [
            "# What was run",
            "",
            f"From {self.begun} to {told['ended']} (UTC). Written by the recorder; `{name}.json` has ordinary work too.",
            "",
        ]
        attack = [act for act in acts if act.kind == "attack"]
        if attack:
            lines += ["| time | step | technique | from | on | as | command |", "|---|---|---|---|---|---|---|"]
        for act in attack:
            command = act.command.replace("|", "\\|")
            lines.append(
                f"| {act.start[11:19]} | {act.step} | {act.technique} | {act.source} | {act.host} | {act.user} | `{command}` |"
            )
        if not attack:
            lines.append(f"Ordinary work only: {len(acts)} acts.")
        (directory / f"{name}.md").write_text("\n".join(lines) + "\n", encoding="utf-8")
