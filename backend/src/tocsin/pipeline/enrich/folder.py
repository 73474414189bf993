"""Loads the tables of a folder: assets.csv, identities.csv, zones.csv and any number of watchlists/*.csv."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from tocsin.core.errors import ContentError
from tocsin.pipeline.enrich.assets import assets
from tocsin.pipeline.enrich.identities import identities
from tocsin.pipeline.enrich.types import Refused, Source, Table
from tocsin.pipeline.enrich.watchlists import watchlist
from tocsin.pipeline.enrich.zones import Zones, zones

_TABLES: dict[str, Callable[[bytes, Source], tuple[Table, tuple[Refused, ...]]]] = {
    "assets.csv": assets,
    "identities.csv": identities,
    "zones.csv": zones,
}


class Loaded(NamedTuple):
    """What could be used, and every line that could not."""

    tables: tuple[Table, ...]
    refused: tuple[Refused, ...]


def built_in() -> tuple[Table, ...]:
    """What is known without any file: which networks are private."""
    return (Zones(),)


def load(folder: Path) -> Loaded:
    """Raises ContentError when the folder or a file cannot be read; a line that cannot be used is only refused."""
    if not folder.is_dir():
        message = f"{folder}: no folder"
        raise ContentError(message)
    tables: list[Table] = []
    refused: list[Refused] = []
    for path in sorted(folder.glob("*.csv")):
        read = _TABLES.get(path.name.lower())
        if read is None:
            refused.append(Refused(path.name, 1, f"not one of {', '.join(_TABLES)}; watch-lists stand in watchlists/"))
            continue
        table, problems = read(*_file(path, path.name))
        tables.append(table)
        refused.extend(problems)
    for path in sorted((folder / "watchlists").glob("*.csv")):
        listed, problems = watchlist(path.stem, *_file(path, f"watchlists/{path.name}"))
        tables.append(listed)
        refused.extend(problems)
    if not any(isinstance(table, Zones) for table in tables):
        tables.extend(built_in())
    return Loaded(tuple(tables), tuple(refused))


def _file(path: Path, name: str) -> tuple[bytes, Source]:
    try:
        return path.read_bytes(), Source(name, path.stat().st_mtime_ns)
    except OSError as error:
        message = f"{path}: {error.strerror}"
        raise ContentError(message) from error
