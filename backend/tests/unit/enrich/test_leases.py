"""Which host had which address when is learned from events, whatever their order."""

from __future__ import annotations

from random import Random  # noqa: TID251 - what hypothesis gives

from hypothesis import given
from hypothesis import strategies as st

from tests.factories.samples import documents, event
from tocsin.core.clock import HOUR, MINUTE, SECOND
from tocsin.core.event import Columns
from tocsin.pipeline.enrich.leases import BEFORE, LASTS, Leases, sightings
from tocsin.pipeline.enrich.types import Sighting
from tocsin.pipeline.normalise.aliases import bundled
from tocsin.pipeline.normalise.columns import columns
from tocsin.pipeline.normalise.parsers.suricata import Suricata
from tocsin.pipeline.normalise.parsers.zeek import Zeek
from tocsin.pipeline.normalise.times import iso_time

NINE = iso_time("2026-11-23T09:00Z")


def book(*seen: tuple[str, int]) -> Leases:
    leases = Leases()
    for host, at in seen:
        leases.saw(Sighting("10.20.0.7", host, at, "dhcp"))
    return leases


def holder(leases: Leases, at: int) -> str | None:
    found = leases.holder("10.20.0.7", at)
    return found.host if found else None


def test_an_address_is_the_hosts_while_it_is_seen_and_for_half_a_day() -> None:
    leases = book(("laptop-7", NINE), ("laptop-7", NINE + HOUR))

    assert holder(leases, NINE + 30 * MINUTE) == "laptop-7"
    assert holder(leases, NINE + HOUR + LASTS) == "laptop-7"
    assert holder(leases, NINE + HOUR + LASTS + SECOND) is None
    assert holder(leases, NINE - BEFORE) == "laptop-7"
    assert holder(leases, NINE - BEFORE - SECOND) is None


def test_a_lease_ends_when_another_host_is_seen_with_the_address() -> None:
    leases = book(("laptop-7", NINE), ("laptop-8", NINE + 2 * HOUR))

    assert holder(leases, NINE + HOUR) == "laptop-7"
    assert holder(leases, NINE + 2 * HOUR) == "laptop-8"
    assert holder(leases, NINE + 3 * HOUR) == "laptop-8"


def test_an_address_that_two_hosts_share_is_nobodys() -> None:
    leases = book(("a", NINE), ("b", NINE + MINUTE), ("a", NINE + HOUR), ("b", NINE + HOUR + MINUTE))

    assert holder(leases, NINE + 30 * MINUTE) is None


def test_an_address_that_very_many_share_in_a_day_is_nobodys() -> None:
    leases = book(*((f"host{number}", NINE + number * MINUTE) for number in range(40)))

    assert holder(leases, NINE + 5 * MINUTE) is None


def test_a_host_written_short_and_in_full_is_one() -> None:
    leases = book(("laptop-7", NINE), ("laptop-7.example.org", NINE))

    assert holder(leases, NINE) == "laptop-7.example.org"


def test_a_lease_goes_on_over_midnight() -> None:
    leases = book(("laptop-7", iso_time("2026-11-23T23:50Z")))

    assert holder(leases, iso_time("2026-11-24T03:00Z")) == "laptop-7"


def test_a_lease_says_who_told_of_it_and_when_last() -> None:
    found = book(("laptop-7", NINE), ("laptop-7", NINE + HOUR)).holder("10.20.0.7", NINE + 2 * HOUR)

    assert found == Sighting("10.20.0.7", "laptop-7", NINE + HOUR, "dhcp")


def test_memory_is_bounded() -> None:
    leases = Leases(capacity=10)
    for number in range(100):
        leases.saw(Sighting(f"10.0.0.{number}", "a", NINE, "dhcp"))

    assert leases.holder("10.0.0.1", NINE) is None
    assert leases.holder("10.0.0.99", NINE) is not None


@given(
    st.lists(
        st.tuples(st.sampled_from("ab"), st.integers(0, 40), st.sampled_from(["x", "y"])), min_size=1, max_size=12
    ),
    st.randoms(use_true_random=False),
    st.integers(-10, 60),
)
def test_the_order_of_sightings_does_not_matter(seen: list[tuple[str, int, str]], rng: Random, asked: int) -> None:
    told = [Sighting("10.20.0.7", host, NINE + hour * HOUR, who) for host, hour, who in seen]
    shuffled = list(told)
    rng.shuffle(shuffled)
    books = (Leases(), Leases())
    for leases, order in zip(books, (told, shuffled), strict=True):
        for one in order:
            leases.saw(one)

    at = NINE + asked * HOUR
    assert books[0].holder("10.20.0.7", at) == books[1].holder("10.20.0.7", at)


def seen_in(**named: object) -> list[tuple[str, str]]:
    told = Columns(time=NINE, ingest_time=NINE, **named)  # type: ignore[arg-type]
    return [(one.host, one.address) for one in sightings(told)]


def test_an_event_of_the_host_itself_tells_its_address() -> None:
    assert seen_in(device__hostname="WEB1", device__ip="10.20.0.7") == [("web1", "10.20.0.7")]
    assert seen_in(
        device__hostname="web1.example.org",
        src_endpoint__hostname="WEB1",
        src_endpoint__ip="10.20.0.7",
        dst_endpoint__hostname="db1",
        dst_endpoint__ip="10.20.0.9",
    ) == [("web1", "10.20.0.7")]


def test_a_client_is_believed_its_name_only_when_it_was_let_in() -> None:
    claimed = {"device__hostname": "dc1", "src_endpoint__hostname": "DC2", "src_endpoint__ip": "10.20.0.7"}

    assert seen_in(**claimed) == []
    assert seen_in(**claimed, auth_protocol="ntlm", status="Failure") == []
    assert seen_in(**claimed, auth_protocol="ntlm", status="Success") == [("dc2", "10.20.0.7")]


def test_addresses_that_everybody_has_tell_nothing() -> None:
    assert seen_in(device__hostname="web1", device__ip="127.0.0.1") == []
    assert seen_in(device__hostname="web1", device__ip="fe80::1%eth0") == []


def test_dhcp_tells_who_got_the_address() -> None:
    for parser in (Zeek(), Suricata()):
        (dhcp,) = (one for one in documents(parser.shape) if "assigned_ip" in str(one) or "assigned_addr" in str(one))

        (seen,) = sightings(columns(event(parser, dhcp), bundled()))
        assert (seen.host, seen.address, seen.told_by) == ("laptop-7", "10.20.0.7", parser.shape.title())
