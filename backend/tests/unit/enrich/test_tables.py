"""Assets, identities, zones and watch-lists say what people wrote, with file, line and age."""

from __future__ import annotations

import time
from ipaddress import ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.core.clock import SECOND
from tocsin.core.messages import Entity, EntityKind, Fact
from tocsin.pipeline.enrich.assets import assets
from tocsin.pipeline.enrich.identities import identities
from tocsin.pipeline.enrich.prefixes import Prefixes, network
from tocsin.pipeline.enrich.types import Source, Table
from tocsin.pipeline.enrich.watchlists import watchlist
from tocsin.pipeline.enrich.zones import Zones, zones
from tocsin.pipeline.normalise.times import iso_time

WRITTEN = iso_time("2026-11-01T08:00Z")
NOW = iso_time("2026-11-23T06:00Z")
FILE = Source("table.csv", WRITTEN)


def known(table: Table, kind: EntityKind, value: str, at: int = NOW) -> dict[str, list[str]]:
    """Name → values, in order."""
    found: dict[str, list[str]] = {}
    for fact in table.facts(Entity(kind, value), at):
        found.setdefault(fact.name, []).append(fact.value)
    return found


def test_an_asset_is_told_with_its_line_and_age() -> None:
    table, refused = assets(b"host,criticality,owner,tags\nDC1.example.org,Critical,IT,dc windows\n", FILE)

    dc1 = Entity("host", "dc1.example.org")
    assert refused == ()
    assert list(table.facts(dc1, NOW)) == [
        Fact(dc1, "criticality", "critical", "table.csv:2", WRITTEN),
        Fact(dc1, "owner", "IT", "table.csv:2", WRITTEN),
        Fact(dc1, "tag", "dc", "table.csv:2", WRITTEN),
        Fact(dc1, "tag", "windows", "table.csv:2", WRITTEN),
    ]


@pytest.mark.parametrize(("written", "asked"), [("web1", "web1.example.org"), ("web1.example.org", "web1")])
def test_a_host_is_found_written_short_or_in_full(written: str, asked: str) -> None:
    table, _ = assets(f"host,owner\n{written},Ann\n".encode(), FILE)

    assert known(table, "host", asked) == {"owner": ["Ann"]}


def test_a_short_name_of_two_hosts_is_nobody() -> None:
    table, _ = assets(b"host,owner\nweb1.example.org,Ann\nweb1.example.net,Bob\n", FILE)

    assert known(table, "host", "web1") == {}
    assert known(table, "host", "web1.example.net") == {"owner": ["Bob"]}


def test_an_asset_with_an_address_says_whose_the_address_is() -> None:
    table, _ = assets(b"host,address,tags\nfw1,192.0.2.1,nat\n,192.0.2.9,scanner\n", FILE)

    assert known(table, "address", "192.0.2.1") == {"tag": ["nat"], "address_of": ["fw1"]}
    assert known(table, "address", "192.0.2.9") == {"tag": ["scanner"]}
    assert known(table, "user", "192.0.2.9") == {}


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (",,high,", "neither host nor address"),
        ("10.0.0.1,,high,", "no name of a host: '10.0.0.1'"),
        ("web1,10.0.0.256,,", "no address of a host: '10.0.0.256'"),
        ("web1,127.0.0.1,,", "no address of a host: '127.0.0.1'"),
        ("web1,,urgent,", "criticality is none of low, medium, high, critical: 'urgent'"),
        ("web1,,,a b$", "no tag: 'b$'"),
        ("WEB0,,low,", "web0 is already described in line 2"),
        ("web2,192.0.2.7,low,", "web2 is already described in line 2"),
    ],
)
def test_an_asset_that_cannot_be_used_says_why(line: str, reason: str) -> None:
    table, refused = assets(f"host,address,criticality,tags\nweb0,192.0.2.7,,\n{line}\nweb9,,low,\n".encode(), FILE)

    assert [str(one) for one in refused] == [f"table.csv:3: {reason}"]
    assert known(table, "host", "web9") == {"criticality": ["low"]}
    assert known(table, "host", "web2") == {}


