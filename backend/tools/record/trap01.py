"""Dresses trap01: Cowrie answers ssh and telnet, OpenCanary the rest, each as its own unprivileged user."""

from __future__ import annotations

import json

from .company import NAS_PASSWORD
from .host import Host

COWRIE_SETTINGS = """[honeypot]
hostname = nas01
sensor_name = trap01
[ssh]
listen_endpoints = tcp:22:interface=0.0.0.0
[telnet]
enabled = true
listen_endpoints = tcp:23:interface=0.0.0.0
[output_jsonlog]
enabled = true
logfile = ${honeypot:log_path}/cowrie.json
"""
UNIT = """[Unit]
Description={name} honeypot
After=network.target
[Service]
User={name}
WorkingDirectory=/srv/{name}
AmbientCapabilities=CAP_NET_BIND_SERVICE
ExecStart={start}
Restart=on-failure
[Install]
WantedBy=multi-user.target
"""
CANARY_SERVICES = {"ftp": 21, "http": 80, "mysql": 3306, "redis": 6379, "vnc": 5000, "git": 9418}


def dress(host: Host) -> None:
    for name in ("cowrie", "opencanary"):
        host.chroot("useradd", "--system", "--home", f"/srv/{name}", "--shell", "/usr/sbin/nologin", name)
        host.chroot("install", "-d", "-o", name, "-g", name, f"/srv/{name}")
    _dress_cowrie(host)
    _dress_opencanary(host)
    host.enable("cowrie", "opencanary")


def _dress_cowrie(host: Host) -> None:
    host.write("/srv/cowrie/etc/cowrie.cfg", COWRIE_SETTINGS)
    host.write("/srv/cowrie/etc/userdb.txt", f"root:x:{NAS_PASSWORD}\nroot:x:!*\n")
    for directory in ("var/log/cowrie", "var/lib/cowrie/downloads", "var/lib/cowrie/tty", "var/run"):
        host.chroot("install", "-d", f"/srv/cowrie/{directory}")
    host.chroot("chown", "-R", "cowrie:cowrie", "/srv/cowrie")
    start = "/opt/cowrie/bin/twistd --nodaemon --umask=0022 --pidfile= cowrie"
    host.write("/etc/systemd/system/cowrie.service", UNIT.format(name="cowrie", start=start))


def _dress_opencanary(host: Host) -> None:
    host.chroot("install", "-d", "-o", "opencanary", "-g", "opencanary", "/var/log/opencanary")
    shipped = next((host.root / "opt/opencanary").glob("lib/python*/site-packages/opencanary/data/settings.json"))
    settings = json.loads(shipped.read_text(encoding="utf-8"))
    settings["device.node_id"] = "trap01"
    for service, port in CANARY_SERVICES.items():
        settings[f"{service}.enabled"] = True
        settings[f"{service}.port"] = port
    settings["mysql.log_connection_made"] = True
    settings["logger"]["kwargs"]["handlers"] = {
        "file": {"class": "logging.FileHandler", "filename": "/var/log/opencanary/opencanary.log"},
    }
    host.write("/etc/opencanaryd/opencanary.conf", json.dumps(settings, indent=1))
    start = "/opt/opencanary/bin/twistd --nodaemon --pidfile= -y /opt/opencanary/bin/opencanary.tac"
    host.write("/etc/systemd/system/opencanary.service", UNIT.format(name="opencanary", start=start))
