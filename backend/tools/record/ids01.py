"""Dresses ids01: Suricata in the router's namespace, watching the DMZ with a few rules of ours."""

from __future__ import annotations

from pathlib import Path

from .host import Host

SETTINGS = Path(__file__).parent / "sensor"


def dress(host: Host) -> None:
    host.write("/etc/suricata/suricata.yaml", (SETTINGS / "suricata.yaml").read_text(encoding="utf-8"))
    host.write("/etc/suricata/rules/lab.rules", (SETTINGS / "lab.rules").read_text(encoding="utf-8"))
    # Cables without a wire leave checksums empty: hence -k none.
    unit = "[Service]\nType=simple\nExecStart=\nExecStart=/usr/bin/suricata -c /etc/suricata/suricata.yaml -i dmz -k none --pidfile /run/suricata.pid\nExecReload=\nExecStop=\n"
    host.write("/etc/systemd/system/suricata.service.d/lab.conf", unit)
    host.enable("suricata")
