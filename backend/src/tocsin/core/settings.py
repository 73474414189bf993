"""Every setting in one place, read from the environment (TOCSIN_*) at start-up."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

_PACKAGE = Path(__file__).resolve().parents[1]
_REPOSITORY = _PACKAGE.parents[2]


def _content() -> Path:
    packed = _PACKAGE / "_content"
    return packed if packed.is_dir() else _REPOSITORY / "content"


class Settings(BaseSettings):
    """Times in seconds, sizes in bytes."""

    model_config = SettingsConfigDict(env_prefix="TOCSIN_", frozen=True, extra="ignore")

    content: Path = Field(default_factory=_content)
    """Bundled rules, aliases and samples."""
    cache: Path = Field(default_factory=lambda: Path.home() / ".cache" / "tocsin")
    """Compiled rule sets; may be deleted at any time."""
    context: Path | None = None
    """A folder of tables of one's own network, docs/detect/enrichment.md."""
    zone: str = "UTC"
    """IANA name of the zone of clocks that name none (RFC 3164)."""
    lateness: int = Field(default=900, ge=0)
    """How far behind its source's newest event an event may be and still enter windows."""


@cache
def settings() -> Settings:
    """The settings of this process."""
    return Settings()
