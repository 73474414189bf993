"""The ordinary working day: admins, a developer, a support desk and jobs, each a thread until told to stop."""

from __future__ import annotations

import itertools
import random
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager

from .company import ALICE, BERT, CAROL, MARTA, PLACES, Person
from .host import Host
from .story import Story, Where
from .terminal import PROMPT, NoPromptError, Terminal
from .visitors import browse

BERTS_MISTYPES = {2: 1, 6: 2, 13: 1}  # on which of his visits, and how often
Work = Callable[["Desk", random.Random, threading.Event], None]


class Desk:
    """A person at a host, who opens ssh sessions to other hosts and types there."""

    def __init__(self, host: Host, person: Person, story: Story) -> None:
        self.host, self.person, self.story = host, person, story

    def ssh(
        self, target: str, lines: list[str], chance: random.Random, *, mistypes: int = 0, by_key: bool = False
    ) -> None:
        argv = self.host.argv(["ssh", target], self.person.login)
        with Terminal(argv) as terminal:
            with self._act(target, f"ssh {target}" + (f" ({mistypes} mistyped)" if mistypes else "")):
                if not by_key:
                    self._give_password(terminal, mistypes)
                terminal.expect(PROMPT, timeout=40)
            for line in lines:
                threading.Event().wait(chance.uniform(0.8, 3.0))
                self._type(terminal, target, line, chance)
            terminal.type("exit")
            threading.Event().wait(0.7)

    def here(self, *argv: str) -> None:
        with self._act(self.host.name, " ".join(argv)):
            self.host.run(list(argv), self.person.login, check=False)

    def _type(self, terminal: Terminal, target: str, line: str, chance: random.Random) -> None:
        with self._act(target, line):
            terminal.type(line)
            shown = terminal.expect(rf"\[sudo\] password for {self.person.login}: $|" + PROMPT, timeout=60)
            if "[sudo] password for" in shown[-60:]:
                if chance.random() < 0.12:
                    terminal.type(self.person.password[:-1])
                    terminal.expect(r"\[sudo\] password for \w+: $", timeout=20)
                terminal.type(self.person.password)
                terminal.expect(PROMPT, timeout=60)

    def _give_password(self, terminal: Terminal, mistypes: int) -> None:
        for _ in range(mistypes):
            terminal.expect(r"password: $", timeout=20)
            terminal.type(self.person.password.swapcase())
        terminal.expect(r"password: $", timeout=20)
        terminal.type(self.person.password)

    def _act(self, target: str, command: str) -> AbstractContextManager[None]:
        return self.story.act(
            "ordinary", "work", Where(PLACES[self.host.name].address, target, self.person.login), command
        )


def alice_keeps_servers(desk: Desk, chance: random.Random, stop: threading.Event) -> None:
    web = [
        "uptime",
        "systemctl status nginx --no-pager | head -5",
        "sudo tail -n 5 /var/log/nginx/error.log",
        "df -h /",
        "sudo nginx -t",
        "sudo systemctl reload nginx",
        "sudo find /var/log -name '*.gz' -mtime +30 -print",
        "last -n 5 | head -5",
        "sudo journalctl -u ssh -n 5 --no-pager",
        "sudo tar czf /root/etc-nginx.tgz /etc/nginx",
        "sudo visudo -c",
        "ps aux | grep nginx | head -3",
        "sudo systemctl restart php8.2-fpm",
    ]
    data = [
        "uptime",
        "ls -l /srv/dumps",
        "sudo du -sh /srv/archive",
        "sudo tail -n 3 /var/log/cron.log",
        "free -m",
        "sudo systemctl status cron --no-pager | head -4",
    ]
    while not stop.is_set():
        desk.ssh("web01", chance.sample(web, 4), chance, by_key=True)
        if stop.wait(chance.uniform(5, 14)):
            return
        desk.ssh("db01", chance.sample(data, 3), chance, by_key=True)
        if stop.wait(chance.uniform(5, 14)):
            return


def bert_uses_passwords(desk: Desk, chance: random.Random, stop: threading.Event) -> None:
    lines = [
        "w",
        "sudo ls -l /var/log",
        "sudo systemctl list-timers --no-pager | head -4",
        "cat /etc/debian_version",
        "sudo grep -c Accepted /var/log/auth.log",
        "sudo apt-get -s upgrade | tail -1",
        "ss -tln | head -5",
        "sudo -l | tail -2",
        "sudo crontab -l -u root | head -3",
        "id",
    ]
    for visit, target in enumerate(itertools.cycle(("web01", "db01", "adm01"))):
        typed = [line for line in chance.sample(lines, 3) if target != "adm01" or "auth.log" not in line]
        desk.ssh(target, typed, chance, mistypes=BERTS_MISTYPES.get(visit, 0))
        if stop.wait(chance.uniform(8, 20)):
            return


def carol_deploys(desk: Desk, chance: random.Random, stop: threading.Event) -> None:
    desk.host.run(["sh", "-c", "mkdir -p ~/shop && printf 'body { margin: 2em }\\n' > ~/shop/theme.css"], CAROL.login)
    while not stop.is_set():
        desk.here("sh", "-c", f"printf '/* {chance.randint(100, 999)} */\\n' >> ~/shop/theme.css")
        desk.here("rsync", "-a", "shop/theme.css", "web01:/srv/www/shop/theme.css")
        desk.ssh(
            "web01",
            chance.sample(
                [
                    "ls -l /srv/www/shop",
                    "php -l /srv/www/shop/search.php",
                    "tail -n 2 /srv/www/files/catalogue.txt",
                    "cat /srv/www/shop/theme.css",
                ],
                2,
            ),
            chance,
            by_key=True,
        )
        desk.here("scp", "-q", "web01:/srv/www/files/cover-proofs.bin", "proofs.bin")
        if stop.wait(chance.uniform(12, 25)):
            return


def marta_answers_customers(desk: Desk, chance: random.Random, stop: threading.Event) -> None:
    """The support desk, seldom at work: her account is the weak one."""
    stop.wait(chance.uniform(8, 15))
    while not stop.is_set():
        desk.ssh(
            "web01",
            ["ls", "grep -c Harbour /srv/www/files/catalogue.txt", "sudo find /var/log/nginx -name '*.gz' -mtime +90"],
            chance,
            mistypes=chance.choice((0, 0, 1)),
        )
        if stop.wait(chance.uniform(110, 150)):
            return


def start(hosts: dict[str, Host], story: Story, stop: threading.Event, failures: list[str]) -> list[threading.Thread]:
    """Starts everybody's day; each thread ends soon after `stop`."""
    people: list[tuple[str, Person, Work]] = [
        ("adm01", ALICE, alice_keeps_servers),
        ("desk01", BERT, bert_uses_passwords),
        ("desk01", CAROL, carol_deploys),
        ("desk01", MARTA, marta_answers_customers),
    ]
    threads = [threading.Thread(target=browse, args=(story, stop, seed)) for seed in (11, 12, 13)]
    for seed, (where, person, work) in enumerate(people):
        threads.append(
            threading.Thread(target=_at_work, args=(work, Desk(hosts[where], person, story), seed, stop, failures))
        )
    for thread in threads:
        thread.start()
    return threads


def _at_work(work: Work, desk: Desk, seed: int, stop: threading.Event, failures: list[str]) -> None:
    chance = random.Random(seed)
    stop.wait(chance.uniform(1, 20))
    while not stop.is_set():
        try:
            work(desk, chance, stop)
        except NoPromptError as lost:
            failures.append(f"{desk.person.login}: {lost}")
            stop.wait(3)