@pytest.mark.parametrize(
    ("written", "asked"),
    [
        ("alice", "alice"),
        ("alice", "example\\alice"),
        ("EXAMPLE\\alice", "alice"),
        ("EXAMPLE\\Alice", "example.org\\alice"),
        ("alice@example.org", "example\\alice"),
    ],
)
def test_an_account_is_found_in_every_spelling(written: str, asked: str) -> None:
    table, refused = identities(f"user,tags\n{written},admin\n".encode(), FILE)

    assert refused == ()
    assert known(table, "user", asked) == {"tag": ["admin"]}


def test_accounts_of_two_domains_are_two() -> None:
    table, _ = identities(b"user,owner\nEAST\\admin,Ann\nWEST\\admin,Bob\n", FILE)

    assert known(table, "user", "west\\admin") == {"owner": ["Bob"]}
    assert known(table, "user", "admin") == {}
    assert known(table, "user", "north\\admin") == {}


def test_an_account_twice_or_without_a_name_is_refused() -> None:
    _, refused = identities(b"user,owner\nalice,Ann\nAlice,Bob\n-,Cid\n", FILE)

    assert [str(one) for one in refused] == [
        "table.csv:3: alice is already described in line 2",
        "table.csv:4: no name of an account: '-'",
    ]


def test_an_address_belongs_to_the_narrowest_zone() -> None:
    table, refused = zones(
        b"network,zone,own,tags\n10.0.0.0/8,offices,,\n10.20.0.0/16,berlin,yes,vpn\n203.0.113.0/24,partner,no,\n"
        b"2001:db8::/32,offices,,\n",
        FILE,
    )

    assert refused == ()
    assert known(table, "address", "10.20.3.4") == {"zone": ["berlin"], "own": ["yes"], "tag": ["vpn"]}
    assert known(table, "address", "10.9.3.4") == {"zone": ["offices"], "own": ["yes"]}
    assert known(table, "address", "203.0.113.9") == {"zone": ["partner"], "own": ["no"]}
    assert known(table, "address", "2001:db8::9") == {"zone": ["offices"], "own": ["yes"]}
    assert known(table, "address", "198.51.100.1") == {}


@pytest.mark.parametrize(
    ("address", "zone", "standard"),
    [
        ("10.1.2.3", "private", "RFC 1918"),
        ("172.31.2.3", "private", "RFC 1918"),
        ("192.168.0.9", "private", "RFC 1918"),
        ("fd00::1", "private", "RFC 4193"),
        ("100.64.0.9", "carrier", "RFC 6598"),
    ],
)
def test_private_networks_are_known_without_a_table_but_not_whose_they_are(
    address: str, zone: str, standard: str
) -> None:
    (fact,) = Zones().facts(Entity("address", address), NOW)

    assert (fact.name, fact.value, fact.source) == ("zone", zone, standard)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("10.0.0.0/33,a,", "no network: '10.0.0.0/33'"),
        ("10.0.0/8,a,", "no network: '10.0.0/8'"),
        ("example.org,a,", "no network: 'example.org'"),
        (",a,", "no network: ''"),
        ("10.0.0.0/8,,", "no zone"),
        ("10.0.0.0/8,a,perhaps", "own is neither yes nor no: 'perhaps'"),
        ("192.0.2.77/24,b,", "192.0.2.0/24 is already described in line 2"),
    ],
)
def test_a_zone_that_cannot_be_used_says_why(line: str, reason: str) -> None:
    table, refused = zones(f"network,zone,own\n192.0.2.0/24,dmz,\n{line}\n".encode(), FILE)

    assert [str(one) for one in refused] == [f"table.csv:3: {reason}"]
    assert known(table, "address", "192.0.2.5")["zone"] == ["dmz"]


