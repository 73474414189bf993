"""The small company that is recorded: its hosts, addresses, people and passwords (all valid only in the recording)."""

from __future__ import annotations

from dataclasses import dataclass

INTERNET, DMZ, SERVERS, OFFICE = "internet", "dmz", "servers", "office"

# Each network is a bridge in the router's namespace; the router has the first address. 203.0.113.0/24 and
# 198.51.100.0/24 are documentation ranges (RFC 5737), and no namespace has a way out to a real network.
NETWORKS = {
    INTERNET: "203.0.113.",
    DMZ: "198.51.100.",
    SERVERS: "10.20.2.",
    OFFICE: "10.20.3.",
}


@dataclass(frozen=True)
class Place:
    """Where a host stands: its network and its last address byte."""

    network: str
    number: int

    @property
    def address(self) -> str:
        return f"{NETWORKS[self.network]}{self.number}"

    @property
    def router(self) -> str:
        return f"{NETWORKS[self.network]}1"


PLACES = {
    "web01": Place(DMZ, 10),
    "trap01": Place(DMZ, 50),
    "db01": Place(SERVERS, 20),
    "adm01": Place(OFFICE, 5),
    "desk01": Place(OFFICE, 21),
    "kali": Place(INTERNET, 66),
    "street": Place(INTERNET, 100),
}
SENSOR = "ids01"  # stands in the router itself
BOOTED = (SENSOR, "web01", "db01", "trap01", "adm01", "desk01", "kali")
VISITOR_ADDRESSES = [f"{NETWORKS[INTERNET]}{number}" for number in range(101, 125)]
ATTACKER = PLACES["kali"].address


@dataclass(frozen=True)
class Person:
    """An account that the company's hosts share."""

    login: str
    uid: int
    name: str
    password: str
    groups: tuple[str, ...] = ()


ALICE = Person("alice", 1001, "Alice Moreau", "Quiet-Harbour-17", ("sudo", "adm"))
BERT = Person("bert", 1002, "Bert Lindqvist", "ten green bottles 4", ("sudo", "adm"))
CAROL = Person("carol", 1003, "Carol Nwosu", "Kestrel*over*9", ("www-data",))
MARTA = Person("marta", 1004, "Marta Oliveira", "summer2026")
ARCHIVER = Person("archiver", 1006, "Archive jobs", "unused-Lamp-31-tin")
PEOPLE = (ALICE, BERT, CAROL, MARTA, ARCHIVER)

NAS_PASSWORD = "Nas-2024-backup"
HOSTS_FILE = "127.0.0.1 localhost\n" + "".join(
    f"{place.address} {name}\n" for name, place in PLACES.items() if name not in ("kali", "street")
)
