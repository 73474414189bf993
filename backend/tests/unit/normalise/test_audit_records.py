"""The lines of one audit event find each other, whatever stands between them, and never wait for ever."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tocsin.pipeline.ingest.types import Record
from tocsin.pipeline.normalise.audit_records import AuditRecords

LINE = "type={} msg=audit({}:{}): x=1"


def gathered(*lines: str) -> list[list[str]]:
    joiner = AuditRecords()
    wholes: list[list[Record]] = []
    for position, line in enumerate(lines, start=1):
        assert joiner.claims(line), line
        wholes += joiner.feed(Record(line.encode(), position), line)
    return [[record.raw.decode() for record in whole] for whole in wholes + joiner.flush()]


def line(type_name: str, serial: int, at: str = "1795414800.100", before: str = "") -> str:
    return before + LINE.format(type_name, at, serial)


def test_lines_of_one_event_are_one() -> None:
    lines = [line(one, 1) for one in ("SYSCALL", "EXECVE", "CWD", "PATH", "PATH", "PROCTITLE")]
    assert gathered(*lines) == [lines]


def test_an_event_leaves_when_the_next_begins_after_its_title() -> None:
    joiner = AuditRecords()
    assert joiner.feed(Record(b"1", 1), line("SYSCALL", 1)) == []
    assert joiner.feed(Record(b"2", 2), line("PROCTITLE", 1)) == []
    assert joiner.feed(Record(b"3", 3), line("SYSCALL", 2)) == [[Record(b"1", 1), Record(b"2", 2)]]


def test_its_end_lets_an_event_go_at_once() -> None:
    joiner = AuditRecords()
    joiner.feed(Record(b"1", 1), line("SYSCALL", 1))
    assert joiner.feed(Record(b"2", 2), line("EOE", 1)) == [[Record(b"1", 1), Record(b"2", 2)]]
    assert joiner.flush() == []


def test_events_that_are_mixed_come_apart_in_the_order_of_their_first_lines() -> None:
    mixed = [
        line("SYSCALL", 1),
        line("SYSCALL", 2),
        line("CWD", 1),
        line("CWD", 2),
        line("PROCTITLE", 2),
        line("EOE", 2),
        line("PROCTITLE", 1),
        line("EOE", 1),
    ]
    assert gathered(*mixed) == [[one for one in mixed if ":1)" in one], [one for one in mixed if ":2)" in one]]


def test_one_serial_at_two_times_or_on_two_machines_is_two_events() -> None:
    assert len(gathered(line("SYSCALL", 1), line("SYSCALL", 1, "1795414800.200"))) == 2
    assert len(gathered(line("SYSCALL", 1, before="node=a "), line("SYSCALL", 1, before="node=b "))) == 2
    syslog = "Nov 23 06:20:07 {} audispd: "
    assert len(gathered(line("SYSCALL", 1, before=syslog.format("a")), line("CWD", 1, before=syslog.format("b")))) == 2
    assert len(gathered(line("SYSCALL", 1, before=syslog.format("a")), line("CWD", 1, before=syslog.format("a")))) == 1


def test_records_from_user_space_are_whole_at_once() -> None:
    joiner = AuditRecords()
    assert joiner.feed(Record(b"1", 1), line("USER_AUTH", 1)) == [[Record(b"1", 1)]]


def test_what_never_ends_goes_when_time_has_passed() -> None:
    joiner = AuditRecords()
    joiner.feed(Record(b"1", 1), line("SYSCALL", 1, "1795414800.100"))
    assert joiner.feed(Record(b"2", 2), line("SYSCALL", 2, "1795414802.000")) == []
    assert joiner.feed(Record(b"3", 3), line("SYSCALL", 3, "1795414802.100")) == [[Record(b"1", 1)]]


def test_a_clock_set_back_lets_go_too() -> None:
    joiner = AuditRecords()
    joiner.feed(Record(b"1", 1), line("SYSCALL", 1, "1795414800.100"))
    assert joiner.feed(Record(b"2", 2), line("SYSCALL", 2, "1795414700.000")) == [[Record(b"1", 1)]]


def test_no_more_than_two_thousand_lines_wait() -> None:
    joiner = AuditRecords()
    waiting = 0
    for serial in range(5_000):
        waiting += 1 - sum(map(len, joiner.feed(Record(b"", serial + 1), line("SYSCALL", serial))))
        assert waiting <= 2_000
    assert sum(map(len, joiner.flush())) == waiting


def test_an_event_of_very_many_lines_is_cut() -> None:
    wholes = gathered(*[line("PATH", 1)] * 4_500)
    assert [len(whole) for whole in wholes] == [2_000, 2_000, 500]


def test_ausearch_puts_a_rule_and_a_time_before_each_event_and_the_title_first() -> None:
    first = ["----", "time->Mon Nov 23 06:18:50 2026", line("PROCTITLE", 1), line("PATH", 1), line("SYSCALL", 1)]
    second = ["----", line("PROCTITLE", 2), line("SYSCALL", 2)]
    assert gathered(*first, *second) == [first, second]


def test_rules_without_events_are_not_lost() -> None:
    assert gathered("----", "----", "----", line("SYSCALL", 1), "----") == [
        ["----", "----"],
        ["----", line("SYSCALL", 1)],
        ["----"],
    ]


def test_other_lines_are_not_claimed() -> None:
    joiner = AuditRecords()
    for other in (
        "",
        "--",
        "-----",
        "type=x",
        "Nov 23 06:20:07 web1 sshd[1]: type=SYSCALL msg=audit(1.000:1): a=1",
        '{"type=A": 1}',
    ):
        assert not joiner.claims(other)


STAMPS = st.sampled_from(
    ("1795414800.100", "1795414801.000", "1795414809.000", "1.000", "nan", "11/23/26 06:20:00.100", "x")
)
TYPES = st.sampled_from(("SYSCALL", "PATH", "PROCTITLE", "EOE", "USER_AUTH", "1327", "LOGIN"))


@given(
    st.lists(
        st.one_of(st.builds(line, TYPES, st.integers(1, 4), STAMPS), st.sampled_from(("----", "time->x"))), max_size=40
    )
)
def test_every_line_comes_out_once_and_events_keep_their_order(lines: list[str]) -> None:
    joiner = AuditRecords()
    wholes: list[list[Record]] = []
    for position, one in enumerate(lines, start=1):
        wholes += joiner.feed(Record(one.encode(), position), one)
    wholes += joiner.flush()
    positions = [record.position for whole in wholes for record in whole]
    assert sorted(positions) == list(range(1, len(lines) + 1))
    assert all([one.position for one in whole] == sorted(one.position for one in whole) for whole in wholes)
    assert joiner.flush() == []
