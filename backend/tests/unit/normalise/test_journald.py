"""Journal entries say what syslog lines say, and carry the audit system's records."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.factories.samples import ORIGIN
from tocsin.core.errors import RecordError
from tocsin.core.event import Fields, Json
from tocsin.pipeline.normalise.parsers.journald import Journald, JournaldAudit
from tocsin.pipeline.normalise.times import iso_time
from tocsin.pipeline.normalise.types import DocumentParser, Parsed

FAILED: Fields = {
    "__CURSOR": "s=1;i=2",
    "__REALTIME_TIMESTAMP": "1795414808000250",
    "_TRANSPORT": "syslog",
    "_HOSTNAME": "web1",
    "_COMM": "sshd",
    "SYSLOG_IDENTIFIER": "sshd",
    "MESSAGE": "Failed password for root from 203.0.113.9 port 53041 ssh2",
}
AUDIT: Fields = {
    "__REALTIME_TIMESTAMP": "1795414808000250",
    "_TRANSPORT": "audit",
    "_HOSTNAME": "web1",
    "_AUDIT_ID": "155",
    "_AUDIT_TYPE_NAME": "EXECVE",
    "MESSAGE": 'EXECVE argc=2 a0="id" a1="-u"',
}


def parse(document: Fields, parser: DocumentParser | None = None) -> Parsed:
    reader = parser or Journald()
    assert reader.recognises(document)
    return reader.parse(document, ORIGIN)


def test_a_programs_message_is_read_as_in_syslog() -> None:
    parsed = parse(FAILED)
    assert parsed.kind == ("sshd", "failed_password")
    assert parsed.time == iso_time("2026-11-23T06:20:08.000250Z")
    assert parsed.identity == "s=1;i=2"
    expected: Fields = {
        **FAILED,
        "event": "failed_password",
        "method": "password",
        "user": "root",
        "src_ip": "203.0.113.9",
        "src_port": "53041",
    }
    assert parsed.fields == expected


@pytest.mark.parametrize(
    ("given_message", "text"),
    [([104, 105, 255], "hi\ufffd"), (["a", "b"], "a b"), (None, ""), ([], ""), ([1, 999], "1 999"), ({"a": "b"}, "b")],
)
def test_messages_that_are_no_text(given_message: Json, text: str) -> None:
    assert parse({**FAILED, "MESSAGE": given_message}).fields["MESSAGE"] == text


def test_what_the_journal_says_itself_is_not_overwritten() -> None:
    assert parse({**FAILED, "user": "mine"}).fields["user"] == "mine"


def test_without_an_identifier_the_command_counts() -> None:
    document = {name: value for name, value in FAILED.items() if name != "SYSLOG_IDENTIFIER"}
    assert parse(document).kind == ("sshd", "failed_password")
    assert parse({**document, "_COMM": ["a"]}).kind == ("", "")


def test_the_time_of_the_source_counts_where_the_journals_is_not_there() -> None:
    document = {name: value for name, value in FAILED.items() if name != "__REALTIME_TIMESTAMP"}
    assert parse({**document, "_SOURCE_REALTIME_TIMESTAMP": "1795414808000000"}).time == iso_time(
        "2026-11-23T06:20:08Z"
    )
    assert parse(document).time is None


@pytest.mark.parametrize("time", ["", "x", "0", "9" * 40, True, [], {}])
def test_a_time_that_is_none_is_refused(time: Json) -> None:
    with pytest.raises(RecordError, match="impossible time"):
        parse({**FAILED, "__REALTIME_TIMESTAMP": time})


def test_audit_records() -> None:
    parsed = parse(AUDIT, JournaldAudit())
    assert parsed.kind == ("execve", "", "", "")
    assert (parsed.fields["cmdline"], parsed.fields["serial"], parsed.fields["type"]) == ("id -u", "155", "EXECVE")
    assert parsed.fields["_HOSTNAME"] == "web1"


@pytest.mark.parametrize("message", ['AUDIT1400 apparmor="DENIED"', "AVC avc:  denied  { read } for  pid=1"])
def test_audit_records_that_the_journal_cannot_name(message: str) -> None:
    document = {name: value for name, value in AUDIT.items() if name != "_AUDIT_TYPE_NAME"}
    assert parse({**document, "MESSAGE": message}, JournaldAudit()).kind[0] == "avc"


def test_each_entry_has_one_reader() -> None:
    assert not JournaldAudit().recognises(FAILED)
    assert not Journald().recognises(AUDIT)
    others: tuple[Fields, ...] = ({}, {"MESSAGE": "x"}, {"message": "x", "_HOSTNAME": "y"}, {"_HOSTNAME": "y"})
    for other in others:
        assert not Journald().recognises(other)
        assert not JournaldAudit().recognises(other)


JSON: st.SearchStrategy[Json] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@given(st.sampled_from((FAILED, AUDIT)), st.dictionaries(st.sampled_from(sorted({*FAILED, *AUDIT})), JSON, max_size=4))
def test_any_entry_is_parsed_or_refused(document: Fields, changes: Fields) -> None:
    spoiled = {**document, **changes}
    for parser in (Journald(), JournaldAudit()):
        if not parser.recognises(spoiled):
            continue
        try:
            parsed = parser.parse(spoiled, ORIGIN)
        except RecordError:
            continue
        assert isinstance(parsed.fields["MESSAGE"], str)
