"""Builds the Debian trees that the recorded hosts are booted from."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Generator
from pathlib import Path

from .command import run

SERVER_PACKAGES = (
    "systemd systemd-sysv dbus libpam-systemd openssh-server sudo cron rsyslog nginx-light php8.2-fpm php8.2-sqlite3 "
    "auditd iproute2 iputils-ping curl wget rsync procps ca-certificates python3 python3-venv netbase less vim-tiny "
    "logrotate acl"
).split()
ATTACKER_PACKAGES = ["nmap", "hydra", "gobuster", "sqlmap", "openssh-client"]
MIRROR = "http://deb.debian.org/debian"
SENSOR_STEPS = [
    f"echo 'deb {MIRROR} bookworm-backports main' > /etc/apt/sources.list.d/backports.list",
    "apt-get update",
    "apt-get install -y --no-install-recommends -t bookworm-backports suricata",
]


def build(work: Path) -> dict[str, Path]:
    """Builds what is missing under `work` and returns each layer's directory by name."""
    base = work / "base"
    if not (base / "built").exists():
        shutil.rmtree(base, ignore_errors=True)
        run(
            [
                "debootstrap",
                "--variant=minbase",
                f"--include={','.join(SERVER_PACKAGES)}",
                "bookworm",
                str(base),
                MIRROR,
            ]
        )
        (base / "etc/default/locale").write_text("LANG=C.UTF-8\n", encoding="utf-8")
        for unit in ("auditd", "nginx", "php8.2-fpm", "ssh", "rsyslog", "cron"):
            run(["chroot", str(base), "systemctl", "disable", f"{unit}.service"])
        for unit in ("apt-daily", "apt-daily-upgrade", "dpkg-db-backup", "fstrim", "e2scrub_all", "logrotate"):
            run(["chroot", str(base), "systemctl", "disable", f"{unit}.timer"], check=False)
        for key in (base / "etc/ssh").glob("ssh_host_*"):
            key.unlink()
        (base / "built").touch()
    return {
        "base": base,
        "attacker": _layer(
            work, base, "attacker", ["apt-get update", f"apt-get install -y {' '.join(ATTACKER_PACKAGES)}"]
        ),
        "sensor": _layer(work, base, "sensor", SENSOR_STEPS),
        "trap": _layer(
            work,
            base,
            "trap",
            [f"python3 -m venv /opt/{name} && /opt/{name}/bin/pip install {name}" for name in ("cowrie", "opencanary")],
        ),
    }


def versions(layers: dict[str, Path]) -> dict[str, str]:
    """The versions of the recorded software, as its own package managers tell them."""
    found: dict[str, str] = {}
    wanted = [
        "openssh-server",
        "sudo",
        "cron",
        "rsyslog",
        "nginx-light",
        "php8.2-fpm",
        "auditd",
        "systemd",
        "rsync",
        "curl",
    ]
    for root, names in (
        (layers["base"], wanted),
        (layers["attacker"], ATTACKER_PACKAGES),
        (layers["sensor"], ["suricata"]),
    ):
        admin = root / "var/lib/dpkg"
        told = run(["dpkg-query", f"--admindir={admin}", "-W", "-f", "${Package} ${Version}\n", *names], check=False)
        found |= {line.split()[0]: line.split()[1] for line in told.splitlines() if len(line.split()) == 2}
    for name in ("cowrie", "opencanary"):
        for info in (layers["trap"] / f"opt/{name}").glob(f"lib/python*/site-packages/{name}-*.dist-info"):
            found[name] = info.name.removeprefix(f"{name}-").removesuffix(".dist-info")
    return dict(sorted(found.items()))


def _layer(work: Path, base: Path, name: str, commands: list[str]) -> Path:
    upper = work / name
    done = work / f"{name}.built"
    if done.exists():
        return upper
    shutil.rmtree(upper, ignore_errors=True)
    with _mounted(work, base, upper) as root:
        for command in commands:
            run(["env", "-i", *_settings(), "chroot", str(root), "sh", "-c", command])
    done.touch()
    return upper


def _settings() -> list[str]:
    """The few settings an install step needs: a path, and this machine's own certificates if it names any."""
    return [
        "PATH=/usr/sbin:/usr/bin:/sbin:/bin",
        "HOME=/root",
        "DEBIAN_FRONTEND=noninteractive",
        "LANG=C.UTF-8",
        "PIP_CERT=/run/ca.crt",
        "PIP_DISABLE_PIP_VERSION_CHECK=1",
    ]


@contextlib.contextmanager
def _mounted(work: Path, base: Path, upper: Path) -> Generator[Path]:
    """The layer over the base, with name service and certificates of the recording machine, for installing into it."""
    root, scratch = work / "building", work / "building.work"
    for directory in (upper, root, scratch):
        directory.mkdir(parents=True, exist_ok=True)
    run(["mount", "-t", "overlay", "overlay", "-o", f"lowerdir={base},upperdir={upper},workdir={scratch}", str(root)])
    try:
        shutil.copyfile("/etc/resolv.conf", root / "etc/resolv.conf")
        shutil.copyfile(os.environ.get("PIP_CERT", "/etc/ssl/certs/ca-certificates.crt"), root / "run/ca.crt")
        yield root
        (root / "etc/resolv.conf").write_text("", encoding="utf-8")
        (root / "run/ca.crt").unlink()
    finally:
        run(["umount", "-l", str(root)])
        shutil.rmtree(scratch, ignore_errors=True)
