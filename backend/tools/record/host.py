"""One recorded host: an overlay over a Debian tree, booted with its own systemd in its own namespaces."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

from .command import run
from .company import HOSTS_FILE, Person
from .network import namespace

HIERARCHIES = (Path("/sys/fs/cgroup"), Path("/sys/fs/cgroup/unified"), Path("/sys/fs/cgroup/systemd"))


class HostDownError(Exception):
    """A host did not start; its console tells why."""

    def __init__(self, name: str, console: Path) -> None:
        super().__init__(f"{name} did not start: {console.read_text(encoding='utf-8', errors='replace')[-2000:]}")


class Host:
    """A host that is dressed while it is off (files, accounts), then booted, used and stopped."""

    def __init__(self, name: str, layers: list[Path], area: Path, *, network: str = "", capabilities: str = "") -> None:
        self.name = name
        self._network = network or namespace(name)
        self._capabilities = capabilities
        self.area = area / name
        self.root = self.area / "root"
        self._layers = layers
        self._nspawn: subprocess.Popen[bytes] | None = None
        self._leader = 0
        self._console = self.area / "console.txt"

    # -- while it is off

    def mount(self) -> None:
        for part in ("root", "upper", "work"):
            (self.area / part).mkdir(parents=True, exist_ok=True)
        lower = ":".join(str(layer) for layer in self._layers)
        options = f"lowerdir={lower},upperdir={self.area}/upper,workdir={self.area}/work"
        run(["mount", "-t", "overlay", "overlay", "-o", options, str(self.root)])
        self.write("/etc/hostname", f"{self.name}\n")
        self.write("/etc/hosts", HOSTS_FILE)
        self.write("/etc/resolv.conf", "")
        self.write("/etc/ssh/ssh_config.d/lab.conf", "Host *\n    StrictHostKeyChecking accept-new\n")
        # Some sandboxes forbid root to raise its core limit; sudo would log that on every call.
        self.write("/etc/sudo.conf", "Set disable_coredump false\n")
        (self.root / "etc/machine-id").write_text("", encoding="utf-8")
        self.chroot("ssh-keygen", "-A")

    def write(self, path: str, text: str, *, mode: int = 0o644, owner: str = "root:root") -> None:
        target = self.root / path.lstrip("/")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
        target.chmod(mode)
        if owner != "root:root":
            self.chroot("chown", owner, path)

    def chroot(self, *argv: str, text: str | None = None) -> str:
        return run(["env", "-i", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "chroot", str(self.root), *argv], text=text)

    def enable(self, *units: str) -> None:
        self.chroot("systemctl", "enable", *units)

    def add_people(self, *people: Person) -> None:
        for person in people:
            groups = ",".join(person.groups)
            self.chroot(
                "useradd", "-m", "-u", str(person.uid), "-c", person.name, "-s", "/bin/bash", "-G", groups, person.login
            )
            self.chroot("chpasswd", text=f"{person.login}:{person.password}\n")

    def make_key(self, login: str) -> str:
        """Makes the person's key pair on this host and returns its public half."""
        directory = f"/home/{login}/.ssh"
        self.chroot("install", "-d", "-m", "700", "-o", login, "-g", login, directory)
        self.chroot(
            "setpriv",
            "--reuid",
            login,
            "--regid",
            login,
            "--clear-groups",
            "ssh-keygen",
            "-q",
            "-t",
            "ed25519",
            "-N",
            "",
            "-C",
            f"{login}@{self.name}",
            "-f",
            f"{directory}/id_ed25519",
        )
        return (self.root / directory.lstrip("/") / "id_ed25519.pub").read_text(encoding="utf-8")

    def trust_key(self, login: str, public_key: str) -> None:
        directory = f"/home/{login}/.ssh"
        self.chroot("install", "-d", "-m", "700", "-o", login, "-g", login, directory)
        keys = self.root / directory.lstrip("/") / "authorized_keys"
        known = keys.read_text(encoding="utf-8") if keys.exists() else ""
        self.write(f"{directory}/authorized_keys", known + public_key, mode=0o600, owner=f"{login}:{login}")

    # -- while it runs

    def boot(self, *, with_audit: bool = False) -> None:
        """Boots the host's systemd. nspawn hides audit from its guests by a filter; `with_audit` leaves that out."""
        argv = [
            "systemd-nspawn",
            "--quiet",
            f"--directory={self.root}",
            "--boot",
            "--register=no",
            "--console=pipe",
            f"--hostname={self.name}",
            f"--network-namespace-path=/run/netns/{self._network}",
        ]
        if self._capabilities:
            argv.append(f"--capability={self._capabilities}")
        if not Path("/run/systemd/system").exists():
            argv.insert(1, "--keep-unit")
        groups = [h / f"demo-{self.name}" for h in HIERARCHIES if (h / "cgroup.procs").exists()]
        for group in groups:
            group.mkdir(exist_ok=True)
        join = "".join(f"echo $$ > {group}/cgroup.procs; " for group in groups)
        settings = {**os.environ, "SYSTEMD_SECCOMP": "0"} if with_audit else dict(os.environ)
        with self._console.open("wb") as console:
            self._nspawn = subprocess.Popen(
                ["sh", "-c", f'{join}exec "$@"', "sh", *argv],
                stdin=subprocess.DEVNULL,
                stdout=console,
                stderr=subprocess.STDOUT,
                env=settings,
                start_new_session=True,
            )
        self._leader = self._await_leader(self._nspawn.pid)
        for _ in range(120):
            if run(self.argv(["systemctl", "is-system-running"]), check=False).strip() in ("running", "degraded"):
                return
            time.sleep(0.5)
        raise HostDownError(self.name, self._console)

    def argv(self, command: list[str], login: str = "root") -> list[str]:
        """The argument vector that runs `command` inside the host as `login`, past PAM, so that only the command leaves traces."""
        home = "/root" if login == "root" else f"/home/{login}"
        enter = ["nsenter", "--target", str(self._leader), "--all", f"--wdns={home}"]
        become = [] if login == "root" else ["setpriv", "--reuid", login, "--regid", login, "--init-groups"]
        settings = [
            "env",
            "-i",
            f"HOME={home}",
            f"USER={login}",
            f"LOGNAME={login}",
            "TERM=xterm",
            "LANG=C.UTF-8",
            "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
            "SHELL=/bin/bash",
        ]
        return [*enter, *become, *settings, *command]

    def run(
        self,
        command: list[str],
        login: str = "root",
        *,
        check: bool = True,
        text: str | None = None,
        timeout: float = 300,
    ) -> str:
        return run(self.argv(command, login), check=check, text=text, timeout=timeout)

    def outside_pids(self, command: list[str]) -> list[str]:
        """Runs in the host's mounts, name and network, but among the machine's processes: the kernel wants that of auditd."""
        return ["nsenter", "--target", str(self._leader), "--mount", "--uts", "--net", "--ipc", *command]

    def stop(self) -> None:
        if self._nspawn is not None and self._nspawn.poll() is None:
            if self._leader:
                os.kill(self._leader, signal.SIGRTMIN + 4)  # systemd: power off
            else:
                self._nspawn.terminate()
            try:
                self._nspawn.wait(timeout=20)
            except subprocess.TimeoutExpired:
                self._nspawn.kill()
                self._nspawn.wait()
        run(["umount", "-l", str(self.root)], check=False)
        for hierarchy in HIERARCHIES:
            group = hierarchy / f"demo-{self.name}"
            for inner in sorted((p for p in group.rglob("*") if p.is_dir()), reverse=True) if group.exists() else ():
                inner.rmdir()
            if group.exists():
                group.rmdir()
        shutil.rmtree(self.area, ignore_errors=True)

    def _await_leader(self, nspawn: int) -> int:
        for _ in range(100):
            for task in Path(f"/proc/{nspawn}/task").glob("*/children"):
                children = task.read_text(encoding="ascii").split()
                if children and Path(f"/proc/{children[0]}/comm").read_text(encoding="ascii").strip() == "systemd":
                    return int(children[0])
            time.sleep(0.2)
        raise HostDownError(self.name, self._console)
