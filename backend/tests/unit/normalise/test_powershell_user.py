"""Who ran a PowerShell command, from the context that the event carries as text."""

from __future__ import annotations

import pytest

from tocsin.core.event import Columns, Event, Fields, Origin
from tocsin.core.ids import LOCAL
from tocsin.pipeline.normalise.aliases import bundled
from tocsin.pipeline.normalise.columns import columns
from tocsin.pipeline.normalise.windows_views import context_user

MODULE = "  Command Name = Get-Process\r\n  User = ACME\\ann\r\n  Connected User = \r\n"
PIPELINE = (
    "Context Information: \r\n\tUserId=ACME\\ann\r\n\tHostName=ConsoleHost\r\n\r\nDetails:\r\nCommandInvocation(x)"
)


@pytest.mark.parametrize("text", [MODULE, PIPELINE])
def test_the_user_is_found(text: str) -> None:
    assert context_user([text]) == "ACME\\ann"


@pytest.mark.parametrize("text", ["", "Connected User = ACME\\ann", "User = ", "Command Name = User = x"])
def test_no_other_line_is_taken_for_it(text: str) -> None:
    assert context_user([text]) is None


def test_it_acts_and_its_sid_comes_from_the_event_itself() -> None:
    seen = told({"EventID": 4103, "ContextInfo": MODULE, "UserID": "S-1-5-21-1-2-3-1104"})
    assert (seen.actor__user__domain, seen.actor__user__name) == ("ACME", "ann")
    assert seen.actor__user__uid == "S-1-5-21-1-2-3-1104"


def told(fields: Fields) -> Columns:
    origin = Origin(tenant=LOCAL, source="x", lane="x", batch="x", received=0)
    kind = ("microsoft-windows-powershell/operational", "microsoft-windows-powershell", "4103")
    return columns(Event(origin, 0, b"", "windows-flat", kind, fields, 0), bundled())
