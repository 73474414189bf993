"""What sshd says is read from the end that it writes itself, whatever name a client gives."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.core.event import Fields
from tocsin.pipeline.normalise.parsers.programs import sshd

PEER = {"src_ip": "203.0.113.9", "src_port": "53041"}


def said(message: str) -> tuple[str, Fields]:
    detail = sshd.read(message)
    assert detail is not None, message
    return detail.event, detail.fields


@pytest.mark.parametrize(
    ("message", "event", "fields"),
    [
        ("Failed password for root from 203.0.113.9 port 53041 ssh2", "failed_password", {"method": "password", "user": "root", **PEER}),
        (
            "Failed password for invalid user admin from 203.0.113.9 port 53041 ssh2",
            "failed_password",
            {"method": "password", "user": "admin", "invalid_user": True, **PEER},
        ),
        ("Failed none for invalid user x from 203.0.113.9 port 53041 ssh2", "failed_none", {"method": "none", "user": "x", "invalid_user": True, **PEER}),
        (
            "Failed keyboard-interactive/pam for bob from 2001:db8::9 port 53041 ssh2",
            "failed_keyboard_interactive",
            {"method": "keyboard-interactive", "submethod": "pam", "user": "bob", "src_ip": "2001:db8::9", "src_port": "53041"},
        ),
        (
            "Accepted publickey for bob from 203.0.113.9 port 53041 ssh2: ED25519 SHA256:6S6r412l",
            "accepted",
            {"method": "publickey", "user": "bob", "key_type": "ED25519", "fingerprint": "SHA256:6S6r412l", **PEER},
        ),
        ("Postponed publickey for bob from 203.0.113.9 port 53041 ssh2 [preauth]", "postponed", {"method": "publickey", "user": "bob", "preauth": True, **PEER}),
        ("Invalid user admin from 203.0.113.9 port 53041", "invalid_user", {"user": "admin", **PEER}),
        ("Invalid user admin from 203.0.113.9", "invalid_user", {"user": "admin", "src_ip": "203.0.113.9"}),
        ("Connection closed by 203.0.113.9 port 53041 [preauth]", "connection_closed", {"preauth": True, **PEER}),
        ("Connection closed by authenticating user root 203.0.113.9 port 53041", "connection_closed", {"user": "root", **PEER}),
        ("Connection reset by invalid user x 203.0.113.9 port 53041", "connection_reset", {"user": "x", "invalid_user": True, **PEER}),
        ("Disconnected from user bob 203.0.113.9 port 53041", "disconnected", {"user": "bob", **PEER}),
        (
            "Disconnecting authenticating user root 203.0.113.9 port 53041: Too many authentication failures [preauth]",
            "disconnecting",
            {"user": "root", "reason": "Too many authentication failures", "preauth": True, **PEER},
        ),
        ("Received disconnect from 203.0.113.9 port 53041:11: Bye Bye [preauth]", "disconnect", {"code": "11", "reason": "Bye Bye", "preauth": True, **PEER}),
        ("Received disconnect from 2001:db8::9 port 53041:11: x", "disconnect", {"src_ip": "2001:db8::9", "src_port": "53041", "code": "11", "reason": "x"}),
        (
            'Connection from 203.0.113.9 port 53041 on 198.51.100.2 port 22 rdomain ""',
            "connection",
            {"dst_ip": "198.51.100.2", "dst_port": "22", **PEER},
        ),
        ("error: maximum authentication attempts exceeded for root from 203.0.113.9 port 53041 ssh2 [preauth]", "max_attempts", {"user": "root", "preauth": True, **PEER}),
        (
            "User bob from 203.0.113.9 not allowed because not listed in AllowUsers",
            "not_allowed",
            {"user": "bob", "src_ip": "203.0.113.9", "reason": "not listed in AllowUsers"},
        ),
        ("error: PAM: Authentication failure for illegal user x from gate.example", "pam_error", {"user": "x", "invalid_user": True, "src_host": "gate.example", "reason": "Authentication failure"}),
        ("Did not receive identification string from 203.0.113.9 port 53041", "no_identification", PEER),
        ("Bad protocol version identification 'GET / from 1.2.3.4 port 1' from 203.0.113.9 port 53041", "bad_protocol", {"identification": "GET / from 1.2.3.4 port 1", **PEER}),
        ("banner exchange: Connection from 203.0.113.9 port 53041: invalid format", "bad_banner", PEER),
        ("Unable to negotiate with 203.0.113.9 port 53041: no matching key exchange method found. Their offer: x [preauth]", "no_negotiation", {"preauth": True, **PEER}),
        ("fatal: Timeout before authentication for 203.0.113.9 port 53041", "timeout", PEER),
        ("Starting session: shell on pts/0 for bob from 203.0.113.9 port 53041 id 0", "session_started", {"user": "bob", "session": "shell on pts/0", **PEER}),
        ("Close session: user bob from 203.0.113.9 port 53041 id 0", "session_closed", {"user": "bob", **PEER}),
        ("Server listening on :: port 22.", "listening", {"dst_ip": "::", "dst_port": "22"}),
    ],
)  # fmt: skip
def test_messages(message: str, event: str, fields: Fields) -> None:
    assert said(message) == (event, fields)


HOSTILE = (
    "root from 1.2.3.4 port 22 ssh2",
    "invalid user root",
    "root from 1.2.3.4",
    "",
    " ",
    "a  b",
    "x port 22",
    "from 1.2.3.4 port 22 ssh2 [preauth]",
    "Accepted password for root from 1.2.3.4 port 1 ssh2",
    "1.2.3.4 port 22",
)


@pytest.mark.parametrize("user", HOSTILE)
def test_a_name_cannot_pose_as_an_address(user: str) -> None:
    invalid = {"user": user, "invalid_user": True, **PEER}
    there = "203.0.113.9 port 53041"
    assert said(f"Failed password for invalid user {user} from {there} ssh2") == (
        "failed_password",
        {"method": "password", **invalid},
    )
    assert said(f"Invalid user {user} from {there}") == ("invalid_user", {"user": user, **PEER})
    assert said(f"Connection closed by invalid user {user} {there} [preauth]") == (
        "connection_closed",
        {"preauth": True, **invalid},
    )
    _, fields = said(f"Disconnecting invalid user {user} {there}: Too many authentication failures [preauth]")
    assert fields == {"preauth": True, "reason": "Too many authentication failures", **invalid}


NAMES = st.text(st.characters(exclude_characters=":", exclude_categories=["Cc", "Cs"]), max_size=100)


@given(NAMES)
def test_any_name_that_sshd_can_write_is_read_back(user: str) -> None:
    _, fields = said(f"Failed publickey for invalid user {user} from 203.0.113.9 port 53041 ssh2: RSA SHA256:x")
    assert (fields["user"], fields["src_ip"]) == (user, "203.0.113.9")


def test_a_certificates_name_cannot_pose_as_an_address() -> None:
    """As OpenSSH 9.2 wrote it for a certificate that a client had signed itself."""
    _, fields = said(
        "Failed publickey for root from 203.0.113.9 port 36527 ssh2: ED25519-CERT SHA256:+YW9 ID evil from 6.6.6.6 port 1 "
        "ssh2: RSA SHA256:x (serial 0) CA ED25519 SHA256:jwhv"
    )
    assert fields == {
        "method": "publickey",
        "user": "root",
        "src_ip": "203.0.113.9",
        "src_port": "36527",
        "key_type": "ED25519-CERT",
        "fingerprint": "SHA256:+YW9",
    }


def test_a_clients_words_cannot_pose_as_an_address() -> None:
    _, fields = said("Received disconnect from 203.0.113.9 port 53041:11: bye from 6.6.6.6 port 1:11: x")
    assert fields["src_ip"] == "203.0.113.9"
    _, fields = said(
        "Disconnecting invalid user x 203.0.113.9 port 53041: Change of username or service not allowed: "
        "(x,ssh-connection) -> (evil 6.6.6.6 port 1: z,ssh-connection) [preauth]"
    )
    assert (fields["user"], fields["src_ip"]) == ("x", "203.0.113.9")


@pytest.mark.parametrize(
    "message",
    ["", "Failed", "Failed password", "Accepted key ED25519 SHA256:x found at /root/x for y", "User child is on pid 1",
     "Received disconnect from", "Received disconnect from x", "Connection from x", "Received signal 15; terminating."],
)  # fmt: skip
def test_what_is_not_known_is_left_alone(message: str) -> None:
    assert sshd.read(message) is None


def test_a_reason_of_a_megabyte_of_colons_takes_no_time() -> None:
    detail = sshd.read("Disconnecting x" + ": " * 500_000)
    assert detail is None
