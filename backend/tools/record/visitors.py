"""The public: people who browse the shop, search it, mistype addresses and sign in."""

from __future__ import annotations

import random
import subprocess
import threading

from .company import PLACES, VISITOR_ADDRESSES
from .network import namespace
from .story import Story, Where

SHOP = f"http://{PLACES['web01'].address}"
BROWSERS = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15",
    "Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1",
)
# Words that look like an attack to a careless rule, and are not.
SEARCHES = (
    "bread and salt",
    "select sea poems",
    "union of two rivers",
    "drop anchor",
    "o'neill",
    "order by starlight",
    "table of the tides",
    "1=1 scale maps",
    "from where we sail",
    "knots -- splices",
    "update 2026",
    "cat's log",
    "50% off",
    "../",
    "script lettering",
    "a or b",
    "sleep well",
    "winter & ebb",
    "exec summary",
    "root vegetables",
)
OFTEN = (
    "/",
    "/site.css",
    "/book.php?id=1",
    "/book.php?id=4",
    "/book.php?id=7",
    "/book.php?id=12",
    "/download.php?file=catalogue.txt",
)
SELDOM = (
    "/favicon.ico",
    "/robots.txt",
    "/old-catalogue.pdf",
    "/book.php?id=99",
    "/Books.php",
    "/apple-touch-icon.png",
    "/sitemap.xml",
)


def browse(story: Story, stop: threading.Event, seed: int) -> None:
    """One visitor after the other, each a few pages long, until `stop`."""
    chance = random.Random(seed)
    while not stop.is_set():
        address, browser, referrer = chance.choice(VISITOR_ADDRESSES), chance.choice(BROWSERS), "-"
        for _ in range(chance.randint(2, 7)):
            path, extra = _next_page(chance)
            _fetch(story, address, browser, referrer, path, extra)
            referrer = SHOP + path
            if stop.wait(chance.uniform(0.4, 3.0)):
                return


def _next_page(chance: random.Random) -> tuple[str, list[str]]:
    kind = chance.random()
    if kind < 0.60:
        return chance.choice(OFTEN), []
    if kind < 0.72:
        return chance.choice(SELDOM), []
    if kind < 0.94:
        return "/search.php", ["--get", "--data-urlencode", f"q={chance.choice(SEARCHES)}"]
    name, password = chance.choice(
        (("ida", "sea-glass"), ("noel", "lantern"), ("ida", "seaglass"), ("priya", "mizzen"))
    )
    return "/login.php", ["--data-urlencode", f"name={name}", "--data-urlencode", f"password={password}"]


def _fetch(story: Story, address: str, browser: str, referrer: str, path: str, extra: list[str]) -> None:
    argv = [
        "curl",
        "-s",
        "-o",
        "/dev/null",
        "--max-time",
        "20",
        "--path-as-is",
        "--interface",
        address,
        "-A",
        browser,
        *extra,
    ]
    if referrer != "-":
        argv += ["-e", referrer]
    argv.append(SHOP + path)
    told = " ".join([path, *(word for word in extra if not word.startswith("--"))])
    with story.act("ordinary", "visit", Where(address, "web01"), told):
        subprocess.run(
            ["ip", "netns", "exec", namespace("street"), *argv],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
            timeout=30,
        )