def test_a_watched_value_is_told_with_list_and_reason() -> None:
    table, refused = watchlist(
        "incident-7",
        b"value,kind,reason\n198.51.100.7,,C2 server\nEVIL.example.net,,phishing\n203.0.113.0/24,,bullet-proof\n"
        b"0CC175B9C0F1B6A831C399E269772661,,dropper\nEXAMPLE\\mallory,user,\n/tmp/x,file,seen\nweb9,host,\n",
        FILE,
    )

    assert refused == ()
    assert known(table, "address", "198.51.100.7") == {"watchlist": ["incident-7: C2 server"]}
    assert known(table, "address", "203.0.113.200") == {"watchlist": ["incident-7: bullet-proof"]}
    assert known(table, "domain", "a.b.evil.example.net") == {"watchlist": ["incident-7: phishing"]}
    assert known(table, "domain", "notevil.example.net") == {}
    assert known(table, "hash", "0cc175b9c0f1b6a831c399e269772661") == {"watchlist": ["incident-7: dropper"]}
    assert known(table, "user", "example\\mallory") == {"watchlist": ["incident-7"]}
    assert known(table, "file", "/tmp/x") == {"watchlist": ["incident-7: seen"]}
    assert known(table, "host", "web9") == {"watchlist": ["incident-7"]}
    assert known(table, "user", "web9") == {}


@pytest.mark.parametrize(
    ("expires", "last"),
    [("2026-11-23", "2026-11-23T23:59:59Z"), ("2026-11-23T12:00Z", "2026-11-23T11:59:59Z")],
)
def test_a_watched_value_stands_until_it_expires(expires: str, last: str) -> None:
    table, _ = watchlist("l", f"value,expires\n198.51.100.7,{expires}\n".encode(), FILE)

    assert known(table, "address", "198.51.100.7", iso_time(last)) == {"watchlist": ["l"]}
    assert known(table, "address", "198.51.100.7", iso_time(last) + SECOND) == {}


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("mallory,,", "kind is none of address, network, domain, hash, user, host, file, cloud: ''"),
        ("mallory,person,", "kind is none of address, network, domain, hash, user, host, file, cloud: 'person'"),
        ("10.0.0.0/99,,", "no network: '10.0.0.0/99'"),
        ("xyz,hash,", "no hash: 'xyz'"),
        ("127.0.0.1,address,", "no address: '127.0.0.1'"),
        ("evil,domain,", "no domain: 'evil'"),
        ("198.51.100.7,,2026-02-30", "expires is no day and no time: '2026-02-30'"),
        ("198.51.100.7,,soon", "expires is no day and no time: 'soon'"),
        ("192.0.2.1,address,", "192.0.2.1 is already described in line 2"),
    ],
)
def test_a_watched_value_that_cannot_be_used_says_why(line: str, reason: str) -> None:
    _, refused = watchlist("l", f"value,kind,expires\n192.0.2.1,,\n{line}\n".encode(), FILE)

    assert [str(one) for one in refused] == [f"table.csv:3: {reason}"]


@pytest.mark.alone
def test_a_hundred_thousand_lines_are_read_and_asked_in_seconds() -> None:
    lines = "".join(f"198.18.{number // 256 % 256}.{number % 256}/32,x{number}\n" for number in range(60_000))
    names = "".join(f"host{number}.example.org,\n" for number in range(100_000))

    began = time.perf_counter()
    zoned, _ = zones(f"network,zone\n{lines}".encode(), FILE)
    named, _ = assets(f"host,owner\n{names}".replace(",\n", ",Ann\n").encode(), FILE)
    for number in range(10_000):
        assert known(zoned, "address", f"198.18.{number // 256 % 256}.{number % 256}")
        assert known(named, "host", f"host{number}")
    assert time.perf_counter() - began < 20


@given(
    st.lists(st.tuples(st.integers(0, (1 << 32) - 1), st.integers(0, 32)), max_size=20), st.integers(0, (1 << 32) - 1)
)
def test_prefixes_find_what_comparing_each_network_finds(nets: list[tuple[int, int]], asked: int) -> None:
    networks = {ip_network((number >> (32 - length) << (32 - length), length)) for number, length in nets}
    prefixes: Prefixes[str] = Prefixes()
    for net in networks:
        prefixes.add(network(str(net)), str(net))

    address = ip_address(asked)
    expected = sorted((net for net in networks if address in net), key=lambda net: -net.prefixlen)
    assert list(prefixes.around(address)) == [str(net) for net in expected]
