"""`python -m tests.bench.grouping`: prints the table of docs/detect/grouping.md."""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.bench.grouping.measuring import Bench, table
from tests.conftest import SHARED

if __name__ == "__main__":
    with TemporaryDirectory() as folder:
        bench = Bench(
            SHARED / "events/otrf-security-datasets-50k.jsonl.zst",
            SHARED / "sigma/sigmahq-rules-8eaafff.zip",
            Path(folder),
        )
        rows = [bench.measure(seed) for seed in range(1, 11)]
        rows += [bench.measure(seed, half) for half in ("held out", "looked at") for seed in range(1, 6)]
        rows += [bench.measure(seed, calm=True) for seed in range(1, 11)]
        sys.stdout.write(table(rows))
