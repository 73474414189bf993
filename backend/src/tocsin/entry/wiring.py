"""The one registry of registries: which parts make up a pipeline."""

from __future__ import annotations

from pathlib import Path

from tocsin.core.ids import TenantId
from tocsin.core.settings import Settings
from tocsin.pipeline.detect.service import Detector
from tocsin.pipeline.detect.types import RuleSet
from tocsin.pipeline.enrich.folder import Loaded, built_in, load
from tocsin.pipeline.normalise.aliases import Aliases, bundled
from tocsin.pipeline.normalise.audit_records import AuditRecords
from tocsin.pipeline.normalise.script_blocks import ScriptBlocks
from tocsin.pipeline.normalise.service import Normaliser


def normaliser() -> Normaliser:
    """With every parser and joiner."""
    return Normaliser(record_joiners=(AuditRecords(),), joiners=(ScriptBlocks(bundled()),))


def detector(tenant: TenantId, rules: RuleSet, aliases: Aliases, settings: Settings) -> Detector:
    """One tenant's detection, its windows in memory."""
    return Detector(tenant, rules, aliases, settings.lateness)


def context(folder: Path | None) -> Loaded:
    """The tables that enrichment asks; raises ContentError when the folder cannot be read."""
    return load(folder) if folder is not None else Loaded(built_in(), ())
