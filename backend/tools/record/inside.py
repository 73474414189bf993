"""Dresses the hosts inside: db01 with the customer dumps, adm01 and desk01 where people sit."""

from __future__ import annotations

import base64
import os

from .company import ALICE, ARCHIVER, BERT, CAROL, MARTA
from .host import Host

DUMP = """#!/bin/sh
# Writes today's customer dump, as a database server would from cron.
cp /srv/data/customers.csv /srv/dumps/customers-$(date +%H%M).csv
find /srv/dumps -name 'customers-*.csv' -mmin +4 -delete
"""
DB_CRON = """SHELL=/bin/sh
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
*/2 * * * * root /usr/local/sbin/dump-customers
* * * * * archiver rsync -a web01:/srv/www/files/ /srv/archive/files/
"""
# One server keeps the old line format (RFC 3164: no year), the other Debian 12's own (ISO time).
OLD_FORMAT = 'module(load="builtin:omfile" Template="RSYSLOG_TraditionalFileFormat")\n'
CUSTOMERS = 380_000


def dress_db01(host: Host) -> None:
    host.write("/usr/local/sbin/dump-customers", DUMP, mode=0o755)
    host.write("/etc/cron.d/dumps", DB_CRON)
    host.chroot("install", "-d", "-o", "root", "-g", "adm", "-m", "750", "/srv/data", "/srv/dumps")
    host.chroot("install", "-d", "-o", ARCHIVER.login, "/srv/archive")
    lines = (f"{n},{base64.b64encode(os.urandom(66)).decode()}\n" for n in range(CUSTOMERS))
    host.write("/srv/data/customers.csv", "customer,token\n" + "".join(lines), mode=0o640, owner="root:adm")
    host.chroot("cp", "/srv/data/customers.csv", "/srv/dumps/customers-0000.csv")
    host.chroot("chgrp", "adm", "/srv/dumps/customers-0000.csv")
    host.write("/etc/sudoers.d/dumps", "carol ALL=(root) NOPASSWD: /usr/bin/tar\n", mode=0o440)
    settings = (host.root / "etc/rsyslog.conf").read_text(encoding="utf-8")
    host.write("/etc/rsyslog.conf", OLD_FORMAT + settings)
    host.enable("ssh", "cron", "rsyslog")


def dress_adm01(host: Host) -> None:
    """adm01 has no rsyslog: its journal is its log."""
    host.write("/etc/cron.d/watch", "*/2 * * * * alice curl -fsS -o /dev/null http://web01/\n")
    host.write("/etc/systemd/journald.conf.d/keep.conf", "[Journal]\nStorage=persistent\n")
    host.enable("ssh", "cron")


def dress_desk01(host: Host) -> None:
    host.write("/etc/systemd/journald.conf.d/keep.conf", "[Journal]\nStorage=persistent\n")


def exchange_keys(hosts: dict[str, Host]) -> None:
    """Lets people and jobs in by key where a real company would."""
    web01, db01, adm01, desk01 = (hosts[name] for name in ("web01", "db01", "adm01", "desk01"))
    alice = adm01.make_key(ALICE.login)
    for host in (web01, db01):
        host.trust_key(ALICE.login, alice)
    web01.trust_key(CAROL.login, desk01.make_key(CAROL.login))
    db01.trust_key(CAROL.login, (web01.root / "home/carol/.ssh/id_ed25519.pub").read_text(encoding="utf-8"))
    web01.trust_key(ARCHIVER.login, db01.make_key(ARCHIVER.login))


WHO_WORKS_WHERE = {
    "web01": (ALICE, BERT, CAROL, MARTA, ARCHIVER),
    "db01": (ALICE, BERT, CAROL, ARCHIVER),
    "adm01": (ALICE, BERT),
    "desk01": (BERT, CAROL, MARTA),
}
