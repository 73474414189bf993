"""Dresses web01: the book shop behind nginx and PHP, its cron jobs, its careless settings."""

from __future__ import annotations

import hashlib
import sqlite3
from pathlib import Path

from .company import ALICE, BERT, CAROL, MARTA, NAS_PASSWORD
from .host import Host

SITE = Path(__file__).parent / "site"
BOOKS = [
    ("Knots and Splices", "J. Ferrier", "12.50"),
    ("Union of Two Rivers", "A. Osei", "9.90"),
    ("Select Sea Poems", "various", "7.00"),
    ("Drop Anchor", "M. Thule", "14.00"),
    ("Table of the Tides 2026", "Harbour Office", "4.20"),
    ("Bread and Salt", "L. Petrova", "11.30"),
    ("The Cat's Log", "P. O'Neill", "8.80"),
    ("From Where We Sail", "D. Ionescu", "10.00"),
    ("Order by Starlight", "K. Abe", "16.75"),
    ("Lights, Buoys and Sounds", "Harbour Office", "6.60"),
    ("Winter Quarters", "S. Lund", "13.10"),
    ("The Long Ebb", "R. Castro", "9.40"),
]
# What a small shop often looks like: a support account that may "clean up old logs" as root.
SUDO_FOR_MARTA = "marta ALL=(root) NOPASSWD: /usr/bin/find\n"
SHOP_CRON = """SHELL=/bin/sh
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
* * * * * root find /var/lib/php/sessions -type f -mmin +60 -delete
*/2 * * * * root /usr/local/sbin/check-disk
*/3 * * * * alice /home/alice/bin/stock-report
"""
CHECK_DISK = "#!/bin/sh\ndf -P / | awk 'NR == 2 { print $5 }' > /var/tmp/disk-use\n"
STOCK_REPORT = "#!/bin/sh\nwc -l /srv/www/files/catalogue.txt > /home/alice/stock.txt\n"


def dress(host: Host) -> None:
    for page in [*sorted(SITE.glob("*.php")), SITE / "site.css"]:
        host.write(f"/srv/www/shop/{page.name}", page.read_text(encoding="utf-8"), owner="carol:www-data")
    host.write(
        "/srv/www/files/catalogue.txt",
        "\n".join(f"{t} | {a} | {p}" for t, a, p in BOOKS * 40) + "\n",
        owner="carol:www-data",
    )
    host.write("/srv/www/files/cover-proofs.bin", "harbour books cover proof\n" * 60_000, owner="carol:www-data")
    host.chroot("chown", "-R", "carol:www-data", "/srv/www")
    _make_database(host)
    host.write("/etc/nginx/sites-available/default", (SITE / "nginx.conf").read_text(encoding="utf-8"))
    host.write("/etc/sudoers.d/support", SUDO_FOR_MARTA, mode=0o440)
    host.write("/usr/local/sbin/check-disk", CHECK_DISK, mode=0o755)
    host.write("/home/alice/bin/stock-report", STOCK_REPORT, mode=0o755, owner="alice:alice")
    host.write("/usr/local/etc/nas.conf", f"host=trap01\nuser=root\npassword={NAS_PASSWORD}\n", mode=0o600)
    host.write("/etc/cron.d/shop", SHOP_CRON)
    host.chroot("chown", "-R", "alice:alice", "/home/alice/bin")
    host.make_key(CAROL.login)
    settings = (host.root / "etc/audit/auditd.conf").read_text(encoding="utf-8")
    host.write("/etc/audit/auditd.conf", settings.replace("name_format = NONE", "name_format = HOSTNAME"), mode=0o640)
    host.enable("ssh", "cron", "rsyslog", "nginx", "php8.2-fpm")


def _make_database(host: Host) -> None:
    path = host.root / "srv/www/data/books.db"
    path.parent.mkdir(parents=True)
    with sqlite3.connect(path) as database:
        database.execute("CREATE TABLE book (id INTEGER PRIMARY KEY, title TEXT, author TEXT, price TEXT)")
        database.executemany("INSERT INTO book (title, author, price) VALUES (?, ?, ?)", BOOKS)
        database.execute("CREATE TABLE customer (name TEXT, password TEXT)")
        database.executemany(
            "INSERT INTO customer VALUES (?, ?)",
            [("ida", _hash("sea-glass")), ("noel", _hash("lantern")), ("priya", _hash("mizzen"))],
        )
        database.execute("CREATE TABLE staff (login TEXT, name TEXT)")
        database.executemany(
            "INSERT INTO staff VALUES (?, ?)", [(p.login, p.name) for p in (ALICE, BERT, CAROL, MARTA)]
        )
    database.close()
    host.chroot("chown", "-R", "carol:www-data", "/srv/www/data")


def _hash(password: str) -> str:
    return hashlib.sha256(password.encode()).hexdigest()
