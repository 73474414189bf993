"""Dresses the attacker's host: public tools, short word lists, and a web server with harmless files."""

from __future__ import annotations

from pathlib import Path

from .host import Host

TOOLBOX = Path(__file__).parent / "attacker"
UNIT = """[Unit]
Description=web server
[Service]
WorkingDirectory=/srv/www
ExecStart=/usr/bin/python3 /srv/server.py
[Install]
WantedBy=multi-user.target
"""


def dress(host: Host) -> None:
    for name in ("paths.txt", "users.txt", "passwords.txt"):
        host.write(f"/root/{name}", (TOOLBOX / name).read_text(encoding="utf-8"))
    host.write("/root/few.txt", "admin\npassword\nnas\nbackup\n")
    for name in ("u.sh", "m.sh"):
        host.write(f"/srv/www/{name}", (TOOLBOX / name).read_text(encoding="utf-8"))
    host.write("/srv/server.py", (TOOLBOX / "server.py").read_text(encoding="utf-8"))
    host.write("/etc/systemd/system/drop.service", UNIT)
    host.chroot("install", "-d", "-m", "700", "/root/.ssh")
    host.chroot("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "x", "-f", "/root/.ssh/id_ed25519")
    host.enable("drop")
