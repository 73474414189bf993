"""An alias pack that is wrong says so, and one that is long may be several files."""

from __future__ import annotations

from pathlib import Path

import pytest

from tocsin.core.errors import ContentError
from tocsin.pipeline.normalise.aliases import LogSource, bundled, load

WHOLE = """
product: acme
kind: [name]
kind_fields: {EventID: name, metadata.event_code: name}
layouts:
  acme: {}
  acme-nested:
    data: [inner]
    also: {Who: outer.user}
    fields: {Shout: {const: only here}}
events:
  - {when: {name: "1"}, carries: [What, Who], fields: {Nothing: {of: []}}}
"""
PART = """
part_of: acme
events:
  - {when: {name: "1"}, logsource: [{category: shouting}]}
"""


def folder(tmp_path: Path, **files: str) -> Path:
    for name, content in files.items():
        (tmp_path / f"{name}.yml").write_text(content)
    return tmp_path


def test_the_parts_of_a_pack_are_put_together(tmp_path: Path) -> None:
    aliases = load(folder(tmp_path, acme=WHOLE, acme_more=PART))
    assert LogSource("acme", "shouting", "") in aliases.route("acme", ("1",)).logsources
    assert list(aliases.packs) == ["acme", "acme-nested"]


def test_a_part_without_its_whole_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match="acme_more"):
        load(folder(tmp_path, acme_more=PART))


@pytest.mark.parametrize(
    "wrong",
    [
        "product: x\nlayouts: {a: {unheard_of: 1}}",
        "product: x\nlayouts: {a: {}}\nfields: {b: {view: unheard_of, of: c}}",
        "product: x\nunheard_of: 1\nlayouts: {a: {}}",
        "product: x",
        "[",
    ],
)
def test_a_wrong_pack_is_refused_by_name(tmp_path: Path, wrong: str) -> None:
    with pytest.raises(ContentError, match=r"acme\.yml"):
        load(folder(tmp_path, acme=wrong))


def test_a_field_may_stand_elsewhere_in_one_shape(tmp_path: Path) -> None:
    aliases = load(folder(tmp_path, acme=WHOLE))
    nested = aliases.route("acme-nested", ("1",)).resolve("Who")
    assert nested.read({"outer": {"user": "ada"}}) == "ada"
    assert nested.read({"inner": {"Who": "bob"}, "outer": {"user": "ada"}}) == "bob"
    assert aliases.route("acme", ("1",)).resolve("Who").read({"outer": {"user": "ada"}}) is None


def test_an_alias_may_belong_to_one_shape(tmp_path: Path) -> None:
    aliases = load(folder(tmp_path, acme=WHOLE))
    assert aliases.route("acme-nested", ("1",)).constant("Shout") == "only here"
    assert aliases.route("acme", ("1",)).constant("Shout") is None


def test_a_field_may_be_said_to_stand_nowhere(tmp_path: Path) -> None:
    resolved = load(folder(tmp_path, acme=WHOLE)).route("acme", ("1",)).resolve("Nothing")
    assert resolved.read({"Nothing": "x"}) is None
    assert not resolved.carried


def test_a_kind_that_does_not_say_a_part_fixes_nothing(tmp_path: Path) -> None:
    aliases = load(folder(tmp_path, acme=WHOLE))
    assert aliases.route("acme", ("1",)).constant("EventID") == "1"
    assert aliases.route("acme", ("",)).constant("EventID") is None


def test_what_an_event_carries_keeps_the_order_of_its_template() -> None:
    route = bundled().route("windows-flat", ("security", "microsoft-windows-security-auditing", "4689"))
    assert route.carries[-3:] == ("Status", "ProcessId", "ProcessName")
