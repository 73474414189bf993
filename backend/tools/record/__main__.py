"""Records the demo: `python3 -m record`, as root, from the folder above; `record.sh` does all of it."""

from __future__ import annotations

import argparse
import contextlib
import shutil
import signal
import sys
import threading
import time
from pathlib import Path

from . import attack_inside, attack_outside, ids01, inside, kali, network, ordinary, trap01, web01
from .audit import Audit
from .collect import collect, mark
from .company import BOOTED, SENSOR
from .host import Host
from .layers import build, versions
from .story import Story

DEMO = Path(__file__).resolve().parents[3] / "content/samples/demo"
LAYERS = {"trap01": "trap", "kali": "attacker", SENSOR: "sensor"}


def main() -> int:
    parser = argparse.ArgumentParser(prog="record", description="Record the demo's ordinary work and its attack.")
    parser.add_argument(
        "--work", type=Path, required=True, help="a directory outside the repository for the hosts' trees"
    )
    parser.add_argument(
        "--out", type=Path, default=DEMO, help="where `ordinary/`, `attack/` and `storylines/` are written"
    )
    parser.add_argument("--only", choices=("ordinary", "attack"), help="record only this one")
    parser.add_argument("--minutes", type=float, default=5.0, help="how long ordinary work alone is recorded")
    chosen = parser.parse_args()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.default_int_handler)  # both unwind: everything is stopped and removed
    chosen.work.mkdir(parents=True, exist_ok=True)
    try:
        say("building the Debian trees (the first time takes some minutes)")
        layers = build(chosen.work)
        for name in ("ordinary", "attack"):
            if chosen.only in (None, name):
                record(name, layers, chosen.work / "hosts", chosen.out / name, chosen.minutes)
    except KeyboardInterrupt:
        say("stopped; the hosts and their networks are gone")
        return 130
    return 0


def record(name: str, layers: dict[str, Path], area: Path, target: Path, minutes: float) -> None:
    """Sets the company up, lets it work (and be attacked), and keeps its logs."""
    with contextlib.ExitStack() as stack:
        say(f"{name}: setting up {len(BOOTED)} hosts")
        hosts = set_up(stack, layers, area)
        audit = Audit(layers["base"], hosts["web01"], [host for host in hosts.values() if host.name != "web01"])
        audited = audit.available()
        if audited:
            stack.callback(audit.stop)
            audit.start()
        time.sleep(3)
        marks, story, stop, failures = mark(hosts), Story(), threading.Event(), list[str]()
        threads = ordinary.start(hosts, story, stop, failures)
        stack.callback(finish, stop, threads)
        say(f"{name}: recording")
        if name == "ordinary":
            time.sleep(minutes * 60)
        else:
            time.sleep(50)
            attack(hosts["kali"], story)
            time.sleep(40)
        finish(stop, threads)
        shutil.rmtree(target, ignore_errors=True)
        target.mkdir(parents=True)
        if audit.strangers():
            failures.append(
                "the audit log holds records of other programs on this machine: record again when it is quiet"
            )
        for line in collect(hosts, marks, target) + failures:
            say(f"{name}: {line}")
        notes = {"auditd": "recorded on web01" if audited else "not recorded: this kernel offered no audit"}
        story.save(target.parent / "storylines", name, versions(layers), notes)


def set_up(stack: contextlib.ExitStack, layers: dict[str, Path], area: Path) -> dict[str, Host]:
    network.clear()
    stack.callback(network.clear)
    network.lay()
    hosts: dict[str, Host] = {}
    for name in BOOTED:
        lower = [layers["base"]] if name not in LAYERS else [layers[LAYERS[name]], layers["base"]]
        hosts[name] = Host(name, lower, area)
        if name == SENSOR:
            hosts[name] = Host(name, lower, area, network=network.ROUTER, capabilities="CAP_NET_ADMIN")
        stack.callback(hosts[name].stop)
        hosts[name].mount()
    for name, people in inside.WHO_WORKS_WHERE.items():
        hosts[name].add_people(*people)
    web01.dress(hosts["web01"])
    inside.dress_db01(hosts["db01"])
    inside.dress_adm01(hosts["adm01"])
    inside.dress_desk01(hosts["desk01"])
    inside.exchange_keys(hosts)
    trap01.dress(hosts["trap01"])
    kali.dress(hosts["kali"])
    ids01.dress(hosts[SENSOR])
    for host in hosts.values():
        host.boot(with_audit=host.name == "web01")
    return hosts


def attack(attacker: Host, story: Story) -> None:
    tools = attack_outside.Tools(attacker, story)
    for number, step in enumerate((attack_outside.scan, attack_outside.probe_web, attack_outside.inject_commands)):
        say(f"attack, part {number + 1}: {step.__name__}")
        step(tools)
        time.sleep(5)
    say("attack, part 4: guess_passwords")
    if not attack_outside.guess_passwords(tools):
        raise SystemExit("the password was not guessed: nothing to record")
    time.sleep(6)
    say("attack, part 5: break_in")
    attack_inside.break_in(attacker, story)
    time.sleep(8)
    attack_inside.come_back(attacker, story)


def finish(stop: threading.Event, threads: list[threading.Thread]) -> None:
    stop.set()
    for thread in threads:
        thread.join(timeout=90)


def say(text: str) -> None:
    sys.stderr.write(f"{time.strftime('%H:%M:%S', time.gmtime())} {text}\n")


if __name__ == "__main__":
    sys.exit(main())
