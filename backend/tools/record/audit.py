"""Runs web01's auditd: the one recorded daemon that needs the machine's own kernel and process numbers."""

from __future__ import annotations

import time
from pathlib import Path

from .command import run
from .host import Host

# The kernel knows one auditd only and hears the whole machine. The first rule spares every process that root starts
# outside a login, so that the rest of the machine is neither recorded nor slowed down; the paths are web01's alone.
SPARED = "-a never,task -F uid=0 -F auid=unset"
RULES = """-w /etc/passwd -p wa -k identity
-w /etc/shadow -p wa -k identity
-w /etc/sudoers -p wa -k sudoers
-w /etc/sudoers.d -p wa -k sudoers
-w /etc/crontab -p wa -k cron
-w /etc/cron.d -p wa -k cron
-w /var/spool/cron -p wa -k cron
-w /etc/ssh/sshd_config -p wa -k sshd
-w /root/.ssh -p wa -k ssh-keys
-a always,exit -F arch=b64 -S execve -F dir=/usr -F auid!=unset -k exec
-a always,exit -F arch=b64 -S execve -F dir=/usr -F uid=33 -k web-exec"""
# These report logins and accounts to the kernel; only web01's copies are to be heard, not the machine's or another host's.
REPORTING = (
    "usr/lib/systemd/systemd usr/sbin/sshd usr/sbin/cron usr/sbin/chpasswd usr/sbin/groupadd usr/sbin/groupdel usr/sbin/groupmod "
    "usr/sbin/runuser usr/sbin/useradd usr/sbin/userdel usr/sbin/usermod usr/bin/chage usr/bin/chfn usr/bin/chsh usr/bin/gpasswd "
    "usr/bin/login usr/bin/newgrp usr/bin/passwd usr/bin/su usr/bin/sudo"
).split()


class Audit:
    """web01's audit log for the time of a recording."""

    def __init__(self, base: Path, web01: Host, others: list[Host]) -> None:
        libraries = base / "usr/lib/x86_64-linux-gnu"
        self._auditctl = [
            str(libraries / "ld-linux-x86-64.so.2"),
            "--library-path",
            str(libraries),
            str(base / "usr/sbin/auditctl"),
        ]
        self._web01 = web01
        self._others = others
        self._running = False

    def available(self) -> bool:
        """Whether this kernel can audit and no other auditd is at work."""
        told = run([*self._auditctl, "-s"], check=False)
        return "pid 0" in told.splitlines()

    def start(self) -> None:
        self._running = True
        run(self._web01.outside_pids(["/sbin/auditd", "-s", "disable"]))
        time.sleep(1)
        self._set("-D")
        self._set("-b", "8192")
        self._set(*SPARED.split())
        for root in (Path("/"), *(host.root for host in self._others)):
            for program in REPORTING:
                if (root / program).exists():
                    self._set("-a", "never,exclude", "-F", f"exe={root / program}")
        (self._web01.root / "root/.ssh").mkdir(mode=0o700, exist_ok=True)
        self._web01.write("/etc/audit/rules.d/audit.rules", RULES + "\n", mode=0o640)
        self._set("-e", "1")
        for rule in RULES.splitlines():
            run(self._web01.outside_pids(["/sbin/auditctl", *rule.split()]))

    def strangers(self) -> int:
        """How many records name an account that web01 does not have: another program's, that the rules did not keep out."""
        log = self._web01.root / "var/log/audit/audit.log"
        return log.read_text(encoding="utf-8", errors="replace").count('"unknown(') if log.exists() else 0

    def stop(self) -> None:
        """Stops auditd and leaves the kernel without rules. `never,task` keeps new processes free of audit's cost."""
        if not self._running:
            return
        self._running = False
        pid = next(
            (line.split()[1] for line in run([*self._auditctl, "-s"]).splitlines() if line.startswith("pid ")), "0"
        )
        self._set("-D")
        self._set("-e", "0")
        self._set("-a", "never,task")
        if pid != "0":
            run(["kill", pid], check=False)

    def _set(self, *words: str) -> None:
        run([*self._auditctl, *words])
