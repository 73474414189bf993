"""An incident told: steps in order, reasons, path and cast, each sentence with its events."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.factories.alerts import alert
from tocsin.core.messages import Alert
from tocsin.pipeline.correlate.grouping import group
from tocsin.pipeline.correlate.observations import Observations
from tocsin.pipeline.incidents.story import Story, story
from tocsin.pipeline.incidents.telling import Sentence, plain, tell

ATTACK = [
    alert(
        "ssh-brute-force", 0, host="web01", user__name="root", source="203.0.113.66", status="Failure",
        auth_protocol="ssh", techniques=("T1110.001",), tactics=("credential-access",),
    ),
    alert("log-on-after-failures", 2, host="web01", user__name="root", source="203.0.113.66", status="Success",
          auth_protocol="ssh", tactics=("initial-access",)),
    replace(alert("cron-persistence", 6, host="web01", user="root", tactics=("persistence",)),
            evidence={"CommandLine": "echo x >> /etc/cron.d/y"}),
]  # fmt: skip


def made(alerts: list[Alert]) -> Story:
    (incident,) = group(alerts, Observations())
    return story(incident, {one.id: one for one in alerts})


def lines(section: str) -> list[Sentence]:
    return [one for one in tell(made(ATTACK)) if one.section == section]


def test_the_steps_say_when_where_who_and_what() -> None:
    first, second, third, evidence = lines("steps")
    assert first.text == (
        "2023-11-14T22:13:20.000Z on web01 against root from 203.0.113.66: Ssh brute force [high; rule ssh-brute-force]"
    )
    assert "by root from 203.0.113.66: Log on after failures" in second.text
    assert third.text.startswith("2023-11-14T22:19:20.000Z on web01 by root: Cron persistence")
    assert evidence == Sentence("steps", "CommandLine: echo x >> /etc/cron.d/y", ATTACK[2].event_ids, detail=True)


def test_every_sentence_about_events_names_them() -> None:
    told = tell(made(ATTACK))
    events = {event for one in ATTACK for event in one.event_ids}
    for sentence in told:
        assert set(sentence.event_ids) <= events
        if sentence.section != "head":
            assert sentence.event_ids


def test_the_reasons_say_why_alerts_belong_together() -> None:
    assert [one.text for one in lines("reasons")] == [
        "Ssh brute force and Log on after failures: the same host web01 within 5 minutes (+9 bits); so for 2 pairs of alerts",
        "Ssh brute force and Log on after failures: the same source address 203.0.113.66 within 5 minutes (+8 bits)",
    ]


def test_the_path_goes_as_an_attack_goes() -> None:
    assert [stage.words for stage in made(ATTACK).path] == ["Initial access", "Persistence", "Credential access"]


def test_the_cast_says_the_part_that_each_plays() -> None:
    cast = {(part.entity.kind, part.entity.value): part for part in made(ATTACK).cast}
    assert cast["user", "root"].roles == ("actor", "target")
    assert cast["address", "203.0.113.66"].roles == ("source",)
    assert cast["host", "web01"].alerts == 3


def test_a_missing_alert_is_an_error_and_not_a_gap() -> None:
    (incident,) = group(ATTACK, Observations())
    with pytest.raises(KeyError):
        story(incident, {ATTACK[0].id: ATTACK[0]})


@given(st.text())
def test_nothing_from_an_event_reaches_the_terminal_as_a_command(text: str) -> None:
    hostile = replace(ATTACK[2], title=text, evidence={text: text})
    for sentence in tell(made([*ATTACK[:2], hostile])):
        assert sentence.text.isprintable()


def test_what_cannot_be_printed_is_shown() -> None:
    assert plain("\x1b[31mred\u202e") == "\\u001b[31mred\\u202e"
    assert plain("x" * 500) == "x" * 199 + "…"
