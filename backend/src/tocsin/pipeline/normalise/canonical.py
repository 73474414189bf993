"""One spelling for each host, user, address and domain, and which of them are nobody in particular."""

from __future__ import annotations

from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address

_ABSENT = frozenset({"", "-", "n/a", "na", "none", "null", "(null)", "unknown", "%1", "?"})

_PARTS_OF_THE_SYSTEM = frozenset({
    # Windows: the built-in security principals
    "system", "local service", "network service", "anonymous logon", "local system", "localsystem", "iusr",
    "trustedinstaller", "wdagutilityaccount", "defaultaccount",
    # POSIX: root is whoever may become root, the rest are daemons
    "root", "daemon", "nobody", "bin", "sys", "www-data", "apache", "nginx", "httpd", "mysql", "postgres", "sshd",
    "syslog", "messagebus", "systemd-network", "systemd-resolve", "systemd-timesync", "_apt", "unset",
})  # fmt: skip
_SERVERS = frozenset({"www-data", "apache", "nginx", "httpd", "mysql", "postgres"})
_SYSTEM_DOMAINS = frozenset({
    "nt authority", "nt-autorität", "autorite nt", "nt service", "window manager", "font driver host",
    "iis apppool", "nt virtual machine", "builtin",
})  # fmt: skip
_SYSTEM_SIDS = (
    "s-1-5-18",
    "s-1-5-19",
    "s-1-5-20",
    "s-1-5-7",
    "s-1-0-0",
    "s-1-5-80-",
    "s-1-5-82-",
    "s-1-5-90-",
    "s-1-5-96-",
)
_LOGON_IDS = frozenset({"0x0", "0x3e7", "0x3e4", "0x3e5", "0x3e3", "0", "999", "996", "997", "995", "4294967295", "-1"})

SYSTEM_IMAGES = frozenset({
    # they start, or act for, everything on the machine: to have one in common says nothing
    "system", "registry", "smss.exe", "csrss.exe", "wininit.exe", "winlogon.exe", "services.exe", "svchost.exe",
    "lsass.exe", "lsm.exe", "userinit.exe", "explorer.exe", "sihost.exe", "taskhostw.exe", "taskeng.exe", "spoolsv.exe",
    "runtimebroker.exe", "dllhost.exe", "wmiprvse.exe", "msmpeng.exe", "sysmon.exe", "sysmon64.exe", "fontdrvhost.exe",
    "dwm.exe", "logonui.exe", "searchindexer.exe", "trustedinstaller.exe", "tiworker.exe", "dns.exe", "dfsrs.exe",
    "systemd", "init", "launchd", "cron", "crond", "sshd", "containerd-shim", "dockerd", "containerd", "kthreadd",
    "systemd-executor", "tini", "dumb-init", "supervisord", "runsvdir",
})  # fmt: skip


@lru_cache(4096)
def host(name: str | None) -> str | None:
    """Lower case, no final dot; None for nothing, for an address, and for the machine's word for itself."""
    text = (name or "").strip().strip(".").lower().removeprefix("\\\\")
    if text in _ABSENT or text in ("localhost", "localhost.localdomain") or ip(text) is not None:
        return None
    return text


def short(name: str) -> str:
    """web01.example.org → web01."""
    return name.partition(".")[0]


@lru_cache(8192)
def user(name: str | None, domain: str | None = None) -> str | None:
    """domain\\name in lower case where a domain is known, from any of DOMAIN\\user, user@domain and the two apart."""
    text = (name or "").strip().lower()
    head, slash, tail = text.rpartition("\\")
    if slash:
        text, domain = tail, head
    elif "@" in text:
        text, _, domain = text.partition("@")
    within = (domain or "").strip().strip(".").lower()
    if text in _ABSENT:
        return None
    return text if within in _ABSENT or within == "." else f"{within}\\{text}"


def user_name(value: str) -> str:
    """The name without the domain, of a canonical user."""
    return value.rpartition("\\")[2]


def user_domain(value: str) -> str:
    """The domain of a canonical user, empty without one."""
    return value.rpartition("\\")[0]


@lru_cache(8192)
def is_person(value: str) -> bool:
    """False for accounts that stand for a machine or a part of the system: to share one says nothing of who acted."""
    name, domain = user_name(value), user_domain(value)
    if name.endswith("$") or name in _PARTS_OF_THE_SYSTEM or domain in _SYSTEM_DOMAINS:
        return False
    return not (name.startswith(_SYSTEM_SIDS) or name.startswith(("dwm-", "umfd-")))


def is_server(value: str) -> bool:
    """Whether an account is that of a program which answers requests from outside."""
    return user_name(value) in _SERVERS or user_domain(value) == "iis apppool"


def machine_of(value: str) -> str | None:
    """The host whose machine account this is: EXAMPLE\\WEB01$ → web01."""
    name = user_name(value)
    return name[:-1] if len(name) > 1 and name.endswith("$") else None


@lru_cache(8192)
def ip(text: str | None) -> IPv4Address | IPv6Address | None:
    """An address with IPv4 inside IPv6 taken out; None when it is none."""
    try:
        found = ip_address((text or "").strip().strip("[]").partition("%")[0])
    except ValueError:
        return None
    return found.ipv4_mapped or found if isinstance(found, IPv6Address) else found


@lru_cache(8192)
def address(text: str | None) -> str | None:
    """An address that tells one place from another; None for loopback, unspecified, multicast and link-local ones."""
    found = ip(text)
    if found is None or found.is_loopback or found.is_unspecified or found.is_multicast or found.is_link_local:
        return None
    return None if found.is_reserved else str(found)


@lru_cache(8192)
def is_private(value: str) -> bool:
    """Whether an address is of an inner network, where translation hides many behind one."""
    found = ip(value)
    return found is not None and found.is_private and not _documentation(found)


def _documentation(found: IPv4Address | IPv6Address) -> bool:
    # Python calls these private; in a log they stand for somebody outside
    return str(found).startswith(("192.0.2.", "198.51.100.", "203.0.113.", "2001:db8:"))


def domain(text: str | None) -> str | None:
    """A DNS name that could be somebody's: has a dot, is no address and no reverse look-up."""
    name = (text or "").strip().strip(".").lower()
    if (
        "." not in name
        or ip(name) is not None
        or name.endswith((".arpa", ".local", ".localdomain", ".internal", ".lan"))
    ):
        return None
    return name


def session(text: str | None) -> str | None:
    """A log-on or network session; None for those of the system itself, which are the same on every machine."""
    value = (text or "").strip().lower()
    return None if value in _LOGON_IDS or value in _ABSENT else value


def image(path: str | None) -> str:
    """The program's file name in lower case."""
    return (path or "").replace("\\", "/").rpartition("/")[2].strip().lower()


_SYSTEM_FOLDERS = (
    "/windows/",
    "/program files",
    "/programdata/microsoft/",
    "/usr/",
    "/bin/",
    "/sbin/",
    "/lib",
    "/opt/",
    "/system/library/",
    "/snap/",
)


@lru_cache(8192)
def is_installed(path: str) -> bool:
    """Whether a file lies where installed software lies, so that its hash is the same on every machine."""
    text = path.replace("\\", "/").lower()
    _, colon, rest = text.partition(":")
    return (rest if colon and rest.startswith("/") else text).startswith(_SYSTEM_FOLDERS)
